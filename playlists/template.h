/* Templates: how a slide looks, as data. One JSON document a template (assets/templates, guide:
 * docs/modeles.md, schema: template.schema.json) names the slots that editors fill and says where
 * their texts stand; player/scene draws it. Nothing here knows how to draw, so that the server
 * checks slides against the very templates that its screens have. Lengths are in grid units: 16 × 9
 * of them in landscape, 9 × 16 in portrait. A template or a set is immutable once made; any thread
 * may read it. */
#ifndef VITRINE_PLAYLISTS_TEMPLATE_H
#define VITRINE_PLAYLISTS_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"
#include "core/lang.h"
#include "playlists/slide.h"

#define TEMPLATE_FORMAT 1
#define TEMPLATE_BYTES_MAX (64 * 1024)
#define TEMPLATE_SLOTS_MAX SLIDE_TEXTS_MAX
#define TEMPLATE_SPECS_MAX 12
#define TEMPLATE_VARIANTS_MAX 6
#define TEMPLATE_CHOICES_MAX 12
#define TEMPLATE_ROWS_MAX 6
#define TEMPLATE_SET_MAX 64

/* What an editor may write. Lists are slots row_1 … row_6, each with row_1_label and row_1_detail,
 * named out in full like any other slot. Labels are by enum lang. */
struct template_slot {
    const char *name;
    const char *label[2];
    bool required;
    bool read;      /* drawn as words that take time to read */
    int characters; /* about so many look good: a hint, never a limit; 0: none */
    size_t choice_count;
    const char *const *choices; /* the only values; none: free text */
};

/* Where a text stands: stacked from the column's top, from its bottom, or between; or in the
 * picture's part (VISUAL_HEAD). */
enum slot_place { PLACE_TOP, PLACE_BODY, PLACE_BOTTOM, PLACE_HEAD };
/* The smallest size that can be read from the screen's viewing distance (player/scene/metrics.h) */
enum text_tier { TIER_HEADLINE, TIER_FACT, TIER_CREDIT, TIER_EMERGENCY };
enum slot_weight { WEIGHT_REGULAR, WEIGHT_SEMIBOLD, WEIGHT_EXTRABOLD };
enum slot_ink { INK_MAIN, INK_ACCENT, INK_QUIET, INK_HEAD };

enum slot_dress {
    DRESS_NONE,
    DRESS_ICON,   /* a sign before the text */
    DRESS_INDENT, /* as far in as the texts with a sign */
    DRESS_QUOTE,  /* under a large quotation mark */
    DRESS_RULE,   /* under a short coloured bar */
    DRESS_DATE,   /* calendar card of a date, with the hour */
    DRESS_BADGE,  /* in a pill */
    DRESS_CARD,   /* in a frame */
    DRESS_FIGURE, /* one line as large as it can be, with its unit */
    DRESS_ROWS,   /* the list of the slots row_1 …; the slot is "row" */
};

#define DROP_MOST 4

struct slot_spec {
    const char *slot;
    enum slot_place place;
    enum text_tier tier;
    double size; /* capital height where there is room, units */
    int lines;   /* at most; 0: as many as needed */
    enum slot_weight weight;
    enum slot_ink ink;
    double gap; /* to the neighbour below, in PLACE_BODY and PLACE_HEAD to the one above, units */
    int drop;   /* 0: must show; else left out when space is short, 1 first, DROP_MOST last */
    enum slot_dress dress;
    const char *icon; /* of DRESS_ICON, as in pictograms and sectors; "": the slide's own */
    const char *with; /* a slot that is shown with it: DRESS_DATE's hour, DRESS_FIGURE's unit; "" */
    int columns;      /* of DRESS_ROWS: at most, side by side where there is room */
    bool keep_rows;   /* of DRESS_ROWS: when space is short details go before rows do */
};

enum visual_kind {
    VISUAL_NONE,  /* texts alone */
    VISUAL_PHOTO, /* a photo, or a sign in its place, with the QR card */
    VISUAL_ROUND, /* a small round photo beside the texts at the bottom */
    VISUAL_QR,    /* a QR code as large as the part allows */
    VISUAL_HEAD,  /* a coloured part that holds the texts of PLACE_HEAD */
};
enum visual_side { SIDE_LEFT, SIDE_RIGHT, SIDE_TOP }; /* in landscape; in portrait it is the top */
enum visual_motif { MOTIF_ROUNDS, MOTIF_SUN, MOTIF_NONE }; /* rounds that give a surface life */
enum visual_size { SIZE_LARGE, SIZE_SMALL, SIZE_NONE, VISUAL_SIZES }; /* none: no photo there */

/* 0xRRGGBB. */
struct template_colours {
    uint32_t panel, visual;             /* behind the texts; behind or in place of a photo */
    uint32_t disc, sign;                /* what a sign stands on, and the sign */
    uint32_t motif, rule;               /* rounds; bars, marks and cards */
    uint32_t main, accent, quiet, head; /* inks, by slot_ink; head stands on visual */
};

struct template_look {
    struct template_colours colours;
    enum visual_kind visual;
    enum visual_motif motif;
    enum visual_side side;
    double extent[2][VISUAL_SIZES]; /* landscape [0]: width, of SIDE_TOP height; portrait [1]:
                                       height; of VISUAL_ROUND the diameter */
    int large_until;                /* slots up to this drop go before the photo becomes small */
    const char *sign;               /* icon of a slide whose words name none; "" */
    bool body_middle;               /* else the body follows the top */
    size_t spec_count;
    const struct slot_spec *specs;
};

/* In place of the template's own look where the slot has this value. */
struct template_variant {
    const char *slot, *value;
    const char *template; /* another one's look; "": this one */
    struct template_look look;
};

struct template
{
    const char *name;     /* [a-z][a-z0-9_]{0,39} */
    const char *title[2]; /* for editors */
    const char *about[2]; /* what it is good for, one sentence */
    bool internal;        /* the player's own: not offered to editors */
    bool photo;           /* takes a picture */
    bool film;            /* takes a film */
    bool link_required;   /* a slide without a link has nothing to show */
    size_t slot_count;
    const struct template_slot *slots;
    struct template_look look;
    size_t variant_count;
    const struct template_variant *variants;
    const char *source; /* the document's bytes, for those who send or store it */
    size_t source_length;
};

/* NULL when the template has none of that name. */
const struct template_slot *template_slot(const struct template *template, const char *name);

/* What a template asks of a slide, beyond slide_check: no other slots than its own, those it needs,
 * choices, a link, no picture or film where it has no place for one. Unknown templates are
 * refused. */
struct template_set;
bool template_check_slide(const struct template_set *set, const struct slide *slide,
                          struct error *err) __attribute__((warn_unused_result));

/* The templates that are compiled in: always there, never destroyed. */
const struct template_set *template_set_builtin(void);
/* Those and, in place of those of the same name, every *.json of the folder (but *.schema.json). A
 * folder that is missing gives the built-in ones; NULL with *err when a document is bad. */
struct template_set *template_set_load(const char *folder, struct error *err)
    __attribute__((warn_unused_result));

struct template_document {
    const char *bytes;
    size_t length;
};
/* Those of `base` (which may go afterwards) and, in place of those of the same name, these. */
struct template_set *template_set_overlay(const struct template_set *base,
                                          const struct template_document *documents, size_t count,
                                          struct error *err) __attribute__((warn_unused_result));
void template_set_destroy(struct template_set *set); /* accepts NULL */

/* NULL when there is none of that name. */
const struct template *template_set_find(const struct template_set *set, const char *name);
/* In order of their names. */
size_t template_set_count(const struct template_set *set);
const struct template *template_set_at(const struct template_set *set, size_t index);

/* The look that the slide gets; never NULL: a name that is not known gets the announcement's. */
const struct template_look *template_look(const struct template_set *set,
                                          const struct slide *slide);

#endif
