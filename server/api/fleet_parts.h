/* Handlers of the fleet's routes (screens.c has their table), and who may see which screen. */
#ifndef VITRINE_SERVER_API_FLEET_PARTS_H
#define VITRINE_SERVER_API_FLEET_PARTS_H

#include "server/api/internal.h"
#include "server/store/fleet.h"

/* ERROR_NOT_FOUND also for a screen of another site than this person is bound to. */
bool fleet_visible(struct db *db, struct arena *arena, const struct user *user, const char *id,
                   struct screen *screen_out, struct error *err)
    __attribute__((warn_unused_result));
/* ERROR_DENIED without that right on that screen, which they may see. */
bool fleet_may(const struct user *user, enum permission permission, const struct screen *screen,
               struct error *err) __attribute__((warn_unused_result));
/* The same as fleet_visible for the screen of the path; answers the problem itself. */
bool fleet_sees(struct http_request *request, struct api *api);

void api_screens(struct http_request *request, void *context);
void api_screen(struct http_request *request, void *context);
void api_device_revoke(struct http_request *request, void *context);
void api_commands(struct http_request *request, void *context);
void api_command_screen(struct http_request *request, void *context);
void api_command_group(struct http_request *request, void *context);
void api_command_site(struct http_request *request, void *context);
void api_faults(struct http_request *request, void *context);
void api_fault_close(struct http_request *request, void *context);

#endif
