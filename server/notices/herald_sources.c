/* What is told to whom. */
#include <string.h>

#include "core/civil.h"
#include "server/content/zone.h"
#include "server/fleet/emergency.h"
#include "server/notices/herald_private.h"
#include "server/records/workflow.h"
#include "server/store/agenda.h"
#include "server/store/faults.h"
#include "server/store/fleet.h"
#include "server/store/records.h"

#define TIME_ZONE "Europe/Paris" /* of dates that are not of one screen */
#define ENDS_MAX 500

/* ERROR_NOT_FOUND is no failure: what it was about has gone since. */
static bool gone(const struct error *cause, struct error *err)
{
    if (cause->kind == ERROR_NOT_FOUND)
        return true;
    if (err != NULL)
        *err = *cause;
    return false;
}

static struct notice from_line(struct look *look, const struct audit_line *line,
                               enum notice_kind kind)
{
    return (struct notice){.kind = kind,
                           .source =
                               arena_printf(look->arena, "audit:%lld", (long long)line->number),
                           .record = line->subject,
                           .title = "",
                           .by = line->user,
                           .text = "",
                           .time_ms = line->time_ms};
}

static bool wanted(struct look *look, const struct audit_line *line, const struct record_row *row,
                   struct error *err)
{
    struct notice notice = from_line(look, line, NOTICE_APPROVAL_WANTED);

    if (strcmp(row->state, state_tag(STATE_SUBMITTED)) != 0)
        return true; /* somebody was quicker */
    notice.record_kind = row->kind;
    notice.title = row->title;
    for (size_t i = 0; i < look->users.count; i++) {
        const struct user *user = &look->users.items[i];
        bool may = false;
        if (!user->active || strcmp(user->name, line->user) == 0)
            continue;
        if (!workflow_may_approve(look->reader, look->arena, user, row, &may, err))
            return false;
        if (may)
            herald_tell(look, user, &notice);
    }
    return true;
}

/* To all who wrote it, once each: nobody is told twice of one source. */
static void decided(struct look *look, const struct audit_line *line, const struct record_row *row,
                    enum notice_kind kind)
{
    struct notice notice = from_line(look, line, kind);
    const char *names =
        arena_printf(look->arena, "%s\n%s\n%s", row->editors, row->submitter, row->author);

    notice.record_kind = row->kind;
    notice.title = row->title;
    notice.text = kind == NOTICE_SENT_BACK ? line->detail : "";
    while (*names != '\0') {
        size_t span = strcspn(names, "\n");
        const struct user *user = herald_user(look, arena_strndup(look->arena, names, span));
        if (user != NULL && strcmp(user->name, line->user) != 0)
            herald_tell(look, user, &notice);
        names += span + (names[span] == '\n');
    }
}

static bool alert(struct look *look, const struct audit_line *line, struct error *err)
{
    struct notice notice = from_line(look, line, NOTICE_EMERGENCY_WAITING);
    struct emergency emergency;
    struct text_list sites;
    struct error cause;
    bool many;

    if (!emergency_asked(look->reader, look->arena, line->subject, look->now_ms, &emergency,
                         &cause))
        return gone(&cause, err);
    if (!emergency_reach(look->reader, look->arena, &emergency, &sites, &many, err))
        return false;
    notice.record_kind = "emergency";
    notice.title = emergency.title;
    for (size_t i = 0; i < look->users.count; i++) {
        const struct user *user = &look->users.items[i];
        if (strcmp(user->name, line->user) != 0 &&
            auth_allows(user, PERMISSION_ALERT,
                        &(struct auth_subject){sites.count, sites.items, NULL}))
            herald_tell(look, user, &notice);
    }
    return true;
}

bool herald_follow(struct look *look, const struct audit_line *line, struct error *err)
{
    const char *dot = strchr(line->action, '.');
    struct record_row row;
    struct error cause;

    if (strcmp(line->action, "emergency.ask") == 0)
        return alert(look, line, err);
    bool asked = dot != NULL && strcmp(dot, ".submit") == 0;
    bool answered = dot != NULL && (strcmp(dot, ".approve") == 0 || strcmp(dot, ".return") == 0);
    bool taken_back = dot != NULL && (strcmp(dot, ".withdraw") == 0 || strcmp(dot, ".edit") == 0 ||
                                      strcmp(dot, ".delete") == 0);
    if (!asked && !answered && !taken_back)
        return true;
    const char *kind = arena_strndup(look->arena, line->action, (size_t)(dot - line->action));
    if (resource_find(kind) == NULL)
        return true; /* "enrolment.approve" */
    if (!asked)
        look->settled[look->settled_count++] = (struct settled){kind, line->subject};
    if (taken_back)
        return true;
    if (!records_get(look->reader, look->arena, kind, line->subject, &row, &cause))
        return gone(&cause, err);
    if (asked)
        return wanted(look, line, &row, err);
    decided(look, line, &row,
            strcmp(dot, ".approve") == 0 ? NOTICE_APPROVAL_GIVEN : NOTICE_SENT_BACK);
    return true;
}

bool herald_watch_screens(struct look *look, struct error *err)
{
    struct fault_list open;

    if (!faults_list_open(look->reader, look->arena, &open, err))
        return false;
    for (size_t i = 0; i < open.count; i++) {
        const struct fault *fault = &open.items[i];
        struct screen screen;
        struct error cause;
        if (strcmp(fault->code, FAULT_SILENT) != 0 ||
            look->now_ms - fault->opened_ms < HERALD_SILENT_MS)
            continue;
        if (!screens_get(look->reader, look->arena, fault->screen, &screen, &cause)) {
            if (!gone(&cause, err))
                return false;
            continue;
        }
        const struct notice notice = {
            .kind = NOTICE_SCREEN_SILENT,
            .source = arena_printf(look->arena, "fault:%lld", (long long)fault->number),
            .record_kind = "screen",
            .record = screen.id,
            .title = screen.name,
            .by = "",
            .text = "",
            .time_ms = look->now_ms};
        for (size_t k = 0; k < look->users.count; k++) {
            if (auth_allows(&look->users.items[k], PERMISSION_OPERATE,
                            &(struct auth_subject){1, &screen.site, NULL}))
                herald_tell(look, &look->users.items[k], &notice);
        }
    }
    return true;
}

/* "lundi 30 novembre" */
static const char *day_words(int64_t day, struct arena *arena)
{
    static const char *const days[] = {"lundi",    "mardi",  "mercredi", "jeudi",
                                       "vendredi", "samedi", "dimanche"};
    static const char *const months[] = {"janvier",   "février", "mars",     "avril",
                                         "mai",       "juin",    "juillet",  "août",
                                         "septembre", "octobre", "novembre", "décembre"};
    struct civil civil = civil_from_ms(day * CIVIL_DAY_MS);

    return arena_printf(arena, "%s %d%s %s", days[civil_weekday(day)], civil.day,
                        civil.day == 1 ? "er" : "", months[civil.month - 1]);
}

/* To who writes it; of what an import brought, to who publishes there. */
static void tell_end(struct look *look, const struct agenda_item *item)
{
    const struct user *author = herald_user(look, item->author);
    const struct user *editor = herald_user(look, item->editor);
    const struct notice notice = {.kind = NOTICE_ENDS_SOON,
                                  .source = arena_printf(look->arena, "end:%s:%s:%lld", item->kind,
                                                         item->id, (long long)item->day),
                                  .record_kind = item->kind,
                                  .record = item->id,
                                  .title = item->title,
                                  .by = "",
                                  .text = day_words(item->day, look->arena),
                                  .time_ms = look->now_ms};

    if (author != NULL)
        herald_tell(look, author, &notice);
    if (editor != NULL && editor != author)
        herald_tell(look, editor, &notice);
    for (size_t i = 0; author == NULL && editor == NULL && i < look->users.count; i++) {
        if (auth_allows(&look->users.items[i], PERMISSION_PUBLISH,
                        &(struct auth_subject){1, &item->site, NULL}))
            herald_tell(look, &look->users.items[i], &notice);
    }
}

bool herald_watch_ends(struct look *look, struct error *err)
{
    struct zone *zone = zone_open(TIME_ZONE, err);
    struct agenda_list list;

    if (zone == NULL)
        return false;
    int64_t today = zone_day(zone, look->now_ms);
    zone_close(zone);
    if (!agenda_ending(look->reader, look->arena, today, today + HERALD_SOON_DAYS, ENDS_MAX, &list,
                       err))
        return false;
    for (size_t i = 0; i < list.count; i++)
        tell_end(look, &list.items[i]);
    return true;
}
