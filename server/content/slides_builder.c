#include "server/content/slides_builder.h"

#include <stdio.h>
#include <string.h>

#include "playlists/typography.h"

#define SLIDE_ID_HEX 24

void slide_builder_init(struct slide_builder *builder, struct slide *slide, const char *template,
                        const char *subject, enum lang lang, struct arena *arena)
{
    memset(slide, 0, sizeof *slide);
    *builder = (struct slide_builder){.slide = slide, .arena = arena, .lang = lang};
    strbuf_init(&builder->scratch);
    slide->template = template;
    slide->subject = arena_strdup(arena, subject);
    slide->organisation = "";
    slide->title = "";
    slide->lang = lang_tag(lang);
    slide->link = "";
}

const char *slide_builder_typeset(struct slide_builder *builder, const char *text)
{
    strbuf_clear(&builder->scratch);
    typography_apply(text, builder->lang, &builder->scratch);
    return arena_strndup(builder->arena, builder->scratch.bytes, builder->scratch.length);
}

void slide_builder_text(struct slide_builder *builder, const char *slot, const char *text)
{
    if (text[0] == '\0') {
        return;
    }
    struct slide *slide = builder->slide;
    slide->texts[slide->text_count++] =
        (struct slide_text){slot, slide_builder_typeset(builder, text)};
}

void slide_builder_code(struct slide_builder *builder, const char *slot, const char *code)
{
    if (code[0] == '\0') {
        return;
    }
    struct slide *slide = builder->slide;
    slide->texts[slide->text_count++] =
        (struct slide_text){slot, arena_strdup(builder->arena, code)};
}

void slide_builder_picture(struct slide_builder *builder, const struct slide_picture *picture,
                           const char *sha256)
{
    struct slide_picture copy = *picture;
    if (!sha256_from_hex(sha256, &copy.file)) {
        return;
    }
    copy.alt = slide_builder_typeset(builder, picture->alt);
    copy.credit = slide_builder_typeset(builder, picture->credit);
    builder->slide->pictures[builder->slide->picture_count++] = copy;
}

void slide_builder_link(struct slide_builder *builder, const char *url)
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
    if (slide->has_video) {
        sha256_stream_update(stream, slide->video.file.bytes, SHA256_SIZE);
        sha256_stream_update(stream, slide->video.captions.bytes,
                             slide->video.has_captions ? SHA256_SIZE : 0);
    }
    struct sha256 sum;
    char hex[SHA256_HEX_SIZE];
    sha256_stream_finish(stream, &sum);
    sha256_to_hex(&sum, hex);
    return arena_strndup(arena, hex, SLIDE_ID_HEX);
}

bool slide_builder_finish(struct slide_builder *builder, const char *title,
                          const struct template_set *templates, struct error *err)
{
    struct slide *slide = builder->slide;
    templates = templates == NULL ? template_set_builtin() : templates;
    slide->title = slide_builder_typeset(builder, title);
    slide->id = content_id(slide, builder->arena);
    if (slide->duration_ms == 0) {
        slide->duration_ms = slide_reading_ms(slide, template_set_find(templates, slide->template));
    }
    strbuf_finish(&builder->scratch);
    return slide_check(slide, err) && template_check_slide(templates, slide, err);
}

const char *slide_builder_name(const struct organisation *organisation)
{
    return organisation->enseigne[0] != '\0' ? organisation->enseigne : organisation->nom;
}
