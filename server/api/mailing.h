/* Who tells people what happens (server/notices), and what sends it (server/mail), as the settings
 * say. */
#ifndef VITRINE_SERVER_API_MAILING_H
#define VITRINE_SERVER_API_MAILING_H

#include "server/api/internal.h"

/* After the store is open. Settings that do not go together are ERROR_INVALID. */
bool api_mailing_start(struct api *api, struct error *err) __attribute__((warn_unused_result));
void api_mailing_stop(struct api *api);

#endif
