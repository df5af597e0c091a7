#include "server/content/fields.h"

#include <stdio.h>
#include <string.h>

#include "core/civil.h"

const char *const field_weekday_names[7] = {"mo", "tu", "we", "th", "fr", "sa", "su"};

bool field_id_valid(const char *id)
{
    size_t length = strlen(id);
    return length >= 1 && length <= FIELD_ID_MAX &&
           strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

static bool check_id(const char *id, struct error *err)
{
    if (field_id_valid(id)) {
        return true;
    }
    return error_set(err, ERROR_INVALID,
                     "« %.64s » n’est pas un identifiant ; employez a-z, 0-9 et « - » (1 à 64 "
                     "caractères)",
                     "\"%.64s\" is no identifier; use a-z, 0-9 and \"-\" (1 to 64 characters)", id);
}

bool field_id(const cJSON *object, const char *key, struct arena *arena, const char **id_out,
              struct error *err)
{
    if (!json_get_string(object, key, 0, 1000, arena, id_out, err)) {
        return false;
    }
    return check_id(*id_out, err) || error_field(err, key);
}

bool field_line(const cJSON *object, const char *key, size_t min, size_t max, struct arena *arena,
                const char **text_out, struct error *err)
{
    if (!json_get_string(object, key, min, max, arena, text_out, err)) {
        return false;
    }
    if (min > 0 && strspn(*text_out, " ") == strlen(*text_out)) {
        error_set(err, ERROR_INVALID, "ce texte est vide ; il est obligatoire",
                  "this text is empty; it is needed");
        return error_field(err, key);
    }
    for (const char *p = *text_out; *p != '\0'; p++) {
        if ((unsigned char)*p < 0x20 || *p == 0x7F) {
            error_set(err, ERROR_INVALID,
                      "ce texte tient sur une ligne, sans caractère de commande",
                      "this text is one line, without control characters");
            return error_field(err, key);
        }
    }
    return true;
}

bool field_optional_text(const cJSON *object, const char *key, size_t max, struct arena *arena,
                         const char **text_out, struct error *err)
{
    *text_out = "";
    return !json_has(object, key) || json_get_string(object, key, 0, max, arena, text_out, err);
}

bool field_optional_url(const cJSON *object, const char *key, struct arena *arena,
                        const char **url_out, struct error *err)
{
    if (!field_optional_text(object, key, FIELD_URL_MAX, arena, url_out, err)) {
        return false;
    }
    const char *url = *url_out;
    if (url[0] == '\0') {
        return true;
    }
    size_t scheme = strncmp(url, "https://", 8) == 0 ? 8 : strncmp(url, "http://", 7) == 0 ? 7 : 0;
    if (scheme > 0 && url[scheme] != '\0' && strpbrk(url, " \t\r\n\"<>\\^`{|}") == NULL) {
        return true;
    }
    error_set(err, ERROR_INVALID,
              "« %.100s » n’est pas une adresse web ; elle commence par https:// et n’a pas "
              "d’espace",
              "\"%.100s\" is no web address; it begins with https:// and has no spaces", url);
    return error_field(err, key);
}

/* A short text that is read and forgotten. */
static const char *short_text(const cJSON *object, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    return cJSON_IsString(item) ? item->valuestring : NULL;
}

bool field_date(const cJSON *object, const char *key, int64_t *day_out, struct error *err)
{
    const char *text = short_text(object, key);
    if (text != NULL && civil_parse_date(text, day_out)) {
        return true;
    }
    if (text == NULL || *text == '\0') {
        error_set(err, ERROR_INVALID, "date absente ; écrivez AAAA-MM-JJ, par exemple 2026-11-24",
                  "date missing; write YYYY-MM-DD, for example 2026-11-24");
        return error_field(err, key);
    }
    error_set(err, ERROR_INVALID,
              "« %.40s » n’est pas une date ; écrivez AAAA-MM-JJ, par exemple 2026-11-24",
              "\"%.40s\" is no date; write YYYY-MM-DD, for example 2026-11-24", text);
    return error_field(err, key);
}

bool field_optional_instant(const cJSON *object, const char *key, int64_t *ms_out,
                            struct error *err)
{
    *ms_out = 0;
    if (!json_has(object, key)) {
        return true;
    }
    const char *text = short_text(object, key);
    if (text != NULL && civil_parse_instant(text, ms_out) && *ms_out > 0) {
        return true;
    }
    error_set(err, ERROR_INVALID,
              "« %.40s » n’est pas un instant ; écrivez date, heure et décalage, par exemple "
              "2026-11-24T08:10:00+01:00",
              "\"%.40s\" is no instant; write date, time and offset, for example "
              "2026-11-24T08:10:00+01:00",
              text != NULL ? text : "");
    return error_field(err, key);
}

bool field_minutes(const cJSON *object, const char *key, bool end, int *minutes_out,
                   struct error *err)
{
    const char *text = short_text(object, key);
    if (text != NULL && civil_parse_time_of_day(text, minutes_out) &&
        (end || *minutes_out < 1440)) {
        return true;
    }
    error_set(
        err, ERROR_INVALID, "« %.40s » n’est pas une heure ; écrivez HH:MM, par exemple 08:10",
        "\"%.40s\" is no time of day; write HH:MM, for example 08:10", text != NULL ? text : "");
    return error_field(err, key);
}

static bool weekday_index(const char *name, unsigned *index_out)
{
    for (unsigned i = 0; i < 7; i++) {
        if (strcmp(name, field_weekday_names[i]) == 0) {
            *index_out = i;
            return true;
        }
    }
    return false;
}

bool field_weekdays(const cJSON *object, const char *key, unsigned *days_out, struct error *err)
{
    size_t count = 0;
    const cJSON *days = json_get_array(object, key, 7, &count, err);
    if (days == NULL) {
        return false;
    }
    *days_out = 0;
    for (const cJSON *day = days->child; day != NULL; day = day->next) {
        unsigned index = 0;
        if (!cJSON_IsString(day) || !weekday_index(day->valuestring, &index)) {
            error_set(err, ERROR_INVALID,
                      "un jour s’écrit mo, tu, we, th, fr, sa ou su (lundi à dimanche)",
                      "a day is written mo, tu, we, th, fr, sa or su (Monday to Sunday)");
            return error_field(err, key);
        }
        if ((*days_out >> index & 1u) != 0) {
            error_set(err, ERROR_INVALID, "le jour « %s » est là deux fois",
                      "the day \"%s\" is there twice", day->valuestring);
            return error_field(err, key);
        }
        *days_out |= 1u << index;
    }
    if (count == 0) {
        error_set(err, ERROR_INVALID, "aucun jour ; retirez ce champ pour tous les jours",
                  "no day; remove this field for every day");
        return error_field(err, key);
    }
    return true;
}

bool field_ids(const cJSON *object, const char *key, size_t max, struct arena *arena,
               struct text_list *ids_out, struct error *err)
{
    size_t count = 0;
    const cJSON *array = json_get_array(object, key, max, &count, err);
    if (array == NULL) {
        return false;
    }
    *ids_out = (struct text_list){0, arena_array(arena, count, sizeof *ids_out->items)};
    for (const cJSON *item = array->child; item != NULL; item = item->next) {
        if (!cJSON_IsString(item)) {
            error_set(err, ERROR_INVALID, "une liste d’identifiants entre guillemets est attendue",
                      "a list of identifiers in quotes is expected");
            return error_field(err, key);
        }
        if (!check_id(item->valuestring, err)) {
            return error_field(err, key);
        }
        for (size_t i = 0; i < ids_out->count; i++) {
            if (strcmp(ids_out->items[i], item->valuestring) == 0) {
                error_set(err, ERROR_INVALID, "« %s » est là deux fois", "\"%s\" is there twice",
                          item->valuestring);
                return error_field(err, key);
            }
        }
        ids_out->items[ids_out->count++] = arena_strdup(arena, item->valuestring);
    }
    return true;
}

void field_in_element(struct error *err, const char *array, size_t index)
{
    char name[64];
    snprintf(name, sizeof name, "%s[%zu]", array, index);
    error_field(err, name);
}
