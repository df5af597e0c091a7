#include "player/stage/templates.h"

#include <stdlib.h>
#include <string.h>

#include "core/log.h"

/* Current and urgent editions of a few displays, and a candidate. */
#define KEPT 6

struct kept {
    struct edition *edition;  /* retained; NULL: free */
    struct template_set *set; /* NULL: the base */
    unsigned used;
};

struct templates {
    const struct template_set *base;
    struct template_set *loaded; /* NULL: the base is compiled in */
    struct kept kept[KEPT];
    unsigned uses;
};

struct templates *templates_create(const char *folder)
{
    struct templates *templates = calloc(1, sizeof *templates);
    struct error err;
    if (templates == NULL) {
        abort();
    }
    templates->loaded = template_set_load(folder, &err);
    if (templates->loaded == NULL) {
        log_error(LOG_WARN, "templates_failed", &err);
    }
    templates->base = templates->loaded != NULL ? templates->loaded : template_set_builtin();
    return templates;
}

static void forget(struct kept *kept)
{
    template_set_destroy(kept->set);
    edition_release(kept->edition);
    *kept = (struct kept){0};
}

void templates_destroy(struct templates *templates)
{
    if (templates != NULL) {
        for (size_t i = 0; i < KEPT; i++) {
            forget(&templates->kept[i]);
        }
        template_set_destroy(templates->loaded);
        free(templates);
    }
}

/* The base with the edition's documents over it; NULL with *err when one is missing or bad. */
static struct template_set *overlay(const struct templates *templates,
                                    const struct manifest *manifest, templates_read *read,
                                    void *context, struct error *err)
{
    struct template_document documents[MANIFEST_TEMPLATES_MAX];
    struct template_set *set = NULL;
    size_t count = 0;
    while (count < manifest->template_count) {
        struct template_document *document = &documents[count];
        document->bytes = read(context, &manifest->templates[count].file, &document->length);
        if (document->bytes == NULL) {
            error_set(err, ERROR_NOT_FOUND, "le modèle « %s » manque", "template \"%s\" is missing",
                      manifest->templates[count].name);
            break;
        }
        count++;
    }
    if (count == manifest->template_count) {
        set = template_set_overlay(templates->base, documents, count, err);
    }
    while (count > 0) {
        free((void *)documents[--count].bytes);
    }
    return set;
}

const struct template_set *templates_of(struct templates *templates, struct edition *edition,
                                        templates_read *read, void *context, struct error *err)
{
    if (edition == NULL || edition->manifest->template_count == 0) {
        return templates->base;
    }
    struct kept *oldest = &templates->kept[0];
    templates->uses++;
    for (size_t i = 0; i < KEPT; i++) {
        struct kept *kept = &templates->kept[i];
        if (kept->edition == edition) {
            kept->used = templates->uses;
            return kept->set != NULL ? kept->set : templates->base;
        }
        oldest = kept->used < oldest->used ? kept : oldest;
    }
    struct template_set *set = overlay(templates, edition->manifest, read, context, err);
    if (set == NULL) {
        return templates->base; /* asked again the next time: the file may be back by then */
    }
    forget(oldest);
    *oldest = (struct kept){edition_retain(edition), set, templates->uses};
    return set;
}
