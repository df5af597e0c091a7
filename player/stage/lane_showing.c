/* Proof of play: from when to when an item was really on the screen. */
#include "player/stage/lane_private.h"

/* Wall time that passed otherwise than monotonic time was set, not lived. */
#define STEP_MS 2000

static void tell(const struct lane *lane, int64_t from_ms, int64_t until_ms)
{
    const struct showing *showing = &lane->showing;
    const struct slide *slide = showing->cue.frame.slide;
    char name[EDITION_NAME_SIZE];
    if (lane->host->spool == NULL || until_ms <= from_ms) {
        return;
    }
    struct spool_play play = {.slide = slide->id,
                              .title = slide->title,
                              .subject = slide->subject,
                              .organisation = slide->organisation,
                              .playlist = showing->cue.loop->playlist,
                              .rule = showing->cue.rule,
                              .zone = lane->zone.id,
                              .manifest = edition_name(showing->edition, name),
                              .from_ms = from_ms,
                              .until_ms = until_ms};
    spool_play(lane->host->spool, &play);
}

void lane_showing_begin(struct lane *lane, const struct picture *picture, struct lane_time now)
{
    const struct cue *cue = &picture->cue;
    /* A news text's pages are one play. */
    if (lane->showing.edition != NULL && lane->showing.edition == picture->edition &&
        lane->showing.cue.frame.slide == cue->frame.slide &&
        lane->showing.cue.item_from_ms == cue->item_from_ms) {
        return;
    }
    lane_showing_end(lane, now);
    if (!lane->covered && cue->loop != NULL && picture->canvas != NULL) {
        lane->showing =
            (struct showing){edition_retain(picture->edition), *cue, now.wall_ms, now.mono_ns};
    }
}

/* By how much the wall clock was set while it showed. */
static int64_t stepped_ms(const struct showing *showing, struct lane_time now)
{
    int64_t lived_ms = (now.mono_ns - showing->from_ns) / 1000000;
    int64_t step_ms = now.wall_ms - showing->from_ms - lived_ms;
    return step_ms < -STEP_MS || step_ms > STEP_MS ? step_ms : 0;
}

void lane_showing_end(struct lane *lane, struct lane_time now)
{
    struct showing *showing = &lane->showing;
    if (showing->edition == NULL) {
        return;
    }
    tell(lane, showing->from_ms, now.wall_ms - stepped_ms(showing, now));
    edition_release(showing->edition);
    *showing = (struct showing){0};
}

static void turn(struct lane *lane, int64_t until_item_ms)
{
    struct showing *showing = &lane->showing;
    int64_t length_ms = showing->cue.item_until_ms - showing->cue.item_from_ms;
    while (length_ms > 0 && showing->cue.item_until_ms <= until_item_ms) {
        int64_t turn_ms = showing->cue.item_until_ms;
        tell(lane, showing->from_ms, turn_ms);
        if (turn_ms > showing->from_ms) {
            showing->from_ns += (turn_ms - showing->from_ms) * 1000000;
            showing->from_ms = turn_ms;
        }
        showing->cue.item_from_ms = turn_ms;
        showing->cue.item_until_ms += length_ms;
    }
}

void lane_showing_turn(struct lane *lane, const struct cue *cue, struct lane_time now)
{
    struct showing *showing = &lane->showing;
    if (showing->edition == NULL || showing->cue.frame.slide != cue->frame.slide ||
        cue->item_from_ms == showing->cue.item_from_ms) {
        return;
    }
    if (stepped_ms(showing, now) != 0) {
        lane_showing_end(lane, now); /* rounds that nobody lived through are no plays */
        lane_showing_begin(lane, &lane->shown, now);
    } else {
        turn(lane, cue->item_from_ms);
    }
    if (showing->edition != NULL) {
        showing->cue.item_from_ms = cue->item_from_ms;
        showing->cue.item_until_ms = cue->item_until_ms;
    }
}
