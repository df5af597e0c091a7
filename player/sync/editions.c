#include <stdlib.h>
#include <string.h>

#include "core/files.h"
#include "core/log.h"
#include "player/sync/backoff.h"
#include "player/sync/cache.h"
#include "player/sync/sync_private.h"

#define PROOF_MS (60 * 1000)
#define PROOFS_MAX 3
#define SAVE_AGAIN_MS (60 * 1000)

static void candidate_clear(struct candidate *candidate)
{
    edition_release(candidate->edition);
    strbuf_finish(&candidate->sealed);
    memset(candidate, 0, sizeof *candidate);
    strbuf_init(&candidate->sealed);
}

/* Leaves `from` empty. */
static void candidate_move(struct candidate *to, struct candidate *from)
{
    candidate_clear(to);
    strbuf_finish(&to->sealed);
    *to = *from;
    memset(from, 0, sizeof *from);
    strbuf_init(&from->sealed);
}

static int compare_editions(const struct edition *a, const struct manifest *b)
{
    const struct manifest *m = a->manifest;
    if (m->epoch != b->epoch) {
        return m->epoch < b->epoch ? -1 : 1;
    }
    return m->version < b->version ? -1 : m->version > b->version;
}

static bool same_screen(const struct edition *edition, const struct manifest *manifest)
{
    return strcmp(edition->manifest->screen.id, manifest->screen.id) == 0;
}

/* --- At the start, and what must stay --- */

static void drop_urgent(struct sync *sync)
{
    edition_release(sync->editions.urgent);
    sync->editions.urgent = NULL;
    state_clear_urgent(sync->config.state);
}

void editions_start(struct sync *sync)
{
    struct editions *editions = &sync->editions;
    const struct sync_config *config = &sync->config;
    editions->current = edition_retain(config->current);
    editions->stored = edition_retain(config->current);
    editions->stored_as_current = config->current != NULL && !config->current_from_previous;
    editions->urgent = edition_retain(config->urgent);
    strbuf_init(&editions->candidate.sealed);
    strbuf_init(&editions->proving.sealed);
    strbuf_init(&editions->unsaved);
}

void editions_begin(struct sync *sync)
{
    const struct editions *editions = &sync->editions;
    if (editions->urgent == NULL ||
        (editions->current != NULL &&
         compare_editions(editions->urgent, editions->current->manifest) <= 0)) {
        drop_urgent(sync);
    }
}

void editions_finish(struct sync *sync)
{
    struct editions *editions = &sync->editions;
    candidate_clear(&editions->candidate);
    candidate_clear(&editions->proving);
    strbuf_finish(&editions->candidate.sealed);
    strbuf_finish(&editions->proving.sealed);
    strbuf_finish(&editions->unsaved);
    edition_release(editions->current);
    edition_release(editions->stored);
    edition_release(editions->urgent);
}

static const struct manifest *manifest_of(const struct edition *edition)
{
    return edition != NULL ? edition->manifest : NULL;
}

/* Bytes that only the last of the kept manifests holds on to. */
static int64_t exclusive_bytes(const struct state *state, const struct manifest *const *kept,
                               size_t count)
{
    const struct manifest *last = kept[count - 1];
    int64_t bytes = 0;
    for (size_t i = 0; last != NULL && i < last->file_count; i++) {
        const struct manifest_file *file = &last->files[i];
        bool shared = false;
        for (size_t k = 0; k + 1 < count && !shared; k++) {
            shared = kept[k] != NULL && manifest_file(kept[k], &file->sha256) != NULL;
        }
        bytes += !shared && state_has_file(state, file) ? file->size : 0;
    }
    return bytes;
}

int64_t editions_make_room(struct sync *sync, int64_t needed, size_t *evicted_out)
{
    const struct editions *editions = &sync->editions;
    const struct state *state = sync->config.state;
    struct error err;
    struct edition *previous = state_load_edition(state, &sync->enrolled, STATE_PREVIOUS, &err);
    *evicted_out = 0;
    if (previous == NULL && err.kind == ERROR_IO) {
        return 0;
    }
    const struct manifest *kept[] = {
        manifest_of(editions->current),         manifest_of(editions->stored),
        manifest_of(editions->urgent),          manifest_of(editions->candidate.edition),
        manifest_of(editions->proving.edition), manifest_of(previous)};
    size_t count = sizeof kept / sizeof kept[0];
    struct cache_limits limits = cache_limits(state, sync->config.quota_bytes);
    int64_t missing = cache_make_room(state, &limits, needed, kept, count, evicted_out);
    /* The current one is the good copy; without the one before it news can come at least. */
    if (needed > 0 && missing > 0 && missing <= exclusive_bytes(state, kept, count)) {
        size_t more;
        missing = cache_make_room(state, &limits, needed, kept, count - 1, &more);
        *evicted_out += more;
        log_write(LOG_WARN, "previous_given_up", "files=%zu", more);
    }
    edition_release(previous);
    if (*evicted_out > 0) {
        log_write(LOG_INFO, "cache_evicted", "files=%zu", *evicted_out);
    }
    return missing;
}

/* --- A manifest comes --- */

enum verdict { VERDICT_NEW, VERDICT_SAME, VERDICT_BAD };

/* Against what is current and what is on its way to it. Another screen's (we were given another
 * identity) have nothing to say. */
static enum verdict compare_known(struct sync *sync, const struct manifest *manifest)
{
    const struct editions *editions = &sync->editions;
    struct edition *known[] = {editions->current, editions->proving.edition,
                               editions->candidate.edition, editions->urgent};
    struct error err;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (known[i] == NULL || !same_screen(known[i], manifest)) {
            continue;
        }
        int order = compare_editions(known[i], manifest);
        /* The urgent one of before a restart still wants its other files. */
        if (order == 0 && known[i] != editions->urgent) {
            return VERDICT_SAME;
        }
        if (order > 0) {
            if (!manifest_follows(known[i]->manifest, manifest, &err)) {
                sync_tell_fault(sync, "manifest_version", &err);
            }
            return VERDICT_BAD;
        }
    }
    return VERDICT_NEW;
}

/* NULL: refused and told, or one that we know. */
static struct manifest *open_manifest(struct sync *sync, const struct strbuf *sealed,
                                      enum verdict *verdict_out)
{
    struct error err;
    struct manifest *manifest =
        manifest_open(sealed->bytes, sealed->length, &sync->enrolled.key, &err);
    *verdict_out = VERDICT_BAD;
    if (manifest == NULL) {
        sync_tell_fault(sync, err.kind == ERROR_DENIED ? "manifest_signature" : "manifest_content",
                        &err);
        return NULL;
    }
    if (strcmp(manifest->screen.id, sync->enrolled.screen) != 0) {
        error_set(&err, ERROR_DENIED, "manifeste pour l’écran « %s »",
                  "manifest is for screen \"%s\"", manifest->screen.id);
        sync_tell_fault(sync, "manifest_screen", &err);
    } else {
        *verdict_out = compare_known(sync, manifest);
    }
    if (*verdict_out != VERDICT_NEW) {
        manifest_destroy(manifest);
        return NULL;
    }
    return manifest;
}

enum sync_outcome editions_take(struct sync *sync, const struct strbuf *sealed)
{
    struct candidate *candidate = &sync->editions.candidate;
    char name[EDITION_NAME_SIZE];
    enum verdict verdict;
    struct manifest *manifest = open_manifest(sync, sealed, &verdict);
    if (manifest == NULL) {
        return verdict == VERDICT_SAME ? OUTCOME_SAME : OUTCOME_BAD;
    }
    candidate_clear(candidate);
    candidate->edition = edition_create(manifest);
    strbuf_append_bytes(&candidate->sealed, sealed->bytes, sealed->length);
    log_write(LOG_INFO, "manifest_verified", "manifest=%s", edition_name(candidate->edition, name));
    fetch_renew(sync);
    return OUTCOME_NEW;
}

void editions_tell_urgent(struct sync *sync)
{
    struct editions *editions = &sync->editions;
    struct candidate *candidate = &editions->candidate;
    const struct edition *in_force =
        editions->urgent != NULL ? editions->urgent : editions->current;
    char name[EDITION_NAME_SIZE];
    struct error err;
    candidate->urgent_told = true;
    bool known = editions->urgent != NULL &&
                 same_screen(editions->urgent, candidate->edition->manifest) &&
                 compare_editions(editions->urgent, candidate->edition->manifest) == 0;
    bool matters = plan_has_emergency(candidate->edition->manifest) ||
                   (in_force != NULL && plan_has_emergency(in_force->manifest));
    if (known || !matters) {
        return;
    }
    if (!state_save_urgent(sync->config.state, candidate->sealed.bytes, candidate->sealed.length,
                           &err)) {
        sync_tell_fault(sync, "storage", &err);
    }
    edition_release(editions->urgent);
    editions->urgent = edition_retain(candidate->edition);
    log_write(LOG_INFO, "manifest_urgent", "manifest=%s", edition_name(editions->urgent, name));
    struct sync_event event = {.kind = SYNC_EVENT_URGENT,
                               .edition = edition_retain(candidate->edition)};
    sync->hooks.event(sync->hooks.context, &event);
}

/* --- It becomes current --- */

void editions_prove(struct sync *sync)
{
    struct editions *editions = &sync->editions;
    if (editions->proving.edition != NULL || sync_now(sync) < editions->candidate.retry_ms) {
        return;
    }
    candidate_move(&editions->proving, &editions->candidate);
    editions->proof_until_ms = sync_now(sync) + PROOF_MS;
    struct sync_event event = {.kind = SYNC_EVENT_CANDIDATE,
                               .edition = edition_retain(editions->proving.edition)};
    sync->hooks.event(sync->hooks.context, &event);
}

static bool commit(struct sync *sync, struct error *err)
{
    const struct editions *editions = &sync->editions;
    return state_commit_manifest(sync->config.state, editions->unsaved.bytes,
                                 editions->unsaved.length, editions->stored_as_current, err);
}

/* Writes current's sealed bytes, now or when the disk takes them again. */
static void save(struct sync *sync)
{
    struct editions *editions = &sync->editions;
    struct error err;
    size_t evicted = 0;
    struct edition *left =
        editions->stored_as_current
            ? state_load_edition(sync->config.state, &sync->enrolled, STATE_PREVIOUS, &err)
            : NULL;
    bool saved = commit(sync, &err);
    if (!saved) {
        (void)editions_make_room(sync, (int64_t)editions->unsaved.length, &evicted);
        saved = evicted > 0 && commit(sync, &err);
    }
    if (saved) {
        strbuf_finish(&editions->unsaved);
        strbuf_init(&editions->unsaved);
        edition_release(editions->stored);
        editions->stored = edition_retain(editions->current);
        editions->stored_as_current = true;
        if (editions->urgent != NULL &&
            (!same_screen(editions->urgent, editions->current->manifest) ||
             compare_editions(editions->urgent, editions->current->manifest) <= 0)) {
            drop_urgent(sync);
        }
        if (left != NULL) {
            cache_touch(sync->config.state, left->manifest); /* it was in use until now */
        }
        (void)editions_make_room(sync, 0, &evicted);
    } else {
        sync_tell_fault(sync, "storage", &err);
        editions->save_ms = sync_now(sync) + SAVE_AGAIN_MS;
    }
    edition_release(left);
}

static void keep(struct sync *sync)
{
    struct editions *editions = &sync->editions;
    char name[EDITION_NAME_SIZE];
    edition_release(editions->current);
    editions->current = edition_retain(editions->proving.edition);
    sync->fetch.incomplete = false;
    strbuf_clear(&editions->unsaved);
    strbuf_append_bytes(&editions->unsaved, editions->proving.sealed.bytes,
                        editions->proving.sealed.length);
    candidate_clear(&editions->proving);
    log_write(LOG_INFO, "manifest_current", "manifest=%s", edition_name(editions->current, name));
    save(sync);
    fetch_renew(sync);
}

/* A damaged file may be to blame, which its repair brings again; a newer manifest is better. */
static void reject(struct sync *sync)
{
    struct editions *editions = &sync->editions;
    struct error err;
    char name[EDITION_NAME_SIZE];
    error_set(&err, ERROR_INVALID, "première image du manifeste %s indéchiffrable",
              "first frame of manifest %s cannot be drawn",
              edition_name(editions->proving.edition, name));
    sync_tell_fault(sync, "file_decode", &err);
    if (editions->candidate.edition != NULL) {
        candidate_clear(&editions->proving);
    } else if (++editions->proving.proofs < PROOFS_MAX) {
        editions->proving.retry_ms =
            sync_now(sync) + backoff_ms(editions->proving.proofs + 2, sync_chance());
        candidate_move(&editions->candidate, &editions->proving);
    } else {
        candidate_clear(&editions->proving);
        question_refuse(sync);
    }
    fetch_renew(sync);
}

void editions_proved(struct sync *sync, const struct edition *edition, bool decodes)
{
    if (sync->editions.proving.edition == NULL || sync->editions.proving.edition != edition) {
        return; /* it was too late */
    }
    if (decodes) {
        keep(sync);
    } else {
        reject(sync);
    }
}

int64_t editions_step(struct sync *sync, int64_t now_ms)
{
    struct editions *editions = &sync->editions;
    int64_t next_ms = SYNC_NEVER;
    if (editions->proving.edition != NULL && now_ms >= editions->proof_until_ms) {
        reject(sync);
    }
    if (editions->proving.edition != NULL) {
        next_ms = editions->proof_until_ms;
    }
    if (editions->unsaved.length > 0) {
        if (now_ms >= editions->save_ms) {
            save(sync);
        }
        if (editions->unsaved.length > 0 && editions->save_ms < next_ms) {
            next_ms = editions->save_ms;
        }
    }
    return next_ms;
}
