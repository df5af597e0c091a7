#include "server/records/attendance.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct seat {
    char kind[ATTENDANCE_KIND_MAX + 1];
    char id[ATTENDANCE_ID_MAX + 1];
    char user[ATTENDANCE_USER_MAX + 1];
    char tab[ATTENDANCE_TAB_MAX + 1];
    bool editing;
    int64_t since_ms;
    int64_t until_mono_ms;
};

struct attendance {
    pthread_mutex_t lock;
    size_t count, capacity;
    struct seat *seats; /* in the order in which they came */
};

struct attendance *attendance_create(void)
{
    struct attendance *attendance = calloc(1, sizeof(*attendance));

    if (attendance == NULL)
        abort();
    pthread_mutex_init(&attendance->lock, NULL);
    return attendance;
}

void attendance_destroy(struct attendance *attendance)
{
    if (attendance == NULL)
        return;
    pthread_mutex_destroy(&attendance->lock);
    free(attendance->seats);
    free(attendance);
}

static bool on_record(const struct seat *seat, const struct attendant *attendant)
{
    return strcmp(seat->id, attendant->id) == 0 && strcmp(seat->kind, attendant->kind) == 0;
}

static bool same_page(const struct seat *seat, const struct attendant *attendant)
{
    return strcmp(seat->user, attendant->user) == 0 && strcmp(seat->tab, attendant->tab) == 0;
}

static void remove_at(struct attendance *attendance, size_t index)
{
    attendance->count--;
    memmove(&attendance->seats[index], &attendance->seats[index + 1],
            (attendance->count - index) * sizeof(*attendance->seats));
}

static void drop_gone(struct attendance *attendance, int64_t mono_ms)
{
    for (size_t i = attendance->count; i > 0; i--) {
        if (attendance->seats[i - 1].until_mono_ms <= mono_ms)
            remove_at(attendance, i - 1);
    }
}

static struct seat *find(struct attendance *attendance, const struct attendant *attendant)
{
    for (size_t i = 0; i < attendance->count; i++) {
        struct seat *seat = &attendance->seats[i];
        if (on_record(seat, attendant) && same_page(seat, attendant))
            return seat;
    }
    return NULL;
}

static bool fits(const struct attendant *attendant)
{
    return strlen(attendant->kind) <= ATTENDANCE_KIND_MAX &&
           strlen(attendant->id) <= ATTENDANCE_ID_MAX &&
           strlen(attendant->user) <= ATTENDANCE_USER_MAX &&
           strlen(attendant->tab) <= ATTENDANCE_TAB_MAX;
}

static struct seat *add(struct attendance *attendance, const struct attendant *attendant)
{
    if (attendance->count == ATTENDANCE_MAX || !fits(attendant))
        return NULL;
    if (attendance->count == attendance->capacity) {
        attendance->capacity = attendance->capacity == 0 ? 16 : attendance->capacity * 2;
        attendance->seats =
            realloc(attendance->seats, attendance->capacity * sizeof(*attendance->seats));
        if (attendance->seats == NULL)
            abort();
    }
    struct seat *seat = &attendance->seats[attendance->count++];
    memset(seat, 0, sizeof(*seat));
    memcpy(seat->kind, attendant->kind, strlen(attendant->kind));
    memcpy(seat->id, attendant->id, strlen(attendant->id));
    memcpy(seat->user, attendant->user, strlen(attendant->user));
    memcpy(seat->tab, attendant->tab, strlen(attendant->tab));
    seat->since_ms = attendant->since_ms;
    return seat;
}

void attendance_note(struct attendance *attendance, const struct attendant *attendant,
                     int64_t mono_ms)
{
    pthread_mutex_lock(&attendance->lock);
    drop_gone(attendance, mono_ms);
    struct seat *seat = find(attendance, attendant);
    if (seat == NULL)
        seat = add(attendance, attendant);
    if (seat != NULL) {
        seat->editing = attendant->editing;
        seat->until_mono_ms = mono_ms + ATTENDANCE_LIFE_MS;
    }
    pthread_mutex_unlock(&attendance->lock);
}

void attendance_leave(struct attendance *attendance, const struct attendant *attendant)
{
    pthread_mutex_lock(&attendance->lock);
    struct seat *seat = find(attendance, attendant);
    if (seat != NULL)
        remove_at(attendance, (size_t)(seat - attendance->seats));
    pthread_mutex_unlock(&attendance->lock);
}

static void tell(struct attendant_list *out, const struct seat *seat, struct arena *arena)
{
    for (size_t i = 0; i < out->count; i++) {
        if (strcmp(out->items[i].user, seat->user) == 0) {
            out->items[i].editing |= seat->editing;
            return;
        }
    }
    out->items[out->count++] = (struct attendant){.kind = arena_strdup(arena, seat->kind),
                                                  .id = arena_strdup(arena, seat->id),
                                                  .user = arena_strdup(arena, seat->user),
                                                  .tab = arena_strdup(arena, seat->tab),
                                                  .editing = seat->editing,
                                                  .since_ms = seat->since_ms};
}

void attendance_others(struct attendance *attendance, const struct attendant *self, int64_t mono_ms,
                       struct arena *arena, struct attendant_list *out)
{
    pthread_mutex_lock(&attendance->lock);
    drop_gone(attendance, mono_ms);
    size_t there = 0;
    for (size_t i = 0; i < attendance->count; i++)
        there += on_record(&attendance->seats[i], self);
    *out = (struct attendant_list){.items = arena_array(arena, there, sizeof(*out->items))};
    for (size_t i = 0; i < attendance->count; i++) {
        const struct seat *seat = &attendance->seats[i];
        if (on_record(seat, self) && !same_page(seat, self))
            tell(out, seat, arena);
    }
    pthread_mutex_unlock(&attendance->lock);
}
