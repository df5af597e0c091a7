#include "server/schedule/publish.h"

#include <stdio.h>
#include <string.h>

#include "core/civil.h"
#include "core/log.h"
#include "playlists/template.h"
#include "server/content/directory_build.h"
#include "server/store/settings.h"

/* --- comparison ------------------------------------------------------------------------------ */

static bool same_screen(const struct manifest_screen *a, const struct manifest_screen *b)
{
    bool same = strcmp(a->id, b->id) == 0 && strcmp(a->name, b->name) == 0 &&
                strcmp(a->site, b->site) == 0 && strcmp(a->site_id, b->site_id) == 0 &&
                a->width_px == b->width_px && a->height_px == b->height_px &&
                a->rotation == b->rotation && a->diagonal_mm == b->diagonal_mm &&
                a->viewing_distance_mm == b->viewing_distance_mm &&
                a->bottom_edge_mm == b->bottom_edge_mm && a->kiosk == b->kiosk &&
                strcmp(a->time_zone, b->time_zone) == 0 && a->reduced_motion == b->reduced_motion &&
                a->language_count == b->language_count;
    for (size_t i = 0; same && i < a->language_count; i++) {
        same = strcmp(a->languages[i], b->languages[i]) == 0;
    }
    return same;
}

/* At each change that `of` knows in the period, both tell the same. */
static bool same_offsets(const struct manifest *of, const struct manifest *other, int64_t from_ms,
                         int64_t until_ms)
{
    for (size_t i = 0; i < of->offset_count; i++) {
        int64_t at_ms = of->offsets[i].from_ms < from_ms ? from_ms : of->offsets[i].from_ms;
        if (at_ms < until_ms && manifest_offset_s(of, at_ms) != manifest_offset_s(other, at_ms)) {
            return false;
        }
    }
    return true;
}

static bool same_loop(const struct manifest *a, const struct manifest_loop *loop_a,
                      const struct manifest *b, const struct manifest_loop *loop_b)
{
    if (loop_a->transition != loop_b->transition ||
        loop_a->transition_ms != loop_b->transition_ms ||
        loop_a->item_count != loop_b->item_count) {
        return false;
    }
    for (size_t i = 0; i < loop_a->item_count; i++) {
        const struct manifest_item *x = &loop_a->items[i];
        const struct manifest_item *y = &loop_b->items[i];
        /* A slide's id stands for its content. */
        if (x->duration_ms != y->duration_ms ||
            strcmp(a->slides[x->slide].id, b->slides[y->slide].id) != 0) {
            return false;
        }
    }
    return true;
}

/* A walk along a track: the interval that holds the instant, or NULL, and when that changes. */
struct interval_walk {
    size_t count;
    const struct manifest_interval *intervals;
    size_t next; /* first interval that has not ended */
};

static struct interval_walk walk_track(const struct manifest *manifest, size_t track)
{
    return track == 0 ? (struct interval_walk){manifest->interval_count, manifest->intervals, 0}
                      : (struct interval_walk){manifest->tracks[track - 1].interval_count,
                                               manifest->tracks[track - 1].intervals, 0};
}

static const struct manifest_interval *walk_to(struct interval_walk *walk, int64_t at_ms,
                                               int64_t *until_ms)
{
    while (walk->next < walk->count && walk->intervals[walk->next].until_ms <= at_ms) {
        walk->next++;
    }
    if (walk->next == walk->count) {
        return NULL;
    }
    const struct manifest_interval *interval = &walk->intervals[walk->next];
    bool inside = interval->from_ms <= at_ms;
    int64_t change_ms = inside ? interval->until_ms : interval->from_ms;
    *until_ms = change_ms < *until_ms ? change_ms : *until_ms;
    return inside ? interval : NULL;
}

static bool same_zone(const struct manifest_zone *a, const struct manifest_zone *b)
{
    return strcmp(a->id, b->id) == 0 && a->kind == b->kind && a->x == b->x && a->y == b->y &&
           a->w == b->w && a->h == b->h && a->fill == b->fill &&
           (a->kind == ZONE_LOGO ? sha256_equal(&a->file, &b->file) : a->track == b->track);
}

static bool same_layout(const struct manifest_layout *a, const struct manifest_layout *b)
{
    bool same =
        a->strip == b->strip && a->strip_track == b->strip_track && a->zone_count == b->zone_count;
    for (size_t i = 0; same && i < a->zone_count; i++) {
        same = same_zone(&a->zones[i], &b->zones[i]);
    }
    return same;
}

static bool same_track(const struct manifest *a, const struct manifest *b, size_t track,
                       int64_t from_ms, int64_t until_ms)
{
    struct interval_walk walk_a = walk_track(a, track);
    struct interval_walk walk_b = walk_track(b, track);
    for (int64_t at_ms = from_ms; at_ms < until_ms;) {
        int64_t end_ms = until_ms;
        const struct manifest_interval *x = walk_to(&walk_a, at_ms, &end_ms);
        const struct manifest_interval *y = walk_to(&walk_b, at_ms, &end_ms);
        if ((x == NULL) != (y == NULL)) {
            return false;
        }
        if (x != NULL) {
            const struct manifest_loop *loop = &a->loops[x->loop];
            if (x->class != y->class ||
                (track == 0 && !same_layout(&a->layouts[x->layout], &b->layouts[y->layout])) ||
                !same_loop(a, loop, b, &b->loops[y->loop]) ||
                (x->origin_ms - y->origin_ms) % loop->length_ms != 0) {
                return false;
            }
        }
        at_ms = end_ms;
    }
    return true;
}

static bool same_closed(const struct manifest *a, const struct manifest *b, int64_t from_ms,
                        int64_t until_ms)
{
    for (int64_t at_ms = from_ms; at_ms < until_ms;) {
        int64_t end_a;
        int64_t end_b;
        if (manifest_closed_at(a, at_ms, &end_a) != manifest_closed_at(b, at_ms, &end_b)) {
            return false;
        }
        at_ms = end_a < end_b ? end_a : end_b;
    }
    return true;
}

/* Those that slides of both use: what one needs and the other does not is told by their loops. */
static bool same_templates(const struct manifest *a, const struct manifest *b)
{
    size_t i = 0;
    size_t k = 0;
    while (i < a->template_count && k < b->template_count) {
        int order = strcmp(a->templates[i].name, b->templates[k].name);
        if (order == 0 && !sha256_equal(&a->templates[i].file, &b->templates[k].file)) {
            return false;
        }
        i += order <= 0;
        k += order >= 0;
    }
    return true;
}

bool publish_same(const struct manifest *a, const struct manifest *b, int64_t from_ms,
                  int64_t until_ms)
{
    bool same = same_screen(&a->screen, &b->screen) && a->has_directory == b->has_directory &&
                (!a->has_directory || sha256_equal(&a->directory, &b->directory)) &&
                same_offsets(a, b, from_ms, until_ms) && same_offsets(b, a, from_ms, until_ms) &&
                a->track_count == b->track_count && same_templates(a, b) &&
                same_closed(a, b, from_ms, until_ms);
    for (size_t track = 0; same && track <= a->track_count; track++) {
        same = same_track(a, b, track, from_ms, until_ms);
    }
    return same;
}

/* --- publication ----------------------------------------------------------------------------- */

/* What one run shares between screens. */
struct publisher {
    struct db *db;
    const struct media_store *media;
    const struct sign_keys *keys;
    struct arena *arena;
    int64_t now_ms;
    int64_t epoch;
    struct repertoire *repertoire;
    bool has_directory; /* made for the first kiosk */
    struct media_record directory;
    char directory_sha256[SHA256_HEX_SIZE];
    bool stored[TEMPLATE_SET_MAX]; /* templates whose documents are in the media store */
    bool anew;                     /* this screen without comparing */
};

/* Of all but epoch, version and creation, and of who signs: equal when nothing at all is new. */
static const char *content_hash(struct manifest *manifest, const struct sign_keys *keys,
                                struct arena *arena)
{
    struct manifest bare = *manifest;
    bare.epoch = 0;
    bare.version = 0;
    bare.created_ms = 0;
    struct strbuf bytes;
    strbuf_init(&bytes);
    strbuf_append_bytes(&bytes, keys->public.bytes, SIGN_PUBLIC_SIZE);
    manifest_encode(&bare, &bytes);
    struct sha256 sum;
    char hex[SHA256_HEX_SIZE];
    sha256_of(bytes.bytes, bytes.length, &sum);
    sha256_to_hex(&sum, hex);
    strbuf_finish(&bytes);
    return arena_strdup(arena, hex);
}

/* What is out does for what comes: read back, it shows the same for as long as it is to last. */
static bool still_good(struct publisher *publisher, const struct manifest_record *head,
                       const struct manifest *next)
{
    if (head->epoch != publisher->epoch ||
        head->valid_until_ms - publisher->now_ms < PUBLISH_REMAINING_MS) {
        return false;
    }
    struct manifest_record latest;
    struct error ignored; /* one that cannot be read is replaced */
    if (!manifests_latest(publisher->db, publisher->arena, head->screen, &latest, &ignored)) {
        return false;
    }
    struct manifest *current =
        manifest_open(latest.sealed, latest.sealed_size, &publisher->keys->public, &ignored);
    if (current == NULL) {
        return false;
    }
    int64_t until_ms = current->valid_until_ms < next->valid_until_ms ? current->valid_until_ms
                                                                      : next->valid_until_ms;
    bool same = publish_same(current, next, publisher->now_ms, until_ms);
    manifest_destroy(current);
    return same;
}

/* Players fetch the documents as they fetch pictures. */
static bool store_templates(struct publisher *publisher, const struct manifest *manifest,
                            struct error *err)
{
    for (size_t i = 0; i < manifest->template_count; i++) {
        struct media_record made;
        size_t index =
            repertoire_template_index(publisher->repertoire, manifest->templates[i].name);
        const struct template *template =
            repertoire_template_at(publisher->repertoire, index)->template;
        if (!publisher->stored[index] &&
            !media_add_document(publisher->media, publisher->arena, template->source,
                                template->source_length, REPERTOIRE_TEMPLATE_TYPE, template->name,
                                &made, err)) {
            return false;
        }
        publisher->stored[index] = true;
    }
    return true;
}

static bool store_next(struct publisher *publisher, struct manifest *manifest,
                       struct publication *out, struct error *err)
{
    struct strbuf json;
    struct strbuf sealed;
    strbuf_init(&json);
    strbuf_init(&sealed);
    manifest_encode(manifest, &json);
    bool ok = json.length <= (size_t)MANIFEST_BYTES_MAX;
    if (!ok) {
        error_set(err, ERROR_LIMIT, "le manifeste de « %s » dépasse %d Mio ; allégez ses playlists",
                  "the manifest of \"%s\" passes %d MiB; lighten its playlists",
                  manifest->screen.id, MANIFEST_BYTES_MAX / (1024 * 1024));
    } else {
        manifest_seal(json.bytes, json.length, publisher->keys, &sealed);
        out->changed = true;
        out->record.epoch = manifest->epoch;
        out->record.version = manifest->version;
        out->record.created_ms = manifest->created_ms;
        out->record.valid_until_ms = manifest->valid_until_ms;
        out->record.sealed = arena_strndup(publisher->arena, sealed.bytes, sealed.length);
        out->record.sealed_size = sealed.length;
        ok = store_templates(publisher, manifest, err) &&
             manifests_put(publisher->db, &out->record, err);
    }
    strbuf_finish(&json);
    strbuf_finish(&sealed);
    return ok;
}

static bool compare_and_store(struct publisher *publisher, struct manifest *manifest,
                              struct publication *out, struct error *err)
{
    struct manifest_record head = {0};
    struct error cause;
    error_clear(&cause);
    bool has_head =
        manifests_head(publisher->db, publisher->arena, manifest->screen.id, &head, &cause);
    if (!has_head && cause.kind != ERROR_NOT_FOUND) {
        if (err != NULL) {
            *err = cause;
        }
        return false;
    }
    const char *hash = content_hash(manifest, publisher->keys, publisher->arena);
    if (has_head && head.epoch == publisher->epoch &&
        (strcmp(head.content_hash, hash) == 0 ||
         (!publisher->anew && still_good(publisher, &head, manifest)))) {
        *out = (struct publication){.record = head};
        return true;
    }
    /* Never behind what players may have. */
    manifest->epoch = has_head && head.epoch > publisher->epoch ? head.epoch : publisher->epoch;
    manifest->version = has_head && head.epoch == manifest->epoch ? head.version + 1 : 1;
    *out = (struct publication){
        .record = {.screen = arena_strdup(publisher->arena, manifest->screen.id),
                   .content_hash = hash}};
    return store_next(publisher, manifest, out, err);
}

static bool need_directory(struct publisher *publisher, const struct screen *screen,
                           struct error *err)
{
    if (!screen->kiosk || publisher->has_directory) {
        return true;
    }
    struct arena *arena = arena_create(); /* holds the whole directory for a moment */
    struct media_record made;
    publisher->has_directory =
        directory_publish(publisher->db, publisher->media, arena, &made, err);
    if (publisher->has_directory) {
        snprintf(publisher->directory_sha256, sizeof publisher->directory_sha256, "%s",
                 made.sha256);
        publisher->directory = (struct media_record){
            .sha256 = publisher->directory_sha256, .size = made.size, .type = DIRECTORY_TYPE};
    }
    arena_destroy(arena);
    return publisher->has_directory;
}

static bool publish_one(struct publisher *publisher, const struct screen *screen,
                        struct publication *out, struct error *err)
{
    if (!need_directory(publisher, screen, err)) {
        return false;
    }
    struct manifest *manifest =
        assemble_manifest(publisher->db, publisher->repertoire,
                          publisher->has_directory ? &publisher->directory : NULL, screen->id,
                          publisher->now_ms, publisher->epoch, 0, err);
    if (manifest == NULL) {
        return false;
    }
    bool ok = compare_and_store(publisher, manifest, out, err);
    manifest_destroy(manifest);
    return ok;
}

bool publish_screen(struct db *db, const struct media_store *media, const struct sign_keys *keys,
                    struct arena *arena, const char *screen_id, int64_t now_ms,
                    struct publication *out, struct error *err)
{
    struct publisher publisher = {
        .db = db, .media = media, .keys = keys, .arena = arena, .now_ms = now_ms};
    struct screen screen;
    struct screen_plan plan;
    if (!settings_get_int(db, PUBLISH_EPOCH_SETTING, 1, &publisher.epoch, err) ||
        !screens_get(db, arena, screen_id, &screen, err) ||
        !screen_plan_load(db, arena, screen_id, now_ms, ASSEMBLE_DAYS, &plan, err)) {
        return false;
    }
    publisher.repertoire =
        repertoire_load(db, &plan.playlists, plan.day, plan.day + ASSEMBLE_DAYS, err);
    screen_plan_finish(&plan);
    bool ok = publisher.repertoire != NULL && publish_one(&publisher, &screen, out, err);
    repertoire_destroy(publisher.repertoire);
    return ok;
}

/* Tells and counts; the scratch arena is emptied for the next screen. */
static void publish_counted(struct publisher *publisher, const struct screen *screen,
                            const struct publish_watch *watch, struct publish_counts *counts)
{
    struct publication publication = {0};
    struct error cause;
    error_clear(&cause);
    if (!publish_one(publisher, screen, &publication, &cause)) {
        error_at(&cause, screen->id, 0);
        log_error(LOG_ERROR, "publish_failed", &cause);
        counts->failed++;
    } else if (!publication.changed) {
        counts->unchanged++;
    } else {
        counts->published++;
        if (watch->published != NULL) {
            watch->published(watch->context, &publication);
        }
    }
    arena_reset(publisher->arena);
}

static bool is_first(const struct publish_watch *watch, const char *id)
{
    for (size_t i = 0; watch->first != NULL && i < watch->first->count; i++) {
        if (strcmp(watch->first->items[i], id) == 0) {
            return true;
        }
    }
    return false;
}

/* In two rounds: those named first, then the others. */
static void publish_in_order(struct publisher *publisher, const struct screen_list *screens,
                             const struct publish_watch *watch, struct publish_counts *counts)
{
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < screens->count; i++) {
            if (is_first(watch, screens->items[i].id) != (round == 0)) {
                continue;
            }
            publisher->anew = round == 0 && watch->first_anew;
            publish_counted(publisher, &screens->items[i], watch, counts);
            if (watch->between != NULL && !watch->between(watch->context)) {
                counts->stopped = true;
                return;
            }
        }
    }
}

static bool publish_screens(struct publisher *publisher, struct arena *arena,
                            const struct publish_watch *watch, struct publish_counts *counts,
                            struct error *err)
{
    struct screen_list screens;
    if (!settings_get_int(publisher->db, PUBLISH_EPOCH_SETTING, 1, &publisher->epoch, err) ||
        !screens_list(publisher->db, arena, &screens, err)) {
        return false;
    }
    /* A day more on both sides, for zones other than UTC. */
    int64_t today = publisher->now_ms / CIVIL_DAY_MS;
    publisher->repertoire =
        repertoire_load(publisher->db, NULL, today - 1, today + ASSEMBLE_DAYS + 1, err);
    if (publisher->repertoire == NULL) {
        return false;
    }
    publish_in_order(publisher, &screens, watch, counts);
    repertoire_destroy(publisher->repertoire);
    return true;
}

bool publish_all(struct db *db, const struct media_store *media, const struct sign_keys *keys,
                 int64_t now_ms, const struct publish_watch *watch,
                 struct publish_counts *counts_out, struct error *err)
{
    *counts_out = (struct publish_counts){0};
    struct arena *arena = arena_create();
    struct publisher publisher = {
        .db = db, .media = media, .keys = keys, .arena = arena_create(), .now_ms = now_ms};
    bool ok = publish_screens(&publisher, arena, watch, counts_out, err);
    arena_destroy(publisher.arena);
    arena_destroy(arena);
    return ok;
}
