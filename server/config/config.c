#include "server/config/config.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/files.h"
#include "core/utf8.h"

#define FILE_MAX (256 * 1024)
#define TEXT_MAX 4096

bool config_listen(const char *text, char *address_out, size_t size, int *port_out)
{
    const char *colon = strrchr(text, ':');
    unsigned char bytes[sizeof(struct in6_addr)];
    char *end;

    if (colon == NULL || !isdigit((unsigned char)colon[1]))
        return false;
    long port = strtol(colon + 1, &end, 10);
    size_t length = (size_t)(colon - text);
    bool bracketed = length >= 2 && text[0] == '[' && text[length - 1] == ']';
    if (bracketed) {
        text++;
        length -= 2;
    }
    if (*end != '\0' || port > 65535 || length >= size)
        return false;
    memcpy(address_out, text, length);
    address_out[length] = '\0';
    *port_out = (int)port;
    if (length == 0 && !bracketed) {
        memcpy(address_out, "0.0.0.0", sizeof("0.0.0.0"));
        return true;
    }
    return inet_pton(bracketed ? AF_INET6 : AF_INET, address_out, bytes) == 1;
}

static bool take_listen(const char *text, struct error *err)
{
    char address[INET6_ADDRSTRLEN + 1];
    int port;

    return config_listen(text, address, sizeof(address), &port) ||
           error_set(err, ERROR_INVALID,
                     "« %s » n’est pas une adresse d’écoute : il en faut une comme 127.0.0.1:8080, "
                     "avec une adresse IP",
                     "\"%s\" is no address to listen on: it looks like 127.0.0.1:8080, with an IP "
                     "address",
                     text);
}

static bool take_url(const char *text, struct error *err)
{
    const char *rest = strncmp(text, "https://", 8) == 0  ? text + 8
                       : strncmp(text, "http://", 7) == 0 ? text + 7
                                                          : "";

    if (*rest != '\0' && *rest != '/' && strpbrk(rest, " \t\"<>\\@#?") == NULL)
        return true;
    return error_set(err, ERROR_INVALID,
                     "« %s » n’est pas une adresse Web : il en faut une comme "
                     "https://vitrine.example, sans nom ni mot de passe",
                     "\"%s\" is no web address: it looks like https://vitrine.example, without "
                     "name or password",
                     text);
}

static bool take_flag(const char *text, int64_t *number_out, struct error *err)
{
    static const char *const words[2][4] = {{"no", "non", "0", "false"},
                                            {"yes", "oui", "1", "true"}};

    for (int value = 0; value < 2; value++) {
        for (size_t i = 0; i < 4; i++) {
            if (strcmp(words[value][i], text) == 0) {
                *number_out = value;
                return true;
            }
        }
    }
    return error_set(err, ERROR_INVALID, "« %s » n’est ni yes ni no",
                     "\"%s\" is neither yes nor no", text);
}

static bool take_number(const struct config_entry *entry, const char *text, int64_t *number_out,
                        struct error *err)
{
    bool bytes = entry->type == CONFIG_TYPE_BYTES;
    size_t digits = strspn(text, "0123456789");
    const char *units = "KMG", *unit = text[digits] != '\0' ? strchr(units, text[digits]) : NULL;
    int shift = unit != NULL ? 10 * (int)(unit - units + 1) : 0;
    int64_t value = digits > 0 && digits <= 15 ? strtoll(text, NULL, 10) : -1;

    if (value < 0 || (text[digits] != '\0' && (!bytes || unit == NULL || text[digits + 1] != '\0')))
        return error_set(err, ERROR_INVALID,
                         bytes ? "« %s » n’est pas une taille : 500M, 2G ou un nombre d’octets"
                               : "« %s » n’est pas un nombre",
                         bytes ? "\"%s\" is no size: 500M, 2G or a number of bytes"
                               : "\"%s\" is no number",
                         text);
    if (value > entry->max >> shift || value << shift < entry->min)
        return error_set(err, ERROR_INVALID, "« %s » n’est pas entre %lld et %lld",
                         "\"%s\" is not between %lld and %lld", text, (long long)entry->min,
                         (long long)entry->max);
    *number_out = value << shift;
    return true;
}

static bool take_choice(const struct config_entry *entry, const char *text, struct error *err)
{
    size_t length = strlen(text);

    for (const char *at = entry->choices; *at != '\0'; at += strspn(at, " ")) {
        size_t word = strcspn(at, " ");
        if (word == length && strncmp(at, text, word) == 0)
            return true;
        at += word;
    }
    return error_set(err, ERROR_INVALID, "« %s » n’est pas un de : %s", "\"%s\" is none of: %s",
                     text, entry->choices);
}

/* One address, or a network as address/bits. */
static bool address_valid(const char *text)
{
    unsigned char bytes[sizeof(struct in6_addr)];
    char address[INET6_ADDRSTRLEN];
    size_t length = strcspn(text, "/");
    int most = 0;

    if (length >= sizeof(address))
        return false;
    memcpy(address, text, length);
    address[length] = '\0';
    if (inet_pton(AF_INET, address, bytes) == 1)
        most = 32;
    else if (inet_pton(AF_INET6, address, bytes) == 1)
        most = 128;
    if (most == 0 || text[length] == '\0')
        return most != 0;
    const char *bits = text + length + 1;
    size_t digits = strspn(bits, "0123456789");
    return digits > 0 && digits <= 3 && bits[digits] == '\0' && strtol(bits, NULL, 10) <= most;
}

static bool take_addresses(const char *text, struct error *err)
{
    char word[INET6_ADDRSTRLEN + 4];
    size_t count = 0;

    for (const char *at = text + strspn(text, " ,"); *at != '\0'; at += strspn(at, " ,")) {
        size_t length = strcspn(at, " ,");
        bool fits = length < sizeof(word) && ++count <= CONFIG_ADDRESSES_MAX;
        if (fits) {
            memcpy(word, at, length);
            word[length] = '\0';
        }
        if (!fits || !address_valid(word))
            return error_set(err, ERROR_INVALID,
                             "« %.*s » n’est ni une adresse ni un réseau comme 10.1.2.0/24 (%d au "
                             "plus)",
                             "\"%.*s\" is neither an address nor a network such as 10.1.2.0/24 (%d "
                             "at most)",
                             (int)length, at, CONFIG_ADDRESSES_MAX);
        at += length;
    }
    return true;
}

static bool take_text(const struct config_entry *entry, const char *text, struct error *err)
{
    size_t most = entry->type == CONFIG_TYPE_TEXT ? (size_t)entry->max : TEXT_MAX;

    return strlen(text) <= most ||
           error_set(err, ERROR_LIMIT, "plus de %zu octets", "more than %zu bytes", most);
}

static bool check(const struct config_entry *entry, const char *text, int64_t *number_out,
                  struct error *err)
{
    if (!utf8_valid(text, strlen(text)))
        return error_set(err, ERROR_INVALID, "ce n’est pas de l’UTF-8", "this is not UTF-8");
    for (const char *at = text; *at != '\0'; at++) {
        if ((unsigned char)*at < ' ')
            return error_set(err, ERROR_INVALID, "caractère de commande", "control character");
    }
    if (*text == '\0')
        return entry->may_be_empty ||
               error_set(err, ERROR_INVALID, "il manque une valeur", "a value is missing");
    switch (entry->type) {
    case CONFIG_TYPE_LISTEN:
        return take_listen(text, err);
    case CONFIG_TYPE_URL:
        return take_url(text, err);
    case CONFIG_TYPE_FLAG:
        return take_flag(text, number_out, err);
    case CONFIG_TYPE_INT:
    case CONFIG_TYPE_BYTES:
        return take_number(entry, text, number_out, err);
    case CONFIG_TYPE_CHOICE:
        return take_choice(entry, text, err);
    case CONFIG_TYPE_ADDRESSES:
        return take_addresses(text, err);
    case CONFIG_TYPE_TEXT:
    case CONFIG_TYPE_PATH:
        return take_text(entry, text, err);
    }
    return false;
}

static bool take(struct config *config, enum config_key key, const char *text,
                 enum config_source source, int line, struct error *err)
{
    const struct config_entry *entry = &config_entries[key];
    int64_t number = 0;

    if (!check(entry, text, &number, err)) {
        error_field(err, entry->name);
        return false;
    }
    config->values[key] = (struct config_value){.text = arena_strdup(config->arena, text),
                                                .number = number,
                                                .source = source,
                                                .line = line};
    return true;
}

void config_defaults(struct config *config, struct arena *arena)
{
    struct error ignored;

    *config = (struct config){.arena = arena};
    for (enum config_key key = 0; key < CONFIG_KEYS; key++) {
        if (!take(config, key, config_entries[key].fallback, CONFIG_FROM_DEFAULT, 0, &ignored))
            abort(); /* the table is wrong */
    }
}

static bool find_key(const char *name, size_t length, enum config_key *key_out)
{
    for (enum config_key key = 0; key < CONFIG_KEYS; key++) {
        if (strlen(config_entries[key].name) == length &&
            strncmp(config_entries[key].name, name, length) == 0) {
            *key_out = key;
            return true;
        }
    }
    return false;
}

/* `line` is without its end and without blanks around. */
static bool read_line(struct config *config, const char *line, size_t length, int number,
                      struct error *err)
{
    enum config_key key;

    if (length == 0 || line[0] == '#')
        return true;
    const char *equals = memchr(line, '=', length);
    if (equals == NULL)
        return error_set(err, ERROR_INVALID, "il faut « clé = valeur »",
                         "\"key = value\" is wanted");
    size_t name = (size_t)(equals - line);
    while (name > 0 && (line[name - 1] == ' ' || line[name - 1] == '\t'))
        name--;
    if (!find_key(line, name, &key))
        return error_set(err, ERROR_INVALID,
                         "réglage inconnu : « %.*s » ; « vitrine-server config » les dit tous",
                         "unknown setting: \"%.*s\"; \"vitrine-server config\" tells them all",
                         name > 60 ? 60 : (int)name, line);
    if (config->values[key].source == CONFIG_FROM_FILE)
        return error_set(err, ERROR_INVALID, "« %s » est déjà à la ligne %d",
                         "\"%s\" is on line %d already", config_entries[key].name,
                         config->values[key].line);
    const char *value = equals + 1, *end = line + length;
    while (value < end && (*value == ' ' || *value == '\t'))
        value++;
    char *text = arena_strndup(config->arena, value, (size_t)(end - value));
    return take(config, key, text, CONFIG_FROM_FILE, number, err);
}

bool config_read(struct config *config, const char *name, const char *bytes, size_t length,
                 struct error *err)
{
    const char *end = bytes + length;
    int number = 1;

    if (memchr(bytes, '\0', length) != NULL) {
        error_set(err, ERROR_INVALID, "le fichier contient un octet nul",
                  "the file contains a null byte");
        error_at(err, name, 0);
        return false;
    }
    for (const char *line = bytes; line < end; number++) {
        const char *next = memchr(line, '\n', (size_t)(end - line));
        const char *last = next != NULL ? next : end;
        const char *first = line;
        while (first < last && (*first == ' ' || *first == '\t'))
            first++;
        const char *stop = last;
        while (stop > first && (stop[-1] == ' ' || stop[-1] == '\t' || stop[-1] == '\r'))
            stop--;
        if (!read_line(config, first, (size_t)(stop - first), number, err)) {
            error_at(err, name, number);
            return false;
        }
        line = next != NULL ? next + 1 : end;
    }
    config->file = arena_strdup(config->arena, name);
    return true;
}

static bool read_file(struct config *config, const char *path, struct error *err)
{
    char *bytes;
    size_t length;

    if (!file_read(path, FILE_MAX, &bytes, &length, err)) {
        error_at(err, path, 0);
        return false;
    }
    bool ok = config_read(config, path, bytes, length, err);
    free(bytes);
    return ok;
}

/* An empty variable is as good as none: units and containers set them so. */
static bool read_environment(struct config *config, struct error *err)
{
    char variable[64] = "VITRINE_";

    for (enum config_key key = 0; key < CONFIG_KEYS; key++) {
        const char *name = config_entries[key].name;
        size_t i = 0;
        for (; name[i] != '\0'; i++)
            variable[8 + i] = (char)toupper((unsigned char)name[i]);
        variable[8 + i] = '\0';
        const char *text = getenv(variable);
        if (text == NULL || *text == '\0')
            continue;
        if (config_entries[key].file_only)
            error_set(err, ERROR_INVALID, "ce réglage ne se donne que dans le fichier de réglages",
                      "this can be set in the settings file only");
        if (config_entries[key].file_only ||
            !take(config, key, text, CONFIG_FROM_ENVIRONMENT, 0, err)) {
            error_at(err, variable, 0);
            return false;
        }
    }
    return true;
}

bool config_load(struct config *config, const char *file, struct arena *arena, struct error *err)
{
    const char *named = file != NULL ? file : getenv("VITRINE_CONFIG");

    config_defaults(config, arena);
    if (named == NULL || *named == '\0')
        named = file_exists(CONFIG_FILE_DEFAULT) ? CONFIG_FILE_DEFAULT : NULL;
    return (named == NULL || read_file(config, named, err)) && read_environment(config, err);
}

bool config_set_option(struct config *config, enum config_key key, const char *text,
                       struct error *err)
{
    return take(config, key, text, CONFIG_FROM_OPTION, 0, err);
}

const char *config_text(const struct config *config, enum config_key key)
{
    return config->values[key].text;
}

int64_t config_number(const struct config *config, enum config_key key)
{
    return config->values[key].number;
}

bool config_flag(const struct config *config, enum config_key key)
{
    return config->values[key].number != 0;
}

bool config_given(const struct config *config, enum config_key key)
{
    return config->values[key].source != CONFIG_FROM_DEFAULT;
}
