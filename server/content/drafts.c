#include "server/content/drafts.h"

#include <string.h>

#include "core/civil.h"
#include "server/content/event_dates.h"
#include "server/content/forms.h"
#include "server/content/labels.h"
#include "server/store/media_items.h"

#define SOME_EVENT_DAYS 7 /* from today, where no date is told yet */
#define SOME_EVENT_MINUTE (18 * 60 + 30)

struct drafting {
    struct db *db;
    const struct reference *reference;
    enum lang lang;
    int64_t now_ms;
    struct arena *arena;
    struct draft *draft;
};

static void add_text(struct drafting *drafting, const char *slot, const char *text,
                     size_t words_most)
{
    struct draft *draft = drafting->draft;
    draft->texts[draft->text_count++] =
        (struct draft_text){draft_field(slot), slot, text, words_most};
}

static void stand_in(struct drafting *drafting, const char *field)
{
    drafting->draft->placeholders[drafting->draft->placeholder_count++] = field;
}

/* The text, or what stands in its place until it is written. */
static const char *or_else(struct drafting *drafting, const char *text, const char *field,
                           const char *fr, const char *en)
{
    if (text[0] != '\0') {
        return text;
    }
    stand_in(drafting, field);
    return lang_pick(drafting->lang, fr, en);
}

static void note_problem(struct drafting *drafting, const struct error *err, const char *field)
{
    struct form_problems *problems = &drafting->draft->problems;
    if (problems->count < FORM_PROBLEMS_MAX) {
        problems->items[problems->count] = *err;
        problems->items[problems->count].field[0] = '\0';
        error_field(&problems->items[problems->count++], field);
    }
}

/* What screens show of the media; "" with a problem. */
static const char *shown_file(struct drafting *drafting, const char *sha256, const char *field)
{
    struct media_record shown;
    struct error err = {0};
    if (sha256[0] == '\0') {
        return "";
    }
    if (media_shown(drafting->db, drafting->arena, sha256, &shown, &err)) {
        return shown.sha256;
    }
    note_problem(drafting, &err, field);
    return "";
}

/* All of its texts are there, though empty. */
static struct organisation *no_organisation(struct drafting *drafting)
{
    struct form_problems ignored = {0};
    struct organisation *none = arena_alloc(drafting->arena, sizeof *none);
    form_decode_draft(&organisation_form, NULL, drafting->arena, none, &ignored);
    return none;
}

static const struct organisation *portrayed(struct drafting *drafting, const char *id)
{
    struct organisation *found = no_organisation(drafting);
    struct error err = {0};
    if (id[0] != '\0') {
        struct organisation stored;
        if (organisations_get(drafting->db, drafting->arena, id, &stored, &err)) {
            *found = stored;
            return found;
        }
        note_problem(drafting, &err, "organisation");
    }
    found->nom = or_else(drafting, "", "organisation", "Nom de la structure", "Organisation");
    return found;
}

static bool draft_portrait(struct drafting *drafting, const cJSON *document, struct error *err)
{
    struct draft *draft = drafting->draft;
    struct portrait portrait = {0};
    form_decode_draft(&portrait_form, document, drafting->arena, &portrait, &draft->problems);
    const struct organisation *organisation = portrayed(drafting, portrait.organisation);
    add_text(drafting, "quote", portrait.quote, PORTRAIT_QUOTE_WORDS_MAX);
    add_text(drafting, "leader", portrait.leader_name, 0);
    add_text(drafting, "role", portrait.leader_role, 0);
    add_text(drafting, "story", portrait.story, PORTRAIT_STORY_WORDS_MAX);
    add_text(drafting, "short_title", portrait.short_title, 0);
    portrait.leader_name =
        or_else(drafting, portrait.leader_name, "leader_name", "Prénom Nom", "First and last name");
    portrait.quote =
        or_else(drafting, portrait.quote, "quote", "Une phrase à retenir, en douze mots au plus.",
                "A sentence to remember, in twelve words at most.");
    portrait.photo = shown_file(drafting, portrait.photo, "photo.media");
    return slides_portrait(&portrait, organisation, drafting->lang, drafting->arena, &draft->slide,
                           err);
}

/* In a week, in the evening: where no date is told. */
static struct occurrence some_occurrence(int64_t now_ms)
{
    int64_t day = now_ms / CIVIL_DAY_MS + SOME_EVENT_DAYS;
    return (struct occurrence){.local_day = day,
                               .local_minute = SOME_EVENT_MINUTE,
                               .local_last_day = day,
                               .local_end_minute = -1};
}

/* The next date, else the last one. */
static struct occurrence next_occurrence(struct drafting *drafting, const struct event *event)
{
    struct event_dates dates = {0};
    struct error err = {0};
    bool told = event->recurrence != NULL && event->recurrence[0] != '\0';
    if (told && !event_dates_of(drafting->db, event->uid, event->recurrence, drafting->now_ms,
                                drafting->arena, &dates, &err)) {
        note_problem(drafting, &err, "when");
    }
    if (dates.count == 0) {
        stand_in(drafting, "when");
        return some_occurrence(drafting->now_ms);
    }
    size_t next = 0;
    while (next + 1 < dates.count && dates.items[next].end_ms <= drafting->now_ms) {
        next++;
    }
    return dates.items[next];
}

static bool draft_event(struct drafting *drafting, const cJSON *document, struct error *err)
{
    struct draft *draft = drafting->draft;
    struct event event = {0};
    form_decode_draft(&event_form, document, drafting->arena, &event, &draft->problems);
    struct occurrence at = next_occurrence(drafting, &event);
    add_text(drafting, "title", event.title, 0);
    add_text(drafting, "short_title", event.short_title, 0);
    add_text(drafting, "place", event.place, 0);
    add_text(drafting, "commune", event.commune, 0);
    add_text(drafting, "organiser", event.organiser, 0);
    add_text(drafting, "price", event.price, 0);
    add_text(drafting, "access", event.access, 0);
    event.title = or_else(drafting, event.title, "title", "Titre de l’événement", "Event’s title");
    if (event.commune[0] == '\0') {
        event.place = or_else(drafting, event.place, "place", "Lieu", "Place");
    }
    event.image = shown_file(drafting, event.image, "image.media");
    bool with_year = at.local_day - drafting->now_ms / CIVIL_DAY_MS > SLIDES_YEAR_AFTER_DAYS;
    return slides_event(&event, &at, with_year, drafting->lang, drafting->arena, &draft->slide,
                        err);
}

static bool draft_announcement(struct drafting *drafting, const cJSON *document, struct error *err)
{
    struct draft *draft = drafting->draft;
    struct announcement announcement = {0};
    form_decode_draft(&announcement_form, document, drafting->arena, &announcement,
                      &draft->problems);
    add_text(drafting, "title", announcement.title, 0);
    add_text(drafting, "text", announcement.text, 0);
    announcement.title = or_else(drafting, announcement.title, "title", "Titre de l’annonce",
                                 "Announcement’s title");
    return slides_announcement(&announcement, drafting->lang, drafting->arena, &draft->slide, err);
}

/* As saving would write it. */
static const char *naf_label(struct drafting *drafting, const char *naf)
{
    const char *label = drafting->reference != NULL && naf[0] != '\0'
                            ? reference_naf_label(drafting->reference, naf)
                            : NULL;
    return label != NULL ? label : "";
}

static bool draft_organisation(struct drafting *drafting, const cJSON *document, struct error *err)
{
    struct draft *draft = drafting->draft;
    struct organisation organisation = {0};
    form_decode_draft(&organisation_form, document, drafting->arena, &organisation,
                      &draft->problems);
    add_text(drafting, "name", organisation.nom, 0);
    add_text(drafting, "sign", organisation.enseigne, 0);
    add_text(drafting, "summary", organisation.resume, 0);
    add_text(drafting, "address", organisation.adresse, 0);
    add_text(drafting, "commune", organisation.commune, 0);
    add_text(drafting, "phone", organisation.telephone, 0);
    organisation.nom =
        or_else(drafting, organisation.nom, "nom", "Nom de la structure", "Organisation");
    organisation.commune = or_else(drafting, organisation.commune, "commune", "Commune", "Town");
    if (organisation.secteurs.count == 0) {
        organisation.naf_label = naf_label(drafting, organisation.naf);
    }
    if (label_activity(&organisation, drafting->arena)[0] == '\0') {
        organisation.naf_label = or_else(drafting, "", "secteurs", "Activité", "Activity");
    }
    return slides_highlight(&organisation, drafting->lang, drafting->arena, &draft->slide, err);
}

bool draft_make(struct db *db, const struct reference *reference, const char *kind,
                const cJSON *document, enum lang lang, int64_t now_ms, struct arena *arena,
                struct draft *out, struct error *err)
{
    static const struct {
        const char *kind;
        bool (*make)(struct drafting *drafting, const cJSON *document, struct error *err);
    } kinds[] = {{"portraits", draft_portrait},
                 {"events", draft_event},
                 {"announcements", draft_announcement},
                 {"organisations", draft_organisation}};
    memset(out, 0, sizeof *out);
    struct drafting drafting = {db, reference, lang, now_ms, arena, out};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kinds[i].kind, kind) == 0) {
            return kinds[i].make(&drafting, document, err);
        }
    }
    error_set(err, ERROR_INVALID, "rien à montrer d’un « %s »",
              "there is nothing to show of \"%s\"", kind);
    return error_field(err, "kind");
}

const char *draft_field(const char *slot)
{
    static const struct {
        const char *slot, *field;
    } fields[] = {{"leader", "leader_name"}, {"role", "leader_role"},  {"company", "organisation"},
                  {"date", "when"},          {"time", "when"},         {"name", "nom"},
                  {"sign", "enseigne"},      {"summary", "resume"},    {"address", "adresse"},
                  {"phone", "telephone"},    {"activity", "secteurs"}, {"types", "types_iae"},
                  {"family", "famille_ess"}, {"legal", "nom"}};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (strcmp(fields[i].slot, slot) == 0) {
            return fields[i].field;
        }
    }
    return slot;
}
