#include "server/content/layouts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "server/content/layout_embedded.h"
#include "server/store/looks.h"

/* "colonne.json" → "colonne" */
static bool is_named(const struct embedded_file *file, const char *id)
{
    size_t length = strlen(id);
    return strncmp(file->name, id, length) == 0 && strcmp(file->name + length, ".json") == 0;
}

static struct layout *shipped(const char *id, struct error *err)
{
    for (size_t i = 0; i < layout_file_count; i++) {
        if (is_named(&layout_files[i], id)) {
            return layout_decode((const char *)layout_files[i].bytes, layout_files[i].size, err);
        }
    }
    error_set(err, ERROR_NOT_FOUND, "la mise en page « %.80s » n’existe pas",
              "the layout \"%.80s\" does not exist", id);
    return NULL;
}

/* One with a logo is there to be copied, with a logo beside it. */
static bool is_complete(const struct layout *layout, struct error *err)
{
    for (size_t i = 0; i < layout->zone_count; i++) {
        const struct layout_zone *zone = &layout->zones[i];
        if (zone->kind == ZONE_LOGO && zone->logo.sha256[0] == '\0') {
            return error_set(err, ERROR_NOT_FOUND,
                             "la mise en page « %s » demande un logo : copiez son document dans "
                             "le dossier « layouts » avec le fichier « %s », puis chargez-la",
                             "the layout \"%s\" needs a logo: copy its document to the folder "
                             "\"layouts\" with the file \"%s\", then load it",
                             layout->id, zone->logo.path);
        }
    }
    return true;
}

struct layout *layouts_find(struct db *db, const char *id, struct error *err)
{
    struct arena *arena = arena_create();
    struct layout_record record;
    struct error cause;
    struct layout *layout = NULL;
    error_clear(&cause);
    id = id[0] == '\0' ? LAYOUTS_DEFAULT : id;
    if (layouts_get(db, arena, id, &record, &cause)) {
        layout = layout_decode(record.document, strlen(record.document), err);
    } else if (cause.kind == ERROR_NOT_FOUND) {
        layout = shipped(id, err);
        if (layout != NULL && !is_complete(layout, err)) {
            layout_destroy(layout);
            layout = NULL;
        }
    } else if (err != NULL) {
        *err = cause;
    }
    arena_destroy(arena);
    return layout;
}

static int compare_ids(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Those of the store, and of the shipped ones those that can be shown as they are. */
bool layouts_ids(struct db *db, struct arena *arena, struct text_list *out, struct error *err)
{
    struct layout_record_list stored;

    if (!layouts_list(db, arena, &stored, err))
        return false;
    *out = (struct text_list){
        .items = arena_array(arena, stored.count + layout_file_count, sizeof(*out->items))};
    for (size_t i = 0; i < stored.count; i++)
        out->items[out->count++] = stored.items[i].id;
    for (size_t i = 0; i < layout_file_count; i++) {
        const char *name = layout_files[i].name;
        const char *id = arena_strndup(arena, name, strlen(name) - strlen(".json"));
        struct layout_record record;
        struct error ignored;
        struct layout *layout;
        if (layouts_get(db, arena, id, &record, &ignored) ||
            (layout = layouts_find(db, id, &ignored)) == NULL)
            continue;
        layout_destroy(layout);
        out->items[out->count++] = id;
    }
    qsort(out->items, out->count, sizeof(*out->items), compare_ids);
    return true;
}

struct layout *layouts_fallback(void)
{
    struct error err;
    struct layout *layout = shipped(LAYOUTS_DEFAULT, &err);
    assert(layout != NULL);
    return layout;
}
