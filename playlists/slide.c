#include "playlists/slide.h"

#include <stdio.h>
#include <string.h>

#include "core/lang.h"
#include "core/utf8.h"
#include "playlists/template.h"
#include "playlists/typography.h"

#define NAME_BYTES_MAX 40
#define ID_BYTES_MAX 255
#define TITLE_BYTES_MAX 1000
#define LINK_BYTES_MAX 1000
#define ALT_BYTES_MAX 2000
#define CREDIT_BYTES_MAX 500
#define LANG_BYTES_MAX 35
#define DURATION_MIN_MS 1000
#define DURATION_MAX_MS 600000

bool slide_name_valid(const char *name)
{
    size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");
    return length >= 1 && length <= NAME_BYTES_MAX && name[length] == '\0' && name[0] >= 'a';
}

const char *slide_text(const struct slide *slide, const char *slot)
{
    for (size_t i = 0; i < slide->text_count; i++) {
        if (strcmp(slide->texts[i].slot, slot) == 0) {
            const char *text = slide->texts[i].text;
            return text[0] != '\0' ? text : NULL;
        }
    }
    return NULL;
}

const struct slide_picture *slide_picture(const struct slide *slide, const char *slot)
{
    for (size_t i = 0; i < slide->picture_count; i++) {
        if (strcmp(slide->pictures[i].slot, slot) == 0) {
            return &slide->pictures[i];
        }
    }
    return NULL;
}

/* A text that can be drawn as it stands: NFC, no control characters but '\n'. */
static bool check_text(const char *text, size_t min, size_t max, const char *field,
                       struct error *err)
{
    size_t length = text == NULL ? 0 : strlen(text);
    if (text == NULL || length < min || length > max) {
        error_set(err, length > max ? ERROR_LIMIT : ERROR_INVALID,
                  "texte de %zu octets, de %zu à %zu sont admis",
                  "text of %zu bytes, %zu to %zu are allowed", length, min, max);
        return error_field(err, field);
    }
    for (const char *cursor = text; *cursor != '\0'; cursor++) {
        unsigned char c = (unsigned char)*cursor;
        bool c1 = c == 0xC2 && (unsigned char)cursor[1] < 0xA0;
        if ((c < 0x20 && c != '\n') || c == 0x7F || c1) {
            error_set(err, ERROR_INVALID, "caractère de commande dans le texte",
                      "control character in the text");
            return error_field(err, field);
        }
    }
    if (!utf8_composed(text)) {
        error_set(err, ERROR_INVALID, "texte qui n’est pas de l’UTF-8 composé (NFC)",
                  "text that is not composed UTF-8 (NFC)");
        return error_field(err, field);
    }
    return true;
}

static bool is_lang_tag(const char *tag)
{
    size_t length = strlen(tag);
    if (length < 2 || length > LANG_BYTES_MAX || tag[0] == '-' || tag[length - 1] == '-') {
        return false;
    }
    return strspn(tag, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == length;
}

/* What a telephone's camera opens from a QR code. */
static bool is_link(const char *link)
{
    static const char *const schemes[] = {"https://", "http://", "mailto:", "tel:"};
    if (strlen(link) > LINK_BYTES_MAX) {
        return false;
    }
    for (const char *cursor = link; *cursor != '\0'; cursor++) {
        unsigned char c = (unsigned char)*cursor;
        if (c <= 0x20 || c == 0x7F) {
            return false;
        }
    }
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        size_t length = strlen(schemes[i]);
        if (strncmp(link, schemes[i], length) == 0 && link[length] != '\0') {
            return utf8_valid(link, strlen(link));
        }
    }
    return false;
}

static bool check_head(const struct slide *slide, struct error *err)
{
    if (!check_text(slide->id, 1, ID_BYTES_MAX, "id", err) ||
        !check_text(slide->subject, 0, ID_BYTES_MAX, "subject", err) ||
        !check_text(slide->organisation, 0, ID_BYTES_MAX, "organisation", err) ||
        !check_text(slide->title, 0, TITLE_BYTES_MAX, "title", err)) {
        return false;
    }
    if (slide->lang == NULL || !is_lang_tag(slide->lang)) {
        error_set(err, ERROR_INVALID, "code de langue attendu : « fr », « en »…",
                  "a language tag is expected: \"fr\", \"en\"…");
        return error_field(err, "lang");
    }
    if (slide->link == NULL || (slide->link[0] != '\0' && !is_link(slide->link))) {
        error_set(err, ERROR_INVALID,
                  "adresse commençant par https:// (ou http://, mailto:, tel:) attendue, "
                  "sans espace, %d octets au plus",
                  "an address that starts with https:// (or http://, mailto:, tel:) is expected, "
                  "without spaces, at most %d bytes",
                  LINK_BYTES_MAX);
        return error_field(err, "link");
    }
    if (slide->duration_ms < DURATION_MIN_MS || slide->duration_ms > DURATION_MAX_MS) {
        error_set(err, ERROR_INVALID, "durée de %lld ms : de %d à %d sont admises",
                  "duration of %lld ms: %d to %d are allowed", (long long)slide->duration_ms,
                  DURATION_MIN_MS, DURATION_MAX_MS);
        return error_field(err, "duration_ms");
    }
    return true;
}

static bool check_name(const char *name, const char *field, struct error *err)
{
    if (name != NULL && slide_name_valid(name)) {
        return true;
    }
    error_set(err, ERROR_INVALID, "« %.40s » : minuscules sans accent, chiffres et _ attendus",
              "\"%.40s\": lower-case letters a-z, digits and _ are expected",
              name == NULL ? "" : name);
    return error_field(err, field);
}

static bool check_texts(const struct slide *slide, struct error *err)
{
    if (slide->text_count > SLIDE_TEXTS_MAX) {
        error_set(err, ERROR_LIMIT, "%zu textes, %d au plus", "%zu texts, at most %d",
                  slide->text_count, SLIDE_TEXTS_MAX);
        return error_field(err, "texts");
    }
    for (size_t i = 0; i < slide->text_count; i++) {
        const struct slide_text *text = &slide->texts[i];
        if (!check_name(text->slot, "texts", err)) {
            return false;
        }
        for (size_t j = 0; j < i; j++) {
            if (strcmp(slide->texts[j].slot, text->slot) == 0) {
                error_set(err, ERROR_INVALID, "ce texte figure deux fois",
                          "this text is there twice");
                error_field(err, text->slot);
                return error_field(err, "texts");
            }
        }
        if (!check_text(text->text, 0, SLIDE_TEXT_BYTES_MAX, text->slot, err)) {
            return error_field(err, "texts");
        }
    }
    return true;
}

static bool check_picture(const struct slide *slide, size_t index, struct error *err)
{
    static const char *const slots[] = {"photo", "image", "logo"};
    const struct slide_picture *picture = &slide->pictures[index];
    bool known = false;
    for (size_t i = 0; i < sizeof slots / sizeof slots[0]; i++) {
        known = known || (picture->slot != NULL && strcmp(picture->slot, slots[i]) == 0);
    }
    if (!known || slide_picture(slide, picture->slot) != picture) {
        error_set(err, ERROR_INVALID, "« photo », « image » ou « logo » attendu, une fois chacun",
                  "\"photo\", \"image\" or \"logo\" is expected, once each");
        return error_field(err, "slot");
    }
    /* Written so that NaN fails too. */
    if (!(picture->focal_x >= 0 && picture->focal_x <= 1)) {
        error_set(err, ERROR_INVALID, "un nombre de 0 à 1 est attendu",
                  "a number from 0 to 1 is expected");
        return error_field(err, "focal_x");
    }
    if (!(picture->focal_y >= 0 && picture->focal_y <= 1)) {
        error_set(err, ERROR_INVALID, "un nombre de 0 à 1 est attendu",
                  "a number from 0 to 1 is expected");
        return error_field(err, "focal_y");
    }
    return check_text(picture->alt, 0, ALT_BYTES_MAX, "alt", err) &&
           check_text(picture->credit, 0, CREDIT_BYTES_MAX, "credit", err);
}

bool slide_check(const struct slide *slide, struct error *err)
{
    if (!check_name(slide->template, "template", err) || !check_head(slide, err) ||
        !check_texts(slide, err)) {
        return false;
    }
    if (slide->has_video &&
        (slide->video.length_ms < 1 || slide->video.length_ms > SLIDE_VIDEO_MS_MAX)) {
        error_set(err, ERROR_INVALID, "film de %lld ms : de 1 à %d sont admises",
                  "film of %lld ms: 1 to %d are allowed", (long long)slide->video.length_ms,
                  SLIDE_VIDEO_MS_MAX);
        return error_field(err, "video.length_ms");
    }
    if (slide->picture_count > SLIDE_PICTURES_MAX) {
        error_set(err, ERROR_LIMIT, "%zu images, %d au plus", "%zu pictures, at most %d",
                  slide->picture_count, SLIDE_PICTURES_MAX);
        return error_field(err, "pictures");
    }
    for (size_t i = 0; i < slide->picture_count; i++) {
        if (!check_picture(slide, i, err)) {
            char field[32];
            snprintf(field, sizeof field, "pictures[%zu]", i);
            return error_field(err, field);
        }
    }
    return true;
}

int64_t slide_reading_ms(const struct slide *slide, const struct template *template)
{
    size_t words = 0;
    for (size_t i = 0; i < slide->text_count; i++) {
        const struct template_slot *slot =
            template != NULL ? template_slot(template, slide->texts[i].slot) : NULL;
        if (template == NULL || (slot != NULL && slot->read)) {
            words += typography_words(slide->texts[i].text);
        }
    }
    int64_t seconds = 2 + ((int64_t)words * 2 + 4) / 5;
    int64_t least = slide->link[0] != '\0' ? 15 : 8;
    int64_t ms = 1000 * (seconds > least ? seconds : least);
    return ms < DURATION_MAX_MS ? ms : DURATION_MAX_MS;
}
