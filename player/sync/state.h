/* The player's state folder (docs/protocol.md, section 5): the key, what the server told at
 * enrolment, current and previous manifest, files by hash. Every write survives a power cut;
 * nothing is shown that was not verified. No network. Main thread at start, the network thread
 * afterwards; the functions on cached files may be called by any thread. */
#ifndef VITRINE_PLAYER_SYNC_STATE_H
#define VITRINE_PLAYER_SYNC_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"
#include "core/sign.h"
#include "player/sync/edition.h"

#define STATE_FOLDER_SIZE 896
#define STATE_PATH_SIZE 1024
#define STATE_SCREEN_SIZE 128
#define STATE_TOKEN_SIZE 65

struct state {
    char folder[STATE_FOLDER_SIZE];
    bool claimed;
    int claim; /* descriptor that holds the lock, when claimed */
};

/* What enrolment gave: server.json. */
struct state_server {
    char screen[STATE_SCREEN_SIZE]; /* "" before the first enrolment */
    char token[STATE_TOKEN_SIZE];   /* "" when the server must be asked for one */
    struct sign_public key;         /* pinned; meaningful when screen is not "" */
};

enum state_slot {
    STATE_CURRENT,
    STATE_PREVIOUS,
    STATE_URGENT, /* newer than current: verified, but only its emergencies' files are there */
};

/* Makes the folders that are missing. On failure the state is still usable for reading. */
bool state_open(struct state *state, const char *folder, struct error *err)
    __attribute__((warn_unused_result));

/* Two players must not share a folder: this one's until state_release, or the end of the process.
 * False: another process has it (ERROR_BUSY). A folder that cannot be locked is let pass. */
bool state_claim(struct state *state, struct error *err) __attribute__((warn_unused_result));
void state_release(struct state *state);

/* Missing file: ERROR_NOT_FOUND. */
bool state_load_server(const struct state *state, struct state_server *server_out,
                       struct error *err) __attribute__((warn_unused_result));
bool state_save_server(const struct state *state, const struct state_server *server,
                       struct error *err) __attribute__((warn_unused_result));

/* Reads, verifies with the pinned key, decodes, and checks that it is for our screen. */
struct edition *state_load_edition(const struct state *state, const struct state_server *server,
                                   enum state_slot slot, struct error *err)
    __attribute__((warn_unused_result));
/* Makes the sealed bytes current. With keep_current the manifest that was current becomes previous;
 * without (it was found damaged) previous stays. At any instant of a power cut at least one good
 * manifest is in the folder. */
bool state_commit_manifest(const struct state *state, const char *sealed, size_t length,
                           bool keep_current, struct error *err)
    __attribute__((warn_unused_result));

/* The urgent slot: replaced in one step, removed when a manifest of its version or newer is
 * current. One that is not newer than current (a power cut came between) has nothing to say. */
bool state_save_urgent(const struct state *state, const char *sealed, size_t length,
                       struct error *err) __attribute__((warn_unused_result));
void state_clear_urgent(const struct state *state);

/* The file `clock`: the last instant that was surely reached, for timekeeper_init. 0 when there is
 * none, or when its content is damaged. */
int64_t state_load_clock(const struct state *state);
bool state_save_clock(const struct state *state, int64_t floor_ms, struct error *err)
    __attribute__((warn_unused_result));

/* cache/ab/abcdef…; `suffix` is "" or ".part". Returns buf. */
const char *state_file_path(const struct state *state, const struct sha256 *sha256,
                            const char *suffix, char buf[STATE_PATH_SIZE]);
/* Whether the file is there in its full length; its bytes are not read. */
bool state_has_file(const struct state *state, const struct manifest_file *file);
/* Reads the whole file and checks it against its hash; the bytes are freed with free(). A file that
 * is not what its name says is ERROR_INVALID, a missing one ERROR_NOT_FOUND. */
bool state_read_file(const struct state *state, const struct sha256 *sha256, size_t limit,
                     char **bytes_out, size_t *length_out, struct error *err)
    __attribute__((warn_unused_result));
/* Checks a cached file's bytes without keeping them. Same errors. */
bool state_verify_file(const struct state *state, const struct sha256 *sha256, struct error *err)
    __attribute__((warn_unused_result));
void state_remove_file(const struct state *state, const struct sha256 *sha256);
/* A finished download (….part) whose bytes were hashed as they came: length, fsync, rename, fsync
 * of the folder. A wrong length is ERROR_INVALID and removes the .part file. */
bool state_commit_file(const struct state *state, const struct manifest_file *file,
                       struct error *err) __attribute__((warn_unused_result));

#endif
