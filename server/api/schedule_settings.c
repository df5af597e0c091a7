/* Routes of what the whole programming goes by: holidays, and the exposure that companies are due.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/civil.h"
#include "core/hash.h"
#include "server/api/schedule_parts.h"
#include "server/calendar/holidays.h"
#include "server/content/form.h"
#include "server/schedule/rulebook.h"
#include "server/store/exposures.h"
#include "server/store/organisations.h"
#include "server/store/settings.h"
#include "server/store/site_documents.h"

#define MINIMUM_S_MAX (INT64_C(7) * 86400 * 1000) /* a thousand screens all the time */
#define HOLIDAYS_DAYS 366
#define HOLIDAYS_DAYS_MAX (20 * 366)
#define NO_DOCUMENT "{\"format\":1}"

static bool note_audit(struct db *db, const struct http_request *request, int64_t now_ms,
                       const char *action, const char *detail, struct error *err)
{
    const struct user *user = request_identity(request);
    const struct audit_entry entry = {
        .time_ms = now_ms, .user = user->name, .action = action, .subject = "", .detail = detail};

    return audit_add(db, &entry, err);
}

/* --- exposure -------------------------------------------------------------------------------- */

static bool put_exposure(struct db *db, struct arena *arena, const struct exposure *exposure,
                         int64_t minimum_ms, struct json_writer *writer, struct error *err)
{
    struct organisation organisation;
    struct error cause;

    error_clear(&cause);
    bool found = organisations_get(db, arena, exposure->organisation, &organisation, &cause);
    if (!found && cause.kind != ERROR_NOT_FOUND) {
        *err = cause;
        return false;
    }
    const char *name = !found                             ? exposure->organisation
                       : organisation.enseigne[0] != '\0' ? organisation.enseigne
                                                          : organisation.nom;
    int64_t deficit_ms = minimum_ms - exposure->planned_ms;
    json_begin_object(writer, NULL);
    json_put_string(writer, "organisation", exposure->organisation);
    json_put_string(writer, "name", name);
    json_put_int(writer, "planned_ms", exposure->planned_ms);
    json_put_int(writer, "planned_28_ms", exposure->planned_28_ms);
    json_put_int(writer, "minimum_ms", minimum_ms);
    json_put_int(writer, "deficit_ms", deficit_ms > 0 ? deficit_ms : 0);
    json_put_int(writer, "screens", exposure->screens);
    json_end_object(writer);
    return true;
}

/* "12000-nom-de-la-structure": figure and id of the last one of the page before. */
static bool read_key(struct http_request *request, int64_t *after_ms_out, const char **after_out,
                     struct error *err)
{
    const char *text = asking_text(request, "after");
    char *end;

    *after_ms_out = -1;
    *after_out = "";
    if (text[0] == '\0')
        return true;
    long long number = strtoll(text, &end, 10);
    if (text[0] >= '0' && text[0] <= '9' && *end == '-') {
        *after_ms_out = number;
        *after_out = end + 1;
        return true;
    }
    error_set(err, ERROR_INVALID, "cette clé de page n’en est pas une", "this is no key of a page");
    return error_field(err, "after");
}

static bool write_exposures(struct db *db, struct arena *arena, const struct exposure_list *list,
                            size_t limit, struct json_writer *writer, struct error *err)
{
    int64_t minimum_ms = 0;

    if (!exposures_minimum(db, &minimum_ms, err))
        return false;
    for (size_t i = 0; i < list->count && i < limit; i++) {
        if (!put_exposure(db, arena, &list->items[i], minimum_ms, writer, err))
            return false;
    }
    return true;
}

void api_exposure(struct http_request *request, void *context)
{
    struct api *api = context;
    struct arena *arena = request_arena(request);
    struct exposure_list list = {0};
    struct asking_page page;
    struct error error;
    const char *after, *next = NULL;
    int64_t after_ms;
    size_t limit;

    if (!asking_limit(request, &limit, &error) || !read_key(request, &after_ms, &after, &error)) {
        answer_problem(request, &error);
        return;
    }
    asking_begin(&page);
    struct db *db = readers_take(&api->readers);
    bool ok = exposures_page(db, arena, after_ms, after, limit + 1, &list, &error) &&
              write_exposures(db, arena, &list, limit, &page.writer, &error);
    readers_give(&api->readers, db);
    if (!ok) {
        asking_drop(&page);
        answer_problem(request, &error);
        return;
    }
    if (list.count > limit)
        next = arena_printf(arena, "%" PRId64 "-%s", list.items[limit - 1].planned_ms,
                            list.items[limit - 1].organisation);
    asking_answer(request, api, &page, next);
}

static bool read_minimum(struct http_request *request, int64_t *minimum_ms_out, struct error *err)
{
    static const char *const keys[] = {"minimum_s", NULL};
    size_t length;
    const char *body = request_body(request, &length);
    cJSON *json = json_parse(body, length, 4096, err);
    int64_t seconds = 0;
    bool ok = json != NULL && json_only_keys(json, keys, err) &&
              json_get_int(json, "minimum_s", 0, MINIMUM_S_MAX, &seconds, err);

    cJSON_Delete(json);
    *minimum_ms_out = seconds * 1000;
    return ok;
}

void api_exposure_set(struct http_request *request, void *context)
{
    struct api *api = context;
    int64_t minimum_ms;
    struct error error;
    struct strbuf body;
    struct json_writer writer;
    bool own = false;

    if (!read_minimum(request, &minimum_ms, &error)) {
        answer_problem(request, &error);
        return;
    }
    struct db *db = writer_take(&api->writer);
    bool ok = db_join(db, &own, &error);
    if (ok) {
        ok = exposures_set_minimum(db, minimum_ms, &error) &&
             note_audit(db, request, clock_wall_ms(&api->config.clock), "exposure.minimum",
                        arena_printf(request_arena(request), "%" PRId64 " s", minimum_ms / 1000),
                        &error);
        ok = db_leave(db, own, ok, &error);
    }
    writer_give(&api->writer);
    if (!ok) {
        answer_problem(request, &error);
        return;
    }
    strbuf_init(&body);
    json_writer_init(&writer, &body);
    json_begin_object(&writer, NULL);
    json_put_int(&writer, "minimum_s", minimum_ms / 1000);
    json_end_object(&writer);
    answer_json(request, ANSWER_OK, &body);
    strbuf_finish(&body);
}

/* --- holidays -------------------------------------------------------------------------------- */

/* The site's own document, or one that says nothing. */
static bool read_document(struct db *db, struct arena *arena, const char **out, struct error *err)
{
    struct site_document document;
    struct error cause;

    error_clear(&cause);
    *out = NO_DOCUMENT;
    if (site_documents_get(db, arena, SITE_DOCUMENT_HOLIDAYS, &document, &cause)) {
        *out = document.document;
        return true;
    }
    *err = cause;
    return cause.kind == ERROR_NOT_FOUND;
}

static void document_etag(const char *document, char hex_out[SHA256_HEX_SIZE])
{
    struct sha256 sum;

    sha256_of(document, strlen(document), &sum);
    sha256_to_hex(&sum, hex_out);
}

static bool query_days(struct http_request *request, const struct api *api, int64_t *from_out,
                       int64_t *until_out, struct error *err)
{
    const char *from = request_query(request, "from"), *until = request_query(request, "until");

    *from_out = clock_wall_ms(&api->config.clock) / CIVIL_DAY_MS;
    if (from != NULL && !civil_parse_date(from, from_out)) {
        error_set(err, ERROR_INVALID, "« %.20s » n’est pas une date", "\"%.20s\" is no date", from);
        return error_field(err, "from");
    }
    *until_out = *from_out + HOLIDAYS_DAYS;
    if ((until == NULL || civil_parse_date(until, until_out)) && *until_out >= *from_out &&
        *until_out - *from_out <= HOLIDAYS_DAYS_MAX)
        return true;
    error_set(err, ERROR_INVALID, "une date qui suit le début de vingt ans au plus est attendue",
              "a date is expected that follows the first by twenty years at most");
    return error_field(err, "until");
}

static void put_days(struct json_writer *writer, const struct holidays *holidays, int64_t from_day,
                     int64_t until_day)
{
    json_begin_array(writer, "days");
    for (int64_t day = from_day; day <= until_day; day++) {
        const char *name = holidays_public(holidays, day);
        if (name == NULL)
            continue;
        json_begin_object(writer, NULL);
        form_put_date(writer, "date", day);
        json_put_string(writer, "name", name);
        json_end_object(writer);
    }
    json_end_array(writer);
}

void api_holidays(struct http_request *request, void *context)
{
    struct api *api = context;
    struct arena *arena = request_arena(request);
    struct holidays *holidays = NULL;
    const char *document = NULL;
    char etag[SHA256_HEX_SIZE];
    struct error error;
    struct strbuf body;
    struct json_writer writer;
    int64_t from_day, until_day;

    if (!query_days(request, api, &from_day, &until_day, &error)) {
        answer_problem(request, &error);
        return;
    }
    struct db *db = readers_take(&api->readers);
    bool ok = read_document(db, arena, &document, &error);
    if (ok)
        holidays = rulebook_read_holidays(db, &error);
    readers_give(&api->readers, db);
    if (holidays == NULL) {
        answer_problem(request, &error);
        return;
    }
    document_etag(document, etag);
    strbuf_init(&body);
    json_writer_init(&writer, &body);
    json_begin_object(&writer, NULL);
    json_put_raw(&writer, "document", document);
    put_days(&writer, holidays, from_day, until_day);
    json_end_object(&writer);
    answer_json_tagged(request, ANSWER_OK, &body, etag);
    strbuf_finish(&body);
    holidays_destroy(holidays);
}

/* In the writer's turn: what was read is still there. */
static bool replace_document(struct http_request *request, struct api *api, struct db *db,
                             const char *expected, const char *body, struct error *err)
{
    struct arena *arena = request_arena(request);
    int64_t now_ms = clock_wall_ms(&api->config.clock);
    const struct site_document next = {SITE_DOCUMENT_HOLIDAYS, body, now_ms};
    const char *document;
    char etag[SHA256_HEX_SIZE];
    enum upsert_result result;

    if (!read_document(db, arena, &document, err))
        return false;
    document_etag(document, etag);
    if (strcmp(etag, expected) != 0)
        return error_set(err, ERROR_STALE,
                         "les jours fériés ont changé depuis que vous les avez lus ; relisez-les",
                         "the holidays have changed since you read them; read them again");
    return site_documents_upsert(db, arena, &next, &result, err) &&
           note_audit(db, request, now_ms, "holidays.replace", "", err);
}

/* Without what stands between its parts, so that all documents that say the same are the same. */
static const char *compact(struct http_request *request, struct error *err)
{
    size_t length;
    const char *body = request_body(request, &length);
    struct holidays *holidays = holidays_decode(body, length, err);
    cJSON *json = holidays == NULL ? NULL : json_parse(body, length, HOLIDAYS_BYTES_MAX, err);
    char *text = json == NULL ? NULL : cJSON_PrintUnformatted(json);
    const char *out = arena_strdup(request_arena(request), text);

    holidays_destroy(holidays);
    cJSON_Delete(json);
    cJSON_free(text);
    return out;
}

void api_holidays_set(struct http_request *request, void *context)
{
    struct api *api = context;
    const char *expected = request_if_match(request);
    struct error error;
    bool own = false;

    if (expected == NULL) {
        answer_unconditional(request);
        return;
    }
    const char *body = compact(request, &error);
    if (body == NULL) {
        answer_problem(request, &error);
        return;
    }
    struct db *db = writer_take(&api->writer);
    bool ok = db_join(db, &own, &error);
    if (ok)
        ok = db_leave(db, own, replace_document(request, api, db, expected, body, &error), &error);
    writer_give(&api->writer);
    answer_outcome(request, ok, &error);
}
