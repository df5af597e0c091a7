/* A form that is still being filled in: whatever can be read of it is. */
#ifndef VITRINE_SERVER_CONTENT_FORM_DRAFT_H
#define VITRINE_SERVER_CONTENT_FORM_DRAFT_H

#include "server/content/form.h"

#define FORM_PROBLEMS_MAX 32

struct form_problems {
    size_t count;
    struct error items[FORM_PROBLEMS_MAX]; /* each with its field */
};

/* As form_decode, field by field: what is missing or cannot be read is absent, the latter with a
 * problem; unknown members and what fields must be together are passed over. For forms without a
 * codec of their own. */
void form_decode_draft(const struct form *form, const cJSON *object, struct arena *arena, void *out,
                       struct form_problems *problems);

#endif
