/* The search: its field and tools in the header of directory and map, the keyboard below them, and
 * the panel of facets (kiosk_choices.c). What was typed and chosen stands in struct kiosk_search,
 * so that both pages show the same. */
#ifndef VITRINE_PLAYER_KIOSK_KIOSK_SEARCH_H
#define VITRINE_PLAYER_KIOSK_KIOSK_SEARCH_H

#include "player/kiosk/kiosk_private.h"

/* The keyboard shows on this page. */
bool kiosk_search_types(const struct kiosk *kiosk);
/* What is left of the body above the keyboard, which is placed when it shows. */
struct rect kiosk_search_arrange(struct kiosk *kiosk);
/* `other`: the page that shows the same otherwise. */
void kiosk_search_build(struct kiosk *kiosk, const struct kiosk_kit *kit, struct scene_node *root,
                        enum kiosk_page other);
/* Heading of the answer: how many, or what was understood. */
void kiosk_search_heading(struct kiosk *kiosk, struct strbuf *title, struct strbuf *aside);
/* Actions of both pages; false: not one of them. */
bool kiosk_search_act(struct kiosk *kiosk, struct kiosk_target target, int64_t now_ms);
bool kiosk_search_touch(struct kiosk *kiosk, const struct kiosk_event *event, int64_t now_ms);
void kiosk_search_drop(struct kiosk *kiosk);
void kiosk_search_draw(struct kiosk *kiosk, const struct kiosk_kit *kit, struct canvas *canvas);
void kiosk_search_tick(struct kiosk *kiosk, int64_t now_ms);
int64_t kiosk_search_wake(const struct kiosk *kiosk, int64_t now_ms);
/* What the keyboard says happened. */
void kiosk_search_take(struct kiosk *kiosk, enum kiosk_keyboard_change change, int64_t now_ms);
void kiosk_search_say_key(struct kiosk *kiosk);
size_t kiosk_search_chosen(const struct kiosk *kiosk); /* how many values */

#endif
