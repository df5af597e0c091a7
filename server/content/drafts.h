/* A record as it is being typed, as a slide: what is missing is stood in for by the name of the
 * field, so that the picture shows where things go. Nothing is refused and nothing is written. */
#ifndef VITRINE_SERVER_CONTENT_DRAFTS_H
#define VITRINE_SERVER_CONTENT_DRAFTS_H

#include "server/content/form_draft.h"
#include "server/content/slides.h"
#include "server/import/reference.h"

#define DRAFT_TEXTS_MAX 12

/* A text that people write and the slide shows. */
struct draft_text {
    const char *field; /* of the form, as people's words go */
    const char *slot;  /* of the slide */
    const char *text;  /* as it is written */
    size_t words_most; /* that the form takes; 0: it does not count them */
};

struct draft {
    struct slide slide;
    size_t text_count;
    struct draft_text texts[DRAFT_TEXTS_MAX];
    size_t placeholder_count;
    const char *placeholders[DRAFT_TEXTS_MAX]; /* fields that are stood in for */
    struct form_problems problems;
};

/* A record's kind by its plural: portraits, events, announcements, organisations; false for others.
 * The slide is in the arena; labels of activities are the reference's, which outlives it (NULL:
 * they are not told). */
bool draft_make(struct db *db, const struct reference *reference, const char *kind,
                const cJSON *document, enum lang lang, int64_t now_ms, struct arena *arena,
                struct draft *out, struct error *err) __attribute__((warn_unused_result));

/* The form's field that a slot of the records' templates shows; the slot itself where they have the
 * same name. */
const char *draft_field(const char *slot);

#endif
