#include "player/sync/plan.h"

#include <stdlib.h>
#include <string.h>

/* A loop that comes again is looked through so often: intervals may be shorter than it. */
#define VISITS_MAX 4

/* When each file of a manifest is needed first; INT64_MAX: by no programme. */
struct uses {
    const struct manifest *manifest;
    int64_t *first_ms;
};

static void *make_array(size_t count, size_t size)
{
    void *array = calloc(count > 0 ? count : 1, size);
    if (array == NULL) {
        abort();
    }
    return array;
}

static struct uses uses_make(const struct manifest *manifest)
{
    struct uses uses = {manifest, make_array(manifest->file_count, sizeof(int64_t))};
    for (size_t i = 0; i < manifest->file_count; i++) {
        uses.first_ms[i] = INT64_MAX;
    }
    return uses;
}

static void use_file(struct uses *uses, const struct sha256 *sha256, int64_t at_ms)
{
    const struct manifest_file *file = manifest_file(uses->manifest, sha256);
    if (file != NULL) {
        int64_t *first_ms = &uses->first_ms[file - uses->manifest->files];
        *first_ms = at_ms < *first_ms ? at_ms : *first_ms;
    }
}

static void use_slide(struct uses *uses, const struct slide *slide, int64_t at_ms)
{
    for (size_t i = 0; i < slide->picture_count; i++) {
        use_file(uses, &slide->pictures[i].file, at_ms);
    }
    if (slide->has_video) {
        use_file(uses, &slide->video.file, at_ms);
        if (slide->video.has_captions) {
            use_file(uses, &slide->video.captions, at_ms);
        }
    }
    /* Templates take each other's looks: all of them are laid over the player's own, or none. */
    for (size_t i = 0; i < uses->manifest->template_count; i++) {
        use_file(uses, &uses->manifest->templates[i].file, at_ms);
    }
}

static void use_layout(struct uses *uses, const struct manifest_layout *layout, int64_t at_ms)
{
    for (size_t i = 0; i < layout->zone_count; i++) {
        if (layout->zones[i].kind == ZONE_LOGO) {
            use_file(uses, &layout->zones[i].file, at_ms);
        }
    }
}

/* The item that plays at `at_ms` is needed then, the others when their turn comes. */
static void use_loop(struct uses *uses, const struct manifest_interval *interval, int64_t at_ms)
{
    const struct manifest_loop *loop = &uses->manifest->loops[interval->loop];
    int64_t position = (at_ms - interval->origin_ms) % loop->length_ms;
    int64_t begins = 0;
    for (size_t i = 0; i < loop->item_count; i++) {
        const struct manifest_item *item = &loop->items[i];
        int64_t wait = begins - position;
        if (wait + item->duration_ms <= 0) {
            wait += loop->length_ms;
        }
        use_slide(uses, &uses->manifest->slides[item->slide], at_ms + (wait > 0 ? wait : 0));
        begins += item->duration_ms;
    }
}

static void use_track(struct uses *uses, const struct manifest_interval *intervals, size_t count,
                      bool main_track, int64_t now_ms)
{
    unsigned char *visits = make_array(uses->manifest->loop_count, 1);
    for (size_t i = 0; i < count; i++) {
        const struct manifest_interval *interval = &intervals[i];
        if (interval->until_ms <= now_ms || visits[interval->loop] == VISITS_MAX) {
            continue;
        }
        int64_t at_ms = interval->from_ms > now_ms ? interval->from_ms : now_ms;
        visits[interval->loop]++;
        use_loop(uses, interval, at_ms);
        if (main_track) {
            use_layout(uses, &uses->manifest->layouts[interval->layout], at_ms);
        }
    }
    free(visits);
}

static void use_emergencies(struct uses *uses)
{
    const struct manifest *manifest = uses->manifest;
    for (size_t i = 0; i < manifest->interval_count; i++) {
        const struct manifest_interval *interval = &manifest->intervals[i];
        if (interval->class == INTERVAL_EMERGENCY) {
            use_loop(uses, interval, interval->from_ms);
            use_layout(uses, &manifest->layouts[interval->layout], interval->from_ms);
        }
    }
}

bool plan_has_emergency(const struct manifest *manifest)
{
    for (size_t i = 0; i < manifest->interval_count; i++) {
        if (manifest->intervals[i].class == INTERVAL_EMERGENCY) {
            return true;
        }
    }
    return false;
}

/* --- The wishes --- */

struct sorted_wish {
    struct wish wish;
    int rank;
    int64_t first_ms;
};

struct list {
    struct sorted_wish *wishes;
    size_t count;
};

static struct sorted_wish *add(struct list *list, const struct manifest_file *file, int rank,
                               int64_t first_ms)
{
    struct sorted_wish *wish = &list->wishes[list->count++];
    *wish = (struct sorted_wish){.rank = rank, .first_ms = first_ms};
    wish->wish.file = *file;
    wish->wish.file.type = NULL; /* the manifest may go before us */
    return wish;
}

static void add_current(struct list *list, const struct manifest *current,
                        const struct manifest *candidate, int64_t now_ms,
                        bool (*has)(void *context, const struct manifest_file *file), void *context)
{
    struct uses uses = uses_make(current);
    use_track(&uses, current->intervals, current->interval_count, true, now_ms);
    for (size_t i = 0; i < current->file_count; i++) {
        const struct manifest_file *file = &current->files[i];
        if ((candidate == NULL || manifest_file(candidate, &file->sha256) == NULL) &&
            !has(context, file)) {
            add(list, file, 1, uses.first_ms[i])->wish.again = true;
        }
    }
    free(uses.first_ms);
}

static void add_candidate(struct list *list, const struct manifest *candidate,
                          const struct manifest *current, int64_t now_ms,
                          bool (*has)(void *context, const struct manifest_file *file),
                          void *context)
{
    struct uses emergencies = uses_make(candidate);
    struct uses uses = uses_make(candidate);
    use_emergencies(&emergencies);
    use_track(&uses, candidate->intervals, candidate->interval_count, true, now_ms);
    for (size_t i = 0; i < candidate->track_count; i++) {
        use_track(&uses, candidate->tracks[i].intervals, candidate->tracks[i].interval_count, false,
                  now_ms);
    }
    for (size_t i = 0; i < candidate->file_count; i++) {
        const struct manifest_file *file = &candidate->files[i];
        if (has(context, file)) {
            continue;
        }
        bool urgent = emergencies.first_ms[i] != INT64_MAX;
        bool again = current != NULL && manifest_file(current, &file->sha256) != NULL;
        int64_t first_ms = urgent ? emergencies.first_ms[i] : uses.first_ms[i];
        struct wish *wish = &add(list, file, urgent ? 0 : again ? 1 : 2, first_ms)->wish;
        wish->urgent = urgent;
        wish->again = again;
        wish->candidate = true;
    }
    free(emergencies.first_ms);
    free(uses.first_ms);
}

static int compare_wishes(const void *a, const void *b)
{
    const struct sorted_wish *first = a;
    const struct sorted_wish *second = b;
    if (first->rank != second->rank) {
        return first->rank - second->rank;
    }
    if (first->first_ms != second->first_ms) {
        return first->first_ms < second->first_ms ? -1 : 1;
    }
    return memcmp(first->wish.file.sha256.bytes, second->wish.file.sha256.bytes, SHA256_SIZE);
}

void plan_make(struct plan *plan, const struct manifest *candidate, const struct manifest *current,
               int64_t now_ms, bool (*has)(void *context, const struct manifest_file *file),
               void *context)
{
    size_t most = (candidate != NULL ? candidate->file_count : 0) +
                  (current != NULL ? current->file_count : 0);
    struct list list = {make_array(most, sizeof(struct sorted_wish)), 0};
    if (candidate != NULL) {
        add_candidate(&list, candidate, current, now_ms, has, context);
    }
    if (current != NULL) {
        add_current(&list, current, candidate, now_ms, has, context);
    }
    qsort(list.wishes, list.count, sizeof *list.wishes, compare_wishes);
    plan->count = list.count;
    plan->wishes = make_array(list.count, sizeof *plan->wishes);
    for (size_t i = 0; i < list.count; i++) {
        plan->wishes[i] = list.wishes[i].wish;
    }
    free(list.wishes);
}

void plan_finish(struct plan *plan)
{
    free(plan->wishes);
    *plan = (struct plan){.count = 0};
}
