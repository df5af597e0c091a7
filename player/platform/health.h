/* How the machine is: temperature, disk, memory, load. Read from /sys and /proc, which a test can
 * put elsewhere. Some tens of microseconds: once a minute in the main thread is fine. */
#ifndef VITRINE_PLAYER_PLATFORM_HEALTH_H
#define VITRINE_PLAYER_PLATFORM_HEALTH_H

#include <stdbool.h>
#include <stdint.h>

#define HEALTH_UNKNOWN INT64_MIN

struct health {
    int64_t temperature_c; /* the hottest sensor's */
    bool throttled;        /* the processor was or is slowed down because of heat or power */
    int64_t disk_free;     /* bytes that an ordinary user can write on the folder's file system */
    int64_t disk_size;
    int64_t memory;       /* bytes resident, of this process */
    int64_t memory_total; /* bytes, of the machine */
    int64_t memory_free;  /* bytes that programs can get without swapping */
    int64_t uptime_s;     /* of the machine */
    int64_t load_percent; /* of the last minute; 100: one processor is busy */
};

/* `root` is put before /sys and /proc: "" on a machine. What cannot be read is HEALTH_UNKNOWN. */
void health_read(const char *root, const char *folder, struct health *health_out);

#endif
