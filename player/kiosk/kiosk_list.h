/* The directory as a long virtual list: two sections ("in this building", then everybody A–Z) of
 * rows of one height, in one or more columns. Where an item stands and which items a view shows is
 * arithmetic; nothing is laid out before it is seen. An item is the n-th card from the top: an
 * organisation of this building is two items. */
#ifndef VITRINE_PLAYER_KIOSK_KIOSK_LIST_H
#define VITRINE_PLAYER_KIOSK_KIOSK_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "player/draw/canvas.h"
#include "playlists/directory.h"

#define KIOSK_LETTERS 27 /* A–Z, then # */
#define KIOSK_NO_ITEM ((size_t)-1)

struct kiosk_list {
    const struct directory *directory; /* NULL: empty */
    size_t *here;                      /* entries of this site, in the directory's order */
    size_t here_count;
    size_t letters[KIOSK_LETTERS]; /* first entry with that initial;
                                      KIOSK_NO_ITEM: none */
    int columns, column_width, row_height, row_gap, column_gap, heading_height;
};

/* Looks once through the directory, which must outlive the list or the next call. */
void kiosk_list_set(struct kiosk_list *list, const struct directory *directory,
                    const char *site_id);
void kiosk_list_finish(struct kiosk_list *list);
/* Sizes in px; width is that of all columns. */
void kiosk_list_arrange(struct kiosk_list *list, int width, int columns, int row_height, int gap,
                        int heading_height);

size_t kiosk_list_count(const struct kiosk_list *list); /* items */
const struct directory_entry *kiosk_list_entry(const struct kiosk_list *list, size_t item);
bool kiosk_list_is_here(const struct kiosk_list *list, size_t item); /* of the first section */
/* First item with the letter, 0–26; KIOSK_NO_ITEM when there is none. */
size_t kiosk_list_letter(const struct kiosk_list *list, int letter);

/* In px of content, from its top left. */
int kiosk_list_height(const struct kiosk_list *list);
struct rect kiosk_list_rect(const struct kiosk_list *list, size_t item);
/* Top of the section's heading; section 0 is missing when nobody is in this building. */
int kiosk_list_heading(const struct kiosk_list *list, int section);
/* Items whose rows meet [top, bottom): first and one past the last; false when there are none. */
bool kiosk_list_visible(const struct kiosk_list *list, int top, int bottom, size_t *first_out,
                        size_t *end_out);
/* Letter that a reader at `top` is in: 0–26, -1 in the first section or when empty. */
int kiosk_list_letter_at(const struct kiosk_list *list, int top);

#endif
