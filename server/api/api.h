/* Vitrine's routes: what players and the admin page ask over HTTP. Owns the running server: store,
 * roster, publisher and HTTP. docs/protocol.md says what players see. */
#ifndef VITRINE_SERVER_API_API_H
#define VITRINE_SERVER_API_API_H

#include "core/clock.h"
#include "core/error.h"
#include "core/sign.h"
#include "server/config/config.h"

struct api;

struct api_config {
    const char *data_folder; /* vitrine.db, key, media/, screenshots/ */
    const char *address;
    int port;             /* 0: any free one */
    const char *assets;   /* assets folder: the fonts and icons that vitrine-render needs */
    const char *renderer; /* path of vitrine-render */
    bool secure;          /* behind nginx with TLS: cookies are __Host- and Secure */
    const struct config *settings; /* all of them; borrowed */
    struct clock clock;
};

/* Opens the store, publishes what has changed, and answers requests until api_stop. */
struct api *api_start(const struct api_config *config, struct error *err)
    __attribute__((warn_unused_result));
int api_port(const struct api *api);
void api_stop(struct api *api); /* accepts NULL */

/* Where things are in a data folder; buf of PATH_MAX. */
char *api_database_path(const char *data_folder, char *buf, size_t size);
char *api_key_path(const char *data_folder, char *buf, size_t size);
char *api_search_path(const char *data_folder, char *buf, size_t size);
char *api_media_folder(const char *data_folder, char *buf, size_t size);
char *api_screenshot_folder(const char *data_folder, char *buf, size_t size);
/* The server's keys, made by "init". A folder that has lost them is an error: players would refuse
 * what new ones sign. */
bool api_keys_load(const char *data_folder, struct sign_keys *keys_out, struct error *err)
    __attribute__((warn_unused_result));

#endif
