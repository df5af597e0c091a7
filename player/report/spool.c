#include "player/report/spool.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/hash.h"
#include "core/json.h"
#include "core/log.h"
#include "core/sign.h"
#include "player/report/spool_import.h"
#include "player/report/spool_store.h"

#define OPEN_MAX 24 /* there are not so many codes */
#define OPEN_CODE_SIZE 41
#define REPEATS 32
#define NODE_OVERHEAD 128 /* of a queued record beyond its text */
#define RETRY_MIN_MS 5000
#define RETRY_MAX_MS (5 * 60 * 1000)

#define HOUR_LOOK_MS 60000 /* whether the hour that is counted is over */

struct node {
    struct spool_record record;
    struct node *next;
};

struct queue {
    struct node *first;
    struct node *last;
    size_t count;
    size_t bytes;
};

struct repeat {
    struct sha256 what;
    int64_t mono_ms;
    bool used;
};

/* The batch that was made last, to know what an acknowledgement is about. */
struct batch {
    char boot[SPOOL_BOOT_SIZE];
    size_t count;
    bool from_store;
    int64_t ids[SPOOL_BATCH_RECORDS]; /* when from_store */
    int64_t sequences[SPOOL_BATCH_RECORDS];
    bool more;         /* there are records that did not fit, or of another boot */
    int64_t heartbeat; /* its sequence; 0: none */
};

struct spool {
    struct clock clock;
    char folder[1024];
    char boot[SPOOL_BOOT_SIZE];
    int64_t started_ms; /* monotonic, like all that follow */

    pthread_mutex_t lock; /* held for moments: the main thread waits for it */
    struct queue queue;
    char open[OPEN_MAX][OPEN_CODE_SIZE]; /* codes of the faults that were told and go on */
    size_t open_count;
    int64_t sequence; /* last one given out in this boot */
    int64_t dropped;  /* that the queue had no room for */
    bool urgent;
    int64_t flushed_ms;
    int64_t retry_ms; /* nothing is written before; 0: no failure */
    int64_t retry_step_ms;
    bool acknowledged; /* there is something to delete */
    struct repeat repeats[REPEATS];
    size_t repeat_next;
    struct tally tally; /* of the hour that runs */
    char manifest[48];
    struct spool_health health;
    bool has_health;
    int64_t heartbeat_ms; /* of the last acknowledged one */

    pthread_mutex_t store_lock; /* taken before `lock`; never by who adds */
    struct spool_store *store;
    int64_t forget; /* records up to this id are acknowledged */
    struct batch batch;
};

/* --- The queue --- */

static size_t node_bytes(const struct node *node)
{
    return strlen(node->record.text) + NODE_OVERHEAD;
}

static void queue_push(struct queue *queue, struct node *node)
{
    node->next = NULL;
    *(queue->last != NULL ? &queue->last->next : &queue->first) = node;
    queue->last = node;
    queue->count++;
    queue->bytes += node_bytes(node);
}

static void queue_drop_first(struct queue *queue)
{
    struct node *node = queue->first;
    queue->first = node->next;
    queue->last = queue->first != NULL ? queue->last : NULL;
    queue->count--;
    queue->bytes -= node_bytes(node);
    free(node->record.text);
    free(node);
}

/* Puts `older` before what came meanwhile. */
static void queue_put_back(struct queue *queue, struct queue *older)
{
    if (older->last == NULL) {
        return;
    }
    older->last->next = queue->first;
    queue->first = older->first;
    queue->last = queue->last != NULL ? queue->last : older->last;
    queue->count += older->count;
    queue->bytes += older->bytes;
    *older = (struct queue){NULL, NULL, 0, 0};
}

static void queue_clear(struct queue *queue)
{
    while (queue->first != NULL) {
        queue_drop_first(queue);
    }
}

static void enforce_queue_cap(struct spool *spool)
{
    while (spool->queue.bytes > SPOOL_QUEUE_BYTES_MAX) {
        queue_drop_first(&spool->queue);
        spool->dropped++;
    }
}

struct spool *spool_create(const char *state_folder, const struct clock *clock)
{
    struct spool *spool = calloc(1, sizeof *spool);
    if (spool == NULL) {
        abort();
    }
    pthread_mutex_init(&spool->lock, NULL);
    pthread_mutex_init(&spool->store_lock, NULL);
    spool->clock = *clock;
    spool->started_ms = clock_mono_ms(clock);
    spool->flushed_ms = spool->started_ms - SPOOL_FLUSH_MS;
    spool->heartbeat_ms = spool->started_ms - SPOOL_HEARTBEAT_MS; /* the first one at once */
    random_token(spool->boot, (SPOOL_BOOT_SIZE - 1) / 2);
    snprintf(spool->folder, sizeof spool->folder, "%s/spool", state_folder);
    return spool;
}

void spool_destroy(struct spool *spool)
{
    if (spool == NULL) {
        return;
    }
    spool_store_close(spool->store);
    queue_clear(&spool->queue);
    tally_finish(&spool->tally);
    pthread_mutex_destroy(&spool->lock);
    pthread_mutex_destroy(&spool->store_lock);
    free(spool);
}

/* --- Adding --- */

/* Whether the same was told lately; remembers it otherwise. */
static bool repeats_itself(struct spool *spool, const char *text)
{
    struct sha256 what;
    int64_t now = clock_mono_ms(&spool->clock);
    sha256_of(text, strlen(text), &what);
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

/* Takes the text over. What no server would take is dropped here. */
static void add(struct spool *spool, const struct spool_record *record)
{
    struct node *node = calloc(1, sizeof *node);
    if (node == NULL) {
        abort();
    }
    node->record = *record;
    node->record.sequence = spool->sequence + 1;
    if (!spool_record_check(&node->record)) {
        free(node->record.text);
        free(node);
        return;
    }
    spool->sequence++;
    queue_push(&spool->queue, node);
    enforce_queue_cap(spool);
}

/* Under the lock. */
static void note_open(struct spool *spool, const char *code)
{
    for (size_t i = 0; i < spool->open_count; i++) {
        if (strcmp(spool->open[i], code) == 0) {
            return;
        }
    }
    if (spool->open_count < OPEN_MAX) {
        snprintf(spool->open[spool->open_count++], sizeof spool->open[0], "%s", code);
    }
}

bool spool_fault(struct spool *spool, const char *code, const char *detail)
{
    struct spool_record record = {.time_ms = clock_wall_ms(&spool->clock),
                                  .text = spool_fault_text(code, detail)};
    pthread_mutex_lock(&spool->lock);
    bool fresh = !repeats_itself(spool, record.text);
    if (fresh) {
        add(spool, &record);
        note_open(spool, code);
        spool->urgent = true;
    }
    pthread_mutex_unlock(&spool->lock);
    if (fresh) {
        log_write(LOG_WARN, "fault", "code=%s %s", code, detail);
    } else {
        free(record.text);
    }
    return fresh;
}

void spool_fault_over(struct spool *spool, const char *code)
{
    pthread_mutex_lock(&spool->lock);
    size_t at = 0;
    while (at < spool->open_count && strcmp(spool->open[at], code) != 0) {
        at++;
    }
    if (at < spool->open_count) {
        struct spool_record record = {.time_ms = clock_wall_ms(&spool->clock),
                                      .text = spool_fault_text(code, SPOOL_OVER)};
        memmove(spool->open[at], spool->open[--spool->open_count], sizeof spool->open[at]);
        add(spool, &record);
        spool->urgent = true;
    }
    pthread_mutex_unlock(&spool->lock);
}

const char *spool_boot(const struct spool *spool)
{
    return spool->boot;
}

void spool_play(struct spool *spool, const struct spool_play *play)
{
    struct spool_record record = {.time_ms = clock_wall_ms(&spool->clock),
                                  .kind = SPOOL_PLAY,
                                  .from_ms = play->from_ms,
                                  .until_ms = play->until_ms,
                                  .text = spool_play_text(play)};
    pthread_mutex_lock(&spool->lock);
    add(spool, &record);
    pthread_mutex_unlock(&spool->lock);
}

/* Under the lock. What is told of an hour is told when it is over. */
static void close_hour(struct spool *spool, int64_t wall_ms)
{
    size_t at = 0;
    char *text;
    if (!tally_over(&spool->tally, wall_ms)) {
        return;
    }
    while ((text = tally_text(&spool->tally, &at)) != NULL) {
        struct spool_record record = {.time_ms = wall_ms,
                                      .kind = SPOOL_COUNTERS,
                                      .from_ms = spool->tally.hour_ms,
                                      .text = text};
        add(spool, &record);
    }
    tally_finish(&spool->tally);
}

void spool_count(struct spool *spool, enum tally_kind kind, const char *subject)
{
    int64_t wall_ms = clock_wall_ms(&spool->clock);
    pthread_mutex_lock(&spool->lock);
    close_hour(spool, wall_ms);
    tally_add(&spool->tally, kind, subject, wall_ms);
    pthread_mutex_unlock(&spool->lock);
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

void spool_set_health(struct spool *spool, const struct spool_health *health)
{
    pthread_mutex_lock(&spool->lock);
    spool->health = *health;
    spool->has_health = true;
    pthread_mutex_unlock(&spool->lock);
}

/* --- Flushing --- */

int64_t spool_flush_wait(struct spool *spool)
{
    int64_t wait = -1;
    pthread_mutex_lock(&spool->lock);
    int64_t now = clock_mono_ms(&spool->clock);
    close_hour(spool, clock_wall_ms(&spool->clock));
    if (!tally_empty(&spool->tally)) {
        wait = HOUR_LOOK_MS;
    }
    if (spool->queue.count > 0 || spool->acknowledged) {
        int64_t due = spool->urgent ? now : spool->flushed_ms + SPOOL_FLUSH_MS;
        due = due > spool->retry_ms ? due : spool->retry_ms;
        wait = due > now ? due - now : 0;
    }
    pthread_mutex_unlock(&spool->lock);
    return wait;
}

static void close_store(struct spool *spool)
{
    spool_store_close(spool->store);
    spool->store = NULL;
    spool->forget = 0; /* it is sent again; the server knows it */
    spool->batch = (struct batch){.count = 0};
}

/* The server must know why reports are missing, and somebody must replace the disk. */
static void tell(struct spool *spool, const struct error *err)
{
    char detail[512];
    (void)spool_fault(spool, "storage", error_text(err, LANG_EN, detail, sizeof detail));
}

static void handle_damage(struct spool *spool, enum spool_damage damage, const struct error *err)
{
    if (damage == SPOOL_INTACT) {
        tell(spool, err);
        return;
    }
    close_store(spool);
    if (damage == SPOOL_DAMAGED) {
        spool_store_set_aside(spool->folder);
    }
    tell(spool, err);
}

/* A damaged database is replaced at once. */
static bool open_store(struct spool *spool, struct error *err)
{
    enum spool_damage damage = SPOOL_INTACT;
    for (int attempt = 0; spool->store == NULL && attempt < 2; attempt++) {
        spool->store = spool_store_open(spool->folder, &damage, err);
        if (spool->store == NULL) {
            handle_damage(spool, damage, err);
            if (damage != SPOOL_DAMAGED) {
                return false;
            }
        } else if (!spool_import(spool->store, spool->folder, err)) {
            tell(spool, err);
        }
    }
    return spool->store != NULL;
}

static bool write_store(struct spool *spool, const struct queue *queue, struct error *err)
{
    enum spool_damage damage;
    int64_t lost = 0;
    const struct spool_record **records = calloc(queue->count + 1, sizeof *records);
    if (records == NULL) {
        abort();
    }
    size_t count = 0;
    for (const struct node *node = queue->first; node != NULL; node = node->next) {
        records[count++] = &node->record;
    }
    struct spool_write write = {spool->forget, spool->boot, records, count, SPOOL_BYTES_MAX};
    bool ok = spool_store_write(spool->store, &write, &lost, &damage, err);
    free(records);
    if (!ok) {
        handle_damage(spool, damage, err);
        return false;
    }
    spool->forget = 0;
    if (lost > 0) {
        char detail[128];
        snprintf(detail, sizeof detail, "spool full: the oldest %lld reports were given up",
                 (long long)lost);
        (void)spool_fault(spool, "storage", detail);
    }
    return true;
}

static bool write_queue(struct spool *spool, struct queue *queue, struct error *err)
{
    /* Twice: the first attempt may find the database damaged and set it aside. */
    return (open_store(spool, err) && write_store(spool, queue, err)) ||
           (spool->store == NULL && open_store(spool, err) && write_store(spool, queue, err));
}

static void tell_dropped(struct spool *spool)
{
    char detail[128];
    pthread_mutex_lock(&spool->lock);
    int64_t dropped = spool->dropped;
    spool->dropped = 0;
    pthread_mutex_unlock(&spool->lock);
    if (dropped > 0) {
        snprintf(detail, sizeof detail, "no disk, memory full: %lld reports were given up",
                 (long long)dropped);
        (void)spool_fault(spool, "storage", detail);
    }
}

/* With store_lock. */
static bool flush(struct spool *spool, struct error *err)
{
    struct queue queue;
    pthread_mutex_lock(&spool->lock);
    int64_t now = clock_mono_ms(&spool->clock);
    bool wanted = now >= spool->retry_ms &&
                  (spool->queue.count > 0 || spool->forget > 0 || spool->store == NULL);
    if (wanted) {
        queue = spool->queue;
        spool->queue = (struct queue){NULL, NULL, 0, 0};
        spool->urgent = false;
        spool->acknowledged = false;
        spool->flushed_ms = now;
    }
    pthread_mutex_unlock(&spool->lock);
    if (!wanted) {
        return true;
    }
    bool ok = write_queue(spool, &queue, err);
    pthread_mutex_lock(&spool->lock);
    if (ok) {
        spool->retry_ms = 0;
        spool->retry_step_ms = 0;
    } else {
        queue_put_back(&spool->queue, &queue);
        enforce_queue_cap(spool);
        int64_t step = spool->retry_step_ms * 2;
        step = step < RETRY_MIN_MS ? RETRY_MIN_MS : step > RETRY_MAX_MS ? RETRY_MAX_MS : step;
        spool->retry_step_ms = step;
        spool->retry_ms = now + step;
    }
    pthread_mutex_unlock(&spool->lock);
    queue_clear(&queue);
    return ok;
}

bool spool_flush(struct spool *spool, struct error *err)
{
    pthread_mutex_lock(&spool->store_lock);
    bool ok = flush(spool, err);
    pthread_mutex_unlock(&spool->store_lock);
    return ok;
}

/* --- Batches --- */

struct filling {
    struct spool *spool;
    struct strbuf *body;
    struct json_writer writer;
};

static void begin_batch(struct filling *filling, const char *boot)
{
    struct batch *batch = &filling->spool->batch;
    snprintf(batch->boot, sizeof batch->boot, "%s", boot);
    json_writer_init(&filling->writer, filling->body);
    json_begin_object(&filling->writer, NULL);
    json_put_string(&filling->writer, "boot", boot);
    json_begin_array(&filling->writer, "records");
}

static bool take_record(void *context, int64_t id, const char *boot,
                        const struct spool_record *record)
{
    struct filling *filling = context;
    struct batch *batch = &filling->spool->batch;
    if (batch->boot[0] == '\0') {
        begin_batch(filling, boot);
    }
    if (batch->count == SPOOL_BATCH_RECORDS - 1 || filling->body->length >= SPOOL_BATCH_BYTES ||
        strcmp(boot, batch->boot) != 0) {
        batch->more = true;
        return false;
    }
    spool_record_write(record, &filling->writer);
    batch->ids[batch->count] = id;
    batch->sequences[batch->count++] = record->sequence;
    return true;
}

static void read_store(struct filling *filling)
{
    struct spool *spool = filling->spool;
    enum spool_damage damage;
    struct error err;
    spool->batch.from_store = true;
    if (spool->store == NULL || spool->forget >= spool_store_last(spool->store)) {
        return;
    }
    if (!spool_store_read(spool->store, spool->forget, take_record, filling, &damage, &err)) {
        handle_damage(spool, damage, &err); /* forgets the batch, too */
        strbuf_clear(filling->body);
    }
}

/* While there is no disk to bring it to. With `lock`. */
static void read_queue(struct filling *filling)
{
    struct spool *spool = filling->spool;
    spool->batch.from_store = false;
    for (const struct node *node = spool->queue.first;
         node != NULL && take_record(filling, 0, spool->boot, &node->record); node = node->next) {
    }
}

static void put_known(struct json_writer *writer, const char *key, int64_t value)
{
    if (value >= 0) {
        json_put_int(writer, key, value);
    }
}

static void write_health(const struct spool_health *health, struct json_writer *writer)
{
    put_known(writer, "frames", health->frames);
    put_known(writer, "dropped", health->dropped);
    if (health->temperature_c != SPOOL_UNKNOWN) {
        json_put_int(writer, "temperature_c", health->temperature_c);
    }
    put_known(writer, "disk_free", health->disk_free);
    put_known(writer, "disk_size", health->disk_size);
    put_known(writer, "memory", health->memory);
    put_known(writer, "quarantined", health->quarantined);
    if (health->clock[0] != '\0') {
        json_put_string(writer, "clock", health->clock);
    }
    if (health->display[0] != '\0') {
        json_put_string(writer, "display", health->display);
    }
}

/* With `lock`. */
static void write_heartbeat(struct spool *spool, struct json_writer *writer)
{
    int64_t now = clock_mono_ms(&spool->clock);
    spool->batch.heartbeat = ++spool->sequence;
    json_begin_object(writer, NULL);
    json_put_int(writer, "sequence", spool->sequence);
    json_put_int(writer, "time_ms", clock_wall_ms(&spool->clock));
    json_put_string(writer, "kind", "heartbeat");
    json_put_string(writer, "software", "vitrine-player " VITRINE_VERSION);
    json_put_string(writer, "manifest", spool->manifest);
    json_put_int(writer, "uptime_s", (now - spool->started_ms) / 1000);
    if (spool->has_health) {
        write_health(&spool->health, writer);
    }
    json_end_object(writer);
}

/* With `lock`. Alone when it does not fit behind everything else: a backlog of weeks takes hours,
 * in which the screen must not pass for dead. */
static void add_heartbeat(struct filling *filling)
{
    struct spool *spool = filling->spool;
    struct batch *batch = &spool->batch;
    if (clock_mono_ms(&spool->clock) - spool->heartbeat_ms < SPOOL_HEARTBEAT_MS) {
        return;
    }
    if (batch->boot[0] == '\0' || batch->more || strcmp(batch->boot, spool->boot) != 0) {
        *batch = (struct batch){.count = 0};
        strbuf_clear(filling->body);
        begin_batch(filling, spool->boot);
    }
    write_heartbeat(spool, &filling->writer);
}

bool spool_batch(struct spool *spool, struct strbuf *body_out)
{
    struct filling filling = {.spool = spool, .body = body_out};
    struct error err;
    tell_dropped(spool);
    pthread_mutex_lock(&spool->store_lock);
    (void)flush(spool, &err); /* a failure is a fault by now, and the rest works from memory */
    spool->batch = (struct batch){.count = 0};
    read_store(&filling);
    pthread_mutex_lock(&spool->lock);
    if (spool->batch.count == 0) {
        read_queue(&filling);
    }
    add_heartbeat(&filling);
    pthread_mutex_unlock(&spool->lock);
    bool any = spool->batch.boot[0] != '\0';
    pthread_mutex_unlock(&spool->store_lock);
    if (any) {
        json_end_array(&filling.writer);
        json_end_object(&filling.writer);
    }
    return any;
}

/* With both locks. */
static void forget_batch(struct spool *spool, int64_t sequence)
{
    struct batch *batch = &spool->batch;
    for (size_t i = 0; i < batch->count && batch->sequences[i] <= sequence; i++) {
        if (batch->from_store) {
            spool->forget = batch->ids[i];
            spool->acknowledged = true;
        } else if (spool->queue.first != NULL &&
                   spool->queue.first->record.sequence <= batch->sequences[i]) {
            queue_drop_first(&spool->queue); /* unless the cap took it meanwhile */
        }
    }
}

void spool_acknowledge(struct spool *spool, int64_t sequence)
{
    pthread_mutex_lock(&spool->store_lock);
    pthread_mutex_lock(&spool->lock);
    if (spool->batch.heartbeat > 0 && sequence >= spool->batch.heartbeat) {
        spool->heartbeat_ms = clock_mono_ms(&spool->clock);
    }
    forget_batch(spool, sequence);
    spool->batch = (struct batch){.count = 0};
    pthread_mutex_unlock(&spool->lock);
    pthread_mutex_unlock(&spool->store_lock);
}
