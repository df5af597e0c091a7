#include "server/schedule/shared.h"

#include <stdlib.h>
#include <string.h>

#include "server/schedule/exposure.h"
#include "server/schedule/publish.h"

/* Beyond so many, screens are assembled one by one: each takes a megabyte or two. */
#define PROGRAMMES_MAX 24
#define VERDICTS_MAX 256
/* The first member after the screen's description; a text cannot hold it unescaped. */
#define TAIL_START "\"offsets\":["

/* What screens with the same key show. */
struct programme {
    const char *key;
    struct manifest *manifest;
    struct strbuf json; /* of the first such screen */
    size_t screens;     /* that were assembled from it */
    size_t tail;        /* where its tail begins in json */
    struct sha256 tail_sum;
};

/* Whether a programme that is out, known by its JSON, shows the same as one of this run. */
struct verdict {
    struct sha256 tail_sum;
    int64_t valid_until_ms;
    size_t programme;
    bool same;
};

struct shared {
    struct arena *arena;
    struct db *db;
    struct repertoire *repertoire;
    const struct rulebook *rulebook;
    int64_t now_ms;
    int64_t epoch;
    size_t programme_count;
    struct programme programmes[PROGRAMMES_MAX];
    size_t verdict_count;
    struct verdict verdicts[VERDICTS_MAX];
    struct exposure_count *exposure; /* of the screens beyond PROGRAMMES_MAX */
    size_t alone;                    /* numbers for screens beyond PROGRAMMES_MAX */
};

struct shared *shared_create(struct db *db, struct repertoire *repertoire,
                             const struct rulebook *rulebook, int64_t now_ms, int64_t epoch)
{
    struct arena *arena = arena_create();
    struct shared *shared = arena_alloc(arena, sizeof *shared);
    *shared = (struct shared){.arena = arena,
                              .db = db,
                              .repertoire = repertoire,
                              .rulebook = rulebook,
                              .now_ms = now_ms,
                              .epoch = epoch,
                              .exposure = exposure_count_create(now_ms),
                              .alone = PROGRAMMES_MAX};
    return shared;
}

void shared_destroy(struct shared *shared)
{
    if (shared != NULL) {
        for (size_t i = 0; i < shared->programme_count; i++) {
            manifest_destroy(shared->programmes[i].manifest);
            strbuf_finish(&shared->programmes[i].json);
        }
        exposure_count_destroy(shared->exposure);
        arena_destroy(shared->arena);
    }
}

static size_t tail_of(const char *json, size_t length)
{
    const char *found = memmem(json, length, TAIL_START, sizeof TAIL_START - 1);
    return found == NULL ? length : (size_t)(found - json);
}

void shared_key(const struct screen_plan *plan, bool directory, struct strbuf *out)
{
    strbuf_printf(out, "%s\n%d\n%s\n%d\n%s\n%d\n", plan->layout->id, assemble_way(&plan->screen),
                  plan->screen.time_zone, (int)plan->lang, plan->screen.opening, (int)directory);
    for (size_t i = 0; i < plan->rule_count; i++) {
        strbuf_printf(out, "%d%s\n", (int)plan->screen_rules[i].names_screen,
                      plan->screen_rules[i].rule->id);
    }
}

static struct programme *find_programme(struct shared *shared, const char *key)
{
    for (size_t i = 0; i < shared->programme_count; i++) {
        if (strcmp(shared->programmes[i].key, key) == 0) {
            return &shared->programmes[i];
        }
    }
    return NULL;
}

static struct programme *add_programme(struct shared *shared, const char *key,
                                       struct manifest *manifest)
{
    struct programme *programme = &shared->programmes[shared->programme_count++];
    programme->key = arena_strdup(shared->arena, key);
    programme->manifest = manifest;
    strbuf_init(&programme->json);
    manifest_encode(manifest, &programme->json);
    programme->tail = tail_of(programme->json.bytes, programme->json.length);
    sha256_of(programme->json.bytes + programme->tail, programme->json.length - programme->tail,
              &programme->tail_sum);
    return programme;
}

static struct manifest *assemble_one(struct shared *shared, const struct assemble_inputs *inputs,
                                     struct error *err)
{
    return assemble(inputs, shared->now_ms, shared->epoch, 0, err);
}

/* NULL with an error when the screen cannot be assembled. */
static struct programme *need_programme(struct shared *shared, const struct screen_plan *plan,
                                        const struct assemble_inputs *inputs, struct error *err)
{
    struct strbuf key;
    strbuf_init(&key);
    shared_key(plan, inputs->directory != NULL, &key);
    struct programme *programme = find_programme(shared, key.bytes);
    if (programme == NULL) {
        struct manifest *manifest = assemble_one(shared, inputs, err);
        programme = manifest == NULL ? NULL : add_programme(shared, key.bytes, manifest);
    }
    strbuf_finish(&key);
    return programme;
}

static bool make_alone(struct shared *shared, const struct assemble_inputs *inputs,
                       struct shared_manifest *out, struct error *err)
{
    struct strbuf json;
    out->manifest = assemble_one(shared, inputs, err);
    if (out->manifest == NULL) {
        return false;
    }
    strbuf_init(&json);
    manifest_encode(out->manifest, &json);
    size_t tail = tail_of(json.bytes, json.length);
    out->tail_length = json.length - tail;
    out->tail = arena_strndup(out->manifest->arena, json.bytes + tail, out->tail_length);
    sha256_of(out->tail, out->tail_length, &out->tail_sum);
    out->programme = shared->alone++;
    exposure_count_add(shared->exposure, out->manifest, 1);
    strbuf_finish(&json);
    return true;
}

static bool make_shared(struct shared *shared, struct programme *programme,
                        const struct assemble_inputs *inputs, struct shared_manifest *out,
                        struct error *err)
{
    out->manifest = assemble_like(programme->manifest, inputs, err);
    out->tail = programme->json.bytes + programme->tail;
    out->tail_length = programme->json.length - programme->tail;
    out->tail_sum = programme->tail_sum;
    out->programme = (size_t)(programme - shared->programmes);
    programme->screens++;
    return out->manifest != NULL;
}

bool shared_assemble(struct shared *shared, const struct directory_made *directory,
                     const char *screen_id, struct shared_manifest *out, struct error *err)
{
    struct arena *arena = arena_create();
    struct screen_plan plan;
    *out = (struct shared_manifest){0};
    bool ok = screen_plan_load(shared->db, shared->rulebook, arena, screen_id, shared->now_ms,
                               ASSEMBLE_DAYS, &plan, err);
    if (ok) {
        struct assemble_inputs inputs;
        screen_plan_inputs(&plan, shared->repertoire, directory, &inputs);
        if (shared->programme_count == PROGRAMMES_MAX) {
            ok = make_alone(shared, &inputs, out, err);
        } else {
            struct programme *programme = need_programme(shared, &plan, &inputs, err);
            ok = programme != NULL && make_shared(shared, programme, &inputs, out, err);
        }
        screen_plan_finish(&plan);
    }
    arena_destroy(arena);
    return ok;
}

bool shared_store_exposure(struct shared *shared, struct error *err)
{
    struct text_list companies =
        repertoire_companies(shared->repertoire, EXPOSURE_COMPANIES_MAX, shared->arena);
    for (size_t i = 0; i < shared->programme_count; i++) {
        exposure_count_add(shared->exposure, shared->programmes[i].manifest,
                           shared->programmes[i].screens);
        shared->programmes[i].screens = 0;
    }
    return exposure_count_store(shared->exposure, shared->db, &companies, err);
}

void shared_release(struct shared_manifest *made)
{
    manifest_destroy(made->manifest);
    made->manifest = NULL;
}

/* Up to the tail: an empty programme has the same head. */
static void encode_head(const struct manifest *manifest, struct strbuf *out)
{
    struct manifest bare = {.epoch = manifest->epoch,
                            .version = manifest->version,
                            .created_ms = manifest->created_ms,
                            .valid_until_ms = manifest->valid_until_ms,
                            .screen = manifest->screen};
    struct strbuf json;
    strbuf_init(&json);
    manifest_encode(&bare, &json);
    strbuf_append_bytes(out, json.bytes, tail_of(json.bytes, json.length));
    strbuf_finish(&json);
}

void shared_encode_head(const struct shared_manifest *made, struct strbuf *out)
{
    encode_head(made->manifest, out);
}

void shared_content_hash(const struct shared_manifest *made, const struct sign_public *key,
                         char hex_out[SHA256_HEX_SIZE])
{
    struct manifest bare = *made->manifest;
    struct strbuf bytes;
    struct sha256 sum;
    bare.epoch = 0;
    bare.version = 0;
    bare.created_ms = 0;
    strbuf_init(&bytes);
    strbuf_append_bytes(&bytes, (const char *)key->bytes, SIGN_PUBLIC_SIZE);
    encode_head(&bare, &bytes);
    strbuf_append_bytes(&bytes, (const char *)made->tail_sum.bytes, SHA256_SIZE);
    sha256_of(bytes.bytes, bytes.length, &sum);
    sha256_to_hex(&sum, hex_out);
    strbuf_finish(&bytes);
}

/* Signed by this key, as its first line says: the bytes are the store's own. */
static bool is_signed_by(const char *sealed, size_t size, const struct sign_public *key)
{
    char hex[SIGN_PUBLIC_HEX_SIZE];
    const char *end = memchr(sealed, '\n', size);
    hex_encode(key->bytes, SIGN_PUBLIC_SIZE, hex);
    return end != NULL && memmem(sealed, (size_t)(end - sealed), hex, strlen(hex)) != NULL;
}

/* Whether the screen's description in that JSON is the manifest's, to the byte. */
static bool same_description(const char *json, size_t head_length, const struct manifest *manifest)
{
    static const char start[] = "\"screen\":";
    struct strbuf head;
    strbuf_init(&head);
    encode_head(manifest, &head);
    const char *a = memmem(json, head_length, start, sizeof start - 1);
    const char *b = strstr(head.bytes, start);
    bool same = a != NULL && b != NULL && (size_t)(json + head_length - a) == strlen(b) &&
                memcmp(a, b, strlen(b)) == 0;
    strbuf_finish(&head);
    return same;
}

static const struct verdict *known_verdict(const struct shared *shared,
                                           const struct verdict *wanted)
{
    for (size_t i = 0; i < shared->verdict_count; i++) {
        const struct verdict *verdict = &shared->verdicts[i];
        if (verdict->programme == wanted->programme &&
            verdict->valid_until_ms == wanted->valid_until_ms &&
            sha256_equal(&verdict->tail_sum, &wanted->tail_sum)) {
            return verdict;
        }
    }
    return NULL;
}

static bool compare_decoded(const struct shared *shared, const struct manifest_record *out,
                            const struct sign_public *key, const struct manifest *next)
{
    struct error ignored;
    struct manifest_record whole;
    struct arena *arena = arena_create();
    struct manifest *current = manifests_latest(shared->db, arena, out->screen, &whole, &ignored)
                                   ? manifest_open(whole.sealed, whole.sealed_size, key, &ignored)
                                   : NULL;
    arena_destroy(arena);
    if (current == NULL) {
        return false;
    }
    int64_t until_ms = current->valid_until_ms < next->valid_until_ms ? current->valid_until_ms
                                                                      : next->valid_until_ms;
    bool same = publish_same(current, next, shared->now_ms, until_ms);
    manifest_destroy(current);
    return same;
}

bool shared_shows_same(struct shared *shared, const struct manifest_record *out,
                       const struct sign_public *key, const struct shared_manifest *made)
{
    struct verdict verdict = {.valid_until_ms = out->valid_until_ms, .programme = made->programme};
    const char *sealed = out->sealed;
    size_t json = manifest_sealed_json(sealed, out->sealed_size);
    if (json == 0 || !sha256_from_hex(out->tail_sum, &verdict.tail_sum) ||
        !is_signed_by(sealed, out->sealed_size, key) ||
        !same_description(sealed + json, out->sealed_size - json, made->manifest)) {
        return false;
    }
    const struct verdict *known = known_verdict(shared, &verdict);
    if (known != NULL) {
        return known->same;
    }
    verdict.same = compare_decoded(shared, out, key, made->manifest);
    if (shared->verdict_count < VERDICTS_MAX) {
        shared->verdicts[shared->verdict_count++] = verdict;
    }
    return verdict.same;
}
