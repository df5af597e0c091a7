/* Wishes for screenshots and their answers: one at a time, only JPEG, only what is wanted. */
#include "fleet_fixture.h"

#include "core/files.h"
#include "core/log.h"
#include "server/fleet/screenshot.h"
#include "server/fleet/wish.h"

/* SOI, a frame header of 640 × 360, EOI. */
static const unsigned char jpeg[] = {0xff, 0xd8, 0xff, 0xc0, 0x00, 0x0b, 0x08, 0x01, 0x68,
                                     0x02, 0x80, 0x01, 0x01, 0x11, 0x00, 0xff, 0xd9};

static void test_one_at_a_time(void **state)
{
    struct fleet *f = *state;
    struct wanted first, second;

    assert_true(wish_ask(f->db, f->arena, "hall", WANTED_SCREENSHOT, "zoé", NOW_MS, &first, &f->err));
    assert_int_equal(strlen(first.id), 32);
    assert_true(wish_ask(f->db, f->arena, "hall", WANTED_SCREENSHOT, "ana", NOW_MS + 1000, &second, &f->err));
    assert_string_equal(second.id, first.id);
    assert_true(wish_ask(f->db, f->arena, "bar", WANTED_SCREENSHOT, "ana", NOW_MS, &second, &f->err));
    assert_string_not_equal(second.id, first.id);
    assert_true(wish_ask(f->db, f->arena, "hall", WANTED_SCREENSHOT, "ana", NOW_MS + WISH_MS,
                               &second, &f->err));
    assert_string_not_equal(second.id, first.id); /* the first has expired */
    assert_false(wish_ask(f->db, f->arena, "nowhere", WANTED_SCREENSHOT, "ana", NOW_MS, &second, &f->err));
    assert_int_equal(f->err.kind, ERROR_NOT_FOUND);
}

static bool take(struct fleet *f, struct writer *writer, const char *screen, const char *id,
                 const void *bytes, size_t size, int64_t now_ms)
{
    char folder[96];

    snprintf(folder, sizeof(folder), "%s/shots", f->folder);
    return screenshot_take(writer, f->arena, folder, screen, id, bytes, size, now_ms, &f->err);
}

static void test_only_what_is_wanted(void **state)
{
    struct fleet *f = *state;
    struct screenshot shot;
    struct writer writer;
    struct wanted wish;
    char path[96], *bytes;
    size_t size;

    snprintf(path, sizeof(path), "%s/db", f->folder);
    assert_true(writer_init(&writer, path, &f->err));
    assert_false(take(f, &writer, "hall", "0123", jpeg, sizeof(jpeg), NOW_MS));
    assert_int_equal(f->err.kind, ERROR_NOT_FOUND);
    assert_true(wish_ask(f->db, f->arena, "hall", WANTED_SCREENSHOT, "", NOW_MS, &wish, &f->err));
    assert_false(take(f, &writer, "hall", "0123", jpeg, sizeof(jpeg), NOW_MS));
    assert_int_equal(f->err.kind, ERROR_NOT_FOUND);
    assert_false(take(f, &writer, "bar", wish.id, jpeg, sizeof(jpeg), NOW_MS));
    assert_int_equal(f->err.kind, ERROR_NOT_FOUND);
    assert_false(take(f, &writer, "hall", wish.id, jpeg, sizeof(jpeg) - 2, NOW_MS));
    assert_int_equal(f->err.kind, ERROR_INVALID);
    assert_false(take(f, &writer, "hall", wish.id, "GIF89a", 6, NOW_MS));
    assert_int_equal(f->err.kind, ERROR_INVALID);
    assert_false(
        take(f, &writer, "hall", wish.id, jpeg, sizeof(jpeg), NOW_MS + WISH_MS));
    assert_int_equal(f->err.kind, ERROR_NOT_FOUND);
    assert_false(screenshots_get(f->db, f->arena, "hall", &shot, &f->err));
    assert_true(take(f, &writer, "hall", wish.id, jpeg, sizeof(jpeg), NOW_MS + 5));
    assert_true(screenshots_get(f->db, f->arena, "hall", &shot, &f->err));
    assert_string_equal(shot.id, wish.id);
    assert_int_equal(shot.width, 640);
    assert_int_equal(shot.height, 360);
    assert_int_equal(shot.received_ms, NOW_MS + 5);
    snprintf(path, sizeof(path), "%s/shots/hall.jpg", f->folder);
    assert_true(file_read(path, 100, &bytes, &size, &f->err));
    assert_int_equal(size, sizeof(jpeg));
    free(bytes);
    assert_false(take(f, &writer, "hall", wish.id, jpeg, sizeof(jpeg), NOW_MS + 6));
    writer_finish(&writer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_one_at_a_time, fleet_setup, fleet_teardown),
        cmocka_unit_test_setup_teardown(test_only_what_is_wanted, fleet_setup, fleet_teardown),
    };

    log_set_level(LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
