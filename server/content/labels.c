#include "server/content/labels.h"

#include <string.h>

#include "core/strbuf.h"

struct label {
    const char *code;
    const char *text;
    const char *en;
};

/* The sectors of the demonstration directory; partners may bring others. */
static const struct label sectors[] = {
    {"alimentation", "Alimentation", "Food"},
    {"batiment", "Bâtiment", "Building"},
    {"culture", "Culture", "Culture"},
    {"education", "Éducation", "Education"},
    {"energie", "Énergie", "Energy"},
    {"environnement", "Environnement", "Environment"},
    {"finance", "Finance solidaire", "Social finance"},
    {"habitat", "Habitat", "Housing"},
    {"insertion", "Insertion", "Inclusion"},
    {"mobilite", "Mobilité", "Mobility"},
    {"numerique", "Numérique", "Digital"},
    {"reemploi", "Réemploi", "Reuse"},
    {"sante", "Santé", "Health"},
    {"services", "Services", "Services"},
    {"textile", "Textile", "Textiles"},
};

static const struct label insertion_types[] = {
    {"ACI", "Atelier et chantier d’insertion", "Inclusion workshop"},
    {"AI", "Association intermédiaire", "Intermediary association"},
    {"EA", "Entreprise adaptée", "Adapted enterprise"},
    {"EATT", "Entreprise adaptée de travail temporaire", "Adapted temporary work agency"},
    {"EI", "Entreprise d’insertion", "Inclusion enterprise"},
    {"EITI", "Entreprise d’insertion par le travail indépendant",
     "Inclusion through self-employment"},
    {"ESAT", "Établissement ou service d’accompagnement par le travail",
     "Supported employment centre"},
    {"ETTI", "Entreprise de travail temporaire d’insertion", "Inclusion temporary work agency"},
    {"GEIQ", "Groupement d’employeurs pour l’insertion et la qualification",
     "Employers’ group for inclusion and training"},
};

static const char *find_label(const struct label *labels, size_t count, const char *code,
                              enum lang lang)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(labels[i].code, code) == 0) {
            return lang_pick(lang, labels[i].text, labels[i].en);
        }
    }
    return NULL;
}

/* Appends with the first letter in lower case, as inside a sentence. */
static void append_lower(struct strbuf *out, const char *text)
{
    if (strncmp(text, "É", 2) == 0) {
        strbuf_append(out, "é");
        strbuf_append(out, text + 2);
    } else if (text[0] >= 'A' && text[0] <= 'Z') {
        strbuf_append_char(out, (char)(text[0] - 'A' + 'a'));
        strbuf_append(out, text + 1);
    } else {
        strbuf_append(out, text);
    }
}

static void append_listed(struct strbuf *out, const char *text)
{
    if (out->length == 0) {
        strbuf_append(out, text);
    } else {
        strbuf_append(out, ", ");
        append_lower(out, text);
    }
}

static const char *take_into_arena(struct strbuf *buf, struct arena *arena)
{
    const char *text = arena_strndup(arena, buf->bytes, buf->length);
    strbuf_finish(buf);
    return text;
}

const char *label_sector(const char *sector, struct arena *arena)
{
    return label_sector_in(sector, LANG_FR, arena);
}

const char *label_sector_in(const char *sector, enum lang lang, struct arena *arena)
{
    const char *known = find_label(sectors, sizeof sectors / sizeof *sectors, sector, lang);
    if (known != NULL) {
        return known;
    }
    char *text = arena_strdup(arena, sector);
    if (text[0] >= 'a' && text[0] <= 'z') {
        text[0] = (char)(text[0] - 'a' + 'A');
    }
    for (char *p = text; *p != '\0'; p++) {
        *p = *p == '-' ? ' ' : *p;
    }
    return text;
}

const char *label_insertion_type(const char *code)
{
    return label_insertion_type_in(code, LANG_FR);
}

const char *label_insertion_type_in(const char *code, enum lang lang)
{
    return find_label(insertion_types, sizeof insertion_types / sizeof *insertion_types, code,
                      lang);
}

const char *label_family_in(enum famille_ess family, enum lang lang)
{
    static const char *const english[] = {
        [FAMILLE_INCONNUE] = "",
        [FAMILLE_ASSOCIATION] = "Association",
        [FAMILLE_COOPERATIVE] = "Cooperative",
        [FAMILLE_MUTUELLE] = "Mutual society",
        [FAMILLE_FONDATION] = "Foundation",
        [FAMILLE_ENTREPRISE] = "Social enterprise",
        [FAMILLE_AUTRE_ORGANISME] = "Public body",
    };
    return lang_pick(lang, famille_ess_label(family), english[family]);
}

const char *label_insertion_types(const struct text_list *codes, struct arena *arena)
{
    struct strbuf text;
    strbuf_init(&text);
    for (size_t i = 0; i < codes->count; i++) {
        const char *label = label_insertion_type(codes->items[i]);
        if (label != NULL) {
            append_listed(&text, label);
        }
    }
    return take_into_arena(&text, arena);
}

const char *label_activity(const struct organisation *organisation, struct arena *arena)
{
    const struct text_list *own = &organisation->secteurs;
    if (own->count > 0) {
        struct strbuf text;
        strbuf_init(&text);
        for (size_t i = 0; i < own->count && i < 2; i++) {
            append_listed(&text, label_sector(own->items[i], arena));
        }
        return take_into_arena(&text, arena);
    }
    /* "non classé ailleurs" means something to statisticians only. */
    static const char remainder[] = " n.c.a.";
    size_t length = strlen(organisation->naf_label);
    size_t tail = sizeof remainder - 1;
    if (length > tail && strcmp(organisation->naf_label + length - tail, remainder) == 0) {
        return arena_strndup(arena, organisation->naf_label, length - tail);
    }
    if (length > 0) {
        return organisation->naf_label;
    }
    const char *types = label_insertion_types(&organisation->types_iae, arena);
    return types[0] != '\0' || organisation->famille_ess == FAMILLE_INCONNUE
               ? types
               : famille_ess_label(organisation->famille_ess);
}

const char *label_event_status(enum event_status status, enum lang lang)
{
    switch (status) {
    case EVENT_PROGRAMME:
        return "";
    case EVENT_REPROGRAMME:
        return lang_pick(lang, "Nouvelle date", "New date");
    case EVENT_COMPLET:
        return lang_pick(lang, "Complet", "Fully booked");
    case EVENT_ANNULE:
        return lang_pick(lang, "Annulé", "Cancelled");
    }
    return "";
}
