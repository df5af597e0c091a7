/* Whether people can read a screen from where they stand, and which records do not fit there. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "server/api/asking.h"
#include "server/content/drafts.h"
#include "server/content/layouts.h"
#include "server/schedule/assemble.h"
#include "server/schedule/playlist_trial.h"
#include "server/store/editorial.h"

#define BODY_MAX ((size_t)64 * 1024)
#define LAYOUT_NAME_MAX 100
#define CAPITALS_OF_DISTANCE 0.0122 /* 0.7°: DESIGN.md, "Looks" */
#define TOLERANCE 0.98
#define FAR_MM 1000000
#define SIDE_LEAST 64
#define SIDE_MOST 8192
#define EVENT_DAYS 30
#define HIGHLIGHTS 20
#define ANNOUNCEMENTS_MAX 50
#define RECORDS_MAX 150
#define TIME_ZONE "Europe/Paris"
#define TRIAL_ID "lisibilite"

struct legibility {
    struct drawing_size size; /* of the whole screen */
    struct drawing_size main; /* of its layout's main zone, where records show */
    const char *layout;       /* "": the default */
    bool records;
    struct drawing_capitals now, most; /* most: as large as this screen can have them */
    double readable_mm;
};

static const struct {
    const char *name, *fr, *en;
    double share; /* of the height that reading needs */
} tiers[DRAWING_TIERS] = {
    [DRAWING_HEADLINE] = {"headline", "Titres", "Headlines", 1},
    [DRAWING_FACT] = {"fact", "Faits : date, lieu, nom", "Facts: date, place, name", 0.75},
    [DRAWING_CREDIT] = {"credit", "Crédits des photos", "Photo credits", 0.4},
    [DRAWING_EMERGENCY] = {"emergency", "Urgences", "Emergencies", 1},
};

static bool read_number(const cJSON *screen, const char *key, int64_t least, int64_t most, int *out,
                        struct error *err)
{
    int64_t value = 0;

    if (json_has(screen, key) && !json_get_int(screen, key, 0, most, &value, err))
        return false;
    *out = (int)value;
    if (value >= least)
        return true;
    error_set(err, ERROR_INVALID, "il faut au moins %lld", "it must be at least %lld",
              (long long)least);
    return error_field(err, key);
}

static bool read_asked(struct http_request *request, struct legibility *out, struct error *err)
{
    static const char *const keys[] = {"screen", "records", NULL};
    const cJSON *screen = NULL;
    size_t length;

    out->layout = "";
    const char *body = request_body(request, &length);
    cJSON *json = json_parse(body, length, BODY_MAX, err);
    bool ok =
        json != NULL && json_only_keys(json, keys, err) &&
        (screen = json_get_object(json, "screen", err)) != NULL &&
        (!json_has(json, "records") || json_get_bool(json, "records", &out->records, err)) &&
        ((read_number(screen, "width_px", SIDE_LEAST, SIDE_MOST, &out->size.width_px, err) &&
          read_number(screen, "height_px", SIDE_LEAST, SIDE_MOST, &out->size.height_px, err) &&
          read_number(screen, "diagonal_mm", 0, 100000, &out->size.diagonal_mm, err) &&
          read_number(screen, "viewing_distance_mm", 0, FAR_MM, &out->size.distance_mm, err) &&
          (!json_has(screen, "layout") ||
           json_get_string(screen, "layout", 0, LAYOUT_NAME_MAX, request_arena(request),
                           &out->layout, err))) ||
         error_field(err, "screen"));
    cJSON_Delete(json);
    return ok;
}

static bool find_main_zone(struct api *api, struct legibility *legibility, struct error *err)
{
    struct drawing_size *main = &legibility->main;
    struct db *db = readers_take(&api->readers);
    struct layout *layout = layouts_find(db, legibility->layout, err);

    readers_give(&api->readers, db);
    if (layout == NULL)
        return error_field(err, "screen.layout");
    *main = legibility->size;
    struct manifest_zone zone;
    int way =
        assemble_way(&(struct screen){.width_px = main->width_px, .height_px = main->height_px});
    layout_place(&layout->zones[0].at[way], way, &zone);
    main->strip = layout->strip != STRIP_NONE;
    main->zone_w = zone.w;
    main->zone_h = zone.h;
    layout_destroy(layout);
    return true;
}

/* --- Which records do not fit ---------------------------------------------------------------- */

/* A playlist of all that is published, as staff would write it. */
static bool everything(struct db *db, struct arena *arena, struct playlist_record *out,
                       struct error *err)
{
    struct announcement_list announcements;
    struct strbuf text;
    struct json_writer writer;
    size_t told = 0;

    if (!announcements_list(db, arena, &announcements, err))
        return false;
    strbuf_init(&text);
    strbuf_printf(&text,
                  "{\"format\":1,\"id\":\"" TRIAL_ID "\",\"title\":\"Tout\",\"strip\":false,"
                  "\"entries\":[{\"source\":\"portraits\"},{\"source\":\"events\",\"days\":%d},"
                  "{\"source\":\"highlights\",\"count\":%d}",
                  EVENT_DAYS, HIGHLIGHTS);
    json_writer_init(&writer, &text);
    for (size_t i = 0; i < announcements.count && told < ANNOUNCEMENTS_MAX; i++) {
        const struct announcement *announcement = &announcements.items[i];
        if (announcement->state != STATE_PUBLISHED)
            continue;
        writer.comma = true;
        json_begin_object(&writer, NULL);
        json_begin_object(&writer, "slide");
        json_put_string(&writer, "template", "announcement");
        json_put_string(&writer, "announcement", announcement->id);
        json_end_object(&writer);
        json_end_object(&writer);
        told++;
    }
    strbuf_append(&text, "]}");
    *out = (struct playlist_record){
        .id = TRIAL_ID, .title = "Tout", .document = arena_strdup(arena, text.bytes)};
    strbuf_finish(&text);
    return true;
}

static const char *kind_of(const struct slide *slide)
{
    static const struct {
        const char *template, *kind;
    } kinds[] = {{"portrait", "portraits"},
                 {"event", "events"},
                 {"announcement", "announcements"},
                 {"highlight", "organisations"}};

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (strcmp(kinds[i].template, slide->template) == 0)
            return kinds[i].kind;
    }
    return slide->template;
}

static void put_misfit(struct json_writer *writer, const struct slide *slide,
                       const struct drawing_fit_size *fit)
{
    bool begun = false;

    for (size_t i = 0; i < fit->text_count; i++) {
        if (fit->texts[i].characters <= 0)
            continue;
        if (!begun) {
            json_begin_object(writer, NULL);
            json_put_string(writer, "kind", kind_of(slide));
            json_put_string(writer, "id", slide->subject);
            json_put_string(writer, "title", slide->title);
            json_begin_array(writer, "excess");
            begun = true;
        }
        json_begin_object(writer, NULL);
        json_put_string(writer, "field", draft_field(fit->texts[i].slot));
        json_put_int(writer, "characters", fit->texts[i].characters);
        json_end_object(writer);
    }
    if (begun) {
        json_end_array(writer);
        json_end_object(writer);
    }
}

static bool put_misfits(struct api *api, const struct legibility *legibility,
                        const struct playlist_trial *trial, struct json_writer *writer,
                        struct error *err)
{
    struct drawing_fit *fit = malloc(sizeof(*fit));
    size_t count = trial->count < RECORDS_MAX ? trial->count : RECORDS_MAX;
    bool ok = true;

    if (fit == NULL)
        abort();
    json_put_int(writer, "checked", (int64_t)count);
    json_begin_array(writer, "misfits");
    for (size_t i = 0; ok && i < count; i++) {
        ok = drawing_fit(api->drawing, trial->items[i].slide, NULL, &legibility->main, 1, NULL, 0,
                         fit, err);
        if (ok)
            put_misfit(writer, trial->items[i].slide, &fit->sizes[0]);
    }
    json_end_array(writer);
    free(fit);
    return ok;
}

static bool put_records(struct http_request *request, struct api *api,
                        const struct legibility *legibility, struct json_writer *writer,
                        struct error *err)
{
    struct arena *arena = request_arena(request);
    struct playlist_trial trial = {0};
    struct playlist_record all;

    if (!legibility->records) {
        json_put_int(writer, "checked", 0);
        json_begin_array(writer, "misfits");
        json_end_array(writer);
        return true;
    }
    struct db *db = readers_take(&api->readers);
    bool ok = everything(db, arena, &all, err) &&
              playlist_trial_init(&trial, db, &all, LANG_FR, TIME_ZONE,
                                  clock_wall_ms(&api->config.clock), err);
    readers_give(&api->readers, db);
    ok = ok && put_misfits(api, legibility, &trial, writer, err);
    playlist_trial_finish(&trial);
    return ok;
}

/* --- How large texts are --------------------------------------------------------------------- */

/* "3 m", "2,5 m". */
static const char *metres(double mm, enum lang lang, struct arena *arena)
{
    long tenths = (long)(mm / 100 + 0.5);

    if (tenths % 10 == 0)
        return arena_printf(arena, "%ld m", tenths / 10);
    return arena_printf(arena, "%ld%s%ld m", tenths / 10, lang_pick(lang, ",", "."), tenths % 10);
}

static const char *verdict_of(const struct legibility *legibility)
{
    if (legibility->size.diagonal_mm == 0 || legibility->size.distance_mm == 0)
        return "unknown";
    return legibility->readable_mm >= TOLERANCE * legibility->size.distance_mm ? "good" : "small";
}

static void put_words(struct json_writer *writer, const struct legibility *legibility,
                      struct arena *arena, enum lang lang)
{
    const char *verdict = verdict_of(legibility), *message, *advice = "";
    double distance_mm = legibility->size.distance_mm;
    const char *far = metres(legibility->readable_mm, lang, arena);
    const char *here = metres(distance_mm, lang, arena);
    double mm = legibility->now.px[DRAWING_HEADLINE] / legibility->now.px_per_mm;

    if (strcmp(verdict, "unknown") == 0) {
        message = lang_pick(lang,
                            "Indiquez la diagonale et la distance de lecture pour savoir si l’on "
                            "pourra lire cet écran.",
                            "Tell the diagonal and the viewing distance to know whether people "
                            "can read this screen.");
    } else if (strcmp(verdict, "good") == 0) {
        message = arena_printf(arena,
                               lang_pick(lang,
                                         "À %s tout se lit : les titres ont au moins %.0f mm de "
                                         "haut. On les lirait jusqu’à %s.",
                                         "At %s everything can be read: headlines are at least "
                                         "%.0f mm high. They would be up to %s."),
                               here, mm, far);
    } else {
        message = arena_printf(arena,
                               lang_pick(lang,
                                         "À %s ce texte est trop petit : les titres ont %.0f mm de "
                                         "haut, il en faut %.0f. On les lit jusqu’à %s.",
                                         "At %s this text is too small: headlines are %.0f mm "
                                         "high, %.0f are needed. They can be read up to %s."),
                               here, mm, CAPITALS_OF_DISTANCE * distance_mm, far);
        advice = arena_printf(
            arena,
            lang_pick(lang,
                      "Prévoyez la lecture à %s au plus, ou un écran d’au moins %.0f cm de "
                      "diagonale.",
                      "Plan for reading from %s at most, or a screen of at least %.0f cm "
                      "diagonally."),
            far, legibility->size.diagonal_mm * distance_mm / legibility->readable_mm / 10 + 0.5);
    }
    json_put_string(writer, "verdict", verdict);
    json_put_string(writer, "message", message);
    json_put_string(writer, "advice", advice);
}

static void put_texts(struct json_writer *writer, const struct legibility *legibility,
                      enum lang lang)
{
    double needed_mm = CAPITALS_OF_DISTANCE * legibility->size.distance_mm;

    json_begin_array(writer, "texts");
    for (size_t i = 0; i < DRAWING_TIERS; i++) {
        double mm = legibility->now.px[i] / legibility->now.px_per_mm;
        json_begin_object(writer, NULL);
        json_put_string(writer, "tier", tiers[i].name);
        json_put_string(writer, "label", lang_pick(lang, tiers[i].fr, tiers[i].en));
        json_put_number(writer, "mm", (double)(long)(mm * 10 + 0.5) / 10);
        json_put_int(writer, "px", (int64_t)(legibility->now.px[i] + 0.5));
        json_put_number(writer, "needed_mm",
                        (double)(long)(tiers[i].share * needed_mm * 10 + 0.5) / 10);
        json_put_string(writer, "verdict",
                        mm >= TOLERANCE * tiers[i].share * needed_mm ? "good" : "small");
        json_end_object(writer);
    }
    json_end_array(writer);
}

/* Records show in the main zone, emergencies on the whole screen. */
static bool measure(struct api *api, struct legibility *legibility, struct error *err)
{
    struct drawing_size far = legibility->main;
    struct drawing_capitals whole;

    far.distance_mm = FAR_MM;
    if (!drawing_capitals(api->drawing, &legibility->main, &legibility->now, err) ||
        !drawing_capitals(api->drawing, &legibility->size, &whole, err) ||
        !drawing_capitals(api->drawing, &far, &legibility->most, err))
        return false;
    legibility->now.px[DRAWING_EMERGENCY] = whole.px[DRAWING_EMERGENCY];
    legibility->readable_mm =
        legibility->most.px[DRAWING_HEADLINE] / legibility->most.px_per_mm / CAPITALS_OF_DISTANCE;
    return true;
}

static bool write_answer(struct http_request *request, struct api *api,
                         struct legibility *legibility, struct strbuf *body, struct error *err)
{
    enum lang lang = request_lang(request);
    struct json_writer writer;

    if (!measure(api, legibility, err))
        return false;
    json_writer_init(&writer, body);
    json_begin_object(&writer, NULL);
    put_words(&writer, legibility, request_arena(request), lang);
    json_put_int(&writer, "distance_mm", legibility->size.distance_mm);
    json_put_int(&writer, "width_mm",
                 (int64_t)(legibility->size.width_px / legibility->now.px_per_mm + 0.5));
    json_put_int(&writer, "height_mm",
                 (int64_t)(legibility->size.height_px / legibility->now.px_per_mm + 0.5));
    json_put_int(&writer, "readable_mm", (int64_t)(legibility->readable_mm + 0.5));
    put_texts(&writer, legibility, lang);
    bool ok = put_records(request, api, legibility, &writer, err);
    json_end_object(&writer);
    return ok;
}

static void handle_legibility(struct http_request *request, void *context)
{
    struct api *api = context;
    struct legibility legibility = {0};
    struct error error;
    struct strbuf body;

    if (!read_asked(request, &legibility, &error) || !find_main_zone(api, &legibility, &error)) {
        answer_problem(request, &error);
        return;
    }
    if (!api_draw_begin(api, request))
        return;
    strbuf_init(&body);
    if (write_answer(request, api, &legibility, &body, &error))
        answer_json(request, ANSWER_OK, &body);
    else
        answer_problem(request, &error);
    strbuf_finish(&body);
    api_draw_end(api);
}

static const struct api_member text_members[] = {
    {.name = "tier", .type = API_TEXT, .about = "headline, fact, credit, emergency"},
    {.name = "label", .type = API_TEXT},
    {.name = "mm", .type = API_NUMBER, .about = "Least height of capitals"},
    {.name = "px", .type = API_INT},
    {.name = "needed_mm", .type = API_NUMBER},
    {.name = "verdict", .type = API_TEXT},
    {0},
};
static const struct api_member excess_members[] = {
    {.name = "field", .type = API_TEXT},
    {.name = "characters", .type = API_INT},
    {0},
};
static const struct api_member misfit_members[] = {
    {.name = "kind", .type = API_TEXT},
    {.name = "id", .type = API_TEXT},
    {.name = "title", .type = API_TEXT},
    {.name = "excess", .type = API_PARTS, .parts = excess_members},
    {0},
};
static const struct api_member legibility_members[] = {
    {.name = "verdict", .type = API_TEXT, .about = "good, small, unknown"},
    {.name = "message", .type = API_TEXT},
    {.name = "advice", .type = API_TEXT},
    {.name = "distance_mm", .type = API_INT},
    {.name = "width_mm", .type = API_INT},
    {.name = "height_mm", .type = API_INT},
    {.name = "readable_mm", .type = API_INT, .about = "How far away headlines can be read"},
    {.name = "texts", .type = API_PARTS, .parts = text_members},
    {.name = "checked", .type = API_INT, .about = "Records that were looked at"},
    {.name = "misfits", .type = API_PARTS, .parts = misfit_members},
    {0},
};

static const struct api_route legibility_routes[] = {
    {.http = {HTTP_POST, "/api/v1/legibility", PERMISSION_READ, handle_legibility, BODY_MAX,
              HTTP_SLOW},
     .about = "Say whether a screen can be read from where people stand, and what does not fit",
     .takes_type = "application/json",
     .shape = API_OBJECT,
     .members = legibility_members},
};

API_SECTION(section_legibility, "Legibility", legibility_routes);
