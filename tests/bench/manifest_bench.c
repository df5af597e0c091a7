/* manifest_bench DATA_FOLDER SCREEN ROUNDS: prints name=value lines, medians in milliseconds:
 * assemble_ms (from the store to a manifest), publish_ms (that and the comparison with what is
 * out), encode_ms, open_ms (signature and decoding, as the player does), at_us (one timeline_at, in
 * microseconds), and what the manifest holds. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/files.h"
#include "playlists/timeline.h"
#include "server/schedule/publish.h"
#include "server/store/schema.h"

#define ROUNDS_MAX 1000
#define QUESTIONS 1000

struct bench {
    struct db *db;
    struct media_store media;
    struct sign_keys keys;
    const char *screen;
    int64_t now_ms;
    int rounds;
    char *sealed;
    size_t sealed_size;
    struct manifest *manifest;
    struct error error;
};

static double now_ms(void)
{
    struct clock clock = clock_system();
    return (double)clock_mono_ns(&clock) / 1e6;
}

static int compare_doubles(const void *a, const void *b)
{
    double first = *(const double *)a, second = *(const double *)b;
    return (first > second) - (first < second);
}

/* Runs one piece of work `rounds` times and prints the median. */
static bool measure(struct bench *bench, const char *name, double scale,
                    bool (*work)(struct bench *bench))
{
    double took[ROUNDS_MAX];
    for (int i = 0; i < bench->rounds; i++) {
        double began = now_ms();
        if (!work(bench)) {
            return false;
        }
        took[i] = (now_ms() - began) * scale;
    }
    qsort(took, (size_t)bench->rounds, sizeof took[0], compare_doubles);
    printf("%s=%.3f\n", name, took[bench->rounds / 2]);
    return true;
}

static bool publish(struct bench *bench)
{
    struct arena *arena = arena_create();
    struct publication publication;
    bool ok = publish_screen(bench->db, &bench->media, &bench->keys, arena, bench->screen,
                             bench->now_ms, &publication, &bench->error);
    arena_destroy(arena);
    return ok;
}

static bool assemble_one(struct bench *bench)
{
    struct manifest *manifest =
        assemble_manifest(bench->db, NULL, NULL, bench->screen, bench->now_ms, 1, 1, &bench->error);
    manifest_destroy(manifest);
    return manifest != NULL;
}

static bool encode(struct bench *bench)
{
    struct strbuf json;
    strbuf_init(&json);
    manifest_encode(bench->manifest, &json);
    strbuf_finish(&json);
    return true;
}

static bool open_sealed(struct bench *bench)
{
    struct manifest *manifest =
        manifest_open(bench->sealed, bench->sealed_size, &bench->keys.public, &bench->error);
    manifest_destroy(manifest);
    return manifest != NULL;
}

static bool ask_timeline(struct bench *bench)
{
    const struct manifest *manifest = bench->manifest;
    int64_t from_ms = manifest->intervals[0].from_ms;
    int64_t step_ms = (manifest->valid_until_ms - from_ms) / QUESTIONS;
    for (int i = 0; i < QUESTIONS; i++) {
        struct timeline now = timeline_at(manifest, from_ms + i * step_ms);
        if (now.next_change_ms <= from_ms + i * step_ms) {
            return error_set(&bench->error, ERROR_INTERNAL, "le temps recule", "time goes back");
        }
    }
    return true;
}

static bool prepare(struct bench *bench, const char *data, struct arena *arena)
{
    char path[PATH_MAX];
    struct manifest_record record;
    bench->db =
        store_open(path_join(path, sizeof path, data, "vitrine.db"), DB_WRITER, &bench->error);
    if (bench->db == NULL || !sign_keys_load_or_create(path_join(path, sizeof path, data, "key"),
                                                       &bench->keys, &bench->error)) {
        return false;
    }
    bench->media = (struct media_store){
        .folder = arena_strdup(arena, path_join(path, sizeof path, data, "media")),
        .db = bench->db,
        .now_ms = bench->now_ms};
    if (!publish(bench) ||
        !manifests_latest(bench->db, arena, bench->screen, &record, &bench->error)) {
        return false;
    }
    bench->sealed = (char *)record.sealed;
    bench->sealed_size = record.sealed_size;
    bench->manifest =
        manifest_open(bench->sealed, bench->sealed_size, &bench->keys.public, &bench->error);
    return bench->manifest != NULL && bench->manifest->interval_count > 0;
}

static bool run(struct bench *bench)
{
    const struct manifest *manifest = bench->manifest;
    printf("bytes=%zu\nintervals=%zu\nloops=%zu\nslides=%zu\nfiles=%zu\n", bench->sealed_size,
           manifest->interval_count, manifest->loop_count, manifest->slide_count,
           manifest->file_count);
    return measure(bench, "assemble_ms", 1, assemble_one) &&
           measure(bench, "publish_ms", 1, publish) && measure(bench, "encode_ms", 1, encode) &&
           measure(bench, "open_ms", 1, open_sealed) &&
           measure(bench, "at_us", 1000.0 / QUESTIONS, ask_timeline);
}

int main(int argc, char **argv)
{
    struct clock clock = clock_system();
    struct bench bench = {.now_ms = clock_wall_ms(&clock)};
    if (argc != 4 || (bench.rounds = atoi(argv[3])) < 1 || bench.rounds > ROUNDS_MAX ||
        !sign_init()) {
        fprintf(stderr, "usage: manifest_bench DATA_FOLDER SCREEN ROUNDS\n");
        return 2;
    }
    bench.screen = argv[2];
    struct arena *arena = arena_create();
    bool ok = prepare(&bench, argv[1], arena) && run(&bench);
    if (!ok) {
        char text[1024];
        fprintf(stderr, "manifest_bench: %s\n",
                error_text(&bench.error, LANG_EN, text, sizeof text));
    }
    manifest_destroy(bench.manifest);
    db_close(bench.db);
    arena_destroy(arena);
    return ok ? 0 : 1;
}
