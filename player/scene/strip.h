/* The strip in its two parts: news (or, without any, the place's name) and the facts beside it,
 * date and clock. strip_draw (slide_view.h) draws a strip without news as a whole. */
#ifndef VITRINE_PLAYER_SCENE_STRIP_H
#define VITRINE_PLAYER_SCENE_STRIP_H

#include "core/lang.h"
#include "player/scene/slide_view.h"

/* Date and clock, in the screen's local time. */
struct strip_time {
    int64_t days; /* since 1970-01-01 */
    int minutes;  /* since midnight */
};

struct strip_parts {
    struct rect news;
    struct rect facts; /* wide enough for any date and time of the year, so that news stand still */
};

/* Of a strip that stands at `strip`; both are as high as it is. */
struct strip_parts strip_parts(const struct slide_view *view, struct rect strip, enum lang lang);

/* The facts into a canvas of their part. */
void strip_draw_facts(const struct slide_view *view, enum lang lang, struct strip_time time,
                      struct canvas *canvas);

/* A news text is shown line by line where it is longer than its part: in how many pages (≥ 1) for
 * a part of that width, and one of them (from 0). */
int strip_news_pages(const struct slide_view *view, const char *text, enum lang lang, int width);
void strip_draw_news(const struct slide_view *view, const char *text, enum lang lang, int page,
                     struct canvas *canvas);
/* What stands there while there are no news. */
void strip_draw_place(const struct slide_view *view, const char *place, enum lang lang,
                      struct canvas *canvas);

#endif
