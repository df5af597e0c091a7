/* Prometheus's text format 0.0.4, and the part of the metrics that is asked of others rather than
 * counted. */
#ifndef VITRINE_SERVER_API_METRICS_TEXT_H
#define VITRINE_SERVER_API_METRICS_TEXT_H

#include "core/strbuf.h"

struct api;

struct text_label {
    const char *name;
    const char *value; /* any text */
};

void text_family(struct strbuf *out, const char *name, const char *type, const char *help);
void text_sample(struct strbuf *out, const char *name, const struct text_label *labels,
                 size_t count, double value);
/* A family of one sample without labels. */
void text_one(struct strbuf *out, const char *name, const char *type, const char *help,
              double value);

/* Connections, screens, store, media, backups, process. */
void metrics_write_state(struct api *api, struct strbuf *out);

#endif
