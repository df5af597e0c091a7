/* One fault, play or hour of counters as the spool holds it. The texts stand in one string, parted by SPOOL_PART, so
 * that equal ones are stored once however many records have them. */
#ifndef VITRINE_PLAYER_REPORT_SPOOL_RECORD_H
#define VITRINE_PLAYER_REPORT_SPOOL_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/json.h"

#define SPOOL_BOOT_SIZE 33
#define SPOOL_PART '\x1f'
#define SPOOL_OVER "\x1e" /* a fault's detail: it is over, which is told as a recovery */
#define SPOOL_TEXT_MAX 4096 /* of a record's texts together */
#define SPOOL_SEQUENCE_MAX (INT64_C(1) << 52)

enum spool_kind { SPOOL_FAULT, SPOOL_PLAY, SPOOL_COUNTERS };

struct spool_record {
    int64_t sequence;
    int64_t time_ms;
    enum spool_kind kind;
    int64_t from_ms;  /* plays; counters: the beginning of their hour */
    int64_t until_ms; /* plays */
    char *text; /* its members (spool_record.c) in order; malloc'ed by who fills it */
};

/* Both cut what is too long between characters. The caller frees it. */
char *spool_fault_text(const char *code, const char *detail);
struct spool_play;
char *spool_play_text(const struct spool_play *play);

/* Whether a server would take it: as many parts as the kind has, valid UTF-8, sane numbers. */
bool spool_record_check(const struct spool_record *record);
/* As one element of "records"; it must be checked. */
void spool_record_write(const struct spool_record *record, struct json_writer *writer);

#endif
