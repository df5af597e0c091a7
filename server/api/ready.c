/* /readyz: whether this server can do its work, and what keeps it from it. For load balancers, and
 * for whoever is woken at night. */
#include <sys/statvfs.h>
#include <unistd.h>

#include "core/json.h"
#include "server/api/internal.h"
#include "server/store/settings.h"

#define PUBLISHER_MS 60000 /* it looks ten times a second, and after each screen */

struct check {
    const char *name;
    bool ok;
    const char *fr, *en; /* what to do */
};

static bool store_answers(struct api *api)
{
    struct error ignored;
    int64_t version;
    struct db *db = readers_take(&api->readers);

    bool ok = settings_content_version(db, &version, &ignored);
    readers_give(&api->readers, db);
    return ok;
}

static bool key_there(const struct api *api)
{
    char path[PATH_MAX];

    return api_key_path(api->config.data_folder, path, sizeof(path)) != NULL &&
           access(path, R_OK) == 0;
}

static bool disk_has_space(const struct api *api)
{
    struct statvfs place;
    int64_t least = config_number(api->config.settings, CONFIG_DISK_FREE_MIN_BYTES);

    return statvfs(api->config.data_folder, &place) == 0 &&
           (double)place.f_bavail * (double)place.f_frsize >= (double)least;
}

static bool publisher_alive(const struct api *api)
{
    return clock_mono_ms(&api->config.clock) - publisher_counts(api->publisher).looked_ms <
           PUBLISHER_MS;
}

void api_ready(struct http_request *request, void *context)
{
    struct api *api = context;
    enum lang lang = request_lang(request);
    const struct check checks[] = {
        {"store", store_answers(api), "la base de données ne répond pas : voyez le journal",
         "the database does not answer: see the log"},
        {"key", key_there(api), "la clé du serveur n’est plus là : remettez-la d’une sauvegarde",
         "the server's key is gone: restore it from a backup"},
        {"disk", disk_has_space(api), "il ne reste presque plus de place sur le disque",
         "there is almost no space left on the disk"},
        {"publisher", publisher_alive(api),
         "les programmes ne sont plus mis à jour : voyez le journal, redémarrez le service",
         "programmes are no longer brought up to date: see the log, restart the service"},
    };
    struct json_writer writer;
    struct strbuf body;
    bool ready = true;

    for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
        ready = ready && checks[i].ok;
    strbuf_init(&body);
    json_writer_init(&writer, &body);
    json_begin_object(&writer, NULL);
    json_put_bool(&writer, "ready", ready);
    json_begin_object(&writer, "checks");
    for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
        json_put_string(&writer, checks[i].name,
                        checks[i].ok ? "ok" : lang_pick(lang, checks[i].fr, checks[i].en));
    json_end_object(&writer);
    json_end_object(&writer);
    answer_json(request, ready ? ANSWER_OK : ANSWER_NOT_READY, &body);
    strbuf_finish(&body);
}
