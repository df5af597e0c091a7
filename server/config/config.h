/* The server's settings: one table of keys says what each is called, what it may be, what it is
 * when nobody says anything, and what it is for. Values come from the settings file, over it the
 * environment (VITRINE_<KEY>), over both the command line. The table also writes the reference in
 * docs/exploitation.md and the example of a settings file. A struct config is filled before threads
 * are made and only read afterwards. */
#ifndef VITRINE_SERVER_CONFIG_CONFIG_H
#define VITRINE_SERVER_CONFIG_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/error.h"
#include "core/strbuf.h"

/* Read when it is there and no other file is named. */
#define CONFIG_FILE_DEFAULT "/etc/vitrine/server.conf"
#define CONFIG_ADDRESSES_MAX 32

enum config_key {
    CONFIG_DATA,
    CONFIG_LISTEN,
    CONFIG_METRICS_LISTEN,
    CONFIG_PUBLIC_URL,
    CONFIG_SECURE,
    CONFIG_ASSETS,
    CONFIG_RENDERER,
    CONFIG_WORKER,
    CONFIG_LOG_LEVEL,
    CONFIG_UPLOAD_MAX_BYTES,
    CONFIG_PLAYS_KEPT_DAYS,
    CONFIG_SUMS_KEPT_DAYS,
    CONFIG_BACKUP_FOLDER,
    CONFIG_BACKUPS_KEPT,
    CONFIG_DISK_FREE_MIN_BYTES,
    CONFIG_FETCH_ALLOW,
    CONFIG_OIDC_ISSUER,
    CONFIG_OIDC_CLIENT_ID,
    CONFIG_OIDC_CLIENT_SECRET_FILE,
    CONFIG_OIDC_LABEL,
    CONFIG_OIDC_LINK_BY_EMAIL,
    CONFIG_OIDC_LOOPBACK_HTTP,
    CONFIG_MAIL_SERVER,
    CONFIG_MAIL_SECURITY,
    CONFIG_MAIL_FROM,
    CONFIG_MAIL_USER,
    CONFIG_MAIL_PASSWORD_FILE,
    CONFIG_MAIL_CA_FILE,
    CONFIG_KEYS
};

enum config_type {
    CONFIG_TYPE_TEXT,
    CONFIG_TYPE_PATH,
    CONFIG_TYPE_LISTEN, /* address:port, [address]:port, :port */
    CONFIG_TYPE_URL,    /* http:// or https:// */
    CONFIG_TYPE_FLAG,   /* yes or no (also oui, non, 1, 0) */
    CONFIG_TYPE_INT,
    CONFIG_TYPE_BYTES,     /* a number, with K, M or G if need be: of 1024 */
    CONFIG_TYPE_CHOICE,    /* one of `choices` */
    CONFIG_TYPE_ADDRESSES, /* addresses or networks, with spaces or commas: 10.1.2.3, fd00::/8 */
};

enum config_source {
    CONFIG_FROM_DEFAULT,
    CONFIG_FROM_FILE,
    CONFIG_FROM_ENVIRONMENT,
    CONFIG_FROM_OPTION,
};

struct config_entry {
    const char *name; /* "metrics_listen"; VITRINE_METRICS_LISTEN, --metrics-listen */
    enum config_type type;
    const char *fallback; /* "": none */
    int64_t min, max;     /* of numbers; `max` also of a text's bytes */
    const char *choices;  /* "debug info warn error" */
    bool may_be_empty;
    bool file_only; /* neither by the environment nor by the command line */
    const char *fr;
    const char *en;
};

extern const struct config_entry config_entries[CONFIG_KEYS];

struct config_value {
    const char *text;
    int64_t number; /* of flags, numbers and bytes */
    enum config_source source;
    int line; /* in the file */
};

struct config {
    struct arena *arena; /* borrowed: what texts live in */
    const char *file;    /* NULL: none was read */
    struct config_value values[CONFIG_KEYS];
};

/* Defaults, then the file, then the environment. `file` NULL: $VITRINE_CONFIG, else
 * CONFIG_FILE_DEFAULT when it is there. Unknown keys, keys given twice and values that are wrong
 * are errors with file and line, or with the variable's name. */
bool config_load(struct config *config, const char *file, struct arena *arena, struct error *err)
    __attribute__((warn_unused_result));
/* One value from the command line. */
bool config_set_option(struct config *config, enum config_key key, const char *text,
                       struct error *err) __attribute__((warn_unused_result));
/* The part of config_load that reads a file's bytes; for it and for tests. `name` is for errors. */
bool config_read(struct config *config, const char *name, const char *bytes, size_t length,
                 struct error *err) __attribute__((warn_unused_result));
void config_defaults(struct config *config, struct arena *arena);

/* "" when there is none. */
const char *config_text(const struct config *config, enum config_key key);
int64_t config_number(const struct config *config, enum config_key key);
bool config_flag(const struct config *config, enum config_key key);
/* Whether anybody has said it. */
bool config_given(const struct config *config, enum config_key key);
/* Address and port of a value that looks like 127.0.0.1:8080; ":8080" means all addresses. False on
 * anything else. */
bool config_listen(const char *text, char *address_out, size_t size, int *port_out)
    __attribute__((warn_unused_result));

/* config_describe.c: "defaut", "/etc/vitrine/server.conf:12", "VITRINE_DATA", "--data". */
const char *config_origin(const struct config *config, enum config_key key, enum lang lang,
                          char *buf, size_t size);
/* Every effective value and where it comes from. */
void config_print(const struct config *config, enum lang lang, struct strbuf *out);
/* The table of docs/exploitation.md, in Markdown, and a settings file in which everything is
 * commented out. */
void config_reference(enum lang lang, struct strbuf *out);
void config_example(enum lang lang, struct strbuf *out);

#endif
