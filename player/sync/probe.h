/* One question to the server, to find out how far it gets: for `vitrine-player --doctor`. Blocks
 * for up to half a minute, and changes nothing on either side. */
#ifndef VITRINE_PLAYER_SYNC_PROBE_H
#define VITRINE_PLAYER_SYNC_PROBE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"

/* How far it got; what comes before went well. */
enum probe_stage {
    PROBE_NAME,    /* the name has no address */
    PROBE_CONNECT, /* nobody answers at the address */
    PROBE_TLS,     /* the connection is not secure: certificate, or its date */
    PROBE_ANSWER,  /* no answer, or not one of a Vitrine server */
    PROBE_DONE,
};

struct probe {
    enum probe_stage stage;
    char host[256];
    char address[64];        /* "" before PROBE_TLS */
    int status;              /* of the answer */
    bool token_known;        /* a token was sent, and the server knows it */
    bool has_date;           /* of the answer */
    int64_t machine_ahead_s; /* our clock less the server's */
    int64_t elapsed_ms;
};

/* `token` NULL: asks only whether the server is well. *err when the stage is not PROBE_DONE. */
void probe_server(const char *server, const char *token, struct probe *probe_out,
                  struct error *err);

#endif
