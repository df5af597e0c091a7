/* What the player has to tell: faults and proof of play, kept in <state>/spool/reports.db until the
 * server acknowledged them, and heartbeats. Adding costs no I/O, so that reports are never in the
 * way of playing; the network thread brings them to disk and sends them. Thread-safe. */
#ifndef VITRINE_PLAYER_REPORT_SPOOL_H
#define VITRINE_PLAYER_REPORT_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/clock.h"
#include "core/error.h"
#include "core/strbuf.h"
#include "player/report/tally.h"

/* On disk; three zones with a slide each 8 s for 30 days without network take half of it. Beyond
 * it the oldest records go, and that is a fault. */
#define SPOOL_BYTES_MAX (INT64_C(64) * 1024 * 1024)
/* In memory, while the disk takes nothing: the newest records stay, and what goes is a fault. */
#define SPOOL_QUEUE_BYTES_MAX ((size_t)4 * 1024 * 1024)
#define SPOOL_FLUSH_MS 5000 /* plays are gathered so long before they are written */
/* Less than a long-poll, so that one goes out between any two. */
#define SPOOL_HEARTBEAT_MS 45000
#define SPOOL_REPEAT_MS (10 * 60 * 1000)
#define SPOOL_BATCH_RECORDS 500
#define SPOOL_BATCH_BYTES (240 * 1024)

struct spool;

/* What was really shown: from its first frame presented to its last. Texts longer than the limits
 * of docs/protocol.md are cut; NULL is "". The built-in slide has no id and is no play. */
struct spool_play {
    const char *slide;        /* id */
    const char *title;        /* snapshot, as are those that follow */
    const char *subject;      /* id, "" for none */
    const char *organisation; /* id, "" for none */
    const char *playlist;
    const char *rule;
    const char *zone;     /* "main"… */
    const char *manifest; /* "1-17" */
    int64_t from_ms;      /* Unix time */
    int64_t until_ms;
};

/* The state of the machine and of playing, for heartbeats. */
#define SPOOL_UNKNOWN INT64_MIN
struct spool_health {
    int64_t frames;        /* presented since the start */
    int64_t dropped;       /* that came too late, of films and transitions */
    int64_t temperature_c; /* SPOOL_UNKNOWN: no sensor; likewise the next three */
    int64_t disk_free;     /* bytes, of the state folder's file system */
    int64_t disk_size;
    int64_t memory;      /* bytes, of the player alone */
    int64_t quarantined; /* slides */
    char clock[16];      /* where the time comes from: a word of [a-z_] */
    char display[16];    /* "on", "off", "unknown" */
};

/* Reads nothing yet: the first flush or batch opens the database, moves into it what an old
 * faults.jsonl holds, and sets a damaged database aside (reports.db.damaged). Never NULL. */
struct spool *spool_create(const char *state_folder, const struct clock *clock);
void spool_destroy(struct spool *spool); /* accepts NULL; does not flush */

/* Records a fault (code of docs/protocol.md) and logs it. The same code and detail within ten
 * minutes is one fault: then it returns false and nothing is recorded. */
bool spool_fault(struct spool *spool, const char *code, const char *detail);
/* What was told by that code since the start is over; nothing is recorded when nothing was. */
void spool_fault_over(struct spool *spool, const char *code);
/* Of this start of the player: 32 hex. */
const char *spool_boot(const struct spool *spool);
void spool_play(struct spool *spool, const struct spool_play *play);
/* What a visitor does at the kiosk. It is told as sums of full hours when they are over; those of
 * an hour during which the player ends are lost. */
void spool_count(struct spool *spool, enum tally_kind kind, const char *subject);
/* "1-17", for heartbeats; another one is told at once. */
void spool_set_manifest(struct spool *spool, const char *name);
void spool_set_health(struct spool *spool, const struct spool_health *health);

/* Milliseconds until spool_flush should be called (by sync_flush): 0 at once, which a fault wants;
 * -1 when there is nothing to write. After a failure it grows from 5 s to 5 minutes. */
int64_t spool_flush_wait(struct spool *spool);
/* Brings the database up to date in one transaction; on failure everything stays in memory, the
 * failure is a fault by itself, and the next calls before the time above do nothing. */
bool spool_flush(struct spool *spool, struct error *err) __attribute__((warn_unused_result));

/* The body of the next POST reports: records of one boot in order, oldest boot first; a heartbeat
 * when one is due, before a backlog and after what little else there is. False when there is
 * nothing to send. Works from memory when there is no disk. */
bool spool_batch(struct spool *spool, struct strbuf *body_out);
/* The server has everything of the last batch up to `sequence`; INT64_MAX: all of it. No I/O: the
 * next flush deletes it. */
void spool_acknowledge(struct spool *spool, int64_t sequence);

/* What waits in a state folder, also beside a player that uses it; changes nothing. */
struct spool_backlog {
    int64_t records;
    int64_t oldest_ms; /* Unix time; 0: no record */
    int64_t bytes;     /* of the database */
    bool damaged;      /* a damaged one was set aside */
};
/* ERROR_NOT_FOUND: no spool yet. */
bool spool_look(const char *state_folder, struct spool_backlog *backlog_out, struct error *err)
    __attribute__((warn_unused_result));

#endif
