#include <stdlib.h>
#include <string.h>

#include "player/stage/lane_private.h"

/* Film or still picture: the next one in the loop that works is looked for, not the whole day. */
static bool usable(struct lane *lane, const struct slide *slide)
{
    for (size_t i = 0; i < lane->failed_count; i++) {
        if (lane->failed[i].slide == slide) {
            return clock_mono_ns(&lane->host->clock) >= lane->failed[i].until_ns;
        }
    }
    return lane->host->quarantine == NULL || !quarantine_holds(lane->host->quarantine, slide);
}

void lane_fail(struct lane *lane, const struct slide *slide, int64_t for_ns)
{
    int64_t until_ns = clock_mono_ns(&lane->host->clock) + for_ns;
    size_t place = 0;
    while (place < lane->failed_count && lane->failed[place].slide != slide) {
        place++;
    }
    /* None is forgotten before its time: a loop of more would be tried round and round. */
    if (place == lane->failed_room) {
        lane->failed_room += 16;
        lane->failed = realloc(lane->failed, lane->failed_room * sizeof lane->failed[0]);
        if (lane->failed == NULL) {
            abort();
        }
    }
    lane->failed_count = place < lane->failed_count ? lane->failed_count : place + 1;
    lane->failed[place] = (struct failed){slide, until_ns};
}

static struct frame base_frame(const struct lane *lane, enum frame_kind kind,
                               struct edition *edition, const struct slide *slide)
{
    return (struct frame){.kind = kind,
                          .edition = edition,
                          .slide = slide,
                          .fill = lane->zone.fill,
                          .revision = lane->host->revision,
                          .width = lane->zone.rect.w,
                          .height = lane->zone.rect.h,
                          .metrics = lane->host->metrics};
}

static struct cue standing_cue(struct frame frame, int64_t change_ms)
{
    return (struct cue){.any = true,
                        .frame = frame,
                        .from_ms = INT64_MIN,
                        .item_from_ms = INT64_MIN,
                        .item_until_ms = INT64_MAX,
                        .change_ms = change_ms,
                        .valid_until_ms = INT64_MAX};
}

static struct cue nothing_cue(const struct lane *lane, int64_t change_ms)
{
    struct edition *welcome = lane->host->welcome;
    switch (lane->zone.kind) {
    case LANE_MAIN:
        return standing_cue(base_frame(lane, FRAME_SLIDE, welcome, &welcome->manifest->slides[0]),
                            change_ms);
    case LANE_NEWS:
        return standing_cue(base_frame(lane, FRAME_NEWS, lane->edition, NULL), change_ms);
    case LANE_SIDE:
    case LANE_LOGO:
        break;
    }
    return standing_cue(base_frame(lane, FRAME_EMPTY, NULL, NULL), change_ms);
}

static int count_pages(struct lane *lane, const struct slide *slide)
{
    const char *text = slide_text(slide, "title");
    if (lane->host->text == NULL || text == NULL) {
        return 1;
    }
    if (lane->pages_of != slide) {
        struct slide_view view = {.text = lane->host->text, .metrics = lane->host->metrics};
        lane->pages = strip_news_pages(&view, text, frame_lang(lane->manifest), lane->zone.rect.w);
        lane->pages_of = slide;
    }
    return lane->pages;
}

/* A news text's pages share its time evenly. */
static void turn_pages(struct lane *lane, struct cue *cue, int64_t at_ms)
{
    int64_t pages = count_pages(lane, cue->frame.slide);
    int64_t length_ms = cue->item_until_ms - cue->item_from_ms;
    if (pages < 2 || at_ms < cue->item_from_ms || length_ms <= 0) {
        return;
    }
    int64_t page = (at_ms - cue->item_from_ms) * pages / length_ms;
    page = page < pages ? page : pages - 1;
    /* The first instant at which the division above says the next page. */
    int64_t until_ms = cue->item_from_ms + (length_ms * (page + 1) + pages - 1) / pages;
    cue->frame.page = (int)page;
    if (page > 0) {
        cue->from_ms = cue->item_from_ms + (length_ms * page + pages - 1) / pages;
    }
    cue->change_ms = until_ms < cue->change_ms ? until_ms : cue->change_ms;
}

/* `shows` is the item in whose place `item` stands; mostly the same. */
static struct cue item_cue(struct lane *lane, const struct timeline *shows,
                           const struct timeline *item, int64_t at_ms)
{
    const struct manifest_loop *loop = item->loop;
    size_t before = item->item > 0 ? item->item - 1 : loop->item_count - 1;
    enum frame_kind kind = lane->zone.kind == LANE_NEWS ? FRAME_NEWS
                           : item->slide->has_video     ? FRAME_FILM
                                                        : FRAME_SLIDE;
    struct cue cue = {.any = true,
                      .frame = base_frame(lane, kind, lane->edition, item->slide),
                      .loop = loop,
                      .rule = item->interval->rule,
                      .class = item->interval->class,
                      .from_ms = shows->item_from_ms,
                      .item_from_ms = item->item_from_ms,
                      .item_until_ms = item->item_from_ms + loop->items[item->item].duration_ms,
                      .change_ms = item->next_change_ms,
                      .valid_until_ms = item->expired ? INT64_MAX : item->interval->until_ms,
                      .again = loop->items[before].slide == loop->items[item->item].slide};
    if (kind == FRAME_FILM && cue.item_until_ms < cue.change_ms) {
        cue.change_ms = cue.item_until_ms; /* a film alone in its loop begins anew */
    }
    if (kind == FRAME_NEWS) {
        turn_pages(lane, &cue, at_ms);
    }
    return cue;
}

struct cue lane_cue_at(struct lane *lane, int64_t at_ms)
{
    if (lane->zone.kind == LANE_LOGO) {
        struct frame frame = base_frame(lane, FRAME_LOGO, lane->edition, NULL);
        frame.file = lane->zone.file;
        return standing_cue(frame, INT64_MAX);
    }
    if (lane->manifest == NULL) {
        return nothing_cue(lane, INT64_MAX);
    }
    struct timeline shows = timeline_track_at(lane->manifest, lane->track, at_ms);
    if (shows.kind == TIMELINE_NOTHING) {
        return nothing_cue(lane, shows.next_change_ms);
    }
    struct timeline item = shows;
    for (size_t i = 0; i < shows.loop->item_count; i++) {
        if (usable(lane, item.slide)) {
            return item_cue(lane, &shows, &item, at_ms);
        }
        item = timeline_next(lane->manifest, &item);
        if (item.kind == TIMELINE_NOTHING || item.interval != shows.interval) {
            break;
        }
    }
    /* What showed last stays, but not beyond its time: an emergency that is over is over. */
    if (lane->shown.canvas != NULL ? lane->shown.cue.valid_until_ms <= at_ms
                                   : lane->zone.kind == LANE_MAIN) {
        return nothing_cue(lane, shows.next_change_ms);
    }
    return (struct cue){.change_ms = shows.next_change_ms};
}

bool lane_picture_is(const struct picture *picture, const struct cue *cue)
{
    if (picture->canvas == NULL || !frame_same(&picture->cue.frame, &cue->frame)) {
        return false;
    }
    /* Each round of a film is a film of its own, and one that was closed shows no longer. */
    return cue->frame.kind != FRAME_FILM ||
           (picture->reel != NULL && picture->cue.item_from_ms == cue->item_from_ms);
}
