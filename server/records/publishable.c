#include "server/records/publishable.h"

#include "core/civil.h"
#include "playlists/typography.h"
#include "server/content/slides.h"
#include "server/content/zone.h"
#include "server/store/programming.h"

#define TIME_ZONE "Europe/Paris"
#define QUOTE_WORDS_MAX 12
#define STORY_WORDS_MAX 80

static bool today(int64_t now_ms, int64_t *day_out, struct error *err)
{
    struct zone *zone = zone_open(TIME_ZONE, err);

    if (zone == NULL)
        return false;
    *day_out = zone_day(zone, now_ms);
    zone_close(zone);
    return true;
}

static bool check_end(int64_t until_day, int64_t now_ms, struct error *err)
{
    int64_t day;

    if (!today(now_ms, &day, err))
        return false;
    if (until_day >= DAY_MAX) {
        error_set(err, ERROR_INVALID, "il faut une date de fin : tout ce qui est publié finit",
                  "an end date is needed: all that is published ends");
        return error_field(err, "until");
    }
    if (until_day < day) {
        error_set(err, ERROR_INVALID, "la date de fin est déjà passée",
                  "the end date is over already");
        return error_field(err, "until");
    }
    if (until_day > day + PUBLISHABLE_YEARS_MAX * 366) {
        error_set(err, ERROR_INVALID, "la date de fin est à plus de %d ans",
                  "the end date is more than %d years away", PUBLISHABLE_YEARS_MAX);
        return error_field(err, "until");
    }
    return true;
}

static bool check_words(const char *text, size_t max, const char *field, struct error *err)
{
    size_t words = typography_words(text);

    if (words <= max)
        return true;
    error_set(err, ERROR_INVALID, "%zu mots ; l’écran en montre %zu au plus : retirez-en %zu",
              "%zu words; the screen shows %zu at most: remove %zu", words, max, words - max);
    return error_field(err, field);
}

static bool check_given(const char *text, const char *field, const char *fr, const char *en,
                        struct error *err)
{
    if (text[0] != '\0')
        return true;
    error_set(err, ERROR_INVALID, "%s%.0s", "%.0s%s", fr, en);
    return error_field(err, field);
}

/* Code de la propriété intellectuelle, L121-1 (author's name); Code civil, 9 (one's picture). */
static bool check_photo(const struct portrait *portrait, int64_t now_ms, struct error *err)
{
    int64_t given, day;

    if (!check_given(portrait->consent_date, "photo.consent_date",
                     "la date de l’accord de la personne photographiée manque",
                     "the date on which the person photographed agreed is missing", err) ||
        !check_given(portrait->credit, "photo.credit", "le crédit de la photo manque",
                     "the photo's credit is missing", err) ||
        !check_given(portrait->alt, "photo.alt", "la description de la photo manque",
                     "the photo's description is missing", err) ||
        !today(now_ms, &day, err))
        return false;
    if (civil_parse_date(portrait->consent_date, &given) && given <= day)
        return true;
    error_set(err, ERROR_INVALID, "l’accord est daté d’un jour à venir",
              "the consent is dated in the future");
    return error_field(err, "photo.consent_date");
}

static bool shown_organisation(struct db *db, struct arena *arena, const char *id,
                               struct organisation *out, struct error *err)
{
    struct error cause;

    error_clear(&cause);
    if (!organisations_get(db, arena, id, out, &cause) && cause.kind != ERROR_NOT_FOUND) {
        if (err != NULL)
            *err = cause;
        return false;
    }
    if (cause.kind == ERROR_NONE && out->state == STATE_PUBLISHED && out->diffusable)
        return true;
    error_set(err, ERROR_INVALID,
              cause.kind == ERROR_NOT_FOUND ? "la structure « %s » n’existe pas"
              : !out->diffusable            ? "la structure « %s » n’est pas diffusable"
                                            : "la structure « %s » n’est pas publiée",
              cause.kind == ERROR_NOT_FOUND ? "there is no organisation \"%s\""
              : !out->diffusable            ? "the organisation \"%s\" may not be shown"
                                            : "the organisation \"%s\" is not published",
              id);
    return error_field(err, "organisation");
}

bool publishable_organisation(struct db *db, struct arena *arena, const void *value, int64_t now_ms,
                              struct error *err)
{
    const struct organisation *organisation = value;
    struct slide slide;

    (void)db;
    (void)now_ms;
    if (!organisation->diffusable) {
        error_set(err, ERROR_INVALID, "cette structure n’a pas accepté d’être montrée",
                  "this organisation has not agreed to be shown");
        return error_field(err, "diffusable");
    }
    if (organisation->image[0] != '\0' &&
        (!check_given(organisation->image_credit, "image.credit", "le crédit de l’image manque",
                      "the picture's credit is missing", err) ||
         !check_given(organisation->image_alt, "image.alt", "la description de l’image manque",
                      "the picture's description is missing", err)))
        return false;
    return slides_highlight(organisation, LANG_FR, arena, &slide, err);
}

bool publishable_portrait(struct db *db, struct arena *arena, const void *value, int64_t now_ms,
                          struct error *err)
{
    const struct portrait *portrait = value;
    struct organisation organisation;
    struct slide slide;

    return check_end(portrait->until_day, now_ms, err) &&
           check_words(portrait->quote, QUOTE_WORDS_MAX, "quote", err) &&
           check_words(portrait->story, STORY_WORDS_MAX, "story", err) &&
           check_given(portrait->photo, "photo.media", "la photo manque", "the photo is missing",
                       err) &&
           check_photo(portrait, now_ms, err) &&
           (portrait->film[0] == '\0' ||
            check_given(portrait->captions, "film.captions_sha256",
                        "les sous-titres du film manquent : qui n’entend pas ne saurait rien",
                        "the film's captions are missing: who cannot hear would learn nothing",
                        err)) &&
           shown_organisation(db, arena, portrait->organisation, &organisation, err) &&
           slides_portrait(portrait, &organisation, LANG_FR, arena, &slide, err);
}

bool publishable_event(struct db *db, struct arena *arena, const void *value, int64_t now_ms,
                       struct error *err)
{
    const struct event *event = value;
    struct organisation organisation;
    struct occurrence at = {.start_ms = now_ms,
                            .end_ms = now_ms,
                            .local_day = now_ms / CIVIL_DAY_MS,
                            .local_last_day = now_ms / CIVIL_DAY_MS,
                            .local_end_minute = -1};
    struct slide slide;

    if (event->image[0] != '\0' &&
        (!check_given(event->image_credit, "image.credit", "le crédit de l’image manque",
                      "the picture's credit is missing", err) ||
         !check_given(event->image_alt, "image.alt", "la description de l’image manque",
                      "the picture's description is missing", err)))
        return false;
    return (event->organisation[0] == '\0' ||
            shown_organisation(db, arena, event->organisation, &organisation, err)) &&
           slides_event(event, &at, true, LANG_FR, arena, &slide, err);
}

bool publishable_announcement(struct db *db, struct arena *arena, const void *value, int64_t now_ms,
                              struct error *err)
{
    const struct announcement *announcement = value;
    struct slide slide;

    (void)db;
    if (announcement->severity == SEVERITY_EMERGENCY) {
        error_set(err, ERROR_INVALID,
                  "ce degré est celui des urgences, qui se lancent parmi les urgences",
                  "this severity is that of emergencies, which begin among the emergencies");
        return error_field(err, "severity");
    }
    return check_end(announcement->until_day, now_ms, err) &&
           slides_announcement(announcement, LANG_FR, arena, &slide, err);
}

bool publishable_rule(struct db *db, struct arena *arena, const void *value, int64_t now_ms,
                      struct error *err)
{
    const struct rule *rule = value;
    struct playlist_record playlist;
    struct error cause;

    if (rule->class == RULE_EMERGENCY) {
        error_set(err, ERROR_INVALID,
                  "une urgence ne se programme pas : lancez-la depuis les urgences",
                  "an emergency is not scheduled: start it among the emergencies");
        return error_field(err, "class");
    }
    if (rule->until_ms == 0 && !check_end(rule->until_day, now_ms, err))
        return false;
    if (rule->until_ms != 0 && !check_end(rule->until_ms / CIVIL_DAY_MS, now_ms, err))
        return false;
    if (playlists_get(db, arena, rule->playlist, &playlist, &cause))
        return true;
    if (cause.kind == ERROR_NOT_FOUND)
        error_set(&cause, ERROR_INVALID, "la playlist « %s » n’est pas publiée",
                  "the playlist \"%s\" is not published", rule->playlist);
    if (err != NULL)
        *err = cause;
    return error_field(err, "playlist");
}
