/* Tells people what happened and what waits for them: a thread that follows the audit trail, so
 * that what another process or the command line does is told too, and looks at silent screens and
 * at what ends soon. A notice goes to each who can do something about it; into the outbox as well
 * for who has an address and wants it. */
#ifndef VITRINE_SERVER_NOTICES_HERALD_H
#define VITRINE_SERVER_NOTICES_HERALD_H

#include "core/clock.h"
#include "server/store/notices.h"
#include "server/store/writer.h"

#define HERALD_LOOK_MS 1000
#define HERALD_SILENT_MS (INT64_C(3600) * 1000) /* that long silent is told */
#define HERALD_SOON_DAYS 7
#define HERALD_KEPT_MS (INT64_C(180) * 86400 * 1000)

struct herald_config {
    struct writer *writer;
    const char *database; /* path */
    const char *url;      /* for links in messages; NULL: no messages are written */
    struct clock clock;
    void (*written)(void *context); /* something is in the outbox; may be NULL */
    void *context;
};

struct herald;

struct herald *herald_start(const struct herald_config *config, struct error *err)
    __attribute__((warn_unused_result));
void herald_stop(struct herald *herald); /* accepts NULL */

/* One look, as the thread does each second; for it and for tests. `whole` also looks at screens,
 * ends and what is old. *mails_out counts messages. */
bool herald_look(const struct herald_config *config, struct db *reader, bool whole,
                 size_t *mails_out, struct error *err) __attribute__((warn_unused_result));

#endif
