#include "server/config/config.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* "metrics_listen" as METRICS_LISTEN or metrics-listen. */
static const char *spelled(const char *name, bool upper, char *buf, size_t size)
{
    size_t i = 0;

    for (; name[i] != '\0' && i + 1 < size; i++)
        buf[i] = upper ? (char)toupper((unsigned char)name[i]) : name[i] == '_' ? '-' : name[i];
    buf[i] = '\0';
    return buf;
}

const char *config_origin(const struct config *config, enum config_key key, enum lang lang,
                          char *buf, size_t size)
{
    const struct config_value *value = &config->values[key];
    char name[64];

    switch (value->source) {
    case CONFIG_FROM_FILE:
        snprintf(buf, size, "%s:%d", config->file, value->line);
        break;
    case CONFIG_FROM_ENVIRONMENT:
        snprintf(buf, size, "VITRINE_%s",
                 spelled(config_entries[key].name, true, name, sizeof(name)));
        break;
    case CONFIG_FROM_OPTION:
        snprintf(buf, size, "--%s", spelled(config_entries[key].name, false, name, sizeof(name)));
        break;
    case CONFIG_FROM_DEFAULT:
        snprintf(buf, size, "%s", lang_pick(lang, "défaut", "default"));
        break;
    }
    return buf;
}

void config_print(const struct config *config, enum lang lang, struct strbuf *out)
{
    char origin[4400];

    for (enum config_key key = 0; key < CONFIG_KEYS; key++)
        strbuf_printf(out, "%s = %s%s# %s\n", config_entries[key].name, config->values[key].text,
                      *config->values[key].text != '\0' ? "  " : " ",
                      config_origin(config, key, lang, origin, sizeof(origin)));
}

static const char *type_label(enum config_type type, enum lang lang)
{
    static const char *const labels[][2] = {
        [CONFIG_TYPE_TEXT] = {"texte", "text"},
        [CONFIG_TYPE_PATH] = {"chemin", "path"},
        [CONFIG_TYPE_LISTEN] = {"adresse:port", "address:port"},
        [CONFIG_TYPE_URL] = {"adresse Web", "web address"},
        [CONFIG_TYPE_FLAG] = {"yes ou no", "yes or no"},
        [CONFIG_TYPE_INT] = {"nombre", "number"},
        [CONFIG_TYPE_BYTES] = {"taille (K, M, G)", "size (K, M, G)"},
        [CONFIG_TYPE_CHOICE] = {"un de", "one of"},
        [CONFIG_TYPE_ADDRESSES] = {"adresses, réseaux", "addresses, networks"},
    };

    return labels[type][lang];
}

static void append_bytes(int64_t bytes, struct strbuf *out)
{
    static const char units[] = " KMG";
    int unit = 0;

    for (; unit < 3 && bytes != 0 && bytes % 1024 == 0; unit++)
        bytes /= 1024;
    strbuf_printf(out, "%lld", (long long)bytes);
    if (unit > 0)
        strbuf_append_char(out, units[unit]);
}

static void append_type(const struct config_entry *entry, enum lang lang, struct strbuf *out)
{
    strbuf_append(out, type_label(entry->type, lang));
    switch (entry->type) {
    case CONFIG_TYPE_CHOICE:
        strbuf_printf(out, " %s", entry->choices);
        break;
    case CONFIG_TYPE_INT:
        strbuf_printf(out, lang_pick(lang, ", %lld à %lld", ", %lld to %lld"),
                      (long long)entry->min, (long long)entry->max);
        break;
    case CONFIG_TYPE_BYTES:
        strbuf_append(out, ", ");
        append_bytes(entry->min, out);
        strbuf_append(out, lang_pick(lang, " à ", " to "));
        append_bytes(entry->max, out);
        break;
    case CONFIG_TYPE_TEXT:
        strbuf_printf(out, lang_pick(lang, ", %lld octets au plus", ", %lld bytes at most"),
                      (long long)entry->max);
        break;
    default:
        break;
    }
}

void config_reference(enum lang lang, struct strbuf *out)
{
    strbuf_append(out, lang_pick(lang, "| clé | valeur | défaut | à quoi elle sert |\n",
                                 "| key | value | default | what it is for |\n"));
    strbuf_append(out, "|---|---|---|---|\n");
    for (enum config_key key = 0; key < CONFIG_KEYS; key++) {
        const struct config_entry *entry = &config_entries[key];
        strbuf_printf(out, "| `%s` | ", entry->name);
        append_type(entry, lang, out);
        if (*entry->fallback != '\0')
            strbuf_printf(out, " | `%s` | ", entry->fallback);
        else
            strbuf_append(out, " | | ");
        strbuf_append(out, lang_pick(lang, entry->fr, entry->en));
        if (entry->file_only)
            strbuf_append(out,
                          lang_pick(lang, " ; dans le fichier seulement", "; in the file only"));
        strbuf_append(out, " |\n");
    }
}

/* Words of a comment, on lines of at most 98 characters. */
static void append_comment(const char *text, struct strbuf *out)
{
    size_t column = 0;

    while (*text != '\0') {
        size_t word = strcspn(text, " "), characters = 0;
        for (size_t i = 0; i < word; i++)
            characters += ((unsigned char)text[i] & 0xc0) != 0x80;
        if (column == 0 || column + 1 + characters > 98) {
            strbuf_append(out, column == 0 ? "#" : "\n#");
            column = 1;
        }
        strbuf_append_char(out, ' ');
        strbuf_append_bytes(out, text, word);
        column += 1 + characters;
        text += word;
        text += strspn(text, " ");
    }
    strbuf_append_char(out, '\n');
}

void config_example(enum lang lang, struct strbuf *out)
{
    strbuf_append(out,
                  lang_pick(lang,
                            "# Réglages du serveur Vitrine : " CONFIG_FILE_DEFAULT "\n"
                            "# Après un changement : sudo systemctl restart vitrine-server\n"
                            "# « vitrine-server config » dit ce qui vaut, et d’où cela vient.\n",
                            "# Settings of the Vitrine server: " CONFIG_FILE_DEFAULT "\n"
                            "# After a change: sudo systemctl restart vitrine-server\n"
                            "# \"vitrine-server config\" tells what holds, and where it comes "
                            "from.\n"));
    for (enum config_key key = 0; key < CONFIG_KEYS; key++) {
        const struct config_entry *entry = &config_entries[key];
        strbuf_append_char(out, '\n');
        append_comment(lang_pick(lang, entry->fr, entry->en), out);
        strbuf_printf(out, "#%s =%s%s\n", entry->name, *entry->fallback != '\0' ? " " : "",
                      entry->fallback);
    }
}
