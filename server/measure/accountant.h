/* The thread that keeps the sums complete beside what plays bring: what was planned (planned.h) up
 * to the last full hour and whenever a manifest was replaced, names as they are now, and forgetting
 * what is too old. It reads with a connection of its own and takes the writer for one screen at a
 * time. What it did is in the database: stopped at any moment, it goes on where it was. */
#ifndef VITRINE_SERVER_MEASURE_ACCOUNTANT_H
#define VITRINE_SERVER_MEASURE_ACCOUNTANT_H

#include "core/clock.h"
#include "core/sign.h"
#include "server/store/writer.h"

#define ACCOUNTANT_LOOK_MS 10000

struct accountant;

struct accountant_config {
    struct writer *writer; /* outlives it */
    const char *database;  /* path */
    const struct sign_public *key;
    struct clock clock;
};

struct accountant *accountant_start(const struct accountant_config *config, struct error *err)
    __attribute__((warn_unused_result));
void accountant_stop(struct accountant *accountant); /* accepts NULL */

/* One look, without a thread: for tests and the command line. reader is another connection. */
bool accountant_look(struct writer *writer, struct db *reader, const struct sign_public *key,
                     int64_t now_ms, struct error *err) __attribute__((warn_unused_result));

#endif
