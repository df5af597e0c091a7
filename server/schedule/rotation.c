#include "server/schedule/rotation.h"

#include <stdlib.h>
#include <string.h>

#include "server/store/exposures.h"
#include "server/store/settings.h"

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool rotation_owed_load(struct db *db, struct arena *arena, struct rotation_owed *out,
                        struct error *err)
{
    struct exposure_list list;
    int64_t minimum_ms = 0;
    *out = (struct rotation_owed){0};
    if (!exposures_minimum(db, &minimum_ms, err) ||
        !settings_get_int(db, EXPOSURE_DAY_SETTING, 0, &out->day, err)) {
        return false;
    }
    out->minimum = minimum_ms > 0;
    if (!out->minimum) {
        return true;
    }
    if (!exposures_list(db, arena, &list, err)) {
        return false;
    }
    for (int i = 0; i < 2; i++) {
        struct text_list *served = &out->served[i];
        served->items = arena_array(arena, list.count, sizeof *served->items);
        for (size_t k = 0; k < list.count; k++) {
            int64_t due_ms = i == 0 ? list.items[k].due_before_ms : list.items[k].due_ms;
            if (due_ms >= minimum_ms) {
                served->items[served->count++] = list.items[k].organisation;
            }
        }
    }
    return true;
}

static bool is_owed(const struct text_list *served, const char *company)
{
    return company[0] != '\0' &&
           (served->count == 0 || bsearch(&company, served->items, served->count,
                                          sizeof *served->items, compare_texts) == NULL);
}

struct rotation rotation_make(const struct rotation_owed *owed, const char *const *companies,
                              size_t count, struct arena *arena)
{
    struct rotation rotation = {.count = count, .owed = owed};
    for (int i = 0; i < 2 && owed != NULL && owed->minimum; i++) {
        rotation.first[i].items = arena_array(arena, count, sizeof *rotation.first[i].items);
        for (size_t k = 0; k < count; k++) {
            if (is_owed(&owed->served[i], companies[k])) {
                rotation.first[i].items[rotation.first[i].count++] = k;
            }
        }
    }
    return rotation;
}

size_t rotation_start(size_t count, size_t take, int64_t day)
{
    if (take == 0 || take >= count) {
        return 0;
    }
    int64_t turn = day % (int64_t)count;
    turn = turn < 0 ? turn + (int64_t)count : turn;
    return (size_t)turn * take % count;
}

static bool is_taken(const size_t *taken, size_t count, size_t index)
{
    for (size_t i = 0; i < count; i++) {
        if (taken[i] == index) {
            return true;
        }
    }
    return false;
}

size_t rotation_take(const struct rotation *rotation, size_t take, int64_t day, size_t *out)
{
    size_t count = rotation->count;
    take = take == 0 || take > count ? count : take;
    size_t taken = 0;
    if (take < count && rotation->owed != NULL) {
        int figures = day > rotation->owed->day ? 1 : 0;
        size_t owed = rotation->first[figures].count;
        size_t places = owed < count ? (take + 1) / 2 : 0; /* all are owed: nobody comes first */
        places = places > owed ? owed : places;
        size_t start = rotation_start(owed, places, day);
        for (; taken < places; taken++) {
            out[taken] = rotation->first[figures].items[(start + taken) % owed];
        }
    }
    size_t first = taken;
    size_t start = rotation_start(count, take, day);
    for (size_t i = 0; i < count && taken < take; i++) {
        size_t index = (start + i) % count;
        if (!is_taken(out, first, index)) {
            out[taken++] = index;
        }
    }
    return taken;
}
