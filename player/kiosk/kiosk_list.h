/* Cards below each other as a long virtual list: sections, each with a heading, of cards of one
 * size in one or more columns. Where a card stands and which cards a view shows is arithmetic;
 * nothing is laid out before it is seen. An item is the n-th card from the top. */
#ifndef VITRINE_PLAYER_KIOSK_KIOSK_LIST_H
#define VITRINE_PLAYER_KIOSK_KIOSK_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "player/draw/canvas.h"

#define KIOSK_SECTIONS_MAX 8
#define KIOSK_NO_ITEM ((size_t)-1)

/* Sizes in px. */
struct kiosk_section {
    size_t count;
    int columns, row_height; /* ≥ 1 */
    int heading_height;      /* 0: it has none */
};

struct kiosk_list {
    struct kiosk_section sections[KIOSK_SECTIONS_MAX];
    int section_count;
    int width, gap; /* of all columns; between cards, both ways */
};

size_t kiosk_list_count(const struct kiosk_list *list); /* items */
/* Section of an item, and its number within that. */
int kiosk_list_section(const struct kiosk_list *list, size_t item, size_t *index_out);
size_t kiosk_list_item(const struct kiosk_list *list, int section, size_t index);

/* In px of content, from its top left. */
int kiosk_list_height(const struct kiosk_list *list);
struct rect kiosk_list_rect(const struct kiosk_list *list, size_t item);
/* Top of a section; its heading, if any, stands there. */
int kiosk_list_top(const struct kiosk_list *list, int section);
/* Items whose rows meet [top, bottom): first and one past the last; false when there are none. */
bool kiosk_list_visible(const struct kiosk_list *list, int top, int bottom, size_t *first_out,
                        size_t *end_out);
/* The item that a reader at `top` is at; KIOSK_NO_ITEM when the list is empty. */
size_t kiosk_list_at(const struct kiosk_list *list, int top);

#endif
