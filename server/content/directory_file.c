#include "server/content/directory_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/civil.h"
#include "core/files.h"
#include "core/strbuf.h"
#include "playlists/typography.h"
#include "server/content/contours.h"
#include "server/content/directory_parts.h"
#include "server/content/labels.h"
#include "server/content/zone.h"
#include "server/import/vocabulary.h"
#include "server/store/settings.h"

#define TIME_ZONE "Europe/Paris" /* of the Métropole */
#define PAGE 1000                /* organisations in memory at once */
#define PATH_BYTES_MAX 4096

struct making {
    struct db *db;
    struct arena *arena; /* for the whole file */
    struct arena *page;  /* emptied after each page of records */
    struct zone *zone;
    int64_t day;
    struct directory_build *build;
    struct directory_commune_list communes;
    struct portrait_list portraits;
    struct event_occurrence_list events;
    struct facets *facets;
    struct directory_media media;
    char newest[11]; /* ISO date */
    struct strbuf scratch;
};

bool directory_stamp_equal(const struct directory_stamp *a, const struct directory_stamp *b)
{
    return a->version == b->version && a->day == b->day;
}

bool directory_file_stamp(struct db *db, int64_t now_ms, struct directory_stamp *out,
                          struct error *err)
{
    struct zone *zone = zone_open(TIME_ZONE, err);
    if (zone == NULL) {
        return false;
    }
    out->day = zone_day(zone, now_ms);
    zone_close(zone);
    return settings_directory_version(db, &out->version, err);
}

static const char *typeset(struct making *making, const char *text)
{
    if (text[0] == '\0') {
        return "";
    }
    strbuf_clear(&making->scratch);
    typography_apply(text, LANG_FR, &making->scratch);
    return arena_strndup(making->page, making->scratch.bytes, making->scratch.length);
}

/* --- organisations --------------------------------------------------------------------------- */

typedef bool take_organisation(struct making *making, const struct organisation *organisation,
                               struct error *err);

/* Page by page, all from the same moment: the caller's transaction. */
static bool each_organisation(struct making *making, take_organisation *take, struct error *err)
{
    struct organisation_filter filter = {.limit = PAGE};
    struct organisation_list list = {.count = PAGE};
    struct strbuf key, id;
    bool ok = true;
    strbuf_init(&key);
    strbuf_init(&id);
    while (ok && list.count == PAGE) {
        ok = organisations_list(making->db, making->page, &filter, &list, err);
        for (size_t i = 0; ok && i < list.count; i++) {
            ok = take(making, &list.items[i], err);
        }
        if (ok && list.count > 0) {
            strbuf_clear(&key);
            strbuf_clear(&id);
            strbuf_append(&key, list.items[list.count - 1].sort_key);
            strbuf_append(&id, list.items[list.count - 1].id);
            filter.after_sort_key = key.bytes;
            filter.after_id = id.bytes;
        }
        arena_reset(making->page);
    }
    strbuf_finish(&key);
    strbuf_finish(&id);
    return ok;
}

static bool look_at(struct making *making, const struct organisation *organisation,
                    struct error *err)
{
    (void)err;
    facets_count(making->facets, organisation);
    directory_media_wish(&making->media,
                         &(struct directory_wish){.asked = organisation->image,
                                                  .updated_ms = organisation->updated_ms,
                                                  .id = organisation->id,
                                                  .kind = USE_PICTURE,
                                                  .spared = true});
    if (strcmp(organisation->date_maj, making->newest) > 0) {
        snprintf(making->newest, sizeof making->newest, "%s", organisation->date_maj);
    }
    return true;
}

static void append_word(struct strbuf *out, const char *text)
{
    if (text != NULL && text[0] != '\0') {
        strbuf_append_char(out, ' ');
        strbuf_append(out, text);
    }
}

static void append_terms(struct strbuf *out, const struct text_list *keys, const struct term *terms,
                         size_t count)
{
    for (size_t i = 0; i < keys->count; i++) {
        for (size_t j = 0; j < count; j++) {
            if (strcmp(terms[j].key, keys->items[i]) == 0) {
                append_word(out, terms[j].fr);
            }
        }
    }
}

/* All that it is found by beside name, sign and acronym. */
static const char *words_of(struct making *making, const struct organisation *from)
{
    const char *const texts[] = {from->naf_label, from->resume,  from->offre,
                                 from->valeurs,   from->commune, from->code_postal,
                                 from->adresse,   from->falc,    from->description};
    struct strbuf words;
    strbuf_init(&words);
    for (size_t i = 0; i < from->secteurs.count; i++) {
        append_word(&words, label_sector(from->secteurs.items[i], making->page));
    }
    for (size_t i = 0; i < from->types_iae.count; i++) {
        append_word(&words, from->types_iae.items[i]);
        append_word(&words, label_insertion_type(from->types_iae.items[i]));
    }
    append_word(&words, famille_ess_label(from->famille_ess));
    append_word(&words, from->scop ? "SCOP" : "");
    append_word(&words, from->scic ? "SCIC" : "");
    append_word(&words, from->esus ? "ESUS" : "");
    append_terms(&words, &from->rse, vocabulary_rse, VOCABULARY_RSE);
    append_terms(&words, &from->marches_reserves, vocabulary_marches_reserves,
                 VOCABULARY_MARCHES_RESERVES);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        append_word(&words, texts[i]);
    }
    const char *kept = arena_strndup(making->page, words.bytes, words.length);
    strbuf_finish(&words);
    return kept;
}

static void place(struct making *making, const struct organisation *from,
                  struct directory_organisation *out)
{
    const struct directory_commune *commune =
        from->in_metropole ? contours_find(&making->communes, from->code_insee) : NULL;
    out->placed = organisation_placed(from);
    if (out->placed) {
        out->latitude = from->latitude;
        out->longitude = from->longitude;
    } else if (commune != NULL) {
        out->latitude = commune->latitude;
        out->longitude = commune->longitude;
    }
}

static int by_organisation(const void *left, const void *right)
{
    const struct portrait *a = left;
    const struct portrait *b = right;
    int order = strcmp(a->organisation, b->organisation);
    return order != 0 ? order : strcmp(a->id, b->id);
}

/* The first of several. */
static const char *portrait_of(const struct making *making, const char *organisation)
{
    const struct portrait_list *list = &making->portraits;
    size_t low = 0, high = list->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(list->items[middle].organisation, organisation) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < list->count && strcmp(list->items[low].organisation, organisation) == 0
               ? list->items[low].id
               : "";
}

static bool put_organisation(struct making *making, const struct organisation *from,
                             struct error *err)
{
    struct directory_values values[DIRECTORY_FACETS];
    bool has_sign = from->enseigne[0] != '\0' && strcmp(from->enseigne, from->nom) != 0;
    const char *picture = directory_media_shown(&making->media, from->image);
    struct directory_organisation out = {
        .id = from->id,
        .name = typeset(making, from->nom),
        .sign = has_sign ? typeset(making, from->enseigne) : "",
        .acronym = from->sigle,
        .family = famille_ess_label(from->famille_ess),
        .types = label_insertion_types(&from->types_iae, making->page),
        .sector = from->secteurs.count > 0 ? from->secteurs.items[0] : "",
        .activity = typeset(making, label_activity(from, making->page)),
        .summary = typeset(making, from->resume),
        .plain = typeset(making, from->falc),
        .offer = typeset(making, from->offre),
        .values = typeset(making, from->valeurs),
        .address = typeset(making, from->adresse),
        .postcode = from->code_postal,
        .commune = typeset(making, from->commune),
        .in_metropole = from->in_metropole,
        .phone = typeset(making, from->telephone),
        .email = from->courriel,
        .website = from->site_web,
        .hours = typeset(making, from->horaires),
        .site_id = from->site,
        .floor = typeset(making, from->etage),
        .office = typeset(making, from->bureau),
        .picture = picture,
        .picture_alt = picture[0] != '\0' ? typeset(making, from->image_alt) : "",
        .picture_credit = picture[0] != '\0' ? typeset(making, from->image_credit) : "",
        .focal_x = from->focal_x,
        .focal_y = from->focal_y,
        .portrait = portrait_of(making, from->id),
    };
    place(making, from, &out);
    facets_of(making->facets, from, values);
    return directory_build_organisation(making->build, &out, from->sort_key, values,
                                        words_of(making, from), err);
}

/* --- portraits and events -------------------------------------------------------------------- */

/* *found_out: it is there and displayable. */
static bool find_shown(struct making *making, const char *id, struct organisation *out,
                       bool *found_out, struct error *err)
{
    struct error cause;
    error_clear(&cause);
    *found_out = id[0] != '\0' && organisations_get(making->db, making->page, id, out, &cause) &&
                 out->state == STATE_PUBLISHED && out->diffusable;
    if (cause.kind != ERROR_NONE && cause.kind != ERROR_NOT_FOUND) {
        *err = cause;
        return false;
    }
    return true;
}

static bool put_portrait(struct making *making, const struct portrait *from,
                         const struct organisation *organisation, struct error *err)
{
    const char *picture = directory_media_shown(&making->media, from->photo);
    const char *film = directory_media_shown(&making->media, from->film);
    const char *captions = directory_media_shown(&making->media, from->captions);
    bool forever = from->until_day >= DAY_MAX;
    const struct directory_portrait out = {
        .id = from->id,
        .organisation = from->organisation,
        .organisation_name = typeset(making, organisation->nom),
        .leader_name = typeset(making, from->leader_name),
        .leader_role = typeset(making, from->leader_role),
        .quote = typeset(making, from->quote),
        .story = typeset(making, from->story),
        .plain = typeset(making, from->falc),
        .picture = picture,
        .picture_alt = picture[0] != '\0' ? typeset(making, from->alt) : "",
        .picture_credit = picture[0] != '\0' ? typeset(making, from->credit) : "",
        .focal_x = from->focal_x,
        .focal_y = from->focal_y,
        .film = film,
        .captions = film[0] != '\0' ? captions : "",
        .url = from->url,
        .from_ms = zone_day_start(making->zone, from->from_day),
        .until_ms = forever ? INT64_MAX : zone_day_start(making->zone, from->until_day + 1),
    };
    return directory_build_portrait(making->build, &out, err);
}

static bool put_portraits(struct making *making, struct error *err)
{
    bool ok = true;
    for (size_t i = 0; ok && i < making->portraits.count; i++) {
        struct organisation organisation;
        bool found = false;
        ok = find_shown(making, making->portraits.items[i].organisation, &organisation, &found,
                        err) &&
             (!found || put_portrait(making, &making->portraits.items[i], &organisation, err));
        arena_reset(making->page);
    }
    return ok;
}

static bool put_event(struct making *making, const struct event *from, const struct occurrence *at,
                      struct error *err)
{
    struct organisation organisation;
    bool found = false;
    if (!find_shown(making, from->organisation, &organisation, &found, err)) {
        return false;
    }
    const char *picture = directory_media_shown(&making->media, from->image);
    const struct directory_event out = {
        .id = from->uid,
        .title = typeset(making, from->title),
        .summary = typeset(making, from->resume[0] != '\0' ? from->resume : from->description),
        .place = typeset(making, from->place),
        .address = typeset(making, from->address),
        .commune = typeset(making, from->commune),
        .organisation = found ? from->organisation : "",
        .organiser = typeset(making, from->organiser[0] != '\0' || !found ? from->organiser
                                                                          : organisation.nom),
        .price = typeset(making, from->price),
        .access = typeset(making, from->access),
        .url = from->url,
        .status = label_event_status(from->status, LANG_FR),
        .picture = picture,
        .picture_alt = picture[0] != '\0' ? typeset(making, from->image_alt) : "",
        .picture_credit = picture[0] != '\0' ? typeset(making, from->image_credit) : "",
        .focal_x = 0.5,
        .focal_y = 0.5,
        .start_ms = at->start_ms,
        .end_ms = at->end_ms,
        .local_day = at->local_day,
        .start_minute = at->all_day ? 0 : at->local_minute,
        .end_minute = at->all_day                ? 0
                      : at->local_end_minute < 0 ? at->local_minute
                                                 : at->local_end_minute,
        .all_day = at->all_day,
    };
    return directory_build_event(making->build, &out, err);
}

static bool put_events(struct making *making, struct error *err)
{
    bool ok = true;
    for (size_t i = 0; ok && i < making->events.count; i++) {
        ok = put_event(making, &making->events.items[i].event, &making->events.items[i].at, err);
        arena_reset(making->page);
    }
    return ok;
}

static bool put_communes(struct making *making, struct error *err)
{
    for (size_t i = 0; i < making->communes.count; i++) {
        if (!directory_build_commune(making->build, &making->communes.items[i], err)) {
            return false;
        }
    }
    return true;
}

/* --- the whole ------------------------------------------------------------------------------- */

static void wish_for_stories(struct making *making)
{
    for (size_t i = 0; i < making->portraits.count; i++) {
        const struct portrait *one = &making->portraits.items[i];
        const struct directory_wish wishes[] = {
            {one->photo, one->updated_ms, one->id, USE_PICTURE, false},
            {one->film, one->updated_ms, one->id, USE_FILM, true},
            {one->captions, one->updated_ms, one->id, USE_CAPTIONS, true},
        };
        for (size_t j = 0; j < sizeof wishes / sizeof *wishes; j++) {
            directory_media_wish(&making->media, &wishes[j]);
        }
    }
    for (size_t i = 0; i < making->events.count; i++) {
        const struct event *one = &making->events.items[i].event;
        directory_media_wish(
            &making->media,
            &(struct directory_wish){one->image, one->updated_ms, one->uid, USE_PICTURE, false});
    }
}

static bool read_stories(struct making *making, struct error *err)
{
    int64_t from_ms = zone_day_start(making->zone, making->day);
    int64_t until_ms = zone_day_start(making->zone, making->day + DIRECTORY_FILE_DAYS);
    if (!portraits_list(making->db, making->arena, "", making->day,
                        making->day + DIRECTORY_FILE_DAYS, &making->portraits, err) ||
        !events_occurrences(making->db, making->arena, from_ms, until_ms, NULL, 0, 0,
                            &making->events, err)) {
        return false;
    }
    if (making->portraits.count > 1) {
        qsort(making->portraits.items, making->portraits.count, sizeof *making->portraits.items,
              by_organisation);
    }
    wish_for_stories(making);
    return true;
}

static bool put_all(struct making *making, const char *path, struct error *err)
{
    making->build = directory_build_begin(path, making->newest, err);
    if (making->build == NULL) {
        return false;
    }
    if (facets_settle(making->facets, making->build, err) &&
        each_organisation(making, put_organisation, err) && put_portraits(making, err) &&
        put_events(making, err) && put_communes(making, err)) {
        return directory_build_end(making->build, err);
    }
    directory_build_abandon(making->build);
    return false;
}

static bool write_file(struct making *making, const char *path, struct error *err)
{
    char folder[PATH_BYTES_MAX];
    bool own;
    if (assets_folder(folder, sizeof folder) == NULL) {
        return error_set(err, ERROR_NOT_FOUND,
                         "le dossier des données de Vitrine est introuvable ; donnez-le par "
                         "VITRINE_ASSETS",
                         "Vitrine's asset folder is not found; give it by VITRINE_ASSETS");
    }
    if (!contours_load(folder, making->arena, &making->communes, err) ||
        !db_join(making->db, &own, err)) {
        return false;
    }
    bool ok = read_stories(making, err) && each_organisation(making, look_at, err) &&
              directory_media_settle(&making->media, making->db, err) && put_all(making, path, err);
    if (own) { /* nothing was written */
        db_rollback(making->db);
    }
    return ok;
}

static bool make(struct db *db, const char *path, int64_t now_ms, struct arena *arena,
                 struct directory_made *out, struct error *err)
{
    struct making making = {.db = db, .arena = arena, .media = {.arena = arena}};
    making.zone = zone_open(TIME_ZONE, err);
    if (making.zone == NULL) {
        return false;
    }
    making.day = zone_day(making.zone, now_ms);
    making.page = arena_create();
    making.facets = arena_alloc(arena, sizeof *making.facets);
    making.facets->arena = arena;
    strbuf_init(&making.scratch);
    bool ok = write_file(&making, path, err);
    if (ok) {
        out->media = directory_media_files(&making.media);
    }
    strbuf_finish(&making.scratch);
    arena_destroy(making.page);
    zone_close(making.zone);
    return ok;
}

bool directory_file_make(struct db *db, const char *media_folder, int64_t now_ms,
                         struct arena *arena, struct directory_made *out, struct error *err)
{
    const char *path =
        arena_printf(arena, "%s/%s.%ld", media_folder, DIRECTORY_FILE_NAME, (long)getpid());
    struct sha256 sum;
    int64_t size = 0;
    *out = (struct directory_made){0};
    /* Before what is read, so that a change meanwhile is a change. */
    bool ok = directory_file_stamp(db, now_ms, &out->stamp, err) &&
              folder_create(media_folder, 0755, err) && make(db, path, now_ms, arena, out, err) &&
              media_adopt(media_folder, path, &sum, &size, err);
    if (!ok) {
        unlink(path);
        return false;
    }
    char hex[SHA256_HEX_SIZE];
    sha256_to_hex(&sum, hex);
    out->directory = (struct media_record){.sha256 = arena_strdup(arena, hex),
                                           .size = size,
                                           .type = DIRECTORY_TYPE,
                                           .name = DIRECTORY_FILE_NAME,
                                           .created_ms = now_ms};
    return true;
}
