/* What the desk asks about itself and the installation: the tour of the first day, once for each
 * account, and the settings that are given where the server runs. */
#include "core/json.h"
#include "server/api/people_parts.h"
#include "server/api/routes.h"
#include "server/store/settings.h"

#define BODY_MAX 256

struct tour {
    bool seen;
};
static const struct form_field tour_fields[] = {
    {.name = "seen", .type = FORM_BOOL, .offset = offsetof(struct tour, seen), .required = true},
};
static const struct form tour_form = {
    .name = "Tour", .size = sizeof(struct tour), .fields = tour_fields, .field_count = 1};

static const char *tour_key(struct http_request *request)
{
    const struct user *user = request_identity(request);

    return arena_printf(request_arena(request), "tour_seen.%s", user->name);
}

static void answer_tour(struct http_request *request, bool seen)
{
    struct json_writer writer;
    struct strbuf body;

    strbuf_init(&body);
    json_writer_init(&writer, &body);
    json_begin_object(&writer, NULL);
    json_put_bool(&writer, "seen", seen);
    json_end_object(&writer);
    answer_json(request, ANSWER_OK, &body);
    strbuf_finish(&body);
}

static void handle_tour(struct http_request *request, void *context)
{
    struct api *api = context;
    int64_t seen = 0;
    struct error error;

    struct db *db = readers_take(&api->readers);
    bool ok = settings_get_int(db, tour_key(request), 0, &seen, &error);
    readers_give(&api->readers, db);
    if (ok)
        answer_tour(request, seen != 0);
    else
        answer_problem(request, &error);
}

static void handle_tour_put(struct http_request *request, void *context)
{
    struct api *api = context;
    struct tour tour;
    struct error error;

    bool ok = people_body(request, &tour_form, &tour, &error);
    if (ok) {
        ok = settings_set_int(writer_take(&api->writer), tour_key(request), tour.seen, &error);
        writer_give(&api->writer);
    }
    if (ok)
        answer_tour(request, tour.seen);
    else
        answer_problem(request, &error);
}

static const char *source_tag(enum config_source source)
{
    static const char *const tags[] = {
        [CONFIG_FROM_DEFAULT] = "default",
        [CONFIG_FROM_FILE] = "file",
        [CONFIG_FROM_ENVIRONMENT] = "environment",
        [CONFIG_FROM_OPTION] = "option",
    };

    return tags[source];
}

/* Secrets are in files of their own, of which only the path is a setting. */
static void put_settings(struct json_writer *writer, const struct config *config, enum lang lang)
{
    char origin[4400];

    json_begin_array(writer, "settings");
    for (enum config_key key = 0; key < CONFIG_KEYS; key++) {
        const struct config_entry *entry = &config_entries[key];
        json_begin_object(writer, NULL);
        json_put_string(writer, "name", entry->name);
        json_put_string(writer, "value", config_text(config, key));
        json_put_string(writer, "fallback", entry->fallback);
        json_put_string(writer, "source", source_tag(config->values[key].source));
        json_put_string(writer, "origin", config_origin(config, key, lang, origin, sizeof(origin)));
        json_put_string(writer, "about", lang_pick(lang, entry->fr, entry->en));
        json_end_object(writer);
    }
    json_end_array(writer);
}

static void handle_settings(struct http_request *request, void *context)
{
    const struct api *api = context;
    const struct config *config = api->config.settings;
    struct json_writer writer;
    struct strbuf body;

    strbuf_init(&body);
    json_writer_init(&writer, &body);
    json_begin_object(&writer, NULL);
    json_put_string(&writer, "version", VITRINE_VERSION);
    json_put_int(&writer, "started_ms", api->started_ms);
    json_put_string(&writer, "file", config->file != NULL ? config->file : "");
    put_settings(&writer, config, request_lang(request));
    json_end_object(&writer);
    answer_json(request, ANSWER_OK, &body);
    strbuf_finish(&body);
}

static const struct api_member setting_members[] = {
    {.name = "name", .type = API_TEXT},
    {.name = "value", .type = API_TEXT},
    {.name = "fallback", .type = API_TEXT, .about = "What it is when nobody says anything"},
    {.name = "source", .type = API_TEXT, .about = "default, file, environment or option"},
    {.name = "origin", .type = API_TEXT, .about = "/etc/vitrine/server.conf:12, VITRINE_DATA"},
    {.name = "about", .type = API_TEXT},
    {0},
};
static const struct api_member settings_members[] = {
    {.name = "version", .type = API_TEXT},
    {.name = "started_ms", .type = API_INT},
    {.name = "file", .type = API_TEXT, .about = "The settings file; empty: none was read"},
    {.name = "settings", .type = API_PARTS, .parts = setting_members},
    {0},
};

static const struct api_route routes[] = {
    {.http = {HTTP_GET, "/api/v1/session/tour", PERMISSION_SESSION, handle_tour, 0, HTTP_SLOW},
     .about = "Tell whether one has seen the tour of the first day",
     .shape = API_ONE,
     .gives = &tour_form},
    {.http = {HTTP_PUT, "/api/v1/session/tour", PERMISSION_SESSION, handle_tour_put, BODY_MAX,
              HTTP_SLOW},
     .about = "Say that one has seen the tour, or wants to see it again",
     .takes = &tour_form,
     .shape = API_ONE,
     .gives = &tour_form},
    {.http = {HTTP_GET, "/api/v1/settings", PERMISSION_SETTINGS, handle_settings, 0, HTTP_SLOW},
     .about = "Tell the installation's settings and where each comes from",
     .shape = API_OBJECT,
     .members = settings_members},
};

API_SECTION(section_desk, "Desk", routes);
