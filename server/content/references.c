#include "server/content/references.h"

#include <string.h>

#include "server/content/layouts.h"
#include "server/content/slides_lists.h"
#include "server/content/templates.h"

static bool get_organisation(struct db *db, struct arena *arena, const char *id, struct error *err)
{
    struct organisation found;
    return organisations_get(db, arena, id, &found, err);
}

static bool get_event(struct db *db, struct arena *arena, const char *id, struct error *err)
{
    struct event found;
    return events_get(db, arena, id, &found, err);
}

static bool get_portrait(struct db *db, struct arena *arena, const char *id, struct error *err)
{
    struct portrait found;
    return portraits_get(db, arena, id, &found, err);
}

static bool get_announcement(struct db *db, struct arena *arena, const char *id, struct error *err)
{
    struct announcement found;
    return announcements_get(db, arena, id, &found, err);
}

static bool get_playlist(struct db *db, struct arena *arena, const char *id, struct error *err)
{
    struct playlist_record found;
    return playlists_get(db, arena, id, &found, err);
}

static bool get_site(struct db *db, struct arena *arena, const char *id, struct error *err)
{
    struct site found;
    return sites_get(db, arena, id, &found, err);
}

static bool get_screen(struct db *db, struct arena *arena, const char *id, struct error *err)
{
    struct screen found;
    return screens_get(db, arena, id, &found, err);
}

static bool get_group(struct db *db, struct arena *arena, const char *id, struct error *err)
{
    struct group found;
    return groups_get(db, arena, id, &found, err);
}

static const struct {
    bool (*get)(struct db *db, struct arena *arena, const char *id, struct error *err);
    const char *fr;
    const char *en;
} kinds[REFERRED_KINDS] = {
    [REFERRED_ORGANISATION] = {get_organisation,
                               "la structure « %.100s » n’est pas dans l’annuaire ; importez-la "
                               "d’abord ou corrigez l’identifiant",
                               "the organisation \"%.100s\" is not in the directory; import it "
                               "first or correct the id"},
    [REFERRED_EVENT] = {get_event,
                        "l’événement « %.100s » n’est pas dans l’agenda ; importez-le d’abord ou "
                        "corrigez l’UID",
                        "the event \"%.100s\" is not in the agenda; import it first or correct "
                        "the UID"},
    [REFERRED_PORTRAIT] = {get_portrait, "le portrait « %.100s » n’existe pas",
                           "the portrait \"%.100s\" does not exist"},
    [REFERRED_ANNOUNCEMENT] = {get_announcement, "l’annonce « %.100s » n’existe pas",
                               "the announcement \"%.100s\" does not exist"},
    [REFERRED_PLAYLIST] = {get_playlist, "la playlist « %.100s » n’existe pas",
                           "the playlist \"%.100s\" does not exist"},
    [REFERRED_SITE] = {get_site, "le site « %.100s » n’existe pas",
                       "the site \"%.100s\" does not exist"},
    [REFERRED_SCREEN] = {get_screen, "l’écran « %.100s » n’existe pas",
                         "the screen \"%.100s\" does not exist"},
    [REFERRED_GROUP] = {get_group, "le groupe « %.100s » n’existe pas",
                        "the group \"%.100s\" does not exist"},
};

bool references_check(struct db *db, struct arena *arena, enum referred kind, const char *id,
                      const char *field, struct error *err)
{
    struct error cause;
    error_clear(&cause);
    if (kinds[kind].get(db, arena, id, &cause)) {
        return true;
    }
    if (cause.kind != ERROR_NOT_FOUND) {
        if (err != NULL) {
            *err = cause;
        }
        return false;
    }
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    error_set(err, ERROR_NOT_FOUND, kinds[kind].fr, kinds[kind].en, id);
#pragma GCC diagnostic pop
    return error_field(err, field);
}

static bool check_all(struct db *db, struct arena *arena, enum referred kind,
                      const struct text_list *ids, const char *field, struct error *err)
{
    for (size_t i = 0; i < ids->count; i++) {
        if (!references_check(db, arena, kind, ids->items[i], field, err)) {
            return false;
        }
    }
    return true;
}

bool references_of_screen(struct db *db, struct arena *arena, const struct screen *screen,
                          struct error *err)
{
    if ((screen->site[0] != '\0' &&
         !references_check(db, arena, REFERRED_SITE, screen->site, "site", err)) ||
        !check_all(db, arena, REFERRED_GROUP, &screen->groups, "groups", err)) {
        return false;
    }
    struct layout *layout = layouts_find(db, screen->layout, err);
    layout_destroy(layout);
    return layout != NULL || error_field(err, "layout");
}

bool references_of_rule(struct db *db, struct arena *arena, const struct rule *rule,
                        struct error *err)
{
    return references_check(db, arena, REFERRED_PLAYLIST, rule->playlist, "playlist", err) &&
           check_all(db, arena, REFERRED_SCREEN, &rule->screens, "screens", err) &&
           check_all(db, arena, REFERRED_GROUP, &rule->groups, "groups", err);
}

/* As it will be made when it is shown. */
static bool check_written(struct db *db, struct arena *arena, const struct playlist_slide *slide,
                          struct error *err)
{
    struct slide made;
    if (slide->organisation[0] != '\0' &&
        !references_check(db, arena, REFERRED_ORGANISATION, slide->organisation, "organisation",
                          err)) {
        return false;
    }
    struct template_set *templates = templates_load(db, arena, err);
    bool ok = templates != NULL && slides_written(slide, templates, LANG_FR, arena, &made, err);
    template_set_destroy(templates);
    return ok;
}

bool references_of_entry(struct db *db, struct arena *arena, const struct playlist_entry *entry,
                         struct error *err)
{
    static const struct {
        enum referred kind;
        const char *field;
    } subjects[] = {
        [ENTRY_PORTRAIT] = {REFERRED_PORTRAIT, "slide.portrait"},
        [ENTRY_EVENT] = {REFERRED_EVENT, "slide.event"},
        [ENTRY_HIGHLIGHT] = {REFERRED_ORGANISATION, "slide.organisation"},
        [ENTRY_ANNOUNCEMENT] = {REFERRED_ANNOUNCEMENT, "slide.announcement"},
    };
    switch (entry->kind) {
    case ENTRY_PORTRAIT:
    case ENTRY_EVENT:
    case ENTRY_HIGHLIGHT:
    case ENTRY_ANNOUNCEMENT:
        return references_check(db, arena, subjects[entry->kind].kind, entry->subject,
                                subjects[entry->kind].field, err);
    case ENTRY_WRITTEN:
        return check_written(db, arena, entry->slide, err) || error_field(err, "slide");
    case ENTRY_SOURCE_NOW_HERE:
    case ENTRY_SOURCE_FIGURE:
    case ENTRY_SOURCE_HIGHLIGHTS:
        return entry->site[0] == '\0' ||
               references_check(db, arena, REFERRED_SITE, entry->site, "site", err);
    case ENTRY_FILM:
    case ENTRY_SOURCE_PORTRAITS:
    case ENTRY_SOURCE_EVENTS:
    case ENTRY_SOURCE_AGENDA:
    case ENTRY_SOURCE_NEWS:
        return true;
    }
    return true;
}
