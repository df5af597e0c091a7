#include "server/api/metrics_text.h"

#include <math.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "core/files.h"
#include "core/log.h"
#include "server/api/internal.h"
#include "server/backup/backup.h"
#include "server/mail/postman.h"
#include "server/store/health_figures.h"
#include "server/store/mails.h"

#define HEARD_MS (INT64_C(10) * 60 * 1000) /* a player says something every five minutes */

void text_family(struct strbuf *out, const char *name, const char *type, const char *help)
{
    strbuf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void append_value(struct strbuf *out, const char *value)
{
    for (const char *c = value; *c != '\0'; c++) {
        if (*c == '\n') {
            strbuf_append(out, "\\n");
            continue;
        }
        if (*c == '"' || *c == '\\')
            strbuf_append_char(out, '\\');
        strbuf_append_char(out, *c);
    }
}

void text_sample(struct strbuf *out, const char *name, const struct text_label *labels,
                 size_t count, double value)
{
    strbuf_append(out, name);
    for (size_t i = 0; i < count; i++) {
        strbuf_printf(out, "%s%s=\"", i == 0 ? "{" : ",", labels[i].name);
        append_value(out, labels[i].value);
        strbuf_append(out, i + 1 == count ? "\"}" : "\"");
    }
    /* Counts in full, whatever their length. */
    strbuf_printf(out, value == floor(value) && fabs(value) < 1e15 ? " %.0f\n" : " %.9g\n", value);
}

void text_one(struct strbuf *out, const char *name, const char *type, const char *help,
              double value)
{
    text_family(out, name, type, help);
    text_sample(out, name, NULL, 0, value);
}

static void write_connections(struct api *api, struct strbuf *out)
{
    struct http_counts counts = http_server_counts(api->http);

    text_one(out, "vitrine_http_connections", "gauge", "Connections that are open.",
             (double)counts.connections);
    text_one(out, "vitrine_http_parked", "gauge", "Requests that wait for news (long-polls).",
             (double)counts.parked);
}

static void write_publisher(struct api *api, struct strbuf *out)
{
    struct publisher_counts counts = publisher_counts(api->publisher);

    text_one(out, "vitrine_manifests_published_total", "counter", "Manifests made anew.",
             (double)counts.published);
    text_one(out, "vitrine_manifests_failed_total", "counter", "Manifests that could not be made.",
             (double)counts.failed);
    text_family(out, "vitrine_publish_seconds", "summary", "Runs of the publisher.");
    text_sample(out, "vitrine_publish_seconds_sum", NULL, 0, (double)counts.spent_us / 1e6);
    text_sample(out, "vitrine_publish_seconds_count", NULL, 0, (double)counts.runs);
}

static void write_figures(struct api *api, struct strbuf *out)
{
    struct health_figures figures;
    struct error error;
    struct db *db = readers_take(&api->readers);

    bool ok =
        health_figures_read(db, clock_wall_ms(&api->config.clock) - HEARD_MS, &figures, &error);
    readers_give(&api->readers, db);
    text_one(out, "vitrine_store_up", "gauge", "Whether the database answers.", ok ? 1 : 0);
    if (!ok) {
        log_error(LOG_ERROR, "metrics", &error);
        return;
    }
    const struct {
        const char *state;
        int64_t count;
    } screens[] = {{"heard", figures.screens_heard},
                   {"silent", figures.screens_enrolled - figures.screens_heard},
                   {"unenrolled", figures.screens - figures.screens_enrolled}};
    text_family(out, "vitrine_screens", "gauge",
                "Screens: heard of in the last ten minutes, silent, without a player.");
    for (size_t i = 0; i < sizeof(screens) / sizeof(screens[0]); i++) {
        const struct text_label label = {"state", screens[i].state};
        text_sample(out, "vitrine_screens", &label, 1, (double)screens[i].count);
    }
    text_one(out, "vitrine_enrolments_pending", "gauge", "Players that wait to be approved.",
             (double)figures.enrolments_pending);
    text_family(out, "vitrine_media_items", "gauge", "What people sent, by its state.");
    for (size_t i = 0; i < figures.job_states; i++) {
        const struct text_label label = {"state", figures.jobs[i].name};
        text_sample(out, "vitrine_media_items", &label, 1, (double)figures.jobs[i].count);
    }
    text_one(out, "vitrine_media_files", "gauge", "Files for screens.",
             (double)figures.media_files);
    text_one(out, "vitrine_media_bytes", "gauge", "Their bytes.", (double)figures.media_bytes);
}

static void write_disk(struct api *api, struct strbuf *out)
{
    char path[PATH_MAX], log[PATH_MAX];
    struct statvfs place;
    int64_t size;

    if (api_database_path(api->config.data_folder, path, sizeof(path)) == NULL)
        return;
    if (file_size(path, &size))
        text_one(out, "vitrine_store_bytes", "gauge", "The database file.", (double)size);
    if (snprintf(log, sizeof(log), "%s-wal", path) < (int)sizeof(log) && file_size(log, &size))
        text_one(out, "vitrine_store_log_bytes", "gauge", "Its write-ahead log.", (double)size);
    if (statvfs(api->config.data_folder, &place) == 0)
        text_one(out, "vitrine_disk_free_bytes", "gauge", "Free space of the data folder.",
                 (double)place.f_bavail * (double)place.f_frsize);
}

static void write_backups(struct api *api, struct strbuf *out)
{
    const char *folder = config_text(api->config.settings, CONFIG_BACKUP_FOLDER);
    int64_t created_ms;

    if (*folder != '\0' && backup_newest(folder, &created_ms))
        text_one(out, "vitrine_backup_timestamp_seconds", "gauge",
                 "When the newest backup was made.", (double)(created_ms / 1000));
}

static void write_mail(struct api *api, struct strbuf *out)
{
    struct postman_counts counts = {0};
    int64_t waiting = 0, oldest_ms = 0;
    struct error ignored;

    if (api->postman == NULL)
        return;
    postman_counts(api->postman, &counts);
    struct db *db = readers_take(&api->readers);
    bool ok = mails_waiting(db, &waiting, &oldest_ms, &ignored);
    readers_give(&api->readers, db);
    if (ok) {
        text_one(out, "vitrine_mails_waiting", "gauge", "Messages that wait to be sent.",
                 (double)waiting);
        text_one(out, "vitrine_mails_oldest_timestamp_seconds", "gauge",
                 "When the one that waits for the longest was written; 0: none waits.",
                 (double)(oldest_ms / 1000));
    }
    text_one(out, "vitrine_mails_sent_total", "counter", "Messages sent.", (double)counts.sent);
    text_one(out, "vitrine_mails_failed_total", "counter", "Tries that failed.",
             (double)counts.failed);
    text_one(out, "vitrine_mails_given_up_total", "counter", "Messages given up after two days.",
             (double)counts.given_up);
}

static void write_process(struct api *api, struct strbuf *out)
{
    const struct text_label version = {"version", VITRINE_VERSION};
    struct rusage usage;

    text_family(out, "vitrine_build_info", "gauge", "The program that runs.");
    text_sample(out, "vitrine_build_info", &version, 1, 1);
    text_one(out, "process_start_time_seconds", "gauge", "When the server was started.",
             (double)(api->started_ms / 1000));
    if (getrusage(RUSAGE_SELF, &usage) != 0)
        return;
    text_one(out, "process_cpu_seconds_total", "counter", "Time of the processor.",
             (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                 (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6);
    text_one(out, "vitrine_process_memory_peak_bytes", "gauge", "Memory at its peak.",
             (double)usage.ru_maxrss * 1024);
}

void metrics_write_state(struct api *api, struct strbuf *out)
{
    write_connections(api, out);
    write_publisher(api, out);
    write_figures(api, out);
    write_disk(api, out);
    write_backups(api, out);
    write_mail(api, out);
    write_process(api, out);
}
