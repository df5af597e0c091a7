/* One run of vitrine-worker: what it is given, and what it says. */
#ifndef VITRINE_SERVER_MEDIA_WORK_H
#define VITRINE_SERVER_MEDIA_WORK_H

#include <stdatomic.h>

#include "server/store/media_items.h"

#define WORK_FILES_MAX 64

struct work {
    const char *worker;
    enum item_kind kind;
    const char *original; /* path */
    const char *folder;   /* empty; the worker writes there and nowhere else */
    int64_t limit_ms;
    const atomic_bool *stopping;
    void (*progress)(int percent, void *context);
    void *context;
};

enum work_end {
    WORK_DONE,
    WORK_REFUSED, /* the file's fault, as note_fr and note_en say */
    WORK_BROKEN,  /* the worker crashed, hung, or said nothing that makes sense */
    WORK_TROUBLE, /* ours: the worker cannot start, a disk is full */
    WORK_STOPPED,
};

struct work_result {
    int64_t width, height, length_ms, pages;
    char note_fr[384], note_en[384];
    size_t count;
    struct work_file {
        char role[16];
        int64_t page;
        const char *type; /* static */
        int64_t width, height, length_ms;
        char file[64]; /* its name in the folder */
    } files[WORK_FILES_MAX];
};

/* Waits for it. What it says is checked: roles, types and names are of known ones. */
enum work_end work_run(const struct work *work, struct work_result *out);
/* One line of what the worker says; false when it makes no sense. For work_run and its test. */
bool work_line(char *line, struct work_result *out, enum work_end *end_out, int *percent_out);

#endif
