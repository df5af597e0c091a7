/* The templates as data: colours, where the picture stands, and which texts follow each other in
 * the column beside or below it. Lengths are in grid units (metrics.h). template.c holds the
 * tables, column.c lays the texts out, slide_view.c puts it all together. */
#ifndef VITRINE_PLAYER_SCENE_TEMPLATE_H
#define VITRINE_PLAYER_SCENE_TEMPLATE_H

#include <stdbool.h>

#include "player/draw/canvas.h"
#include "player/scene/icon.h"
#include "player/draw/text.h"
#include "player/scene/metrics.h"
#include "playlists/slide.h"

#define COLOR_NAVY COLOR_RGB(0x0B1F3A)
#define COLOR_YELLOW COLOR_RGB(0xFFC845)
#define COLOR_TEAL COLOR_RGB(0x005F5F)
#define COLOR_RED COLOR_RGB(0xA3001B)
#define COLOR_WHITE COLOR_RGB(0xFFFFFF)
#define COLOR_CREAM COLOR_RGB(0xFFF8EC)

/* Where a text stands in the column: stacked from its top, from its bottom, or between. */
enum slot_place { PLACE_TOP, PLACE_BODY, PLACE_BOTTOM };
enum slot_ink { INK_MAIN, INK_ACCENT, INK_QUIET };

enum slot_dress {
    DRESS_NONE,
    DRESS_ICON,   /* a sign before the text */
    DRESS_INDENT, /* as far in as the texts with a sign */
    DRESS_QUOTE,  /* under a large quotation mark */
    DRESS_RULE,   /* under a short coloured bar */
    DRESS_DATE,   /* calendar card of the slots date and time */
    DRESS_BADGE,  /* in a pill */
    DRESS_CARD,   /* in a frame */
};

#define DROP_MOST 4

struct slot_spec {
    const char *slot; /* NULL ends the list */
    enum slot_place place;
    enum text_tier tier; /* its floor */
    double most;         /* capital height where there is room, units */
    int lines;           /* at most; 0: as many as needed */
    enum text_weight weight;
    enum slot_ink ink;
    double gap; /* to the neighbour below, in PLACE_BODY to the one above, units */
    int drop;   /* 0: must show; else left out when space is short, 1 first, DROP_MOST last */
    enum slot_dress dress;
    enum icon icon; /* of DRESS_ICON; ICON_NONE: the slide's own */
};

enum template_size { SIZE_LARGE, SIZE_SMALL, SIZE_NONE, TEMPLATE_SIZES }; /* of the photo */

#define TEMPLATE_SLOTS_MAX 11

struct template
{
    const char *name;
    const char *severity; /* of announcements; NULL: any */
    color panel, visual;  /* behind the texts; in place of a missing photo */
    color disc, sign;     /* the icon in place of a photo, and what it stands on */
    color motif;          /* large rounds that give the visual's surface some life */
    color main, accent, quiet, rule;
    bool visual_right;                /* landscape: the picture's side */
    double extent[2][TEMPLATE_SIZES]; /* width in landscape [0], height in portrait [1] */
    int large_until;                  /* slots up to this drop go before the photo becomes small */
    bool body_middle;                 /* else the body follows the top */
    struct slot_spec slots[TEMPLATE_SLOTS_MAX + 1];
};

/* Never NULL: a name that is not known gets the announcement's. */
const struct template *template_for(const struct slide *slide);
color template_ink(const struct template *template, enum slot_ink ink);

#endif
