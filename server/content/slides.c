#include "server/content/slides.h"

#include <stdio.h>
#include <string.h>

#include "core/civil.h"
#include "playlists/typography.h"
#include "server/content/labels.h"
#include "server/content/slides_builder.h"

#define SMALL_HOURS_MINUTES 360
bool slides_portrait(const struct portrait *portrait, const struct organisation *organisation,
                     enum lang lang, struct arena *arena, struct slide *slide_out,
                     struct error *err)
{
    struct slide_builder builder;
    slide_builder_init(&builder, slide_out, "portrait", portrait->id, lang, arena);
    slide_out->organisation = arena_strdup(arena, organisation->id);
    slide_builder_text(&builder, "company", slide_builder_name(organisation));
    slide_builder_text(&builder, "leader", portrait->leader_name);
    slide_builder_text(&builder, "role", portrait->leader_role);
    slide_builder_text(&builder, "quote", portrait->quote);
    slide_builder_text(&builder, "story", portrait->story);
    slide_builder_text(&builder, "sector", label_sector(portrait->sector, arena));
    slide_builder_text(&builder, "commune", organisation->commune);
    slide_builder_text(&builder, "short_title", portrait->short_title);
    struct slide_picture photo = {.slot = "photo",
                                  .focal_x = portrait->focal_x,
                                  .focal_y = portrait->focal_y,
                                  .alt = portrait->alt,
                                  .credit = portrait->credit};
    slide_builder_picture(&builder, &photo, portrait->photo);
    slide_builder_link(&builder, portrait->url);
    const char *title =
        arena_printf(arena, "%s, %s", portrait->leader_name, slide_builder_name(organisation));
    return slide_builder_finish(&builder, title, NULL, err);
}

void slides_occurrence_date(const struct occurrence *at, bool with_year, enum lang lang,
                            struct strbuf *out)
{
    int64_t last = at->local_last_day;
    bool nightly = !at->all_day && last == at->local_day + 1 && at->local_end_minute >= 0 &&
                   at->local_end_minute <= SMALL_HOURS_MINUTES;
    if (last <= at->local_day || nightly) {
        typography_date(at->local_day, lang, with_year, out);
        return;
    }
    strbuf_append(out, lang_pick(lang, "du ", "from "));
    typography_date(at->local_day, lang, false, out);
    strbuf_append(out, lang_pick(lang, " au ", " to "));
    typography_date(last, lang, with_year, out);
}

/* "18 h 30 – 22 h"; only the start when the end is another day's. */
static void occurrence_time(const struct occurrence *at, enum lang lang, struct strbuf *out)
{
    if (at->all_day || at->local_minute < 0) {
        return;
    }
    typography_time(at->local_minute, lang, out);
    bool same_evening =
        at->local_last_day == at->local_day ||
        (at->local_last_day == at->local_day + 1 && at->local_end_minute <= SMALL_HOURS_MINUTES);
    if (at->local_end_minute >= 0 && at->end_ms > at->start_ms && same_evening) {
        strbuf_append(out, "\u00A0– ");
        typography_time(at->local_end_minute, lang, out);
    }
}

bool slides_event(const struct event *event, const struct occurrence *at, bool with_year,
                  enum lang lang, struct arena *arena, struct slide *slide_out, struct error *err)
{
    struct slide_builder builder;
    slide_builder_init(&builder, slide_out, "event", event->uid, lang, arena);
    slide_out->organisation = arena_strdup(arena, event->organisation);
    struct strbuf words;
    strbuf_init(&words);
    slide_builder_text(&builder, "title", event->title);
    slide_builder_text(&builder, "short_title", event->short_title);
    slides_occurrence_date(at, with_year, lang, &words);
    slide_builder_text(&builder, "date", words.bytes);
    strbuf_clear(&words);
    occurrence_time(at, lang, &words);
    slide_builder_text(&builder, "time", words.bytes);
    strbuf_finish(&words);
    slide_builder_text(&builder, "place", event->place[0] != '\0' ? event->place : event->commune);
    slide_builder_text(&builder, "commune", event->commune);
    slide_builder_text(&builder, "price", event->price);
    slide_builder_text(&builder, "access", event->access);
    slide_builder_text(&builder, "organiser", event->organiser);
    slide_builder_text(&builder, "status", label_event_status(event->status, lang));
    struct slide_picture image = {.slot = "image",
                                  .focal_x = 0.5,
                                  .focal_y = 0.5,
                                  .alt = event->image_alt,
                                  .credit = event->image_credit};
    slide_builder_picture(&builder, &image, event->image);
    slide_builder_link(&builder, event->url);
    return slide_builder_finish(&builder, event->title, NULL, err);
}

bool slides_highlight(const struct organisation *organisation, enum lang lang, struct arena *arena,
                      struct slide *slide_out, struct error *err)
{
    struct slide_builder builder;
    slide_builder_init(&builder, slide_out, "highlight", organisation->id, lang, arena);
    slide_out->organisation = slide_out->subject;
    slide_builder_text(&builder, "name", organisation->nom);
    if (strcmp(organisation->enseigne, organisation->nom) != 0) {
        slide_builder_text(&builder, "sign", organisation->enseigne);
    }
    slide_builder_text(&builder, "activity", label_activity(organisation, arena));
    slide_builder_text(&builder, "summary", organisation->resume);
    slide_builder_text(&builder, "commune", organisation->commune);
    slide_builder_text(&builder, "address", organisation->adresse);
    slide_builder_text(&builder, "phone", organisation->telephone);
    slide_builder_text(&builder, "types", label_insertion_types(&organisation->types_iae, arena));
    if (organisation->famille_ess != FAMILLE_INCONNUE) {
        slide_builder_text(&builder, "family", famille_ess_label(organisation->famille_ess));
    }
    slide_builder_link(&builder, organisation->site_web);
    return slide_builder_finish(&builder, slide_builder_name(organisation), NULL, err);
}

bool slides_announcement(const struct announcement *announcement, enum lang lang,
                         struct arena *arena, struct slide *slide_out, struct error *err)
{
    struct slide_builder builder;
    slide_builder_init(&builder, slide_out, "announcement", announcement->id, lang, arena);
    slide_builder_text(&builder, "title", announcement->title);
    slide_builder_text(&builder, "text", announcement->text);
    slide_builder_code(&builder, "pictogram", announcement->pictogram);
    slide_builder_code(&builder, "severity", severity_tag(announcement->severity));
    slide_builder_link(&builder, announcement->url);
    return slide_builder_finish(&builder, announcement->title, NULL, err);
}
