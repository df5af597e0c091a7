/* The media's parts of the running server, and how an item is told. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/files.h"
#include "server/api/media_parts.h"
#include "server/config/config.h"

/* Beside the server, where both the build and the packages put it. */
static bool find_worker(const struct api *api, char path[PATH_MAX], struct error *err)
{
    char self[PATH_MAX];
    const char *given = config_text(api->config.settings, CONFIG_WORKER);

    if (given[0] != '\0') {
        snprintf(path, PATH_MAX, "%s", given);
        return true;
    }
    char *slash = realpath("/proc/self/exe", self) != NULL ? strrchr(self, '/') : NULL;
    if (slash != NULL)
        *slash = '\0';
    return (slash != NULL && path_join(path, PATH_MAX, self, "vitrine-worker") != NULL) ||
           error_set(err, ERROR_NOT_FOUND, "le programme vitrine-worker est introuvable",
                     "the program vitrine-worker cannot be found");
}

bool api_media_start(struct api *api, struct error *err)
{
    const char *folder = api->config.data_folder;
    struct api_media *media = calloc(1, sizeof(*media));

    if (media == NULL)
        abort();
    api->media = media;
    if (path_join(media->originals, PATH_MAX, folder, "originals") == NULL ||
        path_join(media->uploads_folder, PATH_MAX, folder, "uploads") == NULL ||
        path_join(media->scratch, PATH_MAX, folder, "work") == NULL)
        return error_set(err, ERROR_INVALID, "le chemin « %s » est trop long",
                         "the path \"%s\" is too long", folder);
    media->library = (struct library){.media_folder = api->media_folder,
                                      .originals = media->originals,
                                      .uploads = media->uploads_folder,
                                      .scratch = media->scratch,
                                      .writer = &api->writer,
                                      .clock = api->config.clock};
    if (!find_worker(api, media->worker, err) || !library_open(&media->library, err))
        return false;
    media->uploads = uploads_create(&media->library,
                                    config_number(api->config.settings, CONFIG_UPLOAD_MAX_BYTES));
    media->jobs = jobs_start(&(struct jobs_config){.library = &media->library,
                                                   .uploads = media->uploads,
                                                   .worker = media->worker},
                             err);
    return media->jobs != NULL;
}

void api_media_stop(struct api *api)
{
    if (api->media == NULL)
        return;
    jobs_stop(api->media->jobs);
    uploads_destroy(api->media->uploads);
    free(api->media);
}

#define AT(member) .offset = offsetof(struct media_item, member), .read_only = true
#define OPEN_AT(member) .offset = offsetof(struct media_item, member)

static const struct form_field fields[] = {
    {.name = "sha256", .type = FORM_HASH, AT(sha256), .about = "Of the original: its id"},
    {.name = "kind",
     .type = FORM_CHOICE,
     AT(kind),
     .tags = item_kind_tags,
     .tag_count = ITEM_KINDS},
    {.name = "state",
     .type = FORM_CHOICE,
     AT(state),
     .tags = item_state_tags,
     .tag_count = ITEM_STATES},
    {.name = "progress", .type = FORM_INT, AT(progress), .max = 100, .about = "Per cent"},
    {.name = "type", .type = FORM_LINE, AT(type), .max = 200, .about = "Of the original"},
    {.name = "name",
     .type = FORM_LINE,
     OPEN_AT(name),
     .max = UPLOAD_NAME_MAX,
     .about = "As people call it"},
    {.name = "alt",
     .type = FORM_LINE,
     OPEN_AT(alt),
     .max = 1000,
     .about = "What it shows, for who cannot see it"},
    {.name = "credit", .type = FORM_LINE, OPEN_AT(credit), .max = 200, .about = "Whose work it is"},
    {.name = "size", .type = FORM_INT, AT(size), .max = INT64_MAX, .about = "Bytes"},
    {.name = "width",
     .type = FORM_INT,
     AT(width),
     .max = INT64_MAX,
     .about = "Upright; 0: unknown"},
    {.name = "height", .type = FORM_INT, AT(height), .max = INT64_MAX},
    {.name = "length_ms", .type = FORM_INT, AT(length_ms), .max = INT64_MAX, .about = "Of a film"},
    {.name = "pages", .type = FORM_INT, AT(pages), .max = INT64_MAX},
    {.name = "site", .type = FORM_LINE, AT(site), .max = 64, .about = "Empty: the network's"},
    {.name = "author", .type = FORM_LINE, AT(author), .max = 200},
    {.name = "created_ms", .type = FORM_INT, AT(created_ms), .max = INT64_MAX},
    {.name = "updated_ms", .type = FORM_INT, AT(updated_ms), .max = INT64_MAX},
};

const struct form media_form = {
    .name = "Media", .size = sizeof(struct media_item), FORM_FIELDS(fields)};

static void write_rendition(const struct rendition *rendition, struct json_writer *writer)
{
    char url[80];

    snprintf(url, sizeof(url), "/media/%s", rendition->sha256);
    json_begin_object(writer, NULL);
    json_put_string(writer, "role", rendition->role);
    json_put_int(writer, "page", rendition->page);
    json_put_string(writer, "sha256", rendition->sha256);
    json_put_string(writer, "type", rendition->type);
    json_put_int(writer, "width", rendition->width);
    json_put_int(writer, "height", rendition->height);
    json_put_int(writer, "length_ms", rendition->length_ms);
    json_put_int(writer, "size", rendition->size);
    json_put_string(writer, "url", url);
    json_end_object(writer);
}

static void write_uses(const struct media_use_list *uses, struct json_writer *writer)
{
    json_begin_array(writer, "uses");
    for (size_t i = 0; i < uses->count; i++) {
        json_begin_object(writer, NULL);
        json_put_string(writer, "kind", uses->items[i].kind);
        json_put_string(writer, "id", uses->items[i].id);
        json_put_string(writer, "title", uses->items[i].title);
        json_end_object(writer);
    }
    json_end_array(writer);
}

bool media_write(struct db *db, struct arena *arena, const struct media_item *item, bool whole,
                 enum lang lang, const char *key, struct json_writer *writer, struct error *err)
{
    struct rendition_list renditions;
    struct media_use_list uses = {0};

    if (!renditions_list(db, arena, item->sha256, &renditions, err) ||
        (whole && !media_uses(db, arena, item->sha256, &uses, err)))
        return false;
    json_begin_object(writer, key);
    form_encode(&media_form, item, writer);
    /* Why it is refused, or what to know of it. */
    json_put_string(writer, "reason", lang_pick(lang, item->note_fr, item->note_en));
    json_begin_array(writer, "renditions");
    for (size_t i = 0; i < renditions.count; i++)
        write_rendition(&renditions.items[i], writer);
    json_end_array(writer);
    if (whole)
        write_uses(&uses, writer);
    json_end_object(writer);
    return true;
}

const char *media_etag(struct arena *arena, const struct media_item *item)
{
    const char *text =
        arena_printf(arena, "%s %s %lld %lld", item->sha256, item_state_tags[item->state],
                     (long long)item->progress, (long long)item->updated_ms);
    char hex[SHA256_HEX_SIZE];
    struct sha256 sum;

    sha256_of(text, strlen(text), &sum);
    sha256_to_hex(&sum, hex);
    return arena_strndup(arena, hex, 32);
}

void media_answer(struct http_request *request, struct api *api, const struct media_item *item,
                  enum answer_state state)
{
    struct arena *arena = request_arena(request);
    struct json_writer writer;
    struct strbuf body;
    struct error error;

    strbuf_init(&body);
    json_writer_init(&writer, &body);
    struct db *db = readers_take(&api->readers);
    bool ok = media_write(db, arena, item, true, request_lang(request), NULL, &writer, &error);
    readers_give(&api->readers, db);
    if (ok)
        answer_json_tagged(request, state, &body, media_etag(arena, item));
    else
        answer_problem(request, &error);
    strbuf_finish(&body);
}
