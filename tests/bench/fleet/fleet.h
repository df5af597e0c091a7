/* A simulated fleet: screens and players made directly in a data folder, and as many real
 * long-polls held open against a server, to see how soon a change reaches everybody. */
#ifndef VITRINE_TESTS_BENCH_FLEET_H
#define VITRINE_TESTS_BENCH_FLEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"

#define FLEET_TOKEN_SIZE 65

struct fleet_options {
    const char *data;    /* data folder */
    const char *like;    /* the screen that the others are made like; NULL: the first */
    const char *address; /* of the server: IPv4 */
    int port;
    int players;
    int groups;  /* that the screens are spread over, each with a rule of its own */
    bool differ; /* each screen has a rule of its own */
    bool plain;  /* does not ask for gzip */
    enum fleet_change { FLEET_PUBLISH, FLEET_WISH, FLEET_NOTHING } change;
    int rounds;
    int hold_s;     /* how long to stay parked first */
    int patience_s; /* before what has not come is given up */
};

/* fleet_store.c: the data folder. */
bool fleet_make(const struct fleet_options *options, struct error *err);
/* The tokens that fleet_make left, as many as there are; the caller frees the array. */
bool fleet_tokens(const char *data, char (**tokens_out)[FLEET_TOKEN_SIZE], size_t *count_out,
                  struct error *err);
/* What staff would do: another text, or a picture wanted of every screen. One transaction. */
bool fleet_change(const struct fleet_options *options, int round, struct error *err);

/* fleet_client.c: the players. */
struct fleet_figures {
    int told;                                 /* of the players */
    double first_ms, median_ms, p99_ms, last_ms; /* since the change was stored */
    double mean_bytes;
};
struct fleet_client;
struct fleet_client *fleet_client_create(const struct fleet_options *options,
                                         char (*tokens)[FLEET_TOKEN_SIZE], struct error *err);
void fleet_client_destroy(struct fleet_client *client); /* accepts NULL */
/* Connects and asks until everybody has a manifest and is parked on the question for a newer one;
 * how long that took. */
bool fleet_client_park(struct fleet_client *client, double *took_ms_out, struct error *err);
/* Keeps the questions going for so long. */
bool fleet_client_hold(struct fleet_client *client, int seconds, struct error *err);
/* Waits until everybody was told of the change that is stored since `since_ms` (monotonic). */
bool fleet_client_await(struct fleet_client *client, double since_ms, struct fleet_figures *out,
                        struct error *err);
double fleet_now_ms(void);

#endif
