/* Shared by the files of server/auth only. */
#ifndef VITRINE_SERVER_AUTH_INTERNAL_H
#define VITRINE_SERVER_AUTH_INTERNAL_H

#include <pthread.h>
#include <semaphore.h>
#include <sodium.h>

#include "core/hash.h"
#include "server/auth/auth.h"
#include "server/store/credentials.h"

struct auth {
    struct clock clock;
    pthread_mutex_t lock;
    sem_t hashing;
    int logins;                         /* under way */
    char decoy[crypto_pwhash_STRBYTES]; /* verified against when there is no such user */
    uint8_t key[crypto_kdf_KEYBYTES];   /* seals second factors; from the server's key */
    struct throttle *throttle;
};

void auth_hash_token(const char *token, char hash_out[SHA256_HEX_SIZE]);
/* Slow: waits for its turn. */
bool auth_password_right(struct auth *auth, const char *hash, const char *password);

#endif
