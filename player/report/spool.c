#include "player/report/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/files.h"
#include "core/hash.h"
#include "core/json.h"
#include "core/log.h"
#include "core/sign.h"

#define BOOT_SIZE 33
#define FILE_BYTES_MAX (2 * 1024 * 1024)
#define CODE_MAX 40
#define DETAIL_MAX 512
#define LINE_OVERHEAD 160 /* of a line beyond its detail, for the cap */
#define REPEATS 32

struct record {
    char boot[BOOT_SIZE];
    int64_t sequence;
    int64_t time_ms;
    char code[CODE_MAX + 1];
    char *detail;
};

struct repeat {
    struct sha256 what;
    int64_t mono_ms;
    bool used;
};

struct spool {
    pthread_mutex_t lock;
    pthread_mutex_t file_lock; /* one flush at a time; taken before `lock` */
    struct clock clock;
    char path[1024];
    char boot[BOOT_SIZE];
    char manifest[48];
    int64_t started_ms; /* monotonic */
    int64_t sequence;   /* last one given out in this boot */

    struct record *records;
    size_t count;
    size_t capacity;
    size_t saved; /* this many from the front are in the file */
    size_t bytes;
    bool rewrite; /* the file holds lines that must go */

    char batch_boot[BOOT_SIZE];
    int64_t batch_sequence;     /* last one of the batch */
    int64_t heartbeat_ms;       /* monotonic time of the last acknowledged one */
    int64_t heartbeat_sequence; /* of the one that was sent last */
    struct repeat repeats[REPEATS];
    size_t repeat_next;
};

static size_t record_bytes(const struct record *record)
{
    return strlen(record->detail) + LINE_OVERHEAD;
}

static void push(struct spool *spool, const struct record *record)
{
    if (spool->count == spool->capacity) {
        size_t capacity = spool->capacity > 0 ? 2 * spool->capacity : 16;
        struct record *records = realloc(spool->records, capacity * sizeof *records);
        if (records == NULL) {
            abort();
        }
        spool->records = records;
        spool->capacity = capacity;
    }
    spool->records[spool->count++] = *record;
    spool->bytes += record_bytes(record);
}

/* Removes what `unwanted` says, keeping order and the count of saved lines. */
static void remove_records(struct spool *spool,
                           bool (*unwanted)(const struct record *, size_t, const void *),
                           const void *context)
{
    size_t kept = 0;
    size_t saved = 0;
    for (size_t i = 0; i < spool->count; i++) {
        if (unwanted(&spool->records[i], i, context)) {
            spool->rewrite = spool->rewrite || i < spool->saved;
            spool->bytes -= record_bytes(&spool->records[i]);
            free(spool->records[i].detail);
        } else {
            saved += i < spool->saved ? 1 : 0;
            spool->records[kept++] = spool->records[i];
        }
    }
    spool->count = kept;
    spool->saved = saved;
}

static bool is_before(const struct record *record, size_t index, const void *context)
{
    (void)record;
    return index < *(const size_t *)context;
}

/* A quarter goes at once, so that a full spool is not rewritten for every fault. */
static void enforce_cap(struct spool *spool)
{
    if (spool->bytes <= FILE_BYTES_MAX) {
        return;
    }
    size_t bytes = spool->bytes;
    size_t first = 0;
    while (first < spool->count && bytes > FILE_BYTES_MAX / 4 * 3) {
        bytes -= record_bytes(&spool->records[first++]);
    }
    remove_records(spool, is_before, &first);
}

static void write_members(struct json_writer *writer, const struct record *record)
{
    json_put_int(writer, "sequence", record->sequence);
    json_put_int(writer, "time_ms", record->time_ms);
    json_put_string(writer, "kind", "fault");
    json_put_string(writer, "code", record->code);
    json_put_string(writer, "detail", record->detail);
    json_end_object(writer);
}

static void write_line(const struct record *record, struct strbuf *out)
{
    struct json_writer writer;
    json_writer_init(&writer, out);
    json_begin_object(&writer, NULL);
    json_put_string(&writer, "boot", record->boot);
    write_members(&writer, record);
    strbuf_append_char(out, '\n');
}

/* Strictly what we wrote: a flipped bit that the server refuses would be sent for ever. */
static bool read_line(const char *line, size_t length, struct record *record_out)
{
    static const char *const keys[] = {"boot", "sequence", "time_ms", "kind",
                                       "code", "detail",   NULL};
    struct arena *arena = arena_create();
    struct error err;
    uint8_t boot_bytes[(BOOT_SIZE - 1) / 2];
    const char *boot;
    const char *code;
    const char *detail;
    cJSON *root = json_parse(line, length, 8192, &err);
    bool ok = root != NULL && json_only_keys(root, keys, &err) &&
              json_get_string(root, "boot", BOOT_SIZE - 1, BOOT_SIZE - 1, arena, &boot, &err) &&
              hex_decode(boot, boot_bytes, sizeof boot_bytes) &&
              json_get_int(root, "sequence", 1, INT64_C(1) << 52, &record_out->sequence, &err) &&
              json_get_int(root, "time_ms", -(INT64_C(1) << 53), INT64_C(1) << 53,
                           &record_out->time_ms, &err) &&
              json_get_string(root, "code", 1, CODE_MAX, arena, &code, &err) &&
              json_get_string(root, "detail", 0, DETAIL_MAX, arena, &detail, &err);
    if (ok) {
        snprintf(record_out->boot, sizeof record_out->boot, "%s", boot);
        snprintf(record_out->code, sizeof record_out->code, "%s", code);
        record_out->detail = strdup(detail);
        ok = record_out->detail != NULL;
    }
    cJSON_Delete(root);
    arena_destroy(arena);
    return ok;
}

static void read_spool(struct spool *spool)
{
    char *bytes;
    size_t length;
    struct error err;
    if (!file_read(spool->path, 2 * FILE_BYTES_MAX, &bytes, &length, &err)) {
        if (err.kind != ERROR_NOT_FOUND) {
            log_error(LOG_WARN, "spool_unreadable", &err);
            spool->rewrite = err.kind == ERROR_LIMIT;
        }
        return;
    }
    const char *end = bytes + length;
    for (const char *line = bytes; line < end;) {
        const char *newline = memchr(line, '\n', (size_t)(end - line));
        struct record record;
        if (newline != NULL && read_line(line, (size_t)(newline - line), &record)) {
            push(spool, &record);
        } else {
            spool->rewrite = true; /* a torn line would swallow the next one appended */
        }
        line = newline != NULL ? newline + 1 : end;
    }
    spool->saved = spool->count;
    enforce_cap(spool);
    free(bytes);
}

struct spool *spool_create(const char *state_folder, const struct clock *clock)
{
    struct spool *spool = calloc(1, sizeof *spool);
    if (spool == NULL) {
        abort();
    }
    pthread_mutex_init(&spool->lock, NULL);
    pthread_mutex_init(&spool->file_lock, NULL);
    spool->clock = *clock;
    spool->started_ms = clock_mono_ms(clock);
    spool->heartbeat_ms = spool->started_ms - SPOOL_HEARTBEAT_MS; /* the first one at once */
    random_token(spool->boot, (BOOT_SIZE - 1) / 2);
    snprintf(spool->path, sizeof spool->path, "%s/spool/faults.jsonl", state_folder);
    read_spool(spool);
    return spool;
}

void spool_destroy(struct spool *spool)
{
    if (spool == NULL) {
        return;
    }
    for (size_t i = 0; i < spool->count; i++) {
        free(spool->records[i].detail);
    }
    free(spool->records);
    pthread_mutex_destroy(&spool->lock);
    pthread_mutex_destroy(&spool->file_lock);
    free(spool);
}

/* Whether the same was told lately; remembers it otherwise. */
static bool repeats_itself(struct spool *spool, const char *code, const char *detail)
{
    char text[CODE_MAX + DETAIL_MAX + 2];
    struct sha256 what;
    int64_t now = clock_mono_ms(&spool->clock);
    int length = snprintf(text, sizeof text, "%.*s\n%.*s", CODE_MAX, code, DETAIL_MAX, detail);
    sha256_of(text, (size_t)length, &what);
    for (size_t i = 0; i < REPEATS; i++) {
        const struct repeat *repeat = &spool->repeats[i];
        if (repeat->used && now - repeat->mono_ms < SPOOL_REPEAT_MS &&
            sha256_equal(&repeat->what, &what)) {
            return true;
        }
    }
    spool->repeats[spool->repeat_next] = (struct repeat){what, now, true};
    spool->repeat_next = (spool->repeat_next + 1) % REPEATS;
    return false;
}

/* A copy of at most DETAIL_MAX bytes, cut between characters. */
static char *copy_detail(const char *detail)
{
    size_t length = strnlen(detail, DETAIL_MAX + 1);
    if (length > DETAIL_MAX) {
        length = DETAIL_MAX;
        while (length > 0 && ((unsigned char)detail[length] & 0xC0) == 0x80) {
            length--;
        }
    }
    char *copy = strndup(detail, length);
    if (copy == NULL) {
        abort();
    }
    return copy;
}

bool spool_fault(struct spool *spool, const char *code, const char *detail)
{
    pthread_mutex_lock(&spool->lock);
    bool fresh = !repeats_itself(spool, code, detail);
    if (fresh) {
        struct record record = {.sequence = ++spool->sequence,
                                .time_ms = clock_wall_ms(&spool->clock),
                                .detail = copy_detail(detail)};
        snprintf(record.boot, sizeof record.boot, "%s", spool->boot);
        snprintf(record.code, sizeof record.code, "%s", code);
        push(spool, &record);
        enforce_cap(spool);
    }
    pthread_mutex_unlock(&spool->lock);
    if (fresh) {
        log_write(LOG_WARN, "fault", "code=%s %s", code, detail);
    }
    return fresh;
}

void spool_set_manifest(struct spool *spool, const char *name)
{
    pthread_mutex_lock(&spool->lock);
    if (strcmp(spool->manifest, name) != 0) {
        snprintf(spool->manifest, sizeof spool->manifest, "%s", name);
        spool->heartbeat_ms = clock_mono_ms(&spool->clock) - SPOOL_HEARTBEAT_MS;
    }
    pthread_mutex_unlock(&spool->lock);
}

static void write_heartbeat(struct spool *spool, int64_t now, struct json_writer *writer)
{
    spool->heartbeat_sequence = ++spool->sequence;
    spool->batch_sequence = spool->sequence;
    json_begin_object(writer, NULL);
    json_put_int(writer, "sequence", spool->sequence);
    json_put_int(writer, "time_ms", clock_wall_ms(&spool->clock));
    json_put_string(writer, "kind", "heartbeat");
    json_put_string(writer, "software", "vitrine-player " VITRINE_VERSION);
    json_put_string(writer, "manifest", spool->manifest);
    json_put_int(writer, "uptime_s", (now - spool->started_ms) / 1000);
    json_end_object(writer);
}

bool spool_batch(struct spool *spool, struct strbuf *body_out)
{
    pthread_mutex_lock(&spool->lock);
    int64_t now = clock_mono_ms(&spool->clock);
    bool heartbeat = now - spool->heartbeat_ms >= SPOOL_HEARTBEAT_MS;
    bool any = spool->count > 0 || heartbeat;
    if (any) {
        const char *boot = spool->count > 0 ? spool->records[0].boot : spool->boot;
        struct json_writer writer;
        memcpy(spool->batch_boot, boot, BOOT_SIZE);
        spool->batch_sequence = 0;
        json_writer_init(&writer, body_out);
        json_begin_object(&writer, NULL);
        json_put_string(&writer, "boot", boot);
        json_begin_array(&writer, "records");
        size_t written = 0;
        for (size_t i = 0;
             i < spool->count && written < SPOOL_BATCH_RECORDS - 1 &&
             body_out->length < SPOOL_BATCH_BYTES && strcmp(spool->records[i].boot, boot) == 0;
             i++, written++) {
            json_begin_object(&writer, NULL);
            write_members(&writer, &spool->records[i]);
            spool->batch_sequence = spool->records[i].sequence;
        }
        bool own = strcmp(boot, spool->boot) == 0;
        if (heartbeat && own && written == spool->count) {
            write_heartbeat(spool, now, &writer);
        }
        json_end_array(&writer);
        json_end_object(&writer);
    }
    pthread_mutex_unlock(&spool->lock);
    return any;
}

struct acknowledged {
    const char *boot;
    int64_t sequence;
};

static bool is_acknowledged(const struct record *record, size_t index, const void *context)
{
    const struct acknowledged *acknowledged = context;
    (void)index;
    return record->sequence <= acknowledged->sequence &&
           strcmp(record->boot, acknowledged->boot) == 0;
}

void spool_acknowledge(struct spool *spool, int64_t sequence)
{
    pthread_mutex_lock(&spool->lock);
    sequence = sequence < spool->batch_sequence ? sequence : spool->batch_sequence;
    struct acknowledged acknowledged = {spool->batch_boot, sequence};
    if (spool->heartbeat_sequence > 0 && sequence >= spool->heartbeat_sequence &&
        strcmp(spool->batch_boot, spool->boot) == 0) {
        spool->heartbeat_ms = clock_mono_ms(&spool->clock);
        spool->heartbeat_sequence = 0;
    }
    remove_records(spool, is_acknowledged, &acknowledged);
    pthread_mutex_unlock(&spool->lock);
}

static bool append(const char *path, const struct strbuf *lines, struct error *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    bool ok = fd >= 0 && write(fd, lines->bytes, lines->length) == (ssize_t)lines->length &&
              fdatasync(fd) == 0;
    if (!ok) {
        error_set_errno(err, errno, "rapports « %s » non enregistrés",
                        "reports \"%s\" could not be saved", path);
    }
    if (fd >= 0) {
        close(fd);
    }
    return ok;
}

bool spool_flush(struct spool *spool, struct error *err)
{
    struct strbuf lines;
    strbuf_init(&lines);
    pthread_mutex_lock(&spool->file_lock);
    pthread_mutex_lock(&spool->lock);
    bool rewrite = spool->rewrite;
    for (size_t i = rewrite ? 0 : spool->saved; i < spool->count; i++) {
        write_line(&spool->records[i], &lines);
    }
    bool anything = rewrite || lines.length > 0;
    spool->saved = spool->count;
    spool->rewrite = false;
    pthread_mutex_unlock(&spool->lock);

    bool ok =
        !anything || (rewrite ? file_write_atomic(spool->path, lines.bytes, lines.length, 0644, err)
                              : append(spool->path, &lines, err));
    if (!ok) {
        /* Part of it may be there: only a whole new file is sure. */
        pthread_mutex_lock(&spool->lock);
        spool->rewrite = true;
        pthread_mutex_unlock(&spool->lock);
    }
    pthread_mutex_unlock(&spool->file_lock);
    strbuf_finish(&lines);
    return ok;
}
