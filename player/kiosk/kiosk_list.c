#include "player/kiosk/kiosk_list.h"

#include <assert.h>

size_t kiosk_list_count(const struct kiosk_list *list)
{
    size_t count = 0;
    for (int i = 0; i < list->section_count; i++)
        count += list->sections[i].count;
    return count;
}

int kiosk_list_section(const struct kiosk_list *list, size_t item, size_t *index_out)
{
    int section = 0;
    assert(item < kiosk_list_count(list));
    while (item >= list->sections[section].count)
        item -= list->sections[section++].count;
    *index_out = item;
    return section;
}

size_t kiosk_list_item(const struct kiosk_list *list, int section, size_t index)
{
    for (int i = 0; i < section; i++)
        index += list->sections[i].count;
    return index;
}

static int pitch_of(const struct kiosk_list *list, const struct kiosk_section *section)
{
    return section->row_height + list->gap;
}

static int height_of(const struct kiosk_list *list, const struct kiosk_section *section)
{
    size_t columns = (size_t)section->columns;
    int rows = (int)((section->count + columns - 1) / columns);
    return section->heading_height + rows * pitch_of(list, section);
}

int kiosk_list_top(const struct kiosk_list *list, int section)
{
    int top = 0;
    for (int i = 0; i < section; i++)
        top += height_of(list, &list->sections[i]);
    return top;
}

int kiosk_list_height(const struct kiosk_list *list)
{
    return kiosk_list_top(list, list->section_count);
}

struct rect kiosk_list_rect(const struct kiosk_list *list, size_t item)
{
    size_t index;
    int number = kiosk_list_section(list, item, &index);
    const struct kiosk_section *section = &list->sections[number];
    int columns = section->columns, column = (int)(index % (size_t)columns);
    int left = (list->width + list->gap) * column / columns;
    int right = (list->width + list->gap) * (column + 1) / columns - list->gap;
    return (struct rect){
        .x = left,
        .y = kiosk_list_top(list, number) + section->heading_height +
             (int)(index / (size_t)columns) * pitch_of(list, section),
        .w = right - left,
        .h = section->row_height,
    };
}

/* Items of one section, counted within it, whose rows meet [top, bottom); `top` and `bottom` from
 * its first row. */
static void section_visible(const struct kiosk_list *list, const struct kiosk_section *section,
                            int top, int bottom, size_t *first_out, size_t *end_out)
{
    int pitch = pitch_of(list, section);
    int above = top - section->row_height;
    size_t columns = (size_t)section->columns;
    size_t first = above < 0 ? 0 : (size_t)(above / pitch + 1) * columns;
    size_t end = bottom <= 0 ? 0 : (size_t)((bottom + pitch - 1) / pitch) * columns;
    *end_out = end < section->count ? end : section->count;
    *first_out = first < *end_out ? first : *end_out;
}

bool kiosk_list_visible(const struct kiosk_list *list, int top, int bottom, size_t *first_out,
                        size_t *end_out)
{
    size_t before = 0;
    int y = 0;
    *first_out = *end_out = 0;
    for (int i = 0; i < list->section_count; i++) {
        const struct kiosk_section *section = &list->sections[i];
        size_t first, end;
        int rows = y + section->heading_height;
        section_visible(list, section, top - rows, bottom - rows, &first, &end);
        if (first < end && *first_out == *end_out)
            *first_out = before + first;
        if (first < end)
            *end_out = before + end;
        before += section->count;
        y += height_of(list, section);
    }
    return *first_out < *end_out;
}

size_t kiosk_list_at(const struct kiosk_list *list, int top)
{
    size_t count = kiosk_list_count(list), first, end;
    if (count == 0)
        return KIOSK_NO_ITEM;
    int height = kiosk_list_height(list);
    return kiosk_list_visible(list, top, height > top ? height : top + 1, &first, &end) ? first
                                                                                        : count - 1;
}
