#include "server/content/templates.h"

#include <string.h>

#include "core/log.h"
#include "server/store/looks.h"

struct template_set *templates_load(struct db *db, struct arena *arena, struct error *err)
{
    struct template_record_list list;
    if (!templates_list(db, arena, &list, err)) {
        return NULL;
    }
    struct template_document *documents = arena_array(arena, list.count, sizeof *documents);
    for (size_t i = 0; i < list.count; i++) {
        documents[i] =
            (struct template_document){list.items[i].document, strlen(list.items[i].document)};
    }
    struct error cause;
    error_clear(&cause);
    struct template_set *set =
        template_set_overlay(template_set_builtin(), documents, list.count, &cause);
    if (set == NULL) {
        log_error(LOG_ERROR, "template_broken", &cause);
        set = template_set_overlay(template_set_builtin(), NULL, 0, err);
    }
    return set;
}
