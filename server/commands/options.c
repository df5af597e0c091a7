/* Options of the command line: their table, and the settings under them. */
#include <getopt.h>
#include <stddef.h>
#include <string.h>

#include "core/log.h"
#include "server/commands/internal.h"

enum option_kind { OPTION_TEXT, OPTION_LIST, OPTION_FLAG };

struct option_entry {
    const char *name;
    enum option_kind kind;
    size_t offset; /* in struct options */
};

#define TEXT(name, member)                                                                         \
    {                                                                                              \
        name, OPTION_TEXT, offsetof(struct options, member)                                        \
    }
#define LIST(name, member)                                                                         \
    {                                                                                              \
        name, OPTION_LIST, offsetof(struct options, member)                                        \
    }
#define FLAG(name, member)                                                                         \
    {                                                                                              \
        name, OPTION_FLAG, offsetof(struct options, member)                                        \
    }

static const struct option_entry entries[] = {
    TEXT("config", config),
    TEXT("as", screen),
    TEXT("at", at),
    TEXT("user", user),
    TEXT("password-file", password_file),
    TEXT("role", role),
    TEXT("playlists", playlists),
    TEXT("kind", kind),
    TEXT("fingerprint", fingerprint),
    TEXT("date", date),
    TEXT("title", title),
    TEXT("text", text),
    TEXT("for", length),
    TEXT("from", from),
    TEXT("until", until),
    TEXT("keep", keep),
    TEXT("output", output),
    TEXT("size", size),
    LIST("screen", screens),
    LIST("group", groups),
    LIST("site", sites),
    TEXT("email", email),
    FLAG("alert", alert),
    FLAG("all", all),
    FLAG("csv", csv),
    FLAG("new-epoch", new_epoch),
    FLAG("replace", replace),
    FLAG("quiet", quiet),
    FLAG("verbose", verbose),
    FLAG("help", help),
    FLAG("version", version),
    FLAG("force", force),
    FLAG("example", example),
    FLAG("reference", reference),
    FLAG("check", check),
    FLAG("refused", refused),
};
#define ENTRIES (sizeof(entries) / sizeof(entries[0]))

/* Codes that getopt gives: entries, then settings. */
#define CODE_ENTRY 1000
#define CODE_SETTING 2000

/* Every setting is an option too: "metrics_listen" is --metrics-listen. Names live in the arena. */
static struct option *long_options(struct arena *arena)
{
    struct option *all = arena_array(arena, ENTRIES + CONFIG_KEYS + 1, sizeof(*all));
    struct option *at = all;

    for (size_t i = 0; i < ENTRIES; i++)
        *at++ = (struct option){entries[i].name,
                                entries[i].kind == OPTION_FLAG ? no_argument : required_argument,
                                NULL, CODE_ENTRY + (int)i};
    for (int key = 0; key < CONFIG_KEYS; key++) {
        if (config_entries[key].file_only)
            continue;
        char *name = arena_strdup(arena, config_entries[key].name);
        for (char *c = name; *c != '\0'; c++)
            *c = *c == '_' ? '-' : *c;
        *at++ = (struct option){
            name, config_entries[key].type == CONFIG_TYPE_FLAG ? no_argument : required_argument,
            NULL, CODE_SETTING + key};
    }
    return all;
}

/* getopt would say it in English. At the end of a word of short options optind has moved on. */
static void print_bad_option(enum lang lang, int code, const char *word)
{
    size_t length = strcspn(word, "=");

    if (code == ':')
        fprintf(stderr,
                lang_pick(lang, "vitrine-server : il manque une valeur après %.*s\n",
                          "vitrine-server: a value is missing after %.*s\n"),
                (int)length, word);
    else if (word[length] == '=' && optopt != 0)
        fprintf(stderr,
                lang_pick(lang, "vitrine-server : %.*s ne prend pas de valeur\n",
                          "vitrine-server: %.*s takes no value\n"),
                (int)length, word);
    else
        fprintf(
            stderr,
            lang_pick(lang,
                      "vitrine-server : option inconnue ou abrégée de plusieurs façons : %.*s\n",
                      "vitrine-server: option unknown, or short for several: %.*s\n"),
            (int)length, word);
    fputs(lang_pick(lang, "« vitrine-server --help » les dit toutes.\n",
                    "\"vitrine-server --help\" tells them all.\n"),
          stderr);
}

/* False when the option was given too often. */
static bool take_entry(struct options *options, const struct option_entry *entry)
{
    char *place = (char *)options + entry->offset;
    struct option_list *list;

    switch (entry->kind) {
    case OPTION_TEXT:
        memcpy(place, &optarg, sizeof(optarg));
        break;
    case OPTION_FLAG:
        *(bool *)place = true;
        break;
    case OPTION_LIST:
        list = (struct option_list *)place;
        if (list->count == OPTION_LIST_MAX)
            return false;
        list->items[list->count++] = optarg;
        break;
    }
    return true;
}

bool options_parse(struct command *command, int argc, char **argv, int *first_out)
{
    const struct option *all = long_options(command->arena);
    int code;

    opterr = 0;
    while ((code = getopt_long(argc, argv, ":h", all, NULL)) != -1) {
        if (code == '?' || code == ':') {
            print_bad_option(command->lang, code, argv[optind - 1]);
            return false;
        }
        if (code == 'h')
            command->options.help = true;
        else if (code >= CODE_SETTING)
            command->settings[code - CODE_SETTING] = optarg != NULL ? optarg : "yes";
        else if (!take_entry(&command->options, &entries[code - CODE_ENTRY])) {
            fprintf(
                stderr,
                lang_pick(command->lang,
                          "vitrine-server : --%s : %d fois au plus ; nommez un groupe, ou --all\n",
                          "vitrine-server: --%s: %d times at most; name a group, or --all\n"),
                entries[code - CODE_ENTRY].name, OPTION_LIST_MAX);
            return false;
        }
    }
    *first_out = optind;
    return true;
}

static enum log_level level_of(const struct command *command)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};
    const char *name = config_text(&command->config, CONFIG_LOG_LEVEL);
    enum log_level level = LOG_DEBUG;

    if (command->options.verbose)
        return LOG_DEBUG;
    if (command->options.quiet)
        return LOG_WARN;
    while (strcmp(names[level], name) != 0)
        level++;
    return level;
}

bool options_settings(struct command *command)
{
    if (!config_load(&command->config, command->options.config, command->arena, &command->error))
        return false;
    for (int key = 0; key < CONFIG_KEYS; key++) {
        if (command->settings[key] != NULL &&
            !config_set_option(&command->config, (enum config_key)key, command->settings[key],
                               &command->error))
            return false;
    }
    log_set_level(level_of(command));
    command->options.data = config_text(&command->config, CONFIG_DATA);
    return true;
}
