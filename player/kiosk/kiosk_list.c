#include "player/kiosk/kiosk_list.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static int letter_of(const struct directory_entry *entry)
{
    return entry->initial >= 'A' && entry->initial <= 'Z' ? entry->initial - 'A'
                                                          : KIOSK_LETTERS - 1;
}

static size_t count_here(const struct directory *directory, const char *site_id)
{
    size_t count = 0;
    for (size_t i = 0; i < directory->entry_count; i++)
        count += strcmp(directory->entries[i].site_id, site_id) == 0;
    return count;
}

void kiosk_list_set(struct kiosk_list *list, const struct directory *directory, const char *site_id)
{
    kiosk_list_finish(list);
    list->directory = directory;
    for (int letter = 0; letter < KIOSK_LETTERS; letter++)
        list->letters[letter] = KIOSK_NO_ITEM;
    if (directory == NULL)
        return;
    size_t here = site_id[0] == '\0' ? 0 : count_here(directory, site_id);
    if (here > 0) {
        list->here = calloc(here, sizeof(*list->here));
        if (list->here == NULL)
            here = 0;
    }
    for (size_t i = 0; i < directory->entry_count; i++) {
        const struct directory_entry *entry = &directory->entries[i];
        size_t *letter = &list->letters[letter_of(entry)];
        if (*letter == KIOSK_NO_ITEM)
            *letter = i;
        if (list->here_count < here && strcmp(entry->site_id, site_id) == 0)
            list->here[list->here_count++] = i;
    }
}

void kiosk_list_finish(struct kiosk_list *list)
{
    free(list->here);
    list->here = NULL;
    list->here_count = 0;
    list->directory = NULL;
}

void kiosk_list_arrange(struct kiosk_list *list, int width, int columns, int row_height, int gap,
                        int heading_height)
{
    assert(columns >= 1 && row_height >= 1);
    list->columns = columns;
    list->column_gap = gap;
    list->row_gap = gap;
    list->column_width = (width - (columns - 1) * gap) / columns;
    list->row_height = row_height;
    list->heading_height = heading_height;
}

static size_t all_count(const struct kiosk_list *list)
{
    return list->directory == NULL ? 0 : list->directory->entry_count;
}

size_t kiosk_list_count(const struct kiosk_list *list)
{
    return list->here_count + all_count(list);
}

const struct directory_entry *kiosk_list_entry(const struct kiosk_list *list, size_t item)
{
    assert(item < kiosk_list_count(list));
    size_t index = item < list->here_count ? list->here[item] : item - list->here_count;
    return &list->directory->entries[index];
}

bool kiosk_list_is_here(const struct kiosk_list *list, size_t item)
{
    return item < list->here_count;
}

size_t kiosk_list_letter(const struct kiosk_list *list, int letter)
{
    assert(letter >= 0 && letter < KIOSK_LETTERS);
    if (list->directory == NULL || list->letters[letter] == KIOSK_NO_ITEM)
        return KIOSK_NO_ITEM;
    return list->here_count + list->letters[letter];
}

static int rows_height(const struct kiosk_list *list, size_t items)
{
    size_t columns = (size_t)list->columns;
    return (int)((items + columns - 1) / columns) * (list->row_height + list->row_gap);
}

int kiosk_list_heading(const struct kiosk_list *list, int section)
{
    if (section == 0 || list->here_count == 0)
        return 0;
    return list->heading_height + rows_height(list, list->here_count);
}

/* Top of a section's first row. */
static int rows_top(const struct kiosk_list *list, int section)
{
    return kiosk_list_heading(list, section) + list->heading_height;
}

int kiosk_list_height(const struct kiosk_list *list)
{
    return rows_top(list, 1) + rows_height(list, all_count(list));
}

struct rect kiosk_list_rect(const struct kiosk_list *list, size_t item)
{
    bool here = kiosk_list_is_here(list, item);
    size_t index = here ? item : item - list->here_count;
    size_t columns = (size_t)list->columns;
    return (struct rect){
        .x = (int)(index % columns) * (list->column_width + list->column_gap),
        .y = rows_top(list, here ? 0 : 1) +
             (int)(index / columns) * (list->row_height + list->row_gap),
        .w = list->column_width,
        .h = list->row_height,
    };
}

/* Items of one section, counted within it, whose rows meet [top, bottom). */
static void section_visible(const struct kiosk_list *list, int section, size_t count, int top,
                            int bottom, size_t *first_out, size_t *end_out)
{
    int pitch = list->row_height + list->row_gap;
    int above = top - rows_top(list, section) - list->row_height;
    int below = bottom - rows_top(list, section);
    size_t first = above < 0 ? 0 : (size_t)(above / pitch + 1) * (size_t)list->columns;
    size_t end = below <= 0 ? 0 : (size_t)((below + pitch - 1) / pitch) * (size_t)list->columns;
    *end_out = end < count ? end : count;
    *first_out = first < *end_out ? first : *end_out;
}

bool kiosk_list_visible(const struct kiosk_list *list, int top, int bottom, size_t *first_out,
                        size_t *end_out)
{
    size_t here_first, here_end, first, end;
    section_visible(list, 0, list->here_count, top, bottom, &here_first, &here_end);
    section_visible(list, 1, all_count(list), top, bottom, &first, &end);
    *first_out = here_first < here_end ? here_first : list->here_count + first;
    *end_out = first < end ? list->here_count + end : here_end;
    return *first_out < *end_out;
}

int kiosk_list_letter_at(const struct kiosk_list *list, int top)
{
    int below = top - rows_top(list, 1) + list->row_height / 2;
    if (all_count(list) == 0 || (list->here_count > 0 && below < 0))
        return -1;
    size_t row = below < 0 ? 0 : (size_t)(below / (list->row_height + list->row_gap));
    size_t index = row * (size_t)list->columns;
    size_t last = all_count(list) - 1;
    return letter_of(&list->directory->entries[index < last ? index : last]);
}
