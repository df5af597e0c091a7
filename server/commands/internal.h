/* Shared by the files of server/commands only. */
#ifndef VITRINE_SERVER_COMMANDS_INTERNAL_H
#define VITRINE_SERVER_COMMANDS_INTERNAL_H

#include <limits.h>
#include <stdio.h>

#include "core/arena.h"
#include "core/clock.h"
#include "core/error.h"
#include "core/lang.h"
#include "core/sign.h"
#include "server/commands/commands.h"
#include "server/config/config.h"
#include "server/media/media.h"

#define OPTION_LIST_MAX 64

/* Of an option that may be given several times. */
struct option_list {
    size_t count;
    const char *items[OPTION_LIST_MAX];
};

/* What options say beside settings (server/config); strings are borrowed from them. Every one
 * stands in the table of options.c too. */
struct options {
    const char *config;         /* --config */
    const char *data;           /* the setting "data" */
    const char *screen;         /* --as */
    const char *at;             /* --at */
    const char *user;           /* --user; NULL: nobody in particular */
    const char *password_file;  /* --password-file */
    const char *role;           /* --role */
    const char *playlists;      /* --playlists */
    const char *kind;           /* --kind */
    const char *fingerprint;    /* --fingerprint */
    const char *date;           /* --date */
    const char *title;          /* --title */
    const char *text;           /* --text */
    const char *length;         /* --for */
    const char *from;           /* --from */
    const char *until;          /* --until */
    const char *keep;           /* --keep */
    const char *output;         /* --output */
    const char *size;           /* --size */
    struct option_list screens; /* --screen */
    struct option_list groups;  /* --group */
    struct option_list sites;   /* --site */
    const char *email;          /* --email */
    bool alert;                 /* --alert */
    bool all;                   /* --all */
    bool csv;                   /* --csv */
    bool new_epoch;             /* --new-epoch */
    bool replace;               /* --replace */
    bool quiet;                 /* --quiet */
    bool verbose;               /* --verbose */
    bool help;                  /* --help, -h */
    bool version;               /* --version */
    bool force;                 /* --force */
    bool example;               /* --example */
    bool reference;             /* --reference */
    bool check;                 /* --check */
    bool refused;               /* --refused */
};

/* One run: options, words left after them, and what every command needs. */
struct command {
    struct options options;
    const char *settings[CONFIG_KEYS]; /* given as options; else NULL */
    struct config config;
    int word_count;
    char **words;
    enum lang lang;
    struct clock clock;
    struct arena *arena;
    struct db *db; /* open for the commands that say so */
    char media_folder[PATH_MAX];
    struct media_store media;
    struct error error;
};

/* A subcommand: commands.c has the table. */
struct command_entry {
    const char *name;
    int (*run)(struct command *command);
    const char *usage; /* words and options after the name */
    const char *fr;
    const char *en;
};
extern const struct command_entry command_entries[];
extern const size_t command_entry_count;

/* usage.c: of one command, or of all. */
void usage_print(FILE *out, enum lang lang, const struct command_entry *only);
/* options.c: options into *command; the words left begin at *first_out. Settings are loaded once
 * the options are known, which have it over them. False when it has said what is wrong. */
bool options_parse(struct command *command, int argc, char **argv, int *first_out);
bool options_settings(struct command *command) __attribute__((warn_unused_result));

/* Prints the error and returns COMMAND_FAILED. */
int command_fail(struct command *command);
/* Wrong number of words: prints the command's usage line. */
int command_misused(struct command *command, const char *usage);
/* Whether --data is a data folder; says what to do when it is not. */
bool command_data_exists(struct command *command) __attribute__((warn_unused_result));
/* Opens database and media folder of --data. */
bool command_open(struct command *command);
bool command_keys(struct command *command, struct sign_keys *keys_out);
/* vitrine-render: as the settings say, or beside this program. */
const char *command_renderer(const struct command *command, char *buf, size_t size);

int command_init(struct command *command);
int command_serve(struct command *command);
int command_import(struct command *command);
int command_load(struct command *command);
int command_publish(struct command *command);
int command_screen(struct command *command);
int command_manifest(struct command *command);
int command_explain(struct command *command);
int command_user(struct command *command);
int command_check(struct command *command);
int command_emergency(struct command *command);
int command_plays(struct command *command);
int command_report(struct command *command);
int command_film(struct command *command);
int command_config(struct command *command);
int command_export(struct command *command);
int command_backup(struct command *command);
int command_restore(struct command *command);
/* screen screenshot ÉCRAN */
int command_screenshot(struct command *command, const char *screen);
/* screen identify|restart ÉCRAN */
int command_wish(struct command *command, const char *screen, const char *kind);

#endif
