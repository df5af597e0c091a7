#include "player/kiosk/kiosk.h"

#include <stdlib.h>
#include <string.h>

#include "player/kiosk/kiosk_private.h"
#include "player/kiosk/kiosk_skyline.h"

bool kiosk_motion_wanted(const struct kiosk *kiosk)
{
    return !kiosk->modes.large && !kiosk->modes.contrast;
}

struct kiosk_pane *kiosk_pane(struct kiosk *kiosk)
{
    return kiosk->state.overlay == KIOSK_OVERLAY_CHOICES ? &kiosk->over : &kiosk->page;
}

const struct kiosk_page_type *kiosk_page_shown(const struct kiosk *kiosk)
{
    return kiosk_page_type(kiosk_state_page(&kiosk->state));
}

const struct kiosk_page_type *kiosk_page_type(enum kiosk_page page)
{
    static const struct kiosk_page_type *const types[KIOSK_PAGES] = {
        [KIOSK_HOME] = &kiosk_home_page,
        [KIOSK_DIRECTORY] = &kiosk_directory_page,
        [KIOSK_MAP] = &kiosk_map_page,
        [KIOSK_EVENTS] = &kiosk_events_page,
        [KIOSK_PORTRAITS] = &kiosk_portraits_page,
        [KIOSK_ORGANISATION] = &kiosk_organisation_page,
        [KIOSK_EVENT] = &kiosk_event_page,
        [KIOSK_PORTRAIT] = &kiosk_portrait_page,
    };
    return types[page];
}

void kiosk_count(const struct kiosk *kiosk, enum kiosk_count what, const char *subject)
{
    if (kiosk->config.count != NULL)
        kiosk->config.count(kiosk->config.count_context, what, subject);
}

/* ---- time ------------------------------------------------------------------------------------ */

int64_t kiosk_wall_ms(const struct kiosk *kiosk)
{
    int64_t since = kiosk->activity_ms - kiosk->wall_at_ms;
    return kiosk->wall_ms + (since > 0 ? since : 0);
}

int64_t kiosk_today(const struct kiosk *kiosk)
{
    int64_t local = kiosk_wall_ms(kiosk) / 1000 + kiosk->offset_s;
    return (local - ((local % 86400) + 86400) % 86400) / 86400;
}

void kiosk_set_time(struct kiosk *kiosk, int64_t wall_ms, int offset_s, int64_t now_ms)
{
    kiosk->wall_ms = wall_ms;
    kiosk->wall_at_ms = now_ms;
    kiosk->offset_s = offset_s;
}

/* ---- pictures -------------------------------------------------------------------------------- */

const struct image *kiosk_picture(struct kiosk *kiosk, const char *hash, int width, int height,
                                  double focal_x, double focal_y)
{
    bool ask;
    if (hash[0] == '\0' || kiosk->config.picture == NULL || width <= 0 || height <= 0)
        return NULL;
    const struct image *image = kiosk_pictures_get(kiosk->pictures, hash, width, height, &ask);
    if (ask)
        kiosk->config.picture(kiosk->config.media_context, hash, width, height, focal_x, focal_y);
    return image;
}

/* ---- the contract ---------------------------------------------------------------------------- */

static char *copy_text(const char *text)
{
    char *copy = strdup(text != NULL ? text : "");
    if (copy == NULL)
        abort();
    return copy;
}

static struct scene_node *make_card(void *context, const struct kiosk_kit *kit,
                                    struct scene_node *parent, struct rect rect, size_t item)
{
    struct kiosk *kiosk = context;
    size_t index;
    int section = kiosk_list_section(&kiosk->page.list, item, &index);
    return kiosk_page_shown(kiosk)->card(kiosk, kit, parent, rect, section, index);
}

static struct scene_node *make_choice(void *context, const struct kiosk_kit *kit,
                                      struct scene_node *parent, struct rect rect, size_t item)
{
    struct kiosk *kiosk = context;
    size_t index;
    int section = kiosk_list_section(&kiosk->over.list, item, &index);
    return kiosk_choices_page.card(kiosk, kit, parent, rect, section, index);
}

struct kiosk *kiosk_create(const struct kiosk_config *config)
{
    struct kiosk *kiosk = calloc(1, sizeof(*kiosk));
    if (kiosk == NULL)
        abort();
    kiosk->config = *config;
    kiosk->config.site_id = kiosk->site_id = copy_text(config->site_id);
    kiosk->config.site_name = kiosk->site_name = copy_text(config->site_name);
    kiosk->arena = arena_create();
    kiosk->lasting = arena_create();
    kiosk->pictures = kiosk_pictures_create();
    kiosk->page.rows = kiosk_rows_create(config->text, make_card, kiosk);
    kiosk->over.rows = kiosk_rows_create(config->text, make_choice, kiosk);
    kiosk_forget_visitor(kiosk);
    return kiosk;
}

static void finish_pane(struct kiosk_pane *pane)
{
    kiosk_frame_clear_pane(pane);
    kiosk_rows_destroy(pane->rows);
}

void kiosk_destroy(struct kiosk *kiosk)
{
    if (kiosk == NULL)
        return;
    kiosk_end_motion(kiosk);
    kiosk_stop_film(kiosk);
    kiosk_hush(kiosk);
    kiosk_forget_map(kiosk);
    finish_pane(&kiosk->page);
    finish_pane(&kiosk->over);
    scene_destroy(kiosk->chrome);
    scene_destroy(kiosk->cover);
    kiosk_skyline_destroy(kiosk->skyline);
    kiosk_pictures_destroy(kiosk->pictures);
    directory_answer_finish(&kiosk->search.answer);
    directory_close(kiosk->directory);
    directory_close(kiosk->next);
    arena_destroy(kiosk->arena);
    arena_destroy(kiosk->lasting);
    free(kiosk->choices);
    free(kiosk->site_id);
    free(kiosk->site_name);
    free(kiosk);
}

void kiosk_set_directory(struct kiosk *kiosk, struct directory *directory)
{
    if (kiosk_page_is_sheet(kiosk_state_page(&kiosk->state))) {
        directory_close(kiosk->next);
        kiosk->next = directory;
        kiosk->has_next = true;
        return;
    }
    kiosk_replace_directory(kiosk, directory);
    if (!kiosk_has_entries(directory)) {
        kiosk_forget_visitor(kiosk);
        return;
    }
    double offset = kiosk->page.scroll.offset;
    kiosk_load_page(kiosk);
    kiosk_remake(kiosk);
    kiosk_scroll_jump(&kiosk->page.scroll, offset);
    if (kiosk->state.depth > 0)
        kiosk_input_focus_first(kiosk);
}

/* Every scene that shows pictures is made anew: one of them may be gone now. */
void kiosk_set_picture(struct kiosk *kiosk, const char *hash, struct image *image)
{
    struct kiosk_pane *pane = &kiosk->page;
    struct kiosk_scroll scroll = pane->scroll; /* goes on as it went */
    if (!kiosk_pictures_put(kiosk->pictures, hash, image))
        return;
    if (kiosk->motion.closing)
        kiosk_end_motion(kiosk);
    if (pane->sheet == NULL) {
        kiosk_rows_clear(pane->rows);
    } else {
        kiosk_frame_clear_pane(pane);
        kiosk_frame_make_pane(kiosk, pane);
        scroll.limit = pane->scroll.limit;
        pane->scroll = scroll;
    }
    kiosk_frame_damage_all(kiosk);
}

void kiosk_open_subject(struct kiosk *kiosk, const char *subject, const char *organisation,
                        int64_t now_ms)
{
    struct error err;
    struct directory_event event;
    struct directory_portrait_list portraits;
    if (kiosk->state.depth > 0 || !kiosk_has_entries(kiosk->directory))
        return;
    kiosk->activity_ms = now_ms;
    kiosk_start(kiosk, now_ms);
    struct arena *arena = arena_create();
    bool found = false;
    if (subject[0] != '\0' &&
        directory_event(kiosk->directory, arena, subject, kiosk_wall_ms(kiosk), &event, &err)) {
        kiosk_open(kiosk, KIOSK_EVENT, subject, event.start_ms, KIOSK_NO_CARD, now_ms);
        found = true;
    }
    if (!found && subject[0] != '\0' &&
        directory_portraits(kiosk->directory, arena, kiosk_wall_ms(kiosk), &portraits, &err))
        for (size_t i = 0; i < portraits.count && !found; i++)
            if (strcmp(portraits.items[i].id, subject) == 0) {
                kiosk_open(kiosk, KIOSK_PORTRAIT, subject, 0, KIOSK_NO_CARD, now_ms);
                found = true;
            }
    const char *ids[] = {subject, organisation};
    for (int i = 0; i < 2 && !found; i++)
        if (ids[i][0] != '\0' && directory_row(kiosk->directory, ids[i]) != DIRECTORY_NO_ROW) {
            kiosk_open(kiosk, KIOSK_ORGANISATION, ids[i], 0, KIOSK_NO_CARD, now_ms);
            found = true;
        }
    arena_destroy(arena);
}

void kiosk_set_caption(struct kiosk *kiosk, const char *text)
{
    if (!kiosk->film || strcmp(kiosk->caption != NULL ? kiosk->caption : "", text) == 0)
        return;
    free(kiosk->caption);
    kiosk->caption = copy_text(text);
    kiosk_say(kiosk, text);
    kiosk->chrome_stale = true;
    kiosk_frame_damage(kiosk, kiosk->layout.work);
}

void kiosk_film_ended(struct kiosk *kiosk, int64_t now_ms)
{
    if (kiosk->film)
        kiosk_cover(kiosk, KIOSK_OVERLAY_NONE, now_ms);
}

void kiosk_event(struct kiosk *kiosk, const struct kiosk_event *event, int64_t now_ms)
{
    if (kiosk->state.depth == 0 && !kiosk_has_entries(kiosk->directory))
        return;
    kiosk_input_handle(kiosk, event, now_ms);
}

/* Who watches or listens is there. */
static bool is_busy(const struct kiosk *kiosk)
{
    return kiosk->film || (kiosk->config.speaks != NULL && kiosk->state.depth > 0 &&
                           kiosk->state.overlay != KIOSK_OVERLAY_ASK &&
                           kiosk->config.speaks(kiosk->config.media_context));
}

static int64_t deadline_of(const struct kiosk *kiosk)
{
    int64_t timeout = kiosk_state_timeout_ms(&kiosk->state, kiosk->modes.slow);
    return timeout == 0 ? KIOSK_NEVER : kiosk->activity_ms + timeout;
}

static int seconds_left(const struct kiosk *kiosk, int64_t now_ms)
{
    int64_t left = deadline_of(kiosk) - now_ms;
    return left > 0 ? (int)((left + 999) / 1000) : 0;
}

static void tick_motion(struct kiosk *kiosk, int64_t now_ms)
{
    if (!kiosk->motion.active)
        return;
    kiosk->motion.now_ms = now_ms;
    kiosk_frame_damage(kiosk, kiosk->layout.work);
    if (now_ms - kiosk->motion.start_ms >= KIOSK_MOTION_MS)
        kiosk_end_motion(kiosk);
}

void kiosk_tick(struct kiosk *kiosk, int64_t now_ms)
{
    const struct kiosk_page_type *type = kiosk_page_shown(kiosk);
    if (is_busy(kiosk))
        kiosk->activity_ms = now_ms > kiosk->activity_ms ? now_ms : kiosk->activity_ms;
    if (now_ms >= deadline_of(kiosk)) {
        kiosk_step(kiosk, kiosk_state_time_out, now_ms);
        type = kiosk_page_shown(kiosk);
    }
    if (kiosk_scroll_tick(&kiosk_pane(kiosk)->scroll, now_ms))
        kiosk_frame_damage_pane(kiosk);
    tick_motion(kiosk, now_ms);
    if (type != NULL && type->tick != NULL)
        type->tick(kiosk, now_ms);
    if (kiosk->state.overlay == KIOSK_OVERLAY_ASK) {
        int seconds = seconds_left(kiosk, now_ms);
        if (seconds != kiosk->seconds) {
            kiosk->seconds = seconds;
            kiosk->chrome_stale = true;
            kiosk_frame_damage(kiosk, kiosk->layout.dialog);
        }
    }
}

int64_t kiosk_next_wake(const struct kiosk *kiosk, int64_t now_ms)
{
    const struct kiosk_page_type *type = kiosk_page_shown(kiosk);
    if (kiosk->motion.active || kiosk_scroll_moves(&kiosk->page.scroll) ||
        kiosk_scroll_moves(&kiosk->over.scroll))
        return now_ms;
    int64_t wake = deadline_of(kiosk);
    if (kiosk->state.overlay == KIOSK_OVERLAY_ASK) /* at each full second of the countdown */
        wake -= (int64_t)(kiosk->seconds > 0 ? kiosk->seconds - 1 : 0) * 1000;
    if (is_busy(kiosk) && now_ms + 1000 > wake)
        wake = now_ms + 1000;
    if (type != NULL && type->wake != NULL) {
        int64_t page = type->wake(kiosk, now_ms);
        wake = page < wake ? page : wake;
    }
    return wake;
}

bool kiosk_is_open(const struct kiosk *kiosk)
{
    return kiosk->state.depth > 0;
}

int kiosk_attract_height(const struct kiosk *kiosk)
{
    return kiosk_has_entries(kiosk->directory) ? kiosk->layout.attract.h : 0;
}

void kiosk_invalidate(struct kiosk *kiosk)
{
    kiosk_frame_damage_all(kiosk);
}
