#include "server/api/api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/files.h"
#include "core/log.h"
#include "server/api/internal.h"
#include "server/api/mailing.h"
#include "server/api/metrics.h"
#include "server/api/routes.h"
#include "server/drawing/films.h"
#include "server/records/attendance.h"
#include "server/search/keeper.h"
#include "server/store/schema.h"

#define WORKERS 12 /* some wait for a hash, a picture or the store */
char *api_database_path(const char *data_folder, char *buf, size_t size)
{
    return path_join(buf, size, data_folder, "vitrine.db");
}

char *api_key_path(const char *data_folder, char *buf, size_t size)
{
    return path_join(buf, size, data_folder, "key");
}

char *api_search_path(const char *data_folder, char *buf, size_t size)
{
    return path_join(buf, size, data_folder, "search.db");
}

char *api_media_folder(const char *data_folder, char *buf, size_t size)
{
    return path_join(buf, size, data_folder, "media");
}

char *api_screenshot_folder(const char *data_folder, char *buf, size_t size)
{
    return path_join(buf, size, data_folder, "screenshots");
}

bool api_keys_load(const char *data_folder, struct sign_keys *keys_out, struct error *err)
{
    char path[PATH_MAX];

    if (api_key_path(data_folder, path, sizeof(path)) == NULL)
        return error_set(err, ERROR_INVALID, "le chemin « %s » est trop long",
                         "the path \"%s\" is too long", data_folder);
    if (!file_exists(path))
        return error_set(err, ERROR_NOT_FOUND,
                         "la clé du serveur, « %s », n’est plus là : remettez-la depuis une "
                         "sauvegarde, les écrans rattachés refuseraient une autre clé",
                         "the server's key, \"%s\", is gone: restore it from a backup, enrolled "
                         "screens would refuse another key",
                         path);
    return sign_keys_load_or_create(path, keys_out, err);
}

static void handle_published(void *context, uint64_t key)
{
    struct api *api = context;

    if (api->http != NULL) /* not yet, at the first publication */
        http_server_wake(api->http, key);
}

static bool open_data(struct api *api, struct error *err)
{
    const char *folder = api->config.data_folder;
    char path[PATH_MAX];

    if (api_media_folder(folder, api->media_folder, sizeof(api->media_folder)) == NULL ||
        api_screenshot_folder(folder, api->screenshot_folder, sizeof(api->screenshot_folder)) ==
            NULL ||
        path_join(api->scratch_folder, sizeof(api->scratch_folder), folder, "scratch") == NULL ||
        api_database_path(folder, path, sizeof(path)) == NULL)
        return error_set(err, ERROR_INVALID, "le chemin « %s » est trop long",
                         "the path \"%s\" is too long", folder);
    if (!file_exists(path))
        return error_set(err, ERROR_NOT_FOUND,
                         "« %s » n’est pas un dossier de données : faites d’abord "
                         "« vitrine-server init --data %s »",
                         "\"%s\" is no data folder: run \"vitrine-server init --data %s\" first",
                         folder, folder);
    return folder_create(api->media_folder, 0755, err) &&
           folder_create(api->scratch_folder, 0700, err) && writer_init(&api->writer, path, err) &&
           readers_init(&api->readers, path, err) &&
           (api->looker = store_open(path, DB_READER, err)) != NULL &&
           (api->gatherer = store_open(path, DB_READER, err)) != NULL &&
           api_keys_load(folder, &api->keys, err);
}

static bool start_accountant(struct api *api, struct error *err)
{
    char path[PATH_MAX];

    api->accountant = accountant_start(
        &(struct accountant_config){
            .writer = &api->writer,
            .database = api_database_path(api->config.data_folder, path, sizeof(path)),
            .key = &api->keys.public,
            .clock = api->config.clock},
        err);
    return api->accountant != NULL;
}

static bool start_keeper(struct api *api, struct error *err)
{
    char store[PATH_MAX], index[PATH_MAX];

    if (api_database_path(api->config.data_folder, store, sizeof(store)) == NULL ||
        api_search_path(api->config.data_folder, index, sizeof(index)) == NULL)
        return error_set(err, ERROR_INVALID, "le chemin « %s » est trop long",
                         "the path \"%s\" is too long", api->config.data_folder);
    api->keeper = keeper_start(store, index, err);
    return api->keeper != NULL;
}

static bool start_films(struct api *api, struct error *err)
{
    char folder[PATH_MAX];

    if (path_join(folder, sizeof(folder), api->scratch_folder, "films") == NULL)
        return error_set(err, ERROR_INVALID, "le chemin « %s » est trop long",
                         "the path \"%s\" is too long", api->scratch_folder);
    api->films = films_start(&(struct films_config){.renderer = api->config.renderer,
                                                    .assets = api->config.assets,
                                                    .media = api->media_folder,
                                                    .folder = folder,
                                                    .clock = api->config.clock},
                             err);
    return api->films != NULL;
}

static void handle_imported(void *context)
{
    publisher_kick(((struct api *)context)->publisher);
}

static bool start_imports(struct api *api, struct error *err)
{
    char folder[PATH_MAX];

    if (path_join(folder, sizeof(folder), api->config.data_folder, "imports") == NULL)
        return error_set(err, ERROR_INVALID, "le chemin « %s » est trop long",
                         "the path \"%s\" is too long", api->config.data_folder);
    api->imports = desk_start(&(struct desk_config){.folder = folder,
                                                    .writer = &api->writer,
                                                    .readers = &api->readers,
                                                    .clock = api->config.clock,
                                                    .changed = handle_imported,
                                                    .context = api},
                              err);
    return api->imports != NULL;
}

static bool start_parts(struct api *api, struct error *err)
{
    size_t route_count;
    struct error ignored;

    api->reference = reference_load(api->config.assets, &ignored);
    api->roster = roster_create();
    api->attendance = attendance_create();
    api->auth = auth_create(api->config.clock, &api->keys);
    api->drawing = drawing_create(&(struct drawing_config){.renderer = api->config.renderer,
                                                           .assets = api->config.assets,
                                                           .media = api->media_folder});
    api->pictures = pictures_create(api->drawing, api->config.clock);
    if (!start_films(api, err) || !api_oidc_start(api, err))
        return false;
    bool loaded = roster_refresh(api->roster, writer_take(&api->writer), NULL, NULL, err);
    writer_give(&api->writer);
    if (!loaded)
        return false;
    api->publisher = publisher_create(&(struct publisher_config){.writer = &api->writer,
                                                                 .reader = api->looker,
                                                                 .directory_reader = api->gatherer,
                                                                 .roster = api->roster,
                                                                 .media_folder = api->media_folder,
                                                                 .keys = &api->keys,
                                                                 .clock = api->config.clock,
                                                                 .published = handle_published,
                                                                 .context = api},
                                      err);
    if (api->publisher == NULL)
        return false;
    if (!api_media_start(api, err) || !start_keeper(api, err) || !start_imports(api, err))
        return false;
    api->routes = api_routes(&route_count);
    api->metrics = metrics_create(api->routes, route_count);
    api->http = http_server_start(&(struct http_config){.address = api->config.address,
                                                        .port = api->config.port,
                                                        .routes = api->routes,
                                                        .route_count = route_count,
                                                        .authorise = api_authorise,
                                                        .answered = metrics_count_answer,
                                                        .context = api,
                                                        .clock = api->config.clock,
                                                        .workers = WORKERS,
                                                        .behind_proxy = api->config.secure},
                                  err);
    return api->http != NULL && publisher_start(api->publisher, err) &&
           start_accountant(api, err) && api_mailing_start(api, err);
}

struct api *api_start(const struct api_config *config, struct error *err)
{
    struct api *api = calloc(1, sizeof(*api));

    if (api == NULL)
        abort();
    api->config = *config;
    api->started_ms = clock_wall_ms(&config->clock);
    if (open_data(api, err) && start_parts(api, err) && metrics_start(api, err))
        return api;
    api_stop(api);
    return NULL;
}

int api_port(const struct api *api)
{
    return http_server_port(api->http);
}

void api_stop(struct api *api)
{
    if (api == NULL)
        return;
    if (api->drawing != NULL)
        drawing_stop(api->drawing);
    metrics_stop(api); /* looks at all the others */
    accountant_stop(api->accountant);
    api_mailing_stop(api);
    publisher_stop(api->publisher); /* wakes requests of the HTTP server */
    http_server_stop(api->http);    /* kicks the publisher */
    desk_stop(api->imports);        /* so does this */
    api_media_stop(api);
    keeper_stop(api->keeper);
    publisher_destroy(api->publisher);
    roster_destroy(api->roster);
    api_oidc_stop(api);
    auth_destroy(api->auth);
    attendance_destroy(api->attendance);
    db_close(api->looker);
    db_close(api->gatherer);
    readers_finish(&api->readers);
    writer_finish(&api->writer);
    films_stop(api->films);
    pictures_destroy(api->pictures);
    drawing_destroy(api->drawing);
    reference_destroy(api->reference);
    metrics_destroy(api->metrics);
    free(api->routes);
    free(api);
}
