/* Plays stored per second: batches of 500 as players send them, each decoded from its JSON and
 * committed with its unique key and its hourly sums, as POST /player/v1/reports does it without
 * HTTP. plays_bench FOLDER [BATCHES]: prints name=value lines. The folder is on the disk to
 * measure.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/json.h"
#include "server/fleet/intake.h"
#include "server/store/schema.h"

#define SCREENS 100
#define PLAYS 500
#define ITEMS 40
#define START_MS INT64_C(1795000000000)

static void make_body(int64_t batch, struct strbuf *body)
{
    struct json_writer writer;
    int64_t screen = batch % SCREENS, first = batch / SCREENS * PLAYS;
    char text[64];

    strbuf_clear(body);
    json_writer_init(&writer, body);
    json_begin_object(&writer, NULL);
    snprintf(text, sizeof(text), "%032" PRId64, screen + 1);
    json_put_string(&writer, "boot", text);
    json_begin_array(&writer, "records");
    for (int64_t i = first; i < first + PLAYS; i++) {
        json_begin_object(&writer, NULL);
        json_put_int(&writer, "sequence", i + 1);
        json_put_int(&writer, "time_ms", START_MS + (i + 1) * 8000);
        json_put_string(&writer, "kind", "play");
        snprintf(text, sizeof(text), "portrait-%" PRId64, i % ITEMS);
        json_put_string(&writer, "slide", text);
        json_put_string(&writer, "title", "Une entreprise de l’économie sociale et solidaire");
        json_put_string(&writer, "subject", text);
        json_put_string(&writer, "organisation", "siret-12345678901234");
        json_put_string(&writer, "playlist", "portraits");
        json_put_string(&writer, "rule", "toute-la-journee");
        json_put_string(&writer, "zone", "main");
        json_put_string(&writer, "manifest", "1-17");
        json_put_int(&writer, "from_ms", START_MS + i * 8000);
        json_put_int(&writer, "until_ms", START_MS + (i + 1) * 8000);
        json_end_object(&writer);
    }
    json_end_array(&writer);
    json_end_object(&writer);
}

static bool run(struct db *db, int64_t batches, int64_t *store_ms_out, int64_t *stored_out,
                struct error *err)
{
    struct clock clock = clock_system();
    struct arena *arena = arena_create();
    struct strbuf body;
    bool ok = true;

    strbuf_init(&body);
    *store_ms_out = *stored_out = 0;
    for (int64_t i = 0; ok && i < batches; i++) {
        struct intake intake;
        char screen[32];
        size_t stored = 0;
        make_body(i, &body);
        snprintf(screen, sizeof(screen), "screen-%" PRId64, i % SCREENS);
        int64_t start_ms = clock_mono_ms(&clock);
        ok = intake_decode(body.bytes, body.length, screen, INT64_C(1800000000000), arena, &intake,
                           err) &&
             plays_add(db, intake.plays, intake.play_count, &stored, err);
        *store_ms_out += clock_mono_ms(&clock) - start_ms;
        *stored_out += (int64_t)stored;
        arena_reset(arena);
    }
    strbuf_finish(&body);
    arena_destroy(arena);
    return ok;
}

int main(int argc, char **argv)
{
    int64_t batches = argc > 2 ? strtoll(argv[2], NULL, 10) : 1000, took_ms, stored;
    struct error error;
    char path[4096], text[512];

    if (argc < 2 || batches < 1) {
        fprintf(stderr, "plays_bench FOLDER [BATCHES]\n");
        return 2;
    }
    snprintf(path, sizeof(path), "%s/plays_bench.db", argv[1]);
    struct db *db = store_open(path, DB_WRITER, &error);
    if (db == NULL || !run(db, batches, &took_ms, &stored, &error)) {
        fprintf(stderr, "plays_bench: %s\n", error_text(&error, LANG_EN, text, sizeof(text)));
        return 1;
    }
    printf("plays=%" PRId64 "\nms=%" PRId64 "\nper_second=%" PRId64 "\n", stored, took_ms,
           stored * 1000 / (took_ms > 0 ? took_ms : 1));
    db_close(db);
    return 0;
}
