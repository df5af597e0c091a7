#include "server/content/slides_lists.h"

#include <stdlib.h>
#include <string.h>

#include "core/civil.h"
#include "core/utf8.h"
#include "playlists/template.h"
#include "playlists/typography.h"
#include "server/content/labels.h"
#include "server/content/slides_builder.h"

#define SMALL_HOURS_MINUTES 360
#define NEWS_CHARACTERS 38 /* about what a strip shows at once */

static const char *const weekdays[2][7] = {
    [LANG_FR] = {"lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."},
    [LANG_EN] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"},
};
static const char *const months[2][12] = {
    [LANG_FR] = {"janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.",
                 "nov.", "déc."},
    [LANG_EN] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov",
                 "Dec"},
};

/* "24 nov."; without the month when another day of it follows. */
static void short_day(int64_t day, bool with_month, enum lang lang, struct strbuf *out)
{
    struct civil date = civil_from_ms(day * CIVIL_DAY_MS);
    strbuf_printf(out, "%d%s", date.day, lang == LANG_FR && date.day == 1 ? "er" : "");
    if (with_month) {
        strbuf_printf(out, "\u00A0%s", months[lang][date.month - 1]);
    }
}

/* "mar. 24 nov.", "28–29 nov."; true when it is one day. */
static bool short_days(const struct occurrence *at, bool with_year, enum lang lang,
                       struct strbuf *out)
{
    bool nightly = !at->all_day && at->local_last_day == at->local_day + 1 &&
                   at->local_end_minute <= SMALL_HOURS_MINUTES;
    bool one_day = nightly || at->local_last_day <= at->local_day;
    int64_t last = one_day ? at->local_day : at->local_last_day;
    struct civil last_date = civil_from_ms(last * CIVIL_DAY_MS);
    if (one_day) {
        strbuf_printf(out, "%s\u00A0", weekdays[lang][civil_weekday(last)]);
    } else {
        struct civil first_date = civil_from_ms(at->local_day * CIVIL_DAY_MS);
        short_day(at->local_day, first_date.month != last_date.month, lang, out);
        strbuf_append(out, "–");
    }
    short_day(last, true, lang, out);
    if (with_year) {
        strbuf_printf(out, "\u00A0%d", last_date.year);
    }
    return one_day;
}

void slides_short_date(const struct occurrence *at, bool with_year, enum lang lang,
                       struct strbuf *out)
{
    if (short_days(at, with_year, lang, out) && !at->all_day && at->local_minute >= 0) {
        strbuf_append(out, ", ");
        typography_time(at->local_minute, lang, out);
    }
}

bool slides_written(const struct playlist_slide *written, const struct template_set *templates,
                    enum lang lang, struct arena *arena, struct slide *slide_out, struct error *err)
{
    struct slide_builder builder;
    enum lang own = lang;
    if (written->lang[0] != '\0' && lang_parse(written->lang, &own)) {
        lang = own;
    }
    slide_builder_init(&builder, slide_out, arena_strdup(arena, written->template), "", lang,
                       arena);
    slide_out->organisation = arena_strdup(arena, written->organisation);
    const struct template *template = template_set_find(templates, written->template);
    const char *title = written->template;
    for (size_t i = 0; i < written->text_count; i++) {
        const char *name = arena_strdup(arena, written->texts[i].slot);
        const struct template_slot *slot = template == NULL ? NULL : template_slot(template, name);
        if (slot != NULL && slot->choice_count > 0) {
            slide_builder_code(&builder, name, written->texts[i].text);
        } else {
            slide_builder_text(&builder, name, written->texts[i].text);
        }
        title = i == 0 && written->texts[i].text[0] != '\0' ? written->texts[i].text : title;
    }
    if (written->has_picture) {
        const struct slide_picture picture = {.slot = "photo",
                                              .focal_x = written->focal_x,
                                              .focal_y = written->focal_y,
                                              .alt = written->alt,
                                              .credit = written->credit};
        slide_builder_picture(&builder, &picture, written->picture.sha256);
    }
    slide_builder_link(&builder, written->link);
    if (written->link[0] != '\0' && slide_out->link[0] == '\0') {
        strbuf_finish(&builder.scratch);
        error_set(err, ERROR_INVALID,
                  "« %.100s » n’est pas une adresse web ; elle commence par https:// et n’a pas "
                  "d’espace",
                  "\"%.100s\" is no web address; it begins with https:// and has no spaces",
                  written->link);
        error_field(err, "link");
        return false;
    }
    return slide_builder_finish(&builder, title, templates, err);
}

bool slides_film(const struct playlist_film *film, int64_t transition_ms, enum lang lang,
                 struct arena *arena, struct slide *slide_out, struct error *err)
{
    struct slide_builder builder;
    slide_builder_init(&builder, slide_out, "video", "", lang, arena);
    slide_builder_text(&builder, "title", film->title);
    slide_out->has_video = sha256_from_hex(film->file.sha256, &slide_out->video.file);
    slide_out->video.has_captions =
        sha256_from_hex(film->captions.sha256, &slide_out->video.captions);
    slide_out->video.length_ms = film->length_ms;
    int64_t duration_ms = film->length_ms + transition_ms;
    slide_out->duration_ms = duration_ms < 1000                 ? 1000
                             : duration_ms > SLIDE_VIDEO_MS_MAX ? SLIDE_VIDEO_MS_MAX
                                                                : duration_ms;
    const char *title = film->title[0] != '\0' ? film->title : "Film";
    return slide_builder_finish(&builder, title, NULL, err);
}

static const char *row_slot(struct arena *arena, size_t row, const char *part)
{
    return arena_printf(arena, "row_%zu%s", row + 1, part);
}

static const char *event_title(const struct event *event)
{
    return event->short_title[0] != '\0' ? event->short_title : event->title;
}

static const char *event_place(const struct event *event)
{
    return event->place[0] != '\0' ? event->place : event->commune;
}

bool slides_agenda(const char *heading, const struct slides_row *rows, size_t count, enum lang lang,
                   struct arena *arena, struct slide *slide_out, struct error *err)
{
    struct slide_builder builder;
    struct strbuf when;
    slide_builder_init(&builder, slide_out, "agenda", "", lang, arena);
    heading = heading[0] != '\0' ? heading : lang_pick(lang, "À l’agenda", "What’s on");
    slide_builder_text(&builder, "title", heading);
    strbuf_init(&when);
    for (size_t i = 0; i < count; i++) {
        strbuf_clear(&when);
        slides_short_date(rows[i].at, rows[i].with_year, lang, &when);
        slide_builder_text(&builder, row_slot(arena, i, ""), event_title(rows[i].event));
        slide_builder_text(&builder, row_slot(arena, i, "_label"), when.bytes);
        slide_builder_text(&builder, row_slot(arena, i, "_detail"), event_place(rows[i].event));
    }
    strbuf_finish(&when);
    return slide_builder_finish(&builder, heading, NULL, err);
}

/* "2e étage", "RdC", or what the directory says when that is no number. */
static const char *floor_name(const char *floor, enum lang lang, struct arena *arena)
{
    size_t digits = strspn(floor, "0123456789");
    if (digits == 0 || digits > 2 || floor[digits] != '\0') {
        return floor;
    }
    int number = (int)strtol(floor, NULL, 10);
    if (number == 0) {
        return lang_pick(lang, "RdC", "Ground");
    }
    return lang == LANG_EN ? arena_printf(arena, "Floor %d", number)
                           : arena_printf(arena, "%d%s étage", number, number == 1 ? "er" : "e");
}

/* "2e étage, 214" */
static const char *whereabouts(const struct organisation *organisation, enum lang lang,
                               struct arena *arena)
{
    const char *floor = floor_name(organisation->etage, lang, arena);
    bool both = floor[0] != '\0' && organisation->bureau[0] != '\0';
    return arena_printf(arena, "%s%s%s", floor, both ? ", " : "", organisation->bureau);
}

bool slides_now_here(const char *heading, const char *site_name, const struct slides_row *rows,
                     size_t count, enum lang lang, struct arena *arena, struct slide *slide_out,
                     struct error *err)
{
    struct slide_builder builder;
    struct strbuf hour;
    bool meetings = count > 0 && rows[0].event != NULL;
    slide_builder_init(&builder, slide_out, "now_here", "", lang, arena);
    if (heading[0] == '\0') {
        heading = meetings ? lang_pick(lang, "Aujourd’hui ici", "Here today")
                           : lang_pick(lang, "Dans les murs", "In this building");
    }
    slide_builder_text(&builder, "title", heading);
    slide_builder_text(&builder, "subtitle", site_name);
    strbuf_init(&hour);
    for (size_t i = 0; i < count; i++) {
        const struct slides_row *row = &rows[i];
        if (row->event == NULL) {
            slide_builder_text(&builder, row_slot(arena, i, ""),
                               slide_builder_name(row->organisation));
            slide_builder_text(&builder, row_slot(arena, i, "_label"),
                               whereabouts(row->organisation, lang, arena));
            slide_builder_text(&builder, row_slot(arena, i, "_detail"),
                               label_activity(row->organisation, arena));
            continue;
        }
        strbuf_clear(&hour);
        if (!row->at->all_day && row->at->local_minute >= 0) {
            typography_time(row->at->local_minute, lang, &hour);
        }
        slide_builder_text(&builder, row_slot(arena, i, ""), event_title(row->event));
        slide_builder_text(&builder, row_slot(arena, i, "_label"), hour.bytes);
        slide_builder_text(&builder, row_slot(arena, i, "_detail"), row->event->organiser);
    }
    strbuf_finish(&hour);
    return slide_builder_finish(&builder, heading, NULL, err);
}

bool slides_event_news(const struct event *event, const struct occurrence *at, bool with_year,
                       enum lang lang, struct arena *arena, struct slide *slide_out,
                       struct error *err)
{
    struct slide_builder builder;
    struct strbuf line;
    slide_builder_init(&builder, slide_out, "news", event->uid, lang, arena);
    slide_out->organisation = arena_strdup(arena, event->organisation);
    strbuf_init(&line);
    strbuf_printf(&line, "%s, ", event_title(event));
    short_days(at, with_year, lang, &line);
    if (event->commune[0] != '\0' &&
        utf8_length(line.bytes) + utf8_length(event->commune) + 2 <= NEWS_CHARACTERS) {
        strbuf_printf(&line, ", %s", event->commune);
    }
    slide_builder_text(&builder, "title", line.bytes);
    strbuf_finish(&line);
    return slide_builder_finish(&builder, event->title, NULL, err);
}

bool slides_announcement_news(const struct announcement *announcement, enum lang lang,
                              struct arena *arena, struct slide *slide_out, struct error *err)
{
    struct slide_builder builder;
    slide_builder_init(&builder, slide_out, "news", announcement->id, lang, arena);
    slide_builder_text(&builder, "title", announcement->title);
    return slide_builder_finish(&builder, announcement->title, NULL, err);
}

/* Thousands apart: "1 284", "1,284". */
static const char *grouped(size_t figure, enum lang lang, struct arena *arena)
{
    return figure < 1000 ? arena_printf(arena, "%zu", figure)
                         : arena_printf(arena, "%s%s%03zu", grouped(figure / 1000, lang, arena),
                                        lang_pick(lang, "\u202F", ","), figure % 1000);
}

bool slides_figure(const struct playlist_entry *entry, size_t figure, enum lang lang,
                   struct arena *arena, struct slide *slide_out, struct error *err)
{
    struct slide_builder builder;
    slide_builder_init(&builder, slide_out, "key_figure", "", lang, arena);
    slide_builder_text(&builder, "figure", grouped(figure, lang, arena));
    slide_builder_text(&builder, "unit", entry->unit);
    slide_builder_text(&builder, "meaning", entry->meaning);
    slide_builder_text(&builder, "source", entry->origin);
    return slide_builder_finish(&builder, entry->meaning, NULL, err);
}
