#include "player/scene/slide_words.h"

#include <ctype.h>
#include <string.h>

#include "core/strbuf.h"
#include "core/utf8.h"
#include "playlists/typography.h"

enum lang slide_words_lang(const struct slide *slide)
{
    enum lang lang = LANG_FR;
    (void)lang_parse(slide->lang, &lang);
    return lang;
}

static const char *typeset(const struct slide *slide, const char *text, struct arena *arena)
{
    if (text == NULL || text[0] == '\0') {
        return NULL;
    }
    struct strbuf out;
    strbuf_init(&out);
    typography_apply(text, slide_words_lang(slide), &out);
    const char *copy = arena_strndup(arena, out.bytes, out.length);
    strbuf_finish(&out);
    return copy;
}

static const char *folded(const char *text, struct arena *arena)
{
    struct strbuf out;
    strbuf_init(&out);
    utf8_fold(text, &out);
    const char *copy = arena_strndup(arena, out.bytes, out.length);
    strbuf_finish(&out);
    return copy;
}

static bool says(const char *text, const char *part, struct arena *arena)
{
    return text != NULL && part != NULL && strstr(folded(text, arena), folded(part, arena)) != NULL;
}

/* The mark above a quotation stands for the editor's own marks. */
static const char *without_quotes(const char *text, struct arena *arena)
{
    static const char *const marks[][2] = {{"«", "»"}, {"“", "”"}, {"\"", "\""}};
    static const char *const spaces[] = {" ", "\u00A0", "\u202F"};
    if (text == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        size_t length = strlen(text), open = strlen(marks[i][0]), close = strlen(marks[i][1]);
        if (length <= open + close || strncmp(text, marks[i][0], open) != 0 ||
            strcmp(text + length - close, marks[i][1]) != 0 ||
            strstr(text + open, marks[i][0]) != NULL) {
            continue;
        }
        const char *start = text + open, *end = text + length - close;
        for (size_t k = 0; k < sizeof spaces / sizeof spaces[0]; k++) {
            size_t size = strlen(spaces[k]);
            if ((size_t)(end - start) > 2 * size) {
                start += strncmp(start, spaces[k], size) == 0 ? size : 0;
                end -= strncmp(end - size, spaces[k], size) == 0 ? size : 0;
            }
        }
        return arena_strndup(arena, start, (size_t)(end - start));
    }
    return text;
}

/* "Le Fil du Chêne" is in "gérante du Fil du Chêne". */
static const char *without_article(const char *name)
{
    static const char *const articles[] = {"Le ", "La ", "Les ", "L’", "L'"};
    for (size_t i = 0; name != NULL && i < sizeof articles / sizeof articles[0]; i++) {
        size_t length = strlen(articles[i]);
        if (strncmp(name, articles[i], length) == 0 && name[length] != '\0') {
            return name + length;
        }
    }
    return name;
}

static const char *first_capital(const char *text, struct arena *arena)
{
    if (text == NULL || !islower((unsigned char)text[0])) {
        return text;
    }
    char *copy = arena_strdup(arena, text);
    copy[0] = (char)toupper((unsigned char)copy[0]);
    return copy;
}

static const char *place(const struct slide *slide, struct arena *arena)
{
    const char *text = slide_text(slide, "place"), *commune = slide_text(slide, "commune");
    if (text == NULL || commune == NULL || says(text, commune, arena)) {
        return text;
    }
    return arena_printf(arena, "%s, %s", text, commune);
}

static const char *raw_words(const struct slide *slide, const char *slot, struct arena *arena)
{
    const char *text = slide_text(slide, slot);
    if (strcmp(slot, "credit") == 0) {
        return slide->picture_count > 0 ? slide->pictures[0].credit : NULL;
    }
    if (strcmp(slot, "quote") == 0) {
        return without_quotes(text, arena);
    }
    if (strcmp(slot, "company") == 0) {
        return says(slide_text(slide, "role"), without_article(text), arena) ? NULL : text;
    }
    if (strcmp(slot, "name") == 0) {
        const char *sign = slide_text(slide, "sign");
        return sign != NULL ? sign : text;
    }
    if (strcmp(slot, "legal") == 0) {
        return slide_text(slide, "sign") != NULL ? slide_text(slide, "name") : NULL;
    }
    if (strcmp(slot, "place") == 0) {
        return place(slide, arena);
    }
    if (strcmp(slot, "status") == 0) {
        return first_capital(text, arena);
    }
    if (strcmp(slot, "organiser") == 0 && text != NULL) {
        const char *by = lang_pick(slide_words_lang(slide), "Organisé par", "Hosted by");
        return arena_printf(arena, "%s %s", by, text);
    }
    if (strcmp(slot, "fingerprint") == 0 && text != NULL) {
        const char *what = lang_pick(slide_words_lang(slide), "Empreinte :", "Fingerprint:");
        return arena_printf(arena, "%s %s", what, text);
    }
    return text;
}

const char *slide_words(const struct slide *slide, const char *slot, struct arena *arena)
{
    return typeset(slide, raw_words(slide, slot, arena), arena);
}

const char *slide_words_short(const struct slide *slide, struct arena *arena)
{
    return typeset(slide, slide_text(slide, "short_title"), arena);
}

/* Bytes of a space that keeps what is around it together; 0: there is none. */
static size_t tight_space(const char *text)
{
    return strncmp(text, "\u00A0", 2) == 0 ? 2 : strncmp(text, "\u202F", 3) == 0 ? 3 : 0;
}

const char *slide_words_loose(const char *text, struct arena *arena)
{
    if (text == NULL) {
        return NULL;
    }
    char *copy = arena_strdup(arena, text), *out = copy;
    while (*text != '\0') {
        size_t length = tight_space(text);
        bool hour = text[length] == 'h' || (out > copy && out[-1] == 'h');
        if (length > 0 && !hour) {
            *out++ = ' ';
            text += length;
        } else {
            *out++ = *text++;
        }
    }
    *out = '\0';
    return copy;
}

const char *slide_words_title(const struct slide *slide, struct arena *arena)
{
    return typeset(slide, slide->title, arena);
}

bool slide_words_date(const char *date, struct arena *arena, struct slide_date *date_out)
{
    const char *parts[4] = {0};
    size_t count = 0;
    const char *cursor = date;
    while (*cursor != '\0' && count < 4) {
        size_t length = 0;
        while (cursor[length] != '\0' && cursor[length] != ' ' &&
               strncmp(cursor + length, "\u00A0", 2) != 0 &&
               strncmp(cursor + length, "\u202F", 3) != 0) {
            length++;
        }
        parts[count++] = arena_strndup(arena, cursor, length);
        cursor += length;
        cursor += *cursor == ' ' ? 1 : *cursor == '\0' ? 0 : (unsigned char)*cursor == 0xC2 ? 2 : 3;
    }
    bool day = count >= 3 && isdigit((unsigned char)parts[1][0]) && strlen(parts[1]) <= 4;
    bool year = count < 4 || (isdigit((unsigned char)parts[3][0]) && strlen(parts[3]) == 4);
    if (!day || !year || *cursor != '\0' || isdigit((unsigned char)parts[2][0])) {
        return false;
    }
    *date_out = (struct slide_date){parts[0], parts[1], parts[2]};
    if (count == 4) {
        date_out->month = arena_printf(arena, "%s %s", parts[2], parts[3]);
    }
    return true;
}

enum slide_status slide_words_status(const char *status)
{
    static const char *const off[] = {"Annul",   "Cancel",  "Report", "Reprogram",
                                      "Postpon", "Resched", "Déplac", "Moved"};
    for (size_t i = 0; i < sizeof off / sizeof off[0]; i++) {
        if (strncmp(status, off[i], strlen(off[i])) == 0) {
            return STATUS_OFF;
        }
    }
    return STATUS_PLAIN;
}

/* Beginnings of folded words of sectors and of the NAF's labels. */
static const struct {
    const char *stem;
    enum icon icon;
} stems[] = {
    {"aliment", ICON_FOOD},      {"restaur", ICON_FOOD},       {"traiteur", ICON_FOOD},
    {"boulang", ICON_FOOD},      {"cultures", ICON_LEAF},      {"maraich", ICON_LEAF},
    {"legumes", ICON_LEAF},      {"espaces", ICON_LEAF},       {"paysag", ICON_LEAF},
    {"environn", ICON_LEAF},     {"recycl", ICON_LOOP},        {"recuper", ICON_LOOP},
    {"dechets", ICON_LOOP},      {"reemploi", ICON_LOOP},      {"occasion", ICON_LOOP},
    {"batiment", ICON_BUILDING}, {"construct", ICON_BUILDING}, {"macon", ICON_BUILDING},
    {"menuis", ICON_BUILDING},   {"peinture", ICON_BUILDING},  {"renov", ICON_BUILDING},
    {"numer", ICON_SCREEN},      {"inform", ICON_SCREEN},      {"logiciel", ICON_SCREEN},
    {"mobilit", ICON_BICYCLE},   {"velo", ICON_BICYCLE},       {"transport", ICON_BICYCLE},
    {"textil", ICON_THREAD},     {"couture", ICON_THREAD},     {"habill", ICON_THREAD},
    {"educat", ICON_BOOK},       {"format", ICON_BOOK},        {"enseign", ICON_BOOK},
    {"culture", ICON_CULTURE},   {"spectacle", ICON_CULTURE},  {"musi", ICON_CULTURE},
    {"sante", ICON_HEALTH},      {"soins", ICON_HEALTH},       {"aide", ICON_HANDS},
    {"habitat", ICON_HOUSE},     {"logement", ICON_HOUSE},     {"heberg", ICON_HOUSE},
    {"financ", ICON_COIN},       {"credit", ICON_COIN},        {"assur", ICON_COIN},
    {"energi", ICON_BOLT},       {"electric", ICON_BOLT},      {"insert", ICON_STEPS},
    {"emploi", ICON_STEPS},      {"travail", ICON_STEPS},      {"service", ICON_HANDS},
};

static enum icon icon_of_words(const char *text, struct arena *arena)
{
    const char *rest = folded(text, arena);
    while (*rest != '\0') {
        for (size_t i = 0; i < sizeof stems / sizeof stems[0]; i++) {
            if (strncmp(rest, stems[i].stem, strlen(stems[i].stem)) == 0) {
                return stems[i].icon;
            }
        }
        rest += strcspn(rest, " ");
        rest += strspn(rest, " ");
    }
    return ICON_NONE;
}

static enum icon icon_of_slot(const struct slide *slide, const char *slot, struct arena *arena)
{
    const char *text = slide_text(slide, slot);
    enum icon icon = text != NULL ? icon_by_name(folded(text, arena)) : ICON_NONE;
    return icon != ICON_NONE || text == NULL ? icon : icon_of_words(text, arena);
}

enum icon slide_words_icon(const struct slide *slide, const char *sign)
{
    static const char *const slots[] = {"sector", "activity", "summary"};
    const char *severity = slide_text(slide, "severity");
    enum icon icon = icon_by_name(slide_text(slide, "pictogram"));
    if (icon == ICON_NONE && severity != NULL && strcmp(severity, "info") != 0) {
        icon = ICON_WARNING;
    }
    struct arena *arena = arena_create();
    for (size_t i = 0; icon == ICON_NONE && i < sizeof slots / sizeof slots[0]; i++) {
        icon = icon_of_slot(slide, slots[i], arena);
    }
    arena_destroy(arena);
    icon = icon != ICON_NONE ? icon : icon_by_name(sign);
    return icon != ICON_NONE ? icon : ICON_HANDS;
}
