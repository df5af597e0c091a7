#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "player/stage/lane_private.h"

/* A film that has been due for so long and gives no picture is left out: of a damaged file a
 * decoder may make nothing for ever. */
#define OPEN_NS_MAX INT64_C(8000000000)
#define STALL_NS_MAX INT64_C(5000000000)
/* Bad content stays bad; a decoder that had no memory may have some later. */
#define FILM_RETRY_NS (INT64_C(600) * 1000000000)

int64_t lane_film_position_ms(const struct cue *cue, int64_t wall_ms)
{
    return timeline_video_ms(cue->loop, cue->frame.slide, wall_ms - cue->item_from_ms, cue->again);
}

static unsigned first_slot(const struct lane_host *host)
{
    return 1 + (unsigned)host->display * QUARANTINE_FILMS;
}

/* Each open film has a slot of its own: when the player dies all of them are suspects, and those
 * that go on to their ends are cleared. More films than slots play unmarked. */
static void mark(struct lane_host *host, struct picture *picture)
{
    for (unsigned i = 0; host->quarantine != NULL && i < QUARANTINE_FILMS; i++) {
        if ((host->films_marked & 1U << i) == 0) {
            host->films_marked |= 1U << i;
            picture->mark = first_slot(host) + i;
            quarantine_enter(host->quarantine, picture->mark, picture->cue.frame.slide);
            return;
        }
    }
}

static void unmark(struct lane_host *host, const struct picture *picture)
{
    if (picture->mark != 0) {
        quarantine_leave(host->quarantine, picture->mark);
        host->films_marked &= ~(1U << (picture->mark - first_slot(host)));
    }
}

void lane_picture_clear(struct lane *lane, struct picture *picture)
{
    if (picture->reel != NULL) {
        struct video_figures figures = {0};
        reel_close(picture->reel, &figures);
        lane->host->figures.frames += figures.shown;
        lane->host->figures.dropped += figures.dropped;
    }
    unmark(lane->host, picture);
    canvas_destroy(picture->canvas);
    edition_release(picture->edition);
    memset(picture, 0, sizeof *picture);
}

static void blame(struct lane *lane, const struct slide *slide, const char *code,
                  const struct error *err, bool repair)
{
    char detail[512];
    char text[400];
    char hex[SHA256_HEX_SIZE];
    sha256_to_hex(&slide->video.file, hex);
    snprintf(detail, sizeof detail, "%s (%.12s…): %s", slide->title, hex,
             error_text(err, LANG_EN, text, sizeof text));
    lane_fail(lane, slide, FILM_RETRY_NS);
    log_write(LOG_WARN, "film_skipped", "slide=%s", slide->id);
    lane->host->fault(lane->host->context, code, detail, repair ? &slide->video.file : NULL);
}

/* Where the film ahead is to begin: it may be asked for well before it is to show. */
static int64_t ahead_position_ms(const struct lane *lane, struct lane_time now)
{
    int64_t at_ms = now.wall_ms > lane->ahead_at_ms ? now.wall_ms : lane->ahead_at_ms;
    return lane_film_position_ms(&lane->ahead.cue, at_ms);
}

/* Whether the cached file is there; else that is told, and it is fetched again. */
static bool has_file(struct lane *lane, const struct slide *slide)
{
    const struct manifest_file *file =
        manifest_file(lane->ahead.edition->manifest, &slide->video.file);
    struct error err;
    if (file != NULL && state_has_file(lane->host->state, file)) {
        return true;
    }
    error_set(&err, ERROR_NOT_FOUND, "le film manque", "the film is missing");
    blame(lane, slide, "file_hash", &err, true);
    return false;
}

void lane_film_open(struct lane *lane, struct lane_time now)
{
    struct lane_host *host = lane->host;
    const struct cue *cue = &lane->ahead.cue;
    const struct slide *slide = cue->frame.slide;
    char path[STATE_PATH_SIZE];
    char captions[STATE_PATH_SIZE];
    struct error err;
    struct reel_options options = {
        .path = state_file_path(host->state, &slide->video.file, "", path),
        .captions = slide->video.has_captions
                        ? state_file_path(host->state, &slide->video.captions, "", captions)
                        : NULL,
        .lang = frame_lang(lane->ahead.edition->manifest),
        .from_ms = ahead_position_ms(lane, now),
        .width = cue->frame.width,
        .height = cue->frame.height,
        .metrics = cue->frame.metrics,
        .text = host->text,
        .hardware = host->hardware,
        .wake = host->wake,
        .context = host->context};
    if (!has_file(lane, slide)) {
        lane_picture_clear(lane, &lane->ahead);
        return;
    }
    mark(host, &lane->ahead);
    lane->ahead.reel = reel_open(&options, &err);
    if (lane->ahead.reel == NULL) {
        blame(lane, slide, "file_decode", &err, false);
        lane_picture_clear(lane, &lane->ahead);
        return;
    }
    lane->ahead_state = AHEAD_ASKED;
    lane->ahead_asked_ns = now.mono_ns;
}

static void give_up(struct lane *lane, const struct error *err)
{
    blame(lane, lane->ahead.cue.frame.slide, "file_decode", err, false);
    lane_picture_clear(lane, &lane->ahead);
    lane->ahead_state = AHEAD_NONE;
}

void lane_film_look(struct lane *lane, struct lane_time now)
{
    struct picture *ahead = &lane->ahead;
    struct error err;
    if (ahead->reel == NULL) {
        return;
    }
    if (reel_state(ahead->reel, &err) == VIDEO_FAILED) {
        give_up(lane, &err);
        return;
    }
    if (lane->ahead_state != AHEAD_ASKED) {
        return;
    }
    (void)reel_advance(ahead->reel, ahead_position_ms(lane, now) * 1000);
    if (reel_has_picture(ahead->reel)) {
        if (ahead->canvas == NULL) {
            ahead->canvas = canvas_create(ahead->cue.frame.width, ahead->cue.frame.height);
        }
        if (ahead->canvas != NULL && reel_draw(ahead->reel, ahead->canvas, 0, 0)) {
            lane->ahead_state = AHEAD_READY;
        }
    }
    if (lane->ahead_state == AHEAD_ASKED && now.mono_ns - lane->ahead_asked_ns > OPEN_NS_MAX) {
        error_set(&err, ERROR_INVALID, "le film ne donne pas d’image", "the film gives no picture");
        give_up(lane, &err);
    }
}

void lane_film_catch_up(struct lane *lane, struct lane_time now)
{
    if (lane->shown.reel != NULL) {
        (void)reel_advance(lane->shown.reel,
                           lane_film_position_ms(&lane->shown.cue, now.wall_ms) * 1000);
    }
}

bool lane_film_tick(struct lane *lane, struct lane_time now)
{
    struct picture *shown = &lane->shown;
    int64_t position_us = lane_film_position_ms(&shown->cue, now.wall_ms) * 1000;
    struct error err;
    enum video_state state = reel_state(shown->reel, &err);
    bool moved = reel_advance(shown->reel, position_us);
    if (moved || state == VIDEO_ENDED || reel_is_early(shown->reel, position_us) ||
        position_us >= shown->cue.frame.slide->video.length_ms * 1000) {
        lane->moved_ns = now.mono_ns;
    } else if (state == VIDEO_READY && now.mono_ns - lane->moved_ns > STALL_NS_MAX) {
        error_set(&err, ERROR_INVALID, "le film s’est arrêté", "the film stopped");
        state = VIDEO_FAILED;
    }
    if (state == VIDEO_FAILED) {
        blame(lane, shown->cue.frame.slide, "file_decode", &err, false);
        lane_film_freeze(lane);
        return false;
    }
    return moved &&
           reel_put(shown->reel, lane->host->presenter, lane->zone.rect.x, lane->zone.rect.y);
}

void lane_film_freeze(struct lane *lane)
{
    struct picture *shown = &lane->shown;
    if (shown->reel == NULL) {
        return;
    }
    if (reel_has_picture(shown->reel)) {
        (void)reel_draw(shown->reel, shown->canvas, 0, 0);
    }
    struct canvas *canvas = shown->canvas;
    struct edition *edition = edition_retain(shown->edition);
    struct cue cue = shown->cue;
    shown->canvas = NULL;
    lane_picture_clear(lane, shown);
    *shown = (struct picture){.cue = cue, .edition = edition, .canvas = canvas};
}

int64_t lane_film_wake(struct lane *lane, struct lane_time now)
{
    int64_t position_us = lane_film_position_ms(&lane->shown.cue, now.wall_ms) * 1000;
    int64_t next_us = reel_next_us(lane->shown.reel, position_us);
    if (next_us == INT64_MAX) {
        return now.mono_ns + STALL_NS_MAX; /* a wake tells when there is more */
    }
    int64_t wait_us = next_us - position_us;
    if (wait_us > 0) {
        /* While it is faded in the film stands still. */
        int64_t into_ms = now.wall_ms - lane->shown.cue.item_from_ms;
        int64_t start_ms = lane->shown.cue.again ? 0 : lane->shown.cue.loop->transition_ms;
        wait_us += into_ms < start_ms ? (start_ms - into_ms) * 1000 : 0;
    }
    return now.mono_ns + (wait_us > 0 ? wait_us * 1000 : 0);
}
