#include "player/kiosk/kiosk_rows.h"

#include <stdlib.h>

#define CACHED_ROWS 64 /* more than twice what any screen shows */

struct row {
    size_t item;
    uint64_t used;
    struct scene *scene; /* NULL: free */
    struct scene_node *card;
};

struct kiosk_rows {
    struct text_engine *text;
    kiosk_rows_make *make;
    void *context;
    struct row cached[CACHED_ROWS];
    uint64_t clock;
};

struct kiosk_rows *kiosk_rows_create(struct text_engine *text, kiosk_rows_make *make, void *context)
{
    struct kiosk_rows *rows = calloc(1, sizeof(*rows));
    if (rows == NULL)
        abort();
    rows->text = text;
    rows->make = make;
    rows->context = context;
    return rows;
}

void kiosk_rows_clear(struct kiosk_rows *rows)
{
    for (int i = 0; i < CACHED_ROWS; i++) {
        scene_destroy(rows->cached[i].scene);
        rows->cached[i] = (struct row){0};
    }
}

void kiosk_rows_destroy(struct kiosk_rows *rows)
{
    if (rows == NULL)
        return;
    kiosk_rows_clear(rows);
    free(rows);
}

static struct row *find_row(struct kiosk_rows *rows, const struct kiosk_kit *kit, struct rect rect,
                            size_t item)
{
    struct row *oldest = &rows->cached[0];
    rows->clock++;
    for (int i = 0; i < CACHED_ROWS; i++) {
        struct row *row = &rows->cached[i];
        if (row->scene != NULL && row->item == item) {
            row->used = rows->clock;
            return row;
        }
        if (row->used < oldest->used)
            oldest = row;
    }
    scene_destroy(oldest->scene);
    int around = kit->layout->gap;
    struct scene *scene = scene_create(rows->text, rect.w + 2 * around, rect.h + 2 * around);
    *oldest = (struct row){.item = item, .used = rows->clock, .scene = scene};
    oldest->card = rows->make(rows->context, kit, scene_root(scene),
                              (struct rect){around, around, rect.w, rect.h}, item);
    return oldest;
}

void kiosk_rows_draw(struct kiosk_rows *rows, const struct kiosk_kit *kit, struct canvas *canvas,
                     struct rect rect, size_t item, enum kiosk_row_state state)
{
    struct row *row = find_row(rows, kit, rect, item);
    struct scene_node *root = scene_root(row->scene);
    root->rect.x = rect.x - kit->layout->gap;
    root->rect.y = rect.y - kit->layout->gap;
    kiosk_kit_press(kit, row->card, state == KIOSK_ROW_PRESSED);
    row->card->focused = state == KIOSK_ROW_FOCUSED;
    scene_draw(row->scene, canvas, NULL);
}

const char *kiosk_rows_label(const struct kiosk_rows *rows, size_t item)
{
    for (int i = 0; i < CACHED_ROWS; i++)
        if (rows->cached[i].scene != NULL && rows->cached[i].item == item)
            return rows->cached[i].card->label;
    return "";
}
