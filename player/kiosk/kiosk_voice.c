/* Reading aloud: what has the focus, what a page says of itself, a whole sheet. */
#include "player/kiosk/kiosk_private.h"

void kiosk_say(struct kiosk *kiosk, const char *text)
{
    if (kiosk->modes.aloud && kiosk->config.speak != NULL && text[0] != '\0')
        kiosk->config.speak(kiosk->config.media_context, text, kiosk->lang, kiosk->volume);
}

void kiosk_hush(struct kiosk *kiosk)
{
    if (kiosk->config.speak != NULL)
        kiosk->config.speak(kiosk->config.media_context, NULL, kiosk->lang, kiosk->volume);
}

static void append_focus(struct kiosk *kiosk, struct strbuf *out)
{
    const struct kiosk_pane *pane = kiosk_pane(kiosk);
    if (kiosk->focused.action == KIOSK_ACTION_ITEM) {
        strbuf_append(out, kiosk_rows_label(pane->rows, (size_t)kiosk->focused.value));
        strbuf_printf(out, lang_pick(kiosk->lang, ", %lld sur %zu", ", %lld of %zu"),
                      (long long)kiosk->focused.value + 1, kiosk_list_count(&pane->list));
        return;
    }
    const struct scene_node *node = kiosk_frame_node(kiosk, kiosk->focused);
    if (node != NULL && node->label != NULL)
        strbuf_append(out, node->label);
}

void kiosk_say_focus(struct kiosk *kiosk)
{
    struct strbuf text;
    strbuf_init(&text);
    append_focus(kiosk, &text);
    kiosk_say(kiosk, text.bytes);
    strbuf_finish(&text);
}

/* What a page says of itself, then where the focus is. */
void kiosk_say_page(struct kiosk *kiosk)
{
    const struct kiosk_page_type *type = kiosk_page_shown(kiosk);
    struct strbuf text;
    if (type == NULL || !kiosk->modes.aloud)
        return;
    strbuf_init(&text);
    if (kiosk->state.overlay == KIOSK_OVERLAY_OPTIONS)
        strbuf_append(&text, kiosk_strings_get(KIOSK_STRING_OPTIONS, kiosk->lang));
    else if (kiosk->state.overlay == KIOSK_OVERLAY_CHOICES)
        strbuf_append(&text, kiosk_strings_get(KIOSK_STRING_CHOICES, kiosk->lang));
    else if (kiosk->state.overlay == KIOSK_OVERLAY_ASK)
        kiosk_strings_ask(kiosk->seconds, kiosk->lang, &text);
    else if (kiosk->page.card != NULL && kiosk->page.card->label != NULL)
        strbuf_append(&text, kiosk->page.card->label);
    else
        strbuf_append(&text, kiosk_strings_get(type->title, kiosk->lang));
    if (kiosk_state_page(&kiosk->state) == KIOSK_HOME &&
        kiosk->state.overlay == KIOSK_OVERLAY_NONE) {
        strbuf_append(&text, ". ");
        strbuf_append(&text, kiosk_strings_get(KIOSK_STRING_KEYS, kiosk->lang));
    }
    strbuf_append(&text, ". ");
    append_focus(kiosk, &text);
    kiosk_say(kiosk, text.bytes);
    strbuf_finish(&text);
}

/* All that a sheet says, from top to bottom. */
static void append_texts(const struct scene_node *node, struct strbuf *out)
{
    if (node->hidden)
        return;
    const char *words = node->kind == SCENE_TEXT    ? node->text
                        : node->kind == SCENE_IMAGE ? node->label
                                                    : NULL;
    if (words != NULL && words[0] != '\0') {
        strbuf_append(out, words);
        strbuf_append(out, ". ");
    }
    for (const struct scene_node *child = node->first_child; child != NULL; child = child->next)
        append_texts(child, out);
}

void kiosk_listen(struct kiosk *kiosk)
{
    struct strbuf text;
    if (kiosk->page.card == NULL || kiosk->config.speak == NULL)
        return;
    strbuf_init(&text);
    append_texts(kiosk->page.card, &text);
    kiosk->config.speak(kiosk->config.media_context, text.bytes, kiosk->lang, kiosk->volume);
    strbuf_finish(&text);
}
