/* The spool's database, <state>/spool/reports.db: records in the order in which they came, texts
 * once. One thread at a time.
 *
 * WAL with synchronous=NORMAL: a power cut may cost what was written in the last seconds (it was
 * in no one's way either), but never tears the file; a sync for every slide would wear a card out.
 * The lock is exclusive, so that SQLite keeps its index of the WAL in memory: mapped from a failing
 * disk, reading it would kill the player. */
#ifndef VITRINE_PLAYER_REPORT_SPOOL_STORE_H
#define VITRINE_PLAYER_REPORT_SPOOL_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"
#include "player/report/spool_record.h"

struct spool_store;

/* What a failure means for the database. */
enum spool_damage {
    SPOOL_INTACT,  /* full, read-only or busy: reading goes on */
    SPOOL_FAILING, /* the disk fails: close, try later */
    SPOOL_DAMAGED, /* what it holds is wrong: set it aside */
};

/* Checks the whole file. Makes folder and file when they are not there. */
struct spool_store *spool_store_open(const char *folder, enum spool_damage *damage_out,
                                     struct error *err) __attribute__((warn_unused_result));
void spool_store_close(struct spool_store *store); /* accepts NULL */
/* A closed database becomes reports.db.damaged, in place of an earlier one. */
void spool_store_set_aside(const char *folder);

/* In one transaction: forgets the records up to `forget` (an id), adds these, and when the file
 * is beyond `bytes_max` forgets the oldest, which *lost_out counts. */
struct spool_write {
    int64_t forget;
    const char *boot;
    const struct spool_record *const *records;
    size_t count;
    int64_t bytes_max;
};
bool spool_store_write(struct spool_store *store, const struct spool_write *write,
                       int64_t *lost_out, enum spool_damage *damage_out, struct error *err)
    __attribute__((warn_unused_result));

/* Calls `take` for records with an id above `after`, oldest first, until it returns false. The
 * record is valid during the call. Records that are damaged are left out. */
typedef bool (*spool_take)(void *context, int64_t id, const char *boot,
                           const struct spool_record *record);
bool spool_store_read(struct spool_store *store, int64_t after, spool_take take, void *context,
                      enum spool_damage *damage_out, struct error *err)
    __attribute__((warn_unused_result));

/* Highest id that is there; 0: none. */
int64_t spool_store_last(const struct spool_store *store);

#endif
