/* Who has which record open, so that two people on one see each other before they write. Kept in
 * memory: a page says every few seconds that it is there, and is forgotten when it stops. Any
 * thread may call. */
#ifndef VITRINE_SERVER_RECORDS_ATTENDANCE_H
#define VITRINE_SERVER_RECORDS_ATTENDANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"

#define ATTENDANCE_LIFE_MS 30000
#define ATTENDANCE_MAX 4096 /* pages at once; more are not noted */
#define ATTENDANCE_KIND_MAX 32
#define ATTENDANCE_ID_MAX 300
#define ATTENDANCE_USER_MAX 128
#define ATTENDANCE_TAB_MAX 32

/* One page of one person on one record; texts are "" where nothing is known, and no longer than the
 * bounds above, or it is not noted. */
struct attendant {
    const char *kind;
    const char *id;
    const char *user;
    const char *tab; /* tells pages of one person apart */
    bool editing;
    int64_t since_ms; /* wall clock; set by the first call */
};

struct attendant_list {
    size_t count;
    struct attendant *items;
};

struct attendance;

struct attendance *attendance_create(void);
void attendance_destroy(struct attendance *attendance); /* accepts NULL */
/* It is there, for ATTENDANCE_LIFE_MS from mono_ms on; since_ms is kept from its first sign. */
void attendance_note(struct attendance *attendance, const struct attendant *attendant,
                     int64_t mono_ms);
/* It has gone; nothing to forget is no failure. */
void attendance_leave(struct attendance *attendance, const struct attendant *attendant);
/* The others on that record, the first to come first; pages of one person count once, as editing
 * when one of them is. Of `self` only other pages (tab) are told. */
void attendance_others(struct attendance *attendance, const struct attendant *self, int64_t mono_ms,
                       struct arena *arena, struct attendant_list *out);

#endif
