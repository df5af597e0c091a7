/* Shared by documents*.c only. */
#ifndef VITRINE_SERVER_EXPORT_DOCUMENTS_PRIVATE_H
#define VITRINE_SERVER_EXPORT_DOCUMENTS_PRIVATE_H

#include "core/strbuf.h"
#include "server/export/documents.h"

struct exporting {
    const struct export_options *options;
    struct arena *arena;
    struct export_report *report;
};

/* Copies the file of that hash into `folder`/medias and gives its path from `folder`; "" when the
 * file is missing, which is counted. */
bool export_media(struct exporting *exporting, const char *folder, const char *sha256,
                  const char **path_out, struct error *err) __attribute__((warn_unused_result));
bool export_text(struct exporting *exporting, const char *name, const struct strbuf *text,
                 struct error *err) __attribute__((warn_unused_result));

bool export_organisations(struct exporting *exporting, struct error *err)
    __attribute__((warn_unused_result));
bool export_events(struct exporting *exporting, struct error *err)
    __attribute__((warn_unused_result));

#endif
