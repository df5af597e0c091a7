#include "server/import/event_fields.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/files.h"
#include "core/hash.h"
#include "core/source.h"
#include "core/strbuf.h"
#include "server/calendar/zones.h"
#include "server/import/fields.h"

#define UID_BYTES_MAX 255
#define SHORT_BYTES_MAX 300
#define LONG_BYTES_MAX 4000
#define LOCATION_PARTS_MAX 8
#define ZONE_LINES_MAX 500

static bool reject(const struct event_reader *reader, int line, const char *field, const char *fr,
                   const char *en)
{
    import_report_note(reader->report, IMPORT_REJECTED, line, field, "%s%.0s", "%.0s%s", fr, en);
    return false;
}

static void warn(const struct event_reader *reader, const struct calendar_line *line,
                 const char *fr, const char *en)
{
    import_report_note(reader->report, IMPORT_WARNING, line->line, line->name,
                       "%s%.0s : « %.100s »", "%.0s%s: \"%.100s\"", fr, en, line->value);
}

/* A property's text on one line, "" when it is not there. */
static const char *text_of(const struct event_reader *reader, const struct calendar_block *block,
                           const char *name)
{
    const struct calendar_line *line = calendar_find(block, name);

    return line ? field_tidy(reader->arena, calendar_text(reader->arena, line->value)) : "";
}

/* What screens take: longer texts, which no slide would show, are cut with a warning. */
static const char *cut(const struct event_reader *reader, const struct calendar_block *block,
                       const char *name, const char *text, size_t max)
{
    const struct calendar_line *line = calendar_find(block, name);
    const char *kept = field_cut(reader->arena, text, max);

    if (kept != text)
        import_report_note(reader->report, IMPORT_WARNING, line->line, name,
                           "texte démesuré (%zu octets), coupé à %zu",
                           "text far too long (%zu bytes), cut at %zu", strlen(text), max);
    return kept;
}

static const char *short_text_of(const struct event_reader *reader,
                                 const struct calendar_block *block, const char *name)
{
    return cut(reader, block, name, text_of(reader, block, name), SHORT_BYTES_MAX);
}

/* Paragraphs kept apart. */
static const char *paragraphs_of(const struct event_reader *reader,
                                 const struct calendar_block *block, const char *name)
{
    const struct calendar_line *line = calendar_find(block, name);
    struct strbuf out;

    if (!line)
        return "";
    char *cursor = arena_strdup(reader->arena, calendar_text(reader->arena, line->value));
    char *part;
    strbuf_init(&out);
    while ((part = strsep(&cursor, "\n")) != NULL) {
        const char *tidy = field_tidy(reader->arena, part);
        if (*tidy)
            strbuf_printf(&out, "%s%s", out.length ? "\n" : "", tidy);
    }
    const char *text = arena_strndup(reader->arena, out.bytes, out.length);
    strbuf_finish(&out);
    return text;
}

static const char *hashed(struct arena *arena, const char *prefix, const char *text)
{
    struct sha256 sum;
    char hex[SHA256_HEX_SIZE];

    sha256_of(text, strlen(text), &sum);
    sha256_to_hex(&sum, hex);
    return arena_printf(arena, "%s%.32s", prefix, hex);
}

/* Without a UID the title and the start stand for it, so that a second import finds the same. */
const char *event_uid(const struct event_reader *reader, const struct calendar_block *block)
{
    const char *uid = text_of(reader, block, "UID");
    const struct calendar_line *start = calendar_find(block, "DTSTART");
    const struct calendar_line *instance = calendar_find(block, "RECURRENCE-ID");

    if (!*uid)
        uid = hashed(reader->arena, "sans-uid-",
                     arena_printf(reader->arena, "%s %s", text_of(reader, block, "SUMMARY"),
                                  start ? start->value : ""));
    else if (strlen(uid) > UID_BYTES_MAX)
        uid = hashed(reader->arena, "uid-", uid);
    return instance ? arena_printf(reader->arena, "%s/%s", uid, instance->value) : uid;
}

/* Where "76000 Rouen" begins in the text; NULL when there is no postcode in it. */
static char *find_postcode(char *text)
{
    for (char *at = text; *at; at++) {
        size_t digits = strspn(at, "0123456789");
        if (digits == 5 && (at == text || at[-1] == ' ') && (at[5] == ' ' || !at[5]))
            return at;
        at += digits > 0 ? digits - 1 : 0;
    }
    return NULL;
}

static void set_commune(const struct reference *reference, struct arena *arena, const char *name,
                        const char *postcode, struct event *out)
{
    const struct commune *commune = reference_commune(reference, name, postcode);

    out->code_postal = postcode;
    out->commune = commune ? commune->name : reference_readable(reference, arena, name, postcode);
    out->code_insee = commune ? commune->code_insee : "";
    out->in_metropole = commune != NULL;
}

static size_t split_location(struct arena *arena, const char *location, char **parts)
{
    char *cursor = arena_strdup(arena, location);
    size_t count = 0;
    char *part;

    while (count < LOCATION_PARTS_MAX && (part = strsep(&cursor, ",")) != NULL) {
        char *tidy = arena_strdup(arena, field_tidy(arena, part));
        if (*tidy)
            parts[count++] = tidy;
    }
    if (cursor && count > 0)
        parts[count - 1] = arena_printf(arena, "%s,%s", parts[count - 1], cursor);
    return count;
}

void event_location_read(const struct reference *reference, struct arena *arena,
                         const char *location, struct event *out)
{
    char *parts[LOCATION_PARTS_MAX] = {NULL};
    size_t count = split_location(arena, location, parts);
    size_t first = 0;

    out->place = out->address = "";
    set_commune(reference, arena, "", "", out);
    char *postcode = count > 0 ? find_postcode(parts[count - 1]) : NULL;
    if (postcode) {
        set_commune(reference, arena, postcode[5] ? postcode + 6 : "",
                    arena_strndup(arena, postcode, 5), out);
        if (postcode == parts[count - 1])
            count--;
        else
            postcode[-1] = '\0';
    } else if (count > 0 && reference_commune(reference, parts[count - 1], "")) {
        set_commune(reference, arena, parts[--count], "", out);
    }
    if (count > 0 && (parts[0][0] < '0' || parts[0][0] > '9'))
        out->place = parts[first++];
    for (; first < count; first++)
        out->address = *out->address ? arena_printf(arena, "%s, %s", out->address, parts[first])
                                     : parts[first];
}

/* Only a file below the calendar's own folder. */
static bool is_inside(const char *path)
{
    return *path && *path != '/' && !strchr(path, '\\') && !strchr(path, ':') &&
           strncmp(path, "../", 3) != 0 && !strstr(path, "/../") && strcmp(path, "..") != 0 &&
           strlen(path) < 512;
}

static bool add_image(const struct event_reader *reader, const char *name, struct media_record *out,
                      struct error *err)
{
    char path[4096];

    if (!path_join(path, sizeof(path), reader->folder, name))
        return error_set(err, ERROR_LIMIT, "chemin trop long", "path too long");
    if (!source_check(path, err))
        return false;
    if (!source_is_inside(reader->folder, path))
        return error_set(err, ERROR_DENIED,
                         "ce lien sort du dossier du calendrier ; copiez-y l’image",
                         "this link leads out of the calendar's folder; copy the picture there");
    return media_add_file(reader->media, reader->arena, path, out, err);
}

static const char *read_image(const struct event_reader *reader, const struct calendar_block *block)
{
    const struct calendar_line *line = calendar_find(block, "ATTACH");
    struct media_record record = {0};
    struct error problem = {0};

    if (!line || (calendar_param(reader->arena, line, "FMTTYPE")[0] &&
                  strncasecmp(calendar_param(reader->arena, line, "FMTTYPE"), "image/", 6) != 0))
        return "";
    if (!reader->media || !is_inside(line->value)) {
        warn(reader, line, "image laissée de côté : il faut un fichier à côté du calendrier",
             "picture left out: it must be a file beside the calendar");
        return "";
    }
    if (!add_image(reader, line->value, &record, &problem)) {
        import_report_note(reader->report, IMPORT_WARNING, line->line, line->name,
                           "image « %.100s » laissée de côté : %s%.0s",
                           "picture \"%.100s\" left out: %.0s%s", line->value, problem.fr,
                           problem.en);
        return "";
    }
    return record.sha256;
}

static enum event_status read_status(const struct event_reader *reader,
                                     const struct calendar_block *block)
{
    const char *status = text_of(reader, block, "STATUS");
    const char *ours = text_of(reader, block, "X-VITRINE-STATUT");

    if (reader->calendar->cancelled || strcasecmp(status, "CANCELLED") == 0)
        return EVENT_ANNULE;
    for (int i = EVENT_PROGRAMME; i <= EVENT_ANNULE; i++)
        if (strcasecmp(ours, event_status_tag((enum event_status)i)) == 0)
            return (enum event_status)i;
    return EVENT_PROGRAMME;
}

static int64_t read_sequence(const struct event_reader *reader, const struct calendar_block *block)
{
    const struct calendar_line *line = calendar_find(block, "SEQUENCE");
    char *end;

    if (!line)
        return 0;
    long long sequence = strtoll(line->value, &end, 10);
    if (end != line->value && !*end && sequence >= 0 && sequence < INT32_MAX)
        return sequence;
    warn(reader, line, "numéro de version illisible, compris comme 0",
         "the sequence number cannot be read, taken as 0");
    return 0;
}

static const char *read_url(const struct event_reader *reader, const struct calendar_block *block)
{
    const struct calendar_line *line = calendar_find(block, "URL");
    const char *url = "";

    if (line && *line->value &&
        !field_website(reader->arena, field_tidy(reader->arena, line->value), &url)) {
        warn(reader, line, "adresse web invalide, laissée de côté",
             "invalid web address, left out");
        url = "";
    }
    return url;
}

static const char *read_organiser(const struct event_reader *reader,
                                  const struct calendar_block *block)
{
    const struct calendar_line *line = calendar_find(block, "ORGANIZER");
    const char *name =
        line ? field_tidy(reader->arena, calendar_param(reader->arena, line, "CN")) : "";

    /* Some calendars put an address there, which is not for public screens. */
    return strchr(name, '@') ? "" : name;
}

static bool names_zone(const struct event_reader *reader, const struct calendar_block *block,
                       const char *tzid)
{
    for (size_t i = 0; i < block->count; i++)
        if (strcmp(calendar_param(reader->arena, &block->lines[i], "TZID"), tzid) == 0)
            return true;
    return false;
}

/* A zone of the calendar's own invention, without which the dates could not be read again. */
static void append_zones(const struct event_reader *reader, const struct calendar_block *block,
                         struct strbuf *out)
{
    for (size_t i = 0; i < reader->calendar->zone_count; i++) {
        const struct calendar_block *zone = &reader->calendar->zones[i];
        const struct calendar_line *tzid = calendar_find(zone, "TZID");
        if (!tzid || !*tzid->value || zone->count > ZONE_LINES_MAX || zones_is_known(tzid->value) ||
            !names_zone(reader, block, tzid->value))
            continue;
        strbuf_append(out, "BEGIN:VTIMEZONE\n");
        for (size_t k = 0; k < zone->count; k++)
            strbuf_printf(out, "%s\n", zone->lines[k].text);
        strbuf_append(out, "END:VTIMEZONE\n");
    }
}

/* The lines that say when, as they came. */
static const char *read_recurrence(const struct event_reader *reader,
                                   const struct calendar_block *block)
{
    static const char *const names[] = {"DTSTART", "DTEND",  "DURATION",     "RRULE",
                                        "RDATE",   "EXDATE", "RECURRENCE-ID"};
    struct strbuf out;
    bool first = true;

    strbuf_init(&out);
    append_zones(reader, block, &out);
    for (size_t i = 0; i < block->count; i++)
        for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++)
            if (strcmp(block->lines[i].name, names[k]) == 0) {
                strbuf_printf(&out, "%s%s", first ? "" : "\n", block->lines[i].text);
                first = false;
            }
    const char *text = arena_strndup(reader->arena, out.bytes, out.length);
    strbuf_finish(&out);
    return text;
}

static bool check(const struct event_reader *reader, const struct calendar_block *block)
{
    const char *class = text_of(reader, block, "CLASS");

    if (block->bad_line > 0)
        return reject(reader, block->bad_line, "",
                      "événement refusé : cette ligne n’est pas une propriété",
                      "event rejected: this line is no property");
    if (!*text_of(reader, block, "SUMMARY"))
        return reject(reader, block->line, "SUMMARY", "événement sans titre",
                      "event without a title");
    if (strcasecmp(class, "PRIVATE") == 0 || strcasecmp(class, "CONFIDENTIAL") == 0)
        return reject(reader, block->line, "CLASS",
                      "événement privé : il n’est pas pris pour un affichage public",
                      "private event: it is not taken for public display");
    return true;
}

bool event_fields_read(const struct event_reader *reader, const struct calendar_block *block,
                       struct event *out)
{
    *out = (struct event){0};
    if (!check(reader, block))
        return false;
    if (!*text_of(reader, block, "UID"))
        import_report_note(reader->report, IMPORT_WARNING, block->line, "UID",
                           "événement sans identifiant : reconnu à son titre et à sa date",
                           "event without an identifier: known by its title and date");
    out->uid = event_uid(reader, block);
    out->sequence = read_sequence(reader, block);
    out->title = short_text_of(reader, block, "SUMMARY");
    out->short_title = short_text_of(reader, block, "X-VITRINE-COURT");
    out->description = cut(reader, block, "DESCRIPTION",
                           paragraphs_of(reader, block, "DESCRIPTION"), LONG_BYTES_MAX);
    out->resume = cut(reader, block, "X-VITRINE-RESUME", text_of(reader, block, "X-VITRINE-RESUME"),
                      LONG_BYTES_MAX);
    out->status = read_status(reader, block);
    out->recurrence = read_recurrence(reader, block);
    event_location_read(reader->reference, reader->arena, short_text_of(reader, block, "LOCATION"),
                        out);
    if (!*out->place && !*out->commune)
        import_report_note(
            reader->report, IMPORT_WARNING, block->line, "LOCATION",
            "événement sans lieu : les écrans ne le montreront pas tant qu’il manque",
            "event without a place: screens do not show it as long as it is missing");
    out->organisation = text_of(reader, block, "X-VITRINE-STRUCTURE");
    out->organiser = read_organiser(reader, block);
    out->price = short_text_of(reader, block, "X-VITRINE-TARIF");
    out->access = short_text_of(reader, block, "X-VITRINE-ACCESSIBILITE");
    out->url = read_url(reader, block);
    out->categories = short_text_of(reader, block, "CATEGORIES");
    out->image = read_image(reader, block);
    out->image_alt = cut(reader, block, "X-VITRINE-ALT", text_of(reader, block, "X-VITRINE-ALT"),
                         LONG_BYTES_MAX / 4);
    out->image_credit = short_text_of(reader, block, "X-VITRINE-CREDIT");
    return true;
}
