/* What the player has to tell: faults, kept in the state folder until the server acknowledged them,
 * and heartbeats. Adding a fault costs no I/O, so that reports are never in the way of playing;
 * the network thread brings them to disk and sends them. Thread-safe. */
#ifndef VITRINE_PLAYER_REPORT_SPOOL_H
#define VITRINE_PLAYER_REPORT_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/clock.h"
#include "core/error.h"
#include "core/strbuf.h"

#define SPOOL_BYTES_MAX (2 * 1024 * 1024) /* on disk; the oldest records go first */
/* Less than a long-poll, so that one goes out between any two. */
#define SPOOL_HEARTBEAT_MS 45000
#define SPOOL_REPEAT_MS (10 * 60 * 1000)
#define SPOOL_BATCH_RECORDS 500
#define SPOOL_BATCH_BYTES (240 * 1024)

struct spool;

/* Reads what earlier starts left in <state folder>/spool/faults.jsonl; lines that a power cut left
 * torn are dropped. Never NULL: without a readable folder it works in memory. */
struct spool *spool_create(const char *state_folder, const struct clock *clock);
void spool_destroy(struct spool *spool); /* accepts NULL; does not flush */

/* Records a fault (code of docs/protocol.md) and logs it. The same code and detail within ten
 * minutes is one fault: then it returns false and nothing is recorded. */
bool spool_fault(struct spool *spool, const char *code, const char *detail);
/* "1-17", for heartbeats; another one is told at once. */
void spool_set_manifest(struct spool *spool, const char *name);

/* The body of the next POST reports: records of one boot in order, oldest boot first, and a
 * heartbeat when one is due. False when there is nothing to send. */
bool spool_batch(struct spool *spool, struct strbuf *body_out);
/* The server has everything of the last batch up to `sequence`; INT64_MAX: all of it. */
void spool_acknowledge(struct spool *spool, int64_t sequence);
/* Brings the file up to date; on failure everything stays in memory and is tried again. */
bool spool_flush(struct spool *spool, struct error *err) __attribute__((warn_unused_result));

#endif
