/* The JSON that travels between player and server (docs/protocol.md), read strictly and written
 * deterministically. Pure. */
#ifndef VITRINE_PLAYER_SYNC_ANSWERS_H
#define VITRINE_PLAYER_SYNC_ANSWERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"
#include "core/sign.h"
#include "core/strbuf.h"
#include "player/sync/state.h"
#include "playlists/enrolment.h"

#define ANSWER_BYTES_MAX (64 * 1024)

struct enrolment_answer {
    bool approved;
    char challenge[ENROLMENT_CHALLENGE_HEX + 1]; /* pending */
    int retry_after_s;                           /* pending: 0 – 3600; 0: at once */
    struct state_server server;                  /* approved */
};

/* Body of POST enrolment. challenge is "" the first time. */
void enrolment_request_write(const struct sign_keys *keys, const char *challenge, int width_px,
                             int height_px, struct strbuf *out);
bool enrolment_answer_read(const char *bytes, size_t length, struct enrolment_answer *answer_out,
                           struct error *err) __attribute__((warn_unused_result));

/* {"acknowledged": n} */
bool acknowledgement_read(const char *bytes, size_t length, int64_t *sequence_out,
                          struct error *err) __attribute__((warn_unused_result));

/* server.json */
void server_file_write(const struct state_server *server, struct strbuf *out);
bool server_file_read(const char *bytes, size_t length, struct state_server *server_out,
                      struct error *err) __attribute__((warn_unused_result));

#endif
