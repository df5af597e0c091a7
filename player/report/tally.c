#include "player/report/tally.h"

#include <stdlib.h>
#include <string.h>

#include "core/strbuf.h"
#include "core/utf8.h"
#include "player/report/spool_record.h"

#define NAME_MAX_BYTES 200

bool tally_empty(const struct tally *tally)
{
    bool empty = tally->subject_count == 0;
    for (size_t i = 0; i < TALLY_LANGUAGE; i++) {
        empty = empty && tally->plain[i] == 0;
    }
    return empty;
}

static bool name_good(const char *name)
{
    size_t length = strnlen(name, NAME_MAX_BYTES + 1);
    return length > 0 && length <= NAME_MAX_BYTES && utf8_valid(name, length) &&
           strchr(name, SPOOL_PART) == NULL;
}

static void add_subject(struct tally *tally, enum tally_kind kind, const char *name)
{
    for (size_t i = 0; i < tally->subject_count; i++) {
        if (tally->subjects[i].kind == kind && strcmp(tally->subjects[i].name, name) == 0) {
            tally->subjects[i].count++;
            return;
        }
    }
    if (tally->subject_count == TALLY_SUBJECTS_MAX) {
        return;
    }
    if (tally->subjects == NULL) {
        tally->subjects = calloc(TALLY_SUBJECTS_MAX, sizeof *tally->subjects);
    }
    char *copy = strdup(name);
    if (tally->subjects == NULL || copy == NULL) {
        abort();
    }
    tally->subjects[tally->subject_count++] = (struct tally_subject){kind, 1, copy};
}

void tally_add(struct tally *tally, enum tally_kind kind, const char *subject, int64_t wall_ms)
{
    if (tally_empty(tally)) {
        tally->hour_ms = wall_ms - wall_ms % TALLY_HOUR_MS;
    }
    if (kind < TALLY_LANGUAGE) {
        tally->plain[kind]++;
    } else if (subject != NULL && name_good(subject)) {
        add_subject(tally, kind, subject);
    }
}

bool tally_over(const struct tally *tally, int64_t wall_ms)
{
    return !tally_empty(tally) &&
           (wall_ms < tally->hour_ms || wall_ms >= tally->hour_ms + TALLY_HOUR_MS);
}

void tally_finish(struct tally *tally)
{
    for (size_t i = 0; i < tally->subject_count; i++) {
        free(tally->subjects[i].name);
    }
    free(tally->subjects);
    *tally = (struct tally){0};
}

/* "3␟4␟1␟sheet:id=2␟…": sessions, lists, searches (in the first text only), then subjects. */
char *tally_text(const struct tally *tally, size_t *at)
{
    static const char *const kinds[TALLY_KINDS] = {
        [TALLY_LANGUAGE] = "language", [TALLY_MODE] = "mode", [TALLY_SHEET] = "sheet"};
    bool first = *at == 0;
    struct strbuf text;
    if (tally_empty(tally) || (!first && *at >= tally->subject_count)) {
        return NULL;
    }
    strbuf_init(&text);
    for (size_t i = 0; i < TALLY_LANGUAGE; i++) {
        strbuf_printf(&text, "%s%lld", i > 0 ? "\x1f" : "",
                      first ? (long long)tally->plain[i] : 0LL);
    }
    for (; *at < tally->subject_count && text.length + NAME_MAX_BYTES + 40 < SPOOL_TEXT_MAX;
         ++*at) {
        const struct tally_subject *subject = &tally->subjects[*at];
        strbuf_printf(&text, "\x1f%s:%s=%lld", kinds[subject->kind], subject->name,
                      (long long)subject->count);
    }
    *at += *at == 0 ? 1 : 0; /* not the first any more */
    return strbuf_take(&text, NULL);
}
