/* What visitors do at a kiosk, counted by the hour of the clock: numbers alone, in no order, so
 * that no visit can be told from another (docs/protocol.md). Pure. */
#ifndef VITRINE_PLAYER_REPORT_TALLY_H
#define VITRINE_PLAYER_REPORT_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TALLY_HOUR_MS INT64_C(3600000)
#define TALLY_SUBJECTS_MAX 500 /* organisations, languages, modes an hour; more are not counted */

enum tally_kind {
    TALLY_SESSION,  /* a visitor began */
    TALLY_LIST,     /* the list was opened or come back to */
    TALLY_SEARCH,   /* a letter or words were looked up; which ones is not known here */
    TALLY_LANGUAGE, /* subject: "en"… was chosen */
    TALLY_MODE,     /* subject: an accessibility mode was switched on */
    TALLY_SHEET,    /* subject: organisation whose sheet was opened */
    TALLY_KINDS
};

struct tally_subject {
    enum tally_kind kind;
    int64_t count;
    char *name;
};

/* Zeroed memory is an empty tally. */
struct tally {
    int64_t hour_ms; /* in which it counts; meaningless while it is empty */
    int64_t plain[TALLY_LANGUAGE];
    size_t subject_count;
    struct tally_subject *subjects;
};

bool tally_empty(const struct tally *tally);
/* subject: NULL or "" for those that have none. The tally is of the hour of its first count: look
 * with tally_over before. */
void tally_add(struct tally *tally, enum tally_kind kind, const char *subject, int64_t wall_ms);
/* Whether what it holds is of another hour than this instant's. */
bool tally_over(const struct tally *tally, int64_t wall_ms);
/* Empties it. */
void tally_finish(struct tally *tally);

/* Its texts as records hold them (spool_record.h), one after the other: *at is 0 at first. NULL
 * when there is no more. The caller frees each. Several are needed when many sheets were opened. */
char *tally_text(const struct tally *tally, size_t *at);

#endif
