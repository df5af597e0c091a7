/* Routes of what is wrong with screens. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "server/api/asking.h"
#include "server/api/fleet_parts.h"
#include "server/fleet/presence.h"
#include "server/store/faults.h"

static bool read_number(const char *text, const char *field, int64_t *number_out, struct error *err)
{
    char *end;

    errno = 0;
    *number_out = strtoll(text, &end, 10);
    if (*text >= '0' && *text <= '9' && *end == '\0' && errno == 0)
        return true;
    error_set(err, ERROR_INVALID, "« %.40s » n’est pas un numéro", "\"%.40s\" is no number", text);
    return error_field(err, field);
}

static bool read_page(struct http_request *request, struct fault_page *page, struct error *err)
{
    const struct user *user = request_identity(request);
    const char *after = asking_text(request, "after"), *open = asking_text(request, "open");

    *page = (struct fault_page){.screen = asking_text(request, "screen"),
                                .site = asking_text(request, "site"),
                                .code = asking_text(request, "code"),
                                .open = -1,
                                .sites = &user->sites};
    if (strcmp(open, "0") == 0 || strcmp(open, "1") == 0) {
        page->open = *open - '0';
    } else if (*open != '\0') {
        error_set(err, ERROR_INVALID, "open vaut 0 ou 1", "open is 0 or 1");
        return error_field(err, "open");
    }
    return (*after == '\0' || read_number(after, "after", &page->before, err)) &&
           asking_limit(request, &page->limit, err);
}

static void put_fault(struct json_writer *writer, const struct fault *fault, enum lang lang)
{
    json_begin_object(writer, NULL);
    json_put_int(writer, "number", fault->number);
    json_put_string(writer, "screen", fault->screen);
    json_put_string(writer, "code", fault->code);
    json_put_string(writer, "title", fault_title(fault->code, lang));
    json_put_string(writer, "advice", fault_advice(fault->code, lang));
    json_put_string(writer, "detail", fault->detail);
    json_put_int(writer, "opened_ms", fault->opened_ms);
    json_put_int(writer, "last_ms", fault->last_ms);
    json_put_int(writer, "count", fault->count);
    if (fault->closed_ms != 0)
        json_put_int(writer, "closed_ms", fault->closed_ms);
    else
        json_put_null(writer, "closed_ms");
    json_put_string(writer, "closed_by", fault->closed_by);
    json_end_object(writer);
}

void api_faults(struct http_request *request, void *context)
{
    struct api *api = context;
    struct fault_page page;
    struct fault_list list;
    struct asking_page answer;
    struct error error;

    if (!read_page(request, &page, &error)) {
        answer_problem(request, &error);
        return;
    }
    size_t limit = page.limit++; /* one more tells whether another page follows */
    struct db *db = readers_take(&api->readers);
    bool ok = faults_list(db, request_arena(request), &page, &list, &error);
    readers_give(&api->readers, db);
    if (!ok) {
        answer_problem(request, &error);
        return;
    }
    asking_begin(&answer);
    for (size_t i = 0; i < list.count && i < limit; i++)
        put_fault(&answer.writer, &list.items[i], request_lang(request));
    asking_answer(request, api, &answer,
                  list.count > limit ? arena_printf(request_arena(request), "%" PRId64,
                                                    list.items[limit - 1].number)
                                     : NULL);
}

static bool close_fault(struct db *db, struct http_request *request, int64_t now_ms,
                        struct error *err)
{
    struct arena *arena = request_arena(request);
    const struct user *user = request_identity(request);
    struct fault fault;
    struct screen screen;
    int64_t number;

    if (!read_number(request_param(request, "number"), "number", &number, err) ||
        !faults_get(db, arena, number, &fault, err))
        return false;
    /* Of a screen that is gone only who sees all. */
    if (user->sites.count > 0 && (!fleet_visible(db, arena, user, fault.screen, &screen, err) ||
                                  !fleet_may(user, PERMISSION_OPERATE, &screen, err)))
        return false;
    if (fault.closed_ms != 0)
        return error_set(err, ERROR_CONFLICT, "ce défaut est déjà clos",
                         "this fault is over already");
    return faults_close(db, fault.screen, fault.code, now_ms, user->name, err) &&
           audit_add(db,
                     &(struct audit_entry){.time_ms = now_ms,
                                           .user = user->name,
                                           .action = "fault.close",
                                           .subject = fault.screen,
                                           .detail = fault.code},
                     err);
}

void api_fault_close(struct http_request *request, void *context)
{
    struct api *api = context;
    struct error error;
    bool own;

    struct db *db = writer_take(&api->writer);
    bool ok = db_join(db, &own, &error);
    if (ok)
        ok = db_leave(db, own, close_fault(db, request, clock_wall_ms(&api->config.clock), &error),
                      &error);
    writer_give(&api->writer);
    answer_outcome(request, ok, &error);
}
