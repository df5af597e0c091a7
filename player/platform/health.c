#include "player/platform/health.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define PATH_SIZE 512
#define TEXT_SIZE 4096

/* The beginning of a small file of /sys or /proc. */
static bool read_text(const char *root, const char *path, char text_out[TEXT_SIZE])
{
    char whole[PATH_SIZE];
    snprintf(whole, sizeof whole, "%s%s", root, path);
    FILE *stream = fopen(whole, "re");
    if (stream == NULL) {
        return false;
    }
    size_t length = fread(text_out, 1, TEXT_SIZE - 1, stream);
    text_out[length] = '\0';
    fclose(stream);
    return length > 0;
}

static int64_t read_number(const char *root, const char *path)
{
    char text[TEXT_SIZE];
    int64_t value;
    return read_text(root, path, text) && sscanf(text, "%" SCNd64, &value) == 1 ? value
                                                                                : HEALTH_UNKNOWN;
}

/* Calls `see` with the path below `root` of every `file` in folders `folder`/`prefix`…. */
static void each(const char *root, const char *folder, const char *prefix, const char *file,
                 void (*see)(const char *root, const char *path, struct health *health),
                 struct health *health)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s%s", root, folder);
    DIR *entries = opendir(path);
    if (entries == NULL) {
        return;
    }
    for (const struct dirent *entry = readdir(entries); entry != NULL; entry = readdir(entries)) {
        if (strncmp(entry->d_name, prefix, strlen(prefix)) == 0) {
            snprintf(path, sizeof path, "%s/%.64s/%s", folder, entry->d_name, file);
            see(root, path, health);
        }
    }
    closedir(entries);
}

/* Sensors that are not connected tell nonsense. */
static void see_zone(const char *root, const char *path, struct health *health)
{
    int64_t thousandths = read_number(root, path);
    int64_t degrees = thousandths / 1000;
    if (thousandths != HEALTH_UNKNOWN && degrees > -60 && degrees < 150 &&
        degrees > health->temperature_c) {
        health->temperature_c = degrees;
    }
}

static void see_throttle(const char *root, const char *path, struct health *health)
{
    health->throttled = health->throttled || read_number(root, path) > 0;
}

/* Raspberry Pi: bits 1-3 are now (frequency capped, throttled, soft limit), 17-19 since boot. */
static void see_firmware(const char *root, struct health *health)
{
    char text[TEXT_SIZE];
    unsigned bits;
    if (read_text(root, "/sys/devices/platform/soc/soc:firmware/get_throttled", text) &&
        sscanf(text, "%x", &bits) == 1) {
        health->throttled = health->throttled || (bits & 0xE000EU) != 0;
    }
}

static int64_t find_kib(const char *text, const char *key)
{
    const char *line = strstr(text, key);
    int64_t kib;
    return line != NULL && sscanf(line + strlen(key), " %" SCNd64, &kib) == 1 ? kib * 1024
                                                                              : HEALTH_UNKNOWN;
}

static void read_memory(const char *root, struct health *health)
{
    char text[TEXT_SIZE];
    int64_t pages;
    if (read_text(root, "/proc/meminfo", text)) {
        health->memory_total = find_kib(text, "MemTotal:");
        health->memory_free = find_kib(text, "MemAvailable:");
    }
    if (read_text(root, "/proc/self/statm", text) && sscanf(text, "%*s %" SCNd64, &pages) == 1) {
        health->memory = pages * sysconf(_SC_PAGESIZE);
    }
}

void health_read(const char *root, const char *folder, struct health *health_out)
{
    char text[TEXT_SIZE];
    struct statvfs disk;
    double seconds;
    double load;
    *health_out = (struct health){.temperature_c = HEALTH_UNKNOWN,
                                  .disk_free = HEALTH_UNKNOWN,
                                  .disk_size = HEALTH_UNKNOWN,
                                  .memory = HEALTH_UNKNOWN,
                                  .memory_total = HEALTH_UNKNOWN,
                                  .memory_free = HEALTH_UNKNOWN,
                                  .uptime_s = HEALTH_UNKNOWN,
                                  .load_percent = HEALTH_UNKNOWN};
    each(root, "/sys/class/thermal", "thermal_zone", "temp", see_zone, health_out);
    each(root, "/sys/devices/system/cpu", "cpu", "thermal_throttle/core_throttle_count",
         see_throttle, health_out);
    see_firmware(root, health_out);
    if (statvfs(folder, &disk) == 0) {
        health_out->disk_free = (int64_t)disk.f_bavail * (int64_t)disk.f_frsize;
        health_out->disk_size = (int64_t)disk.f_blocks * (int64_t)disk.f_frsize;
    }
    read_memory(root, health_out);
    if (read_text(root, "/proc/uptime", text) && sscanf(text, "%lf", &seconds) == 1) {
        health_out->uptime_s = (int64_t)seconds;
    }
    if (read_text(root, "/proc/loadavg", text) && sscanf(text, "%lf", &load) == 1) {
        health_out->load_percent = (int64_t)(load * 100);
    }
}
