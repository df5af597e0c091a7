/* What was shown: raw plays, exposure, kiosks, the year. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/civil.h"
#include "core/files.h"
#include "core/json.h"
#include "core/log.h"
#include "server/api/asking.h"
#include "server/api/internal.h"
#include "server/api/routes.h"
#include "server/measure/annual.h"
#include "server/measure/report.h"

#define DAYS_DEFAULT 30
#define YEAR_FIRST 2020
#define YEAR_LAST 2099

static bool bad_query(const char *name, const char *value, struct error *err)
{
    error_set(err, ERROR_INVALID, "« %.60s » ne convient pas pour le paramètre %s",
              "\"%.60s\" will not do for the parameter %s", value, name);
    error_field(err, name);
    return false;
}

static bool query_day(struct http_request *request, const char *name, int64_t fallback,
                      int64_t *day_out, struct error *err)
{
    const char *text = request_query(request, name);

    *day_out = fallback;
    return text == NULL || civil_parse_date(text, day_out) || bad_query(name, text, err);
}

static bool query_int(struct http_request *request, const char *name, int64_t min, int64_t max,
                      int64_t *value_out, struct error *err)
{
    const char *text = request_query(request, name);
    char *end;

    if (text == NULL)
        return true;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || errno != 0 || value < min || value > max)
        return bad_query(name, text, err);
    *value_out = value;
    return true;
}

static bool query_format(struct http_request *request, enum report_format *format_out,
                         struct error *err)
{
    const char *text = request_query(request, "format");

    *format_out = REPORT_JSON;
    return text == NULL || report_format_parse(text, format_out) || bad_query("format", text, err);
}

/* What somebody bound to sites may ask for; another site is none for them. */
static bool query_scope(struct http_request *request, struct figures_scope *scope_out,
                        struct error *err)
{
    const struct user *user = request_identity(request);
    const char *site = request_query(request, "site");
    const char *const sites[] = {site};
    const struct auth_subject subject = {.site_count = 1, .sites = sites};

    *scope_out = (struct figures_scope){.site = site, .sites = &user->sites};
    if (site == NULL || auth_allows(user, PERMISSION_READ, &subject))
        return true;
    error_set(err, ERROR_NOT_FOUND, "site introuvable : « %.60s »", "site not found: \"%.60s\"",
              site);
    error_field(err, "site");
    return false;
}

static bool today(const struct api *api, int64_t *day_out, struct error *err)
{
    struct zone *zone = zone_open(PERIOD_ZONE, err);

    if (zone == NULL)
        return false;
    *day_out = zone_day(zone, clock_wall_ms(&api->config.clock));
    zone_close(zone);
    return true;
}

static bool query_report(struct http_request *request, const struct api *api,
                         struct report_request *out, struct error *err)
{
    const char *by = request_query(request, "by"), *grain = request_query(request, "grain");
    int64_t last;

    *out = (struct report_request){0};
    if (by != NULL && !figures_by_parse(by, &out->by))
        return bad_query("by", by, err);
    if (grain != NULL && !period_grain_parse(grain, &out->grain))
        return bad_query("grain", grain, err);
    return today(api, &last, err) && query_day(request, "until", last, &out->until_day, err) &&
           query_day(request, "from", out->until_day - DAYS_DEFAULT + 1, &out->from_day, err) &&
           query_scope(request, &out->scope, err) && report_check(out, err);
}

struct mapping {
    void *bytes;
    size_t size;
};

static void release_mapping(void *context)
{
    struct mapping *mapping = context;

    munmap(mapping->bytes, mapping->size);
    free(mapping);
}

/* From the disk's cache, however big; the file has no name any more. */
static bool answer_report(struct http_request *request, const char *path, const char *name,
                          enum report_format format, struct error *err)
{
    struct mapping *mapping = malloc(sizeof(*mapping));
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat status;

    if (mapping == NULL)
        abort();
    bool ok = fd >= 0 && fstat(fd, &status) == 0 && status.st_size > 0;
    if (ok) {
        mapping->size = (size_t)status.st_size;
        mapping->bytes = mmap(NULL, mapping->size, PROT_READ, MAP_PRIVATE, fd, 0);
        ok = mapping->bytes != MAP_FAILED;
    }
    if (!ok) {
        error_set_errno(err, errno, "le bilan ne peut être relu", "the report cannot be read back");
        free(mapping);
    }
    if (fd >= 0)
        close(fd);
    unlink(path);
    if (!ok)
        return false;
    answer_header(request, "Content-Disposition",
                  arena_printf(request_arena(request), "attachment; filename=\"%s.%s\"", name,
                               report_format_tag(format)));
    answer_shared(request, report_format_type(format), mapping->bytes, mapping->size, NULL,
                  "private, no-store", release_mapping, mapping);
    return true;
}

/* A name in the scratch folder that nobody has. */
static bool scratch_path(const struct api *api, char *buf, size_t size, struct error *err)
{
    int fd = -1;

    if (path_join(buf, size, api->scratch_folder, "report-XXXXXX") != NULL)
        fd = mkostemp(buf, O_CLOEXEC);
    if (fd < 0)
        return error_set_errno(err, errno, "le bilan ne peut être écrit",
                               "the report cannot be written");
    close(fd);
    return true;
}

/* What asks the database, into JSON or a file. */
struct answer {
    bool (*json)(struct db *db, const void *request, struct strbuf *out, struct error *err);
    bool (*file)(struct db *db, const void *request, enum report_format format, const char *path,
                 const char *scratch, struct error *err);
    const char *name; /* of the file */
};

static bool give_json(struct http_request *request, struct api *api, const struct answer *answer,
                      const void *what, struct error *err)
{
    struct strbuf body;
    struct db *db = readers_take(&api->readers);

    strbuf_init(&body);
    bool ok = answer->json(db, what, &body, err);
    readers_give(&api->readers, db);
    if (ok)
        answer_json(request, ANSWER_OK, &body);
    strbuf_finish(&body);
    return ok;
}

static bool give_file(struct http_request *request, struct api *api, const struct answer *answer,
                      const void *what, enum report_format format, struct error *err)
{
    char path[PATH_MAX];

    if (!scratch_path(api, path, sizeof(path), err))
        return false;
    struct db *db = readers_take(&api->readers);
    bool ok = answer->file(db, what, format, path, api->scratch_folder, err);
    readers_give(&api->readers, db);
    if (!ok) {
        unlink(path);
        return false;
    }
    return answer_report(request, path, answer->name, format, err);
}

static void give(struct http_request *request, struct api *api, const struct answer *answer,
                 const void *what, enum report_format format)
{
    struct error error;
    bool ok = format == REPORT_JSON ? give_json(request, api, answer, what, &error)
                                    : give_file(request, api, answer, what, format, &error);

    if (!ok)
        answer_problem(request, &error);
}

static bool exposure_json(struct db *db, const void *what, struct strbuf *out, struct error *err)
{
    return report_exposure_json(db, what, out, err);
}

static bool exposure_file(struct db *db, const void *what, enum report_format format,
                          const char *path, const char *scratch, struct error *err)
{
    return report_exposure_file(db, what, format, path, scratch, err);
}

static bool kiosks_json(struct db *db, const void *what, struct strbuf *out, struct error *err)
{
    return report_kiosks_json(db, what, out, err);
}

static bool kiosks_file(struct db *db, const void *what, enum report_format format,
                        const char *path, const char *scratch, struct error *err)
{
    return report_kiosks_file(db, what, format, path, scratch, err);
}

static bool annual_to_json(struct db *db, const void *what, struct strbuf *out, struct error *err)
{
    return annual_json(db, what, out, err);
}

static bool annual_to_file(struct db *db, const void *what, enum report_format format,
                           const char *path, const char *scratch, struct error *err)
{
    (void)format;
    return annual_book(db, what, path, scratch, err);
}

static void handle_report(struct http_request *request, struct api *api,
                          const struct answer *answer)
{
    struct report_request what;
    enum report_format format;
    struct error error;

    if (!query_report(request, api, &what, &error) || !query_format(request, &format, &error)) {
        answer_problem(request, &error);
        return;
    }
    give(request, api, answer, &what, format);
}

static void api_exposure(struct http_request *request, void *context)
{
    static const struct answer answer = {exposure_json, exposure_file, "diffusion"};

    handle_report(request, context, &answer);
}

static void api_kiosks(struct http_request *request, void *context)
{
    static const struct answer answer = {kiosks_json, kiosks_file, "bornes"};

    handle_report(request, context, &answer);
}

static void api_annual(struct http_request *request, void *context)
{
    static const struct answer answer = {annual_to_json, annual_to_file, "bilan-annuel"};
    struct api *api = context;
    struct annual_request what = {0};
    enum report_format format;
    struct error error;
    int64_t day;

    if (!today(api, &day, &error)) {
        answer_problem(request, &error);
        return;
    }
    int64_t year = civil_from_ms(day * CIVIL_DAY_MS).year;
    if (!query_int(request, "year", YEAR_FIRST, YEAR_LAST, &year, &error) ||
        !query_scope(request, &what.scope, &error) || !query_format(request, &format, &error) ||
        (format == REPORT_CSV && !bad_query("format", "csv", &error))) {
        answer_problem(request, &error);
        return;
    }
    what.year = (int)year;
    give(request, api, &answer, &what, format);
}

/* "screen.from_ms.boot.sequence" */
static bool query_after(struct http_request *request, struct plays_filter *filter,
                        struct error *err)
{
    const char *text = request_query(request, "after");
    const char *at = text;

    if (text == NULL)
        return true;
    for (size_t i = 0; i < 4; i++) {
        char *end;
        errno = 0;
        filter->after[i] = strtoll(at, &end, 10);
        if (*at < '0' || *at > '9' || errno != 0 || *end != (i < 3 ? '.' : '\0'))
            return bad_query("after", text, err);
        at = end + 1;
    }
    filter->has_after = true;
    return true;
}

static void put_play(struct json_writer *json, const struct stored_play *play)
{
    json_begin_object(json, NULL);
    json_put_string(json, "screen", play->screen);
    json_put_string(json, "boot", play->boot);
    json_put_int(json, "sequence", play->sequence);
    json_put_string(json, "slide", play->slide);
    json_put_string(json, "title", play->title);
    json_put_string(json, "subject", play->subject);
    json_put_string(json, "organisation", play->organisation);
    json_put_string(json, "playlist", play->playlist);
    json_put_string(json, "rule", play->rule);
    json_put_string(json, "zone", play->zone);
    json_put_string(json, "manifest", play->manifest);
    json_put_int(json, "from_ms", play->from_ms);
    json_put_int(json, "until_ms", play->from_ms + play->length_ms);
    json_end_object(json);
}

static void answer_plays(struct http_request *request, const struct api *api,
                         const struct stored_play_list *list, size_t limit)
{
    size_t shown = list->count < limit ? list->count : limit;
    const char *next = NULL;
    struct asking_page page;

    asking_begin(&page);
    for (size_t i = 0; i < shown; i++)
        put_play(&page.writer, &list->items[i]);
    if (list->count > limit) {
        const struct stored_play *last = &list->items[limit - 1];
        next = arena_printf(request_arena(request), "%" PRId64 ".%" PRId64 ".%" PRId64 ".%" PRId64,
                            last->screen_number, last->from_ms, last->boot_number, last->sequence);
    }
    asking_answer(request, api, &page, next);
}

static bool query_instant(struct http_request *request, const char *name, int64_t *at_ms_out,
                          struct error *err)
{
    const char *text = request_query(request, name);

    return text == NULL || civil_parse_instant(text, at_ms_out) || bad_query(name, text, err);
}

static void api_plays(struct http_request *request, void *context)
{
    struct api *api = context;
    const struct user *user = request_identity(request);
    struct plays_filter filter = {.screen = request_query(request, "screen"),
                                  .organisation = request_query(request, "organisation"),
                                  .rule = request_query(request, "rule"),
                                  .slide = request_query(request, "slide"),
                                  .until_ms = INT64_MAX,
                                  .sites = &user->sites};
    struct stored_play_list list;
    struct error error;
    size_t limit;

    if (!asking_limit(request, &limit, &error) ||
        !query_instant(request, "from", &filter.from_ms, &error) ||
        !query_instant(request, "until", &filter.until_ms, &error) ||
        !query_after(request, &filter, &error)) {
        answer_problem(request, &error);
        return;
    }
    filter.limit = limit + 1; /* whether there is a next page */
    struct db *db = readers_take(&api->readers);
    bool ok = figures_plays(db, request_arena(request), &filter, &list, &error);
    readers_give(&api->readers, db);
    if (ok)
        answer_plays(request, api, &list, limit);
    else
        answer_problem(request, &error);
}

#define PERIOD_QUERIES                                                                             \
    {"from", API_QUERY_DATE, "First local day; 30 days by default"},                               \
        {"until", API_QUERY_DATE, "Last local day, included; today by default"},                   \
        {"grain", API_QUERY_TEXT, "total (default), day, week or month"},                          \
        {"site", API_QUERY_TEXT, "This site only"},                                                \
    {                                                                                              \
        "format", API_QUERY_TEXT, "json (default), csv or xlsx"                                    \
    }

static const struct api_query exposure_queries[] = {
    {"by", API_QUERY_TEXT, "organisation (default), rule, site, screen or slide"},
    PERIOD_QUERIES,
    {0}};

static const struct api_query kiosk_queries[] = {PERIOD_QUERIES, {0}};

static const struct api_query annual_queries[] = {
    {"year", API_QUERY_INT, "This year by default"},
    {"site", API_QUERY_TEXT, "This site only"},
    {"format", API_QUERY_TEXT, "json (default) or xlsx"},
    {0}};

static const struct api_query play_queries[] = {
    {"screen", API_QUERY_TEXT, "Id of the screen"},
    {"organisation", API_QUERY_TEXT, "Id of the organisation"},
    {"rule", API_QUERY_TEXT, "Id of the rule"},
    {"slide", API_QUERY_TEXT, "Id of the slide"},
    {"from", API_QUERY_INSTANT, "That began at this instant or later"},
    {"until", API_QUERY_INSTANT, "That began before this instant"},
    ASKING_AFTER,
    ASKING_LIMIT,
    {0}};

static const struct api_member play_members[] = {
    {.name = "screen", .type = API_TEXT},       {.name = "boot", .type = API_TEXT},
    {.name = "sequence", .type = API_INT},      {.name = "slide", .type = API_TEXT},
    {.name = "title", .type = API_TEXT},        {.name = "subject", .type = API_TEXT},
    {.name = "organisation", .type = API_TEXT}, {.name = "playlist", .type = API_TEXT},
    {.name = "rule", .type = API_TEXT},         {.name = "zone", .type = API_TEXT},
    {.name = "manifest", .type = API_TEXT},     {.name = "from_ms", .type = API_INT},
    {.name = "until_ms", .type = API_INT},      {0},
};
static const struct api_member exposure_members[] = {
    {.name = "from", .type = API_TEXT, .about = "First day"},
    {.name = "until", .type = API_TEXT, .about = "Last day"},
    {.name = "id", .type = API_TEXT},
    {.name = "name", .type = API_TEXT, .about = "As it was last called, also when it is gone"},
    {.name = "detail", .type = API_TEXT},
    {.name = "plays", .type = API_INT},
    {.name = "shown_ms", .type = API_INT},
    {.name = "planned", .type = API_INT},
    {.name = "planned_ms", .type = API_INT},
    {.name = "deficit_ms", .type = API_INT},
    {.name = "screens", .type = API_INT},
    {0},
};
static const struct api_member exposures_members[] = {
    {.name = "by", .type = API_TEXT},
    {.name = "from", .type = API_TEXT},
    {.name = "until", .type = API_TEXT},
    {.name = "grain", .type = API_TEXT},
    {.name = "items", .type = API_PARTS, .parts = exposure_members},
    {0},
};
static const struct api_member kiosk_members[] = {
    {.name = "from", .type = API_TEXT},
    {.name = "until", .type = API_TEXT},
    {.name = "screen", .type = API_TEXT},
    {.name = "name", .type = API_TEXT},
    {.name = "site", .type = API_TEXT},
    {.name = "site_name", .type = API_TEXT},
    {.name = "counter", .type = API_TEXT},
    {.name = "subject", .type = API_TEXT},
    {.name = "subject_name", .type = API_TEXT},
    {.name = "count", .type = API_INT},
    {0},
};
static const struct api_member kiosks_members[] = {
    {.name = "from", .type = API_TEXT},
    {.name = "until", .type = API_TEXT},
    {.name = "grain", .type = API_TEXT},
    {.name = "items", .type = API_PARTS, .parts = kiosk_members},
    {0},
};

static const struct api_route routes[] = {
    {.http = {HTTP_GET, "/api/v1/plays", PERMISSION_READ, api_plays, 0, HTTP_SLOW},
     .about = "List proofs of play, by screen and time",
     .shape = API_PAGE,
     .members = play_members,
     .queries = play_queries},
    {.http = {HTTP_GET, "/api/v1/reports/exposure", PERMISSION_READ, api_exposure, 0, HTTP_SLOW},
     .about = "Compare what was planned with what was shown",
     .shape = API_OBJECT,
     .members = exposures_members,
     .queries = exposure_queries},
    {.http = {HTTP_GET, "/api/v1/reports/kiosks", PERMISSION_READ, api_kiosks, 0, HTTP_SLOW},
     .about = "Count what kiosks were used for",
     .shape = API_OBJECT,
     .members = kiosks_members,
     .queries = kiosk_queries},
    {.http = {HTTP_GET, "/api/v1/reports/annual", PERMISSION_READ, api_annual, 0, HTTP_SLOW},
     .about = "Sum up a year for the evaluation of the plan",
     .shape = API_OBJECT,
     .queries = annual_queries},
};

API_SECTION(section_measure, "Measure", routes);
