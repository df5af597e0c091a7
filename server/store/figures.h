/* Questions to the hourly sums (sums.h), for reports. Rows are handed over one by one, so that a
 * big answer costs no memory; their texts are valid during the call. Hours are UTC hours since
 * 1970, [from, until). */
#ifndef VITRINE_SERVER_STORE_FIGURES_H
#define VITRINE_SERVER_STORE_FIGURES_H

#include "server/store/entity.h"

/* Whom it may concern. */
struct figures_scope {
    const char *site;              /* NULL or "": any */
    const struct text_list *sites; /* none but these; NULL or empty: the whole network */
};

enum figures_by {
    FIGURES_BY_ORGANISATION,
    FIGURES_BY_RULE,
    FIGURES_BY_SITE,
    FIGURES_BY_SCREEN,
    FIGURES_BY_SLIDE,
    FIGURES_BY_COUNT
};
const char *figures_by_tag(enum figures_by by);
bool figures_by_parse(const char *tag, enum figures_by *by_out);

struct exposure {
    const char *id;
    const char *name;   /* as it was when it is gone; the id when nobody knows */
    const char *detail; /* slide: its organisation's name; screen: its site's; else "" */
    int64_t plays, shown_ms;
    int64_t planned, planned_ms;
    int64_t screens; /* on which it was shown or planned */
};

/* Most planned first. take returns false to end. */
typedef bool (*exposure_take)(void *context, const struct exposure *exposure);
bool figures_exposure(struct db *db, enum figures_by by, const struct figures_scope *scope,
                      int64_t from_hour, int64_t until_hour, exposure_take take, void *context,
                      struct error *err) __attribute__((warn_unused_result));

/* An organisation with what is known of it, and its sums. */
struct organisation_figure {
    const char *id;
    const char *name;
    const char *famille_ess; /* tag */
    const char *secteur;     /* the main one */
    const char *commune;
    const char *site;
    int64_t plays, shown_ms, planned_ms, screens;
};

struct kiosk_figure {
    const char *screen, *screen_name;
    const char *site, *site_name;
    const char *counter; /* "sessions", "sheet"…: docs/protocol.md */
    const char *subject; /* organisation, language or mode; "" for none */
    const char *name;    /* of the organisation */
    int64_t count;
};
typedef bool (*kiosk_take)(void *context, const struct kiosk_figure *figure);
bool figures_kiosks(struct db *db, const struct figures_scope *scope, int64_t from_hour,
                    int64_t until_hour, kiosk_take take, void *context, struct error *err)
    __attribute__((warn_unused_result));

/* Of a screen: five-minute stretches in opening hours, and those in which it gave a sign of life or
 * showed something. */
struct availability {
    const char *screen, *screen_name;
    const char *site, *site_name;
    int64_t open, seen;
};
typedef bool (*availability_take)(void *context, const struct availability *availability);
bool figures_availability(struct db *db, const struct figures_scope *scope, int64_t from_hour,
                          int64_t until_hour, availability_take take, void *context,
                          struct error *err) __attribute__((warn_unused_result));

/* How many different portraits, events and announcements were published: planned or shown. */
struct published_counts {
    int64_t portraits, events, announcements;
};
bool figures_published(struct db *db, const struct figures_scope *scope, int64_t from_hour,
                       int64_t until_hour, struct published_counts *out, struct error *err)
    __attribute__((warn_unused_result));

/* Displayable organisations of the directory (published, diffusable), and those that were never
 * shown in that time. */
bool figures_never_shown(struct db *db, int64_t from_hour, int64_t until_hour,
                         int64_t *displayable_out, int64_t *never_out, struct error *err)
    __attribute__((warn_unused_result));

/* A play as it is stored. */
struct stored_play {
    const char *screen;
    const char *boot;
    int64_t sequence;
    const char *slide, *title, *subject, *organisation, *playlist, *rule, *zone;
    const char *manifest;
    int64_t from_ms, length_ms;
    int64_t screen_number, boot_number; /* with from_ms and sequence: the key of the page */
};

struct plays_filter {
    const char *screen, *organisation, *rule, *slide; /* NULL: any */
    int64_t from_ms, until_ms;                        /* by when they began */
    const struct text_list *sites; /* of screens as they are now; NULL or empty: all */
    bool has_after;
    int64_t after[4]; /* screen, from_ms, boot, sequence of the last one seen */
    size_t limit;
};

struct stored_play_list {
    size_t count;
    struct stored_play *items;
};

/* By screen, then by time. */
bool figures_plays(struct db *db, struct arena *arena, const struct plays_filter *filter,
                   struct stored_play_list *out, struct error *err)
    __attribute__((warn_unused_result));

#endif
