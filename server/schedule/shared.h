/* One run's assemblies and comparisons, done once for all screens that differ in nothing but their
 * own description: three hundred stops of one network are one programme. One thread; everything in
 * it lives until shared_destroy. */
#ifndef VITRINE_SERVER_SCHEDULE_SHARED_H
#define VITRINE_SERVER_SCHEDULE_SHARED_H

#include "core/sign.h"
#include "server/schedule/plan.h"
#include "server/store/manifests.h"

struct shared;

/* All that makes a difference to what a screen shows; texts end in a byte that none of them has. */
void shared_key(const struct screen_plan *plan, bool directory, struct strbuf *out);

/* All borrowed. */
struct shared *shared_create(struct db *db, struct repertoire *repertoire,
                             const struct rulebook *rulebook, int64_t now_ms, int64_t epoch);
void shared_destroy(struct shared *shared); /* accepts NULL */

/* A screen's manifest with its JSON, but for version and instant of creation. */
struct shared_manifest {
    struct manifest *manifest; /* destroyed by shared_release; parts of it are others' too */
    const char *tail;          /* JSON after the screen's own description */
    size_t tail_length;
    struct sha256 tail_sum;
    size_t programme; /* same for screens that show the same */
};

/* directory is for kiosks. */
bool shared_assemble(struct shared *shared, const struct directory_made *directory,
                     const char *screen_id, struct shared_manifest *out, struct error *err)
    __attribute__((warn_unused_result));
void shared_release(struct shared_manifest *made);

/* After a whole run, once: what its screens are planned to show of each company. db is the writer.
 */
bool shared_store_exposure(struct shared *shared, struct error *err)
    __attribute__((warn_unused_result));

/* The manifest's JSON up to its tail, with the version it has now. */
void shared_encode_head(const struct shared_manifest *made, struct strbuf *out);
/* Equal when nothing at all is new but version and creation, and the signer is the same. */
void shared_content_hash(const struct shared_manifest *made, const struct sign_public *key,
                         char hex_out[SHA256_HEX_SIZE]);
/* Whether what is out, in parts, shows the same as `made` from now on, as far as both reach. What
 * cannot be read, or is another's, does not. */
bool shared_shows_same(struct shared *shared, const struct manifest_record *out,
                       const struct sign_public *key, const struct shared_manifest *made);

#endif
