/* What is shown of the economy: organisations, portraits, events, announcements. */
#include <string.h>

#include "core/files.h"
#include "server/content/event_dates.h"
#include "server/content/forms.h"
#include "server/import/reference.h"
#include "server/media/film_header.h"
#include "server/records/publishable.h"
#include "server/records/resource_private.h"

#define PATH_BYTES_MAX 4096
#define OWN_SOURCE "vitrine"

/* The commune as the imports tell it; *naf_label_out when naf is not NULL. */
static bool look_up(struct arena *arena, const char *name, const char *postcode, const char *naf,
                    const char **code_insee_out, bool *in_metropole_out, const char **naf_label_out,
                    struct error *err)
{
    char folder[PATH_BYTES_MAX];

    if (assets_folder(folder, sizeof(folder)) == NULL)
        return error_set(err, ERROR_INTERNAL, "dossier « assets » introuvable",
                         "the asset folder is not there");
    struct reference *reference = reference_load(folder, err);
    if (reference == NULL)
        return false;
    const struct commune *commune = reference_commune(reference, name, postcode);
    *in_metropole_out = commune != NULL;
    *code_insee_out = commune != NULL ? arena_strdup(arena, commune->code_insee) : "";
    if (naf != NULL) {
        const char *label = reference_naf_label(reference, naf);
        *naf_label_out = label != NULL ? arena_strdup(arena, label) : "";
    }
    reference_destroy(reference);
    return true;
}

/* --- organisations --------------------------------------------------------------------------- */

static bool get_organisation(struct db *db, struct arena *arena, const char *id, void *out,
                             struct error *err)
{
    return organisations_get(db, arena, id, out, err);
}

static bool check_siret(struct db *db, struct arena *arena, const struct organisation *organisation,
                        struct error *err)
{
    struct organisation other;
    struct error ignored;

    if (organisation->siret[0] == '\0' ||
        !organisations_get_by_siret(db, arena, organisation->siret, &other, &ignored) ||
        strcmp(other.id, organisation->id) == 0)
        return true;
    error_set(err, ERROR_CONFLICT, "la structure « %s » a déjà ce SIRET",
              "the organisation \"%s\" has this SIRET already", other.id);
    return error_field(err, "siret");
}

static bool put_organisation(struct db *db, struct arena *arena, const void *value, int64_t now_ms,
                             struct error *err)
{
    struct organisation organisation = *(const struct organisation *)value;
    enum upsert_result result;

    if (organisation.state != STATE_ARCHIVED &&
        (!resource_reference(db, arena, REFERRED_SITE, organisation.site, "site", err) ||
         !resource_media(db, arena, organisation.image, "image/", "image.media", err)))
        return false;
    if (!check_siret(db, arena, &organisation, err) ||
        !look_up(arena, organisation.commune, organisation.code_postal, organisation.naf,
                 &organisation.code_insee, &organisation.in_metropole, &organisation.naf_label,
                 err))
        return false;
    if (organisation.source[0] == '\0')
        organisation.source = OWN_SOURCE;
    organisation.date_maj = resource_day(arena, now_ms);
    organisation.updated_ms = now_ms;
    return organisations_upsert(db, arena, &organisation, &result, err);
}

static bool remove_organisation(struct db *db, struct arena *arena, const char *id,
                                struct error *err)
{
    return resource_unused(db, arena, &resource_organisation, id, err) &&
           organisations_delete(db, id, err);
}

static void organisation_facets(const void *value, struct resource_facets *out)
{
    const struct organisation *organisation = value;

    out->site = organisation->site;
    out->organisation = organisation->id;
    out->commune = organisation->commune;
    out->sectors = organisation->secteurs;
}

/* Who keeps an incubator keeps the sheets of those who are in it. */
static bool organisation_sites(struct db *db, struct arena *arena, const void *value,
                               struct text_list *out, struct error *err)
{
    (void)db;
    (void)err;
    return resource_one_site(arena, ((const struct organisation *)value)->site, out);
}

const struct resource resource_organisation = {
    .kind = "organisation",
    .plural = "organisations",
    .noun_fr = "Structure",
    .noun_en = "Organisation",
    .form = &organisation_form,
    .reviewed = true,
    .has_state = true,
    .state_offset = offsetof(struct organisation, state),
    .write = PERMISSION_WRITE,
    .facets = organisation_facets,
    .get = get_organisation,
    .put = put_organisation,
    .remove = remove_organisation,
    .publishable = publishable_organisation,
    .sites = organisation_sites,
};

/* --- portraits ------------------------------------------------------------------------------- */

static bool get_portrait(struct db *db, struct arena *arena, const char *id, void *out,
                         struct error *err)
{
    return portraits_get(db, arena, id, out, err);
}

static bool put_portrait(struct db *db, struct arena *arena, const void *value, int64_t now_ms,
                         struct error *err)
{
    struct portrait portrait = *(const struct portrait *)value;
    enum upsert_result result;

    if (portrait.state != STATE_ARCHIVED &&
        (!resource_reference(db, arena, REFERRED_ORGANISATION, portrait.organisation,
                             "organisation", err) ||
         !resource_media(db, arena, portrait.photo, "image/", "photo.media", err) ||
         !resource_media(db, arena, portrait.film, "video/", "film.media", err) ||
         !resource_media(db, arena, portrait.captions, CAPTIONS_TYPE, "film.captions_sha256", err)))
        return false;
    portrait.updated_ms = now_ms;
    return portraits_upsert(db, arena, &portrait, &result, err);
}

static bool remove_portrait(struct db *db, struct arena *arena, const char *id, struct error *err)
{
    return resource_unused(db, arena, &resource_portrait, id, err) && portraits_delete(db, id, err);
}

static void portrait_facets(const void *value, struct resource_facets *out)
{
    const struct portrait *portrait = value;

    out->organisation = portrait->organisation;
    out->sectors = (struct text_list){1, (const char **)(uintptr_t)&portrait->sector};
}

const struct resource resource_portrait = {
    .kind = "portrait",
    .plural = "portraits",
    .noun_fr = "Portrait",
    .noun_en = "Portrait",
    .form = &portrait_form,
    .reviewed = true,
    .has_state = true,
    .state_offset = offsetof(struct portrait, state),
    .write = PERMISSION_WRITE,
    .facets = portrait_facets,
    .get = get_portrait,
    .put = put_portrait,
    .remove = remove_portrait,
    .publishable = publishable_portrait,
};

/* --- events ---------------------------------------------------------------------------------- */

static bool get_event(struct db *db, struct arena *arena, const char *id, void *out,
                      struct error *err)
{
    return events_get(db, arena, id, out, err);
}

static bool check_event(struct db *db, struct arena *arena, const struct event *event,
                        struct error *err)
{
    if (event->recurrence[0] == '\0') {
        error_set(err, ERROR_INVALID, "dites quand l’événement a lieu",
                  "say when the event takes place");
        return error_field(err, "when");
    }
    return resource_reference(db, arena, REFERRED_ORGANISATION, event->organisation, "organisation",
                              err) &&
           resource_media(db, arena, event->image, "image/", "image.media", err);
}

static bool put_event(struct db *db, struct arena *arena, const void *value, int64_t now_ms,
                      struct error *err)
{
    struct event event = *(const struct event *)value;
    struct event_dates dates;
    enum upsert_result result;

    if (event.state != STATE_ARCHIVED && !check_event(db, arena, &event, err))
        return false;
    if (!event_dates_of(db, event.uid, event.recurrence, now_ms, arena, &dates, err))
        return error_field(err, "when");
    if (!look_up(arena, event.commune, event.code_postal, NULL, &event.code_insee,
                 &event.in_metropole, NULL, err))
        return false;
    event.all_day = dates.all_day;
    if (event.source[0] == '\0')
        event.source = OWN_SOURCE;
    event.date_maj = resource_day(arena, now_ms);
    event.updated_ms = now_ms;
    return events_upsert(db, arena, &event, dates.items, dates.count, &result, err);
}

static bool remove_event(struct db *db, struct arena *arena, const char *id, struct error *err)
{
    return resource_unused(db, arena, &resource_event, id, err) && events_delete(db, id, err);
}

static void cancel_event(void *value)
{
    ((struct event *)value)->status = EVENT_ANNULE;
}

static void event_facets(const void *value, struct resource_facets *out)
{
    const struct event *event = value;

    out->organisation = event->organisation;
    out->commune = event->commune;
}

const struct resource resource_event = {
    .kind = "event",
    .plural = "events",
    .noun_fr = "Événement",
    .noun_en = "Event",
    .form = &event_form,
    .reviewed = true,
    .has_state = true,
    .state_offset = offsetof(struct event, state),
    .write = PERMISSION_WRITE,
    .facets = event_facets,
    .get = get_event,
    .put = put_event,
    .remove = remove_event,
    .publishable = publishable_event,
    .cancel = cancel_event,
};

/* --- announcements --------------------------------------------------------------------------- */

static bool get_announcement(struct db *db, struct arena *arena, const char *id, void *out,
                             struct error *err)
{
    return announcements_get(db, arena, id, out, err);
}

static bool put_announcement(struct db *db, struct arena *arena, const void *value, int64_t now_ms,
                             struct error *err)
{
    struct announcement announcement = *(const struct announcement *)value;
    enum upsert_result result;

    announcement.updated_ms = now_ms;
    return announcements_upsert(db, arena, &announcement, &result, err);
}

static bool remove_announcement(struct db *db, struct arena *arena, const char *id,
                                struct error *err)
{
    return resource_unused(db, arena, &resource_announcement, id, err) &&
           announcements_delete(db, id, err);
}

const struct resource resource_announcement = {
    .kind = "announcement",
    .plural = "announcements",
    .noun_fr = "Annonce",
    .noun_en = "Announcement",
    .form = &announcement_form,
    .reviewed = true,
    .has_state = true,
    .state_offset = offsetof(struct announcement, state),
    .write = PERMISSION_WRITE,
    .get = get_announcement,
    .put = put_announcement,
    .remove = remove_announcement,
    .publishable = publishable_announcement,
};
