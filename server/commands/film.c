/* film: a playlist as MP4, for the transit operator's own system and for social networks. */
#include <errno.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/civil.h"
#include "core/files.h"
#include "server/commands/internal.h"
#include "server/schedule/plan.h"

#define USAGE "film PLAYLIST --output FILM.mp4 [--size 16:9 | 9:16 | 1:1] [--at INSTANT]"
/* The times on slides; films are of the Métropole. */
#define TIME_ZONE "Europe/Paris"

struct format {
    const char *name;
    int width, height;
};

static const struct format *find_format(const char *name)
{
    static const struct format formats[] = {
        {"16:9", 1920, 1080}, {"9:16", 1080, 1920}, {"1:1", 1080, 1080}};

    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        if (name == NULL || strcmp(formats[i].name, name) == 0)
            return &formats[i];
    }
    return NULL;
}

/* Sealed, as vitrine-render takes it. */
static bool write_manifest(struct command *command, const struct sign_keys *keys,
                           const struct manifest *manifest, const char *path)
{
    struct strbuf json, sealed;

    strbuf_init(&json);
    strbuf_init(&sealed);
    manifest_encode(manifest, &json);
    manifest_seal(json.bytes, json.length, keys, &sealed);
    bool written = file_write_atomic(path, sealed.bytes, sealed.length, 0600, &command->error);
    strbuf_finish(&json);
    strbuf_finish(&sealed);
    return written;
}

/* vitrine-render tells its progress and what is wrong on our standard error. */
static bool run_renderer(struct command *command, const struct sign_keys *keys,
                         const char *manifest_path, const char *at)
{
    extern char **environ;
    char renderer[PATH_MAX], key[SIGN_PUBLIC_HEX_SIZE];
    const char *program = command_renderer(command, renderer, sizeof(renderer));
    int status = 0;
    pid_t child;

    hex_encode(keys->public.bytes, SIGN_PUBLIC_SIZE, key);
    const char *argv[] = {program,      "film",
                          "--manifest", manifest_path,
                          "--key",      key,
                          "--media",    command->media_folder,
                          "--at",       at,
                          "-o",         command->options.output,
                          "--lang",     lang_tag(command->lang),
                          NULL};
    int failed = program == NULL ? ENOENT
                                 : posix_spawnp(&child, program, NULL, NULL,
                                                (char *const *)(uintptr_t)argv, environ);
    if (failed != 0)
        return error_set_errno(&command->error, failed, "impossible de lancer vitrine-render",
                               "cannot start vitrine-render");
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    return (WIFEXITED(status) && WEXITSTATUS(status) == 0) ||
           error_set(&command->error, ERROR_INTERNAL, "le film n’a pas pu être fait",
                     "the film could not be made");
}

static bool film(struct command *command, const struct format *format, int64_t at_ms)
{
    char path[PATH_MAX], at[32];
    struct sign_keys keys;

    int64_t mark = clock_mono_ns(&command->clock);
    if (snprintf(path, sizeof(path), "%s.%d-%lld.manifest", command->options.output, (int)getpid(),
                 (long long)mark) >= (int)sizeof(path))
        return error_set(&command->error, ERROR_INVALID, "le chemin « %s » est trop long",
                         "the path \"%s\" is too long", command->options.output);
    if (!command_open(command) || !command_keys(command, &keys))
        return false;
    struct manifest *manifest =
        assemble_playlist(command->db, &command->media, command->words[0], TIME_ZONE, format->width,
                          format->height, at_ms, &command->error);
    if (manifest == NULL)
        return false;
    civil_format_instant(at_ms, at, sizeof(at));
    bool filmed =
        write_manifest(command, &keys, manifest, path) && run_renderer(command, &keys, path, at);
    unlink(path);
    manifest_destroy(manifest);
    return filmed;
}

int command_film(struct command *command)
{
    const struct format *format = find_format(command->options.size);
    int64_t at_ms = clock_wall_ms(&command->clock);

    if (command->word_count != 1 || command->options.output == NULL || format == NULL ||
        (command->options.at != NULL && !civil_parse_instant(command->options.at, &at_ms)))
        return command_misused(command, USAGE);
    if (!film(command, format, at_ms))
        return command_fail(command);
    puts(command->options.output);
    return COMMAND_DONE;
}
