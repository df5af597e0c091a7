/* import: directories and calendars, from a file or from the web. */
#include <string.h>
#include <unistd.h>

#include "core/civil.h"
#include "core/files.h"
#include "core/hash.h"
#include "server/commands/internal.h"
#include "server/fetch/fetch.h"
#include "server/import/import.h"
#include "server/store/settings.h"

#define USAGE "import annuaire FICHIER.csv | evenements FICHIER.ics | … https://ADRESSE"
#define FEED_KEY_SIZE (sizeof("feed.etag.") + SHA256_HEX_SIZE)

static void show_progress(void *context, size_t rows, int64_t done, int64_t total)
{
    const struct command *command = context;

    if (command->options.quiet || !isatty(STDERR_FILENO))
        return;
    int percent = total > 0 ? (int)(done * 100 / total) : 100;
    fprintf(stderr, lang_pick(command->lang, "\r  %zu lignes, %d %%", "\r  %zu rows, %d%%"), rows,
            percent);
    if (done >= total)
        fputs("\r\033[K", stderr);
}

/* Pictures beside a file are read with it; beside an address there are none that we would ask for.
 */
static int import_file(struct command *command, bool annuaire, const char *path, bool local)
{
    struct import_options options = {.now_ms = clock_wall_ms(&command->clock),
                                     .date_maj = command->options.date,
                                     .state = STATE_PUBLISHED,
                                     .progress = show_progress,
                                     .progress_context = command};
    struct import_report report;

    import_report_init(&report);
    bool ok = annuaire ? import_annuaire(command->db, path, &options, &report, &command->error)
                       : import_evenements(command->db, local ? &command->media : NULL, path,
                                           &options, &report, &command->error);
    if (ok)
        import_report_print(&report, command->lang, stdout);
    /* Rows left out are told above; the file as a whole failed only if none of it could be taken.
     */
    bool nothing = ok && report.read > 0 && report.rejected == report.read;
    import_report_finish(&report);
    if (!ok)
        return command_fail(command);
    return nothing ? COMMAND_FAILED : COMMAND_DONE;
}

/* Under which settings a feed's tags are remembered. */
static void feed_keys(const char *url, char etag_key[FEED_KEY_SIZE],
                      char modified_key[FEED_KEY_SIZE])
{
    struct sha256 sum;
    char hex[SHA256_HEX_SIZE];

    sha256_of(url, strlen(url), &sum);
    sha256_to_hex(&sum, hex);
    snprintf(etag_key, FEED_KEY_SIZE, "feed.etag.%s", hex);
    snprintf(modified_key, FEED_KEY_SIZE, "feed.date.%s", hex);
}

/* A web page instead of a feed is what comes when the address is not quite right. */
static bool type_fits(struct command *command, const struct fetch_result *result)
{
    return strncmp(result->type, "text/html", 9) != 0 ||
           error_set(&command->error, ERROR_INVALID,
                     "cette adresse mène à une page Web, pas à un fichier : cherchez-y le lien du "
                     "fichier",
                     "this address leads to a web page, not to a file: look there for the file's "
                     "link");
}

static int import_fetched(struct command *command, bool annuaire, const char *url,
                          const struct fetch_result *result)
{
    char scratch[PATH_MAX], path[PATH_MAX], etag_key[FEED_KEY_SIZE], modified_key[FEED_KEY_SIZE];

    if (path_join(scratch, sizeof(scratch), command->options.data, "scratch") == NULL ||
        path_join(path, sizeof(path), scratch,
                  arena_printf(command->arena, "import-%d.%s", (int)getpid(),
                               annuaire ? "csv" : "ics")) == NULL) {
        error_set(&command->error, ERROR_INVALID, "le chemin « %s » est trop long",
                  "the path \"%s\" is too long", command->options.data);
        return command_fail(command);
    }
    if (!folder_create(scratch, 0700, &command->error) ||
        !file_write_atomic(path, result->bytes, result->length, 0600, &command->error))
        return command_fail(command);
    int code = import_file(command, annuaire, path, false);
    unlink(path);
    feed_keys(url, etag_key, modified_key);
    if (code == COMMAND_DONE &&
        (!settings_set_text(command->db, etag_key, result->etag, &command->error) ||
         !settings_set_text(command->db, modified_key, result->modified, &command->error)))
        return command_fail(command);
    return code;
}

static int import_url(struct command *command, bool annuaire, const char *url)
{
    struct fetch_options options = {.allow = config_text(&command->config, CONFIG_FETCH_ALLOW)};
    struct fetch_result result;
    char etag_key[FEED_KEY_SIZE], modified_key[FEED_KEY_SIZE];

    feed_keys(url, etag_key, modified_key);
    if (!settings_get_text(command->db, command->arena, etag_key, "", &options.etag,
                           &command->error) ||
        !settings_get_text(command->db, command->arena, modified_key, "", &options.modified,
                           &command->error) ||
        !fetch_init(&command->error))
        return command_fail(command);
    int code = COMMAND_FAILED;
    bool ok = fetch_url(url, &options, &result, &command->error);
    if (ok && result.unchanged) {
        printf(lang_pick(command->lang, "%s : rien de nouveau\n", "%s: nothing new\n"), url);
        code = COMMAND_DONE;
    } else if (ok && type_fits(command, &result)) {
        code = import_fetched(command, annuaire, url, &result);
    } else {
        (void)command_fail(command);
    }
    if (ok)
        fetch_result_finish(&result);
    fetch_quit();
    return code;
}

int command_import(struct command *command)
{
    int64_t day;

    if (command->word_count != 2)
        return command_misused(command, USAGE);
    bool annuaire = strcmp(command->words[0], "annuaire") == 0;
    if (!annuaire && strcmp(command->words[0], "evenements") != 0)
        return command_misused(command, USAGE);
    if (command->options.date != NULL && !civil_parse_date(command->options.date, &day)) {
        error_set(&command->error, ERROR_INVALID,
                  "« %s » n’est pas une date : il en faut une comme 2026-11-24",
                  "\"%s\" is no date: it looks like 2026-11-24", command->options.date);
        return command_fail(command);
    }
    if (!command_open(command))
        return command_fail(command);
    return strstr(command->words[1], "://") != NULL
               ? import_url(command, annuaire, command->words[1])
               : import_file(command, annuaire, command->words[1], true);
}
