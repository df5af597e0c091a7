/* Joins the kiosk to window and presenter: input in picture coordinates goes in, its pixels come to
 * the screen. Main thread only. */
#ifndef VITRINE_PLAYER_TOUCH_H
#define VITRINE_PLAYER_TOUCH_H

#include <stdbool.h>
#include <stdint.h>

#include "core/lang.h"
#include "player/draw/presenter.h"
#include "player/draw/text.h"
#include "player/platform/window.h"
#include "player/report/spool.h"
#include "playlists/directory.h"
#include "playlists/manifest.h"

struct touch;

/* text, presenter and spool, which counts visits, outlive it; the rest is copied. NULL when memory
 * is out. */
struct touch *touch_create(struct text_engine *text, struct presenter *presenter,
                           struct spool *spool, const struct manifest_screen *screen,
                           enum lang lang);
void touch_destroy(struct touch *touch); /* accepts NULL */

void touch_set_directory(struct touch *touch, struct directory *directory); /* takes it over */
void touch_event(struct touch *touch, const struct window_event *event, int64_t now_ms);
/* Time-outs and motion: may open or close it. */
void touch_tick(struct touch *touch, int64_t now_ms);
/* Brings what changed to the screen; true when something was flushed. */
bool touch_put(struct touch *touch);
/* All of it is put the next time. */
void touch_invalidate(struct touch *touch);
int64_t touch_next_wake(const struct touch *touch, int64_t now_ms); /* KIOSK_NEVER: none */
bool touch_is_open(const struct touch *touch);
/* Rows at the picture's lower edge that are the kiosk's while it is closed. */
int touch_bottom(const struct touch *touch);

#endif
