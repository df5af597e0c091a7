/* Who is there: every player asks or reports at least once a minute, so that silence is a trouble
 * by itself. The server opens and closes these faults (store/faults.h), and that of two machines
 * with one key. */
#ifndef VITRINE_SERVER_FLEET_PRESENCE_H
#define VITRINE_SERVER_FLEET_PRESENCE_H

#include "server/fleet/roster.h"
#include "server/store/faults.h"

#define PRESENCE_LATE_MS (INT64_C(3) * 60 * 1000)
#define PRESENCE_SILENT_MS (INT64_C(15) * 60 * 1000)
/* After its start a server that was away waits so long before it says that others are. */
#define PRESENCE_GRACE_MS (INT64_C(6) * 60 * 1000)
/* What a player has not told again for so long is over. */
#define FAULT_QUIET_MS (INT64_C(3600) * 1000)
#define FAULT_KEPT_MS (INT64_C(400) * 86400 * 1000) /* a year's report looks back */

enum presence { PRESENCE_NEVER, PRESENCE_OK, PRESENCE_LATE, PRESENCE_SILENT };
const char *presence_tag(enum presence presence); /* "never", "ok", "late", "silent" */

/* last_seen_ms 0: it has no player. since_ms: when the server started. */
enum presence presence_of(int64_t last_seen_ms, int64_t since_ms, int64_t now_ms);

/* Brings the server's own faults up to date and closes what is quiet. db is the writer. */
bool presence_watch(struct db *db, struct roster *roster, int64_t since_ms, int64_t now_ms,
                    struct error *err) __attribute__((warn_unused_result));

/* What a fault of that code is, and what to do about it; a code that is not known is its own title.
 */
const char *fault_title(const char *code, enum lang lang);
const char *fault_advice(const char *code, enum lang lang); /* "" when there is none */

#endif
