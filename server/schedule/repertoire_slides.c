#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "server/content/slides_lists.h"
#include "server/schedule/repertoire_parts.h"

static int compare_asked(const void *a, const void *b)
{
    return strcmp(((const struct repertoire_rendition *)a)->asked,
                  ((const struct repertoire_rendition *)b)->asked);
}

/* What screens show of it: of a photo that was sent, its rendition. A file that is not in the store
 * would make players wait for ever. */
static const char *known_file(const struct repertoire *repertoire, const char *sha256)
{
    const struct repertoire_inputs *inputs = &repertoire->inputs;
    const struct repertoire_rendition key = {.asked = sha256};
    const struct repertoire_rendition *found =
        inputs->rendition_count == 0 ? NULL
                                     : bsearch(&key, inputs->renditions, inputs->rendition_count,
                                               sizeof key, compare_asked);
    if (found != NULL) {
        return found->shown;
    }
    struct sha256 sum;
    bool known = sha256_from_hex(sha256, &sum) && repertoire_media(repertoire, &sum) != NULL;
    return known ? sha256 : "";
}

/* Whether the log is to name this subject: once, though each date of an event fails alike; of very
 * many the first ones do. */
static bool is_new_complaint(struct repertoire *repertoire, const char *subject)
{
    for (size_t i = 0; i < repertoire->complaint_count; i++) {
        if (strcmp(repertoire->complaints[i], subject) == 0) {
            return false;
        }
    }
    if (repertoire->complaint_count == REPERTOIRE_COMPLAINTS_MAX) {
        return false;
    }
    repertoire->complaints[repertoire->complaint_count++] = subject;
    return true;
}

static struct repertoire_slide *keep_slide(struct repertoire *repertoire, struct lazy_slide *lazy,
                                           const struct slide *slide, bool ok, const char *subject,
                                           const struct error *err)
{
    lazy->built = true;
    if (ok) {
        lazy->shown.slide = slide;
        return &lazy->shown;
    }
    if (is_new_complaint(repertoire, subject)) {
        log_write(LOG_WARN, "slide_left_out", "%s %s: %s %s", slide->template, subject, err->field,
                  err->en);
    }
    return NULL;
}

static struct repertoire_slide *built_slide(struct lazy_slide *lazy)
{
    return lazy->shown.slide == NULL ? NULL : &lazy->shown;
}

struct repertoire_slide *repertoire_portrait(struct repertoire *repertoire, size_t index,
                                             enum lang lang)
{
    struct lazy_slide *lazy = &repertoire->portraits[lang][index];
    if (lazy->built) {
        return built_slide(lazy);
    }
    struct portrait portrait = repertoire->inputs.portraits.items[index];
    size_t owner = repertoire_organisation(repertoire, portrait.organisation);
    if (owner == repertoire->inputs.organisations.count) {
        lazy->built = true;
        log_write(LOG_WARN, "slide_left_out", "portrait %s: organisation %s cannot be shown",
                  portrait.id, portrait.organisation);
        return NULL;
    }
    portrait.photo = known_file(repertoire, portrait.photo);
    struct slide *slide = arena_alloc(repertoire->arena, sizeof *slide);
    struct error err;
    error_clear(&err);
    bool ok = slides_portrait(&portrait, &repertoire->inputs.organisations.items[owner], lang,
                              repertoire->arena, slide, &err);
    return keep_slide(repertoire, lazy, slide, ok, portrait.id, &err);
}

struct repertoire_slide *repertoire_announcement(struct repertoire *repertoire, size_t index,
                                                 enum lang lang)
{
    struct lazy_slide *lazy = &repertoire->announcements[lang][index];
    if (lazy->built) {
        return built_slide(lazy);
    }
    const struct announcement *announcement = &repertoire->inputs.announcements.items[index];
    struct slide *slide = arena_alloc(repertoire->arena, sizeof *slide);
    struct error err;
    error_clear(&err);
    bool ok = slides_announcement(announcement, lang, repertoire->arena, slide, &err);
    return keep_slide(repertoire, lazy, slide, ok, announcement->id, &err);
}

struct repertoire_slide *repertoire_highlight(struct repertoire *repertoire, size_t index,
                                              enum lang lang)
{
    struct lazy_slide *lazy = &repertoire->organisations[lang][index];
    if (lazy->built) {
        return built_slide(lazy);
    }
    const struct organisation *organisation = &repertoire->inputs.organisations.items[index];
    struct slide *slide = arena_alloc(repertoire->arena, sizeof *slide);
    struct error err;
    error_clear(&err);
    bool ok = slides_highlight(organisation, lang, repertoire->arena, slide, &err);
    return keep_slide(repertoire, lazy, slide, ok, organisation->id, &err);
}

struct repertoire_slide *repertoire_event(struct repertoire *repertoire, size_t index,
                                          bool with_year, enum lang lang)
{
    struct lazy_slide *lazy = &repertoire->occurrences[lang][with_year][index];
    if (lazy->built) {
        return built_slide(lazy);
    }
    const struct event_occurrence *occurrence = &repertoire->inputs.occurrences.items[index];
    struct event event = occurrence->event;
    event.image = known_file(repertoire, event.image);
    struct slide *slide = arena_alloc(repertoire->arena, sizeof *slide);
    struct error err;
    error_clear(&err);
    bool ok =
        slides_event(&event, &occurrence->at, with_year, lang, repertoire->arena, slide, &err);
    return keep_slide(repertoire, lazy, slide, ok, event.uid, &err);
}

struct repertoire_slide *repertoire_event_news(struct repertoire *repertoire, size_t index,
                                               bool with_year, enum lang lang)
{
    struct lazy_slide *lazy = &repertoire->news[lang][with_year][index];
    if (lazy->built) {
        return built_slide(lazy);
    }
    const struct event_occurrence *occurrence = &repertoire->inputs.occurrences.items[index];
    struct slide *slide = arena_alloc(repertoire->arena, sizeof *slide);
    struct error err;
    error_clear(&err);
    bool ok = slides_event_news(&occurrence->event, &occurrence->at, with_year, lang,
                                repertoire->arena, slide, &err);
    return keep_slide(repertoire, lazy, slide, ok, occurrence->event.uid, &err);
}

struct repertoire_slide *repertoire_announcement_news(struct repertoire *repertoire, size_t index,
                                                      enum lang lang)
{
    struct lazy_slide *lazy = &repertoire->short_announcements[lang][index];
    if (lazy->built) {
        return built_slide(lazy);
    }
    const struct announcement *announcement = &repertoire->inputs.announcements.items[index];
    struct slide *slide = arena_alloc(repertoire->arena, sizeof *slide);
    struct error err;
    error_clear(&err);
    bool ok = slides_announcement_news(announcement, lang, repertoire->arena, slide, &err);
    return keep_slide(repertoire, lazy, slide, ok, announcement->id, &err);
}

static const struct template_set *templates_of(const struct repertoire *repertoire)
{
    const struct template_set *set = repertoire->inputs.templates;
    return set == NULL ? template_set_builtin() : set;
}

/* Without its picture rather than not at all; a film without its file is no film. */
static bool make_own(struct repertoire *repertoire, struct repertoire_entry *from, enum lang lang,
                     struct slide *slide, struct error *err)
{
    const struct playlist_entry *entry = from->entry;
    if (entry->kind == ENTRY_WRITTEN) {
        struct playlist_slide written = *entry->slide;
        written.picture.sha256 = known_file(repertoire, written.picture.sha256);
        return slides_written(&written, templates_of(repertoire), lang, repertoire->arena, slide,
                              err);
    }
    if (entry->kind == ENTRY_SOURCE_FIGURE) {
        return slides_figure(entry, from->figure, lang, repertoire->arena, slide, err);
    }
    struct playlist_film film = *entry->film;
    film.file.sha256 = known_file(repertoire, film.file.sha256);
    film.captions.sha256 = known_file(repertoire, film.captions.sha256);
    slide->template = "video";
    if (film.file.sha256[0] == '\0') {
        return error_set(err, ERROR_NOT_FOUND, "le film n’est pas enregistré",
                         "the film is not in the store");
    }
    return slides_film(&film, from->playlist->transition_ms, lang, repertoire->arena, slide, err);
}

struct repertoire_slide *repertoire_own(struct repertoire *repertoire,
                                        struct repertoire_entry *entry, enum lang lang)
{
    struct lazy_slide *lazy = &entry->own[lang];
    if (lazy->built) {
        return built_slide(lazy);
    }
    struct slide *slide = arena_alloc(repertoire->arena, sizeof *slide);
    struct error err;
    error_clear(&err);
    bool ok = make_own(repertoire, entry, lang, slide, &err);
    return keep_slide(repertoire, lazy, slide, ok, entry->playlist->id, &err);
}

static bool same_list(const struct list_slide *a, const struct list_slide *b)
{
    bool same = a->lang == b->lang && a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++) {
        same = a->rows[i].kind == b->rows[i].kind && a->rows[i].index == b->rows[i].index;
    }
    return same;
}

static bool make_list(struct repertoire *repertoire, const struct repertoire_entry *from,
                      const struct list_slide *list, struct slide *slide, struct error *err)
{
    const struct repertoire_inputs *inputs = &repertoire->inputs;
    struct slides_row rows[PLAYLIST_ROWS_MAX] = {0};
    for (size_t i = 0; i < list->count; i++) {
        size_t index = list->rows[i].index;
        if (list->rows[i].kind == ROW_ORGANISATION) {
            rows[i].organisation = &inputs->organisations.items[index];
        } else {
            rows[i].event = &inputs->occurrences.items[index].event;
            rows[i].at = &inputs->occurrences.items[index].at;
            rows[i].with_year = list->rows[i].kind == ROW_EVENT_WITH_YEAR;
        }
    }
    return from->entry->kind == ENTRY_SOURCE_AGENDA
               ? slides_agenda(from->entry->heading, rows, list->count, list->lang,
                               repertoire->arena, slide, err)
               : slides_now_here(from->entry->heading, from->site_name, rows, list->count,
                                 list->lang, repertoire->arena, slide, err);
}

struct repertoire_slide *repertoire_list_slide(struct repertoire *repertoire,
                                               struct repertoire_entry *entry,
                                               const struct list_slide *wanted)
{
    for (struct list_slide *made = entry->lists; made != NULL; made = made->next) {
        if (same_list(made, wanted)) {
            return built_slide(&made->slide);
        }
    }
    struct list_slide *list = arena_alloc(repertoire->arena, sizeof *list);
    *list = *wanted;
    list->next = entry->lists;
    entry->lists = list;
    struct slide *slide = arena_alloc(repertoire->arena, sizeof *slide);
    struct error err;
    error_clear(&err);
    bool ok = make_list(repertoire, entry, list, slide, &err);
    return keep_slide(repertoire, &list->slide, slide, ok, entry->playlist->id, &err);
}
