#include "server/content/slides.h"

#include <stdio.h>
#include <string.h>

#include "core/civil.h"
#include "playlists/typography.h"
#include "server/content/labels.h"

#define SMALL_HOURS_MINUTES 360
#define SLIDE_ID_HEX 24

/* A slide in the making. */
struct builder {
    struct slide *slide;
    struct arena *arena;
    enum lang lang;
    struct strbuf scratch;
};

static void builder_init(struct builder *builder, struct slide *slide, const char *template,
                         const char *subject, enum lang lang, struct arena *arena)
{
    memset(slide, 0, sizeof *slide);
    *builder = (struct builder){.slide = slide, .arena = arena, .lang = lang};
    strbuf_init(&builder->scratch);
    slide->template = template;
    slide->subject = arena_strdup(arena, subject);
    slide->organisation = "";
    slide->title = "";
    slide->lang = lang_tag(lang);
    slide->link = "";
}

static const char *typeset(struct builder *builder, const char *text)
{
    strbuf_clear(&builder->scratch);
    typography_apply(text, builder->lang, &builder->scratch);
    return arena_strndup(builder->arena, builder->scratch.bytes, builder->scratch.length);
}

/* Slots without words are left out. */
static void add_text(struct builder *builder, const char *slot, const char *text)
{
    if (text[0] == '\0') {
        return;
    }
    struct slide *slide = builder->slide;
    slide->texts[slide->text_count++] = (struct slide_text){slot, typeset(builder, text)};
}

/* For codes that the template reads: kept to the letter. */
static void add_code(struct builder *builder, const char *slot, const char *code)
{
    if (code[0] == '\0') {
        return;
    }
    struct slide *slide = builder->slide;
    slide->texts[slide->text_count++] =
        (struct slide_text){slot, arena_strdup(builder->arena, code)};
}

static void add_picture(struct builder *builder, const struct slide_picture *picture,
                        const char *sha256)
{
    struct slide_picture copy = *picture;
    if (!sha256_from_hex(sha256, &copy.file)) {
        return;
    }
    copy.alt = typeset(builder, picture->alt);
    copy.credit = typeset(builder, picture->credit);
    builder->slide->pictures[builder->slide->picture_count++] = copy;
}

/* A public address for the QR code; "" for what is none. Sites are often noted without scheme. */
static void set_link(struct builder *builder, const char *url)
{
    size_t length = strlen(url);
    bool plain = length > 0 && length <= 300 && strpbrk(url, " \t\r\n\"<>\\^`{|}") == NULL &&
                 strchr(url, '.') != NULL;
    if (!plain) {
        return;
    }
    if (strncmp(url, "https://", 8) == 0 || strncmp(url, "http://", 7) == 0) {
        builder->slide->link = arena_strdup(builder->arena, url);
    } else if (strstr(url, ":") == NULL && strchr(url, '@') == NULL) {
        builder->slide->link = arena_printf(builder->arena, "https://%s", url);
    }
}

static void hash_text(struct sha256_stream *stream, const char *text)
{
    sha256_stream_update(stream, text, strlen(text) + 1);
}

/* From everything that is shown, so that the id changes with it and only with it. */
static const char *content_id(const struct slide *slide, struct arena *arena)
{
    struct sha256_stream *stream = sha256_stream_create();
    const char *heads[] = {slide->template, slide->subject, slide->organisation,
                           slide->title,    slide->lang,    slide->link};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        hash_text(stream, heads[i]);
    }
    for (size_t i = 0; i < slide->text_count; i++) {
        hash_text(stream, slide->texts[i].slot);
        hash_text(stream, slide->texts[i].text);
    }
    for (size_t i = 0; i < slide->picture_count; i++) {
        const struct slide_picture *picture = &slide->pictures[i];
        char focal[64];
        snprintf(focal, sizeof focal, "%.4f %.4f", picture->focal_x, picture->focal_y);
        hash_text(stream, picture->slot);
        sha256_stream_update(stream, picture->file.bytes, SHA256_SIZE);
        hash_text(stream, focal);
        hash_text(stream, picture->alt);
        hash_text(stream, picture->credit);
    }
    struct sha256 sum;
    char hex[SHA256_HEX_SIZE];
    sha256_stream_finish(stream, &sum);
    sha256_to_hex(&sum, hex);
    return arena_strndup(arena, hex, SLIDE_ID_HEX);
}

static bool builder_finish(struct builder *builder, const char *title, struct error *err)
{
    struct slide *slide = builder->slide;
    slide->title = typeset(builder, title);
    slide->id = content_id(slide, builder->arena);
    slide->duration_ms = slide_reading_ms(slide);
    strbuf_finish(&builder->scratch);
    return slide_check(slide, err);
}

static const char *public_name(const struct organisation *organisation)
{
    return organisation->enseigne[0] != '\0' ? organisation->enseigne : organisation->nom;
}

bool slides_portrait(const struct portrait *portrait, const struct organisation *organisation,
                     enum lang lang, struct arena *arena, struct slide *slide_out,
                     struct error *err)
{
    struct builder builder;
    builder_init(&builder, slide_out, "portrait", portrait->id, lang, arena);
    slide_out->organisation = arena_strdup(arena, organisation->id);
    add_text(&builder, "company", public_name(organisation));
    add_text(&builder, "leader", portrait->leader_name);
    add_text(&builder, "role", portrait->leader_role);
    add_text(&builder, "quote", portrait->quote);
    add_text(&builder, "story", portrait->story);
    add_text(&builder, "sector", label_sector(portrait->sector, arena));
    add_text(&builder, "commune", organisation->commune);
    add_text(&builder, "short_title", portrait->short_title);
    struct slide_picture photo = {.slot = "photo",
                                  .focal_x = portrait->focal_x,
                                  .focal_y = portrait->focal_y,
                                  .alt = portrait->alt,
                                  .credit = portrait->credit};
    add_picture(&builder, &photo, portrait->photo);
    set_link(&builder, portrait->url);
    const char *title =
        arena_printf(arena, "%s, %s", portrait->leader_name, public_name(organisation));
    return builder_finish(&builder, title, err);
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
    struct builder builder;
    builder_init(&builder, slide_out, "event", event->uid, lang, arena);
    slide_out->organisation = arena_strdup(arena, event->organisation);
    struct strbuf words;
    strbuf_init(&words);
    add_text(&builder, "title", event->title);
    add_text(&builder, "short_title", event->short_title);
    slides_occurrence_date(at, with_year, lang, &words);
    add_text(&builder, "date", words.bytes);
    strbuf_clear(&words);
    occurrence_time(at, lang, &words);
    add_text(&builder, "time", words.bytes);
    strbuf_finish(&words);
    add_text(&builder, "place", event->place[0] != '\0' ? event->place : event->commune);
    add_text(&builder, "commune", event->commune);
    add_text(&builder, "price", event->price);
    add_text(&builder, "access", event->access);
    add_text(&builder, "organiser", event->organiser);
    add_text(&builder, "status", label_event_status(event->status, lang));
    struct slide_picture image = {.slot = "image",
                                  .focal_x = 0.5,
                                  .focal_y = 0.5,
                                  .alt = event->image_alt,
                                  .credit = event->image_credit};
    add_picture(&builder, &image, event->image);
    set_link(&builder, event->url);
    return builder_finish(&builder, event->title, err);
}

bool slides_highlight(const struct organisation *organisation, enum lang lang, struct arena *arena,
                      struct slide *slide_out, struct error *err)
{
    struct builder builder;
    builder_init(&builder, slide_out, "highlight", organisation->id, lang, arena);
    slide_out->organisation = slide_out->subject;
    add_text(&builder, "name", organisation->nom);
    if (strcmp(organisation->enseigne, organisation->nom) != 0) {
        add_text(&builder, "sign", organisation->enseigne);
    }
    add_text(&builder, "activity", label_activity(organisation, arena));
    add_text(&builder, "summary", organisation->resume);
    add_text(&builder, "commune", organisation->commune);
    add_text(&builder, "address", organisation->adresse);
    add_text(&builder, "phone", organisation->telephone);
    add_text(&builder, "types", label_insertion_types(&organisation->types_iae, arena));
    if (organisation->famille_ess != FAMILLE_INCONNUE) {
        add_text(&builder, "family", famille_ess_label(organisation->famille_ess));
    }
    set_link(&builder, organisation->site_web);
    return builder_finish(&builder, public_name(organisation), err);
}

bool slides_announcement(const struct announcement *announcement, enum lang lang,
                         struct arena *arena, struct slide *slide_out, struct error *err)
{
    struct builder builder;
    builder_init(&builder, slide_out, "announcement", announcement->id, lang, arena);
    add_text(&builder, "title", announcement->title);
    add_text(&builder, "text", announcement->text);
    add_code(&builder, "pictogram", announcement->pictogram);
    add_code(&builder, "severity", severity_tag(announcement->severity));
    set_link(&builder, announcement->url);
    return builder_finish(&builder, announcement->title, err);
}
