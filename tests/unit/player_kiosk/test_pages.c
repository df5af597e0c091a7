/* Every page, in both orientations and every mode, against goldens that were looked at. With
 * VITRINE_LOOK=FOLDER the pictures are saved there in full size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "player/draw/image.h"
#include "tests/unit/player_kiosk/visitor.h"

#define PART 4           /* goldens are kept at a quarter of the size, each pixel a mean */
#define NEAR 12          /* of 255 in a channel: another library's last bit */
#define DIFFERENT_MAX 25 /* pixels of a golden, of some 130,000 */

static struct canvas *shrink(const struct canvas *from)
{
    struct canvas *to = canvas_create(from->width / PART, from->height / PART);
    for (int y = 0; y < to->height; y++)
        for (int x = 0; x < to->width; x++) {
            unsigned sums[3] = {0};
            for (int i = 0; i < PART * PART; i++) {
                uint32_t pixel =
                    from->pixels[(y * PART + i / PART) * from->stride + x * PART + i % PART];
                for (int channel = 0; channel < 3; channel++)
                    sums[channel] += pixel >> 8 * channel & 0xFF;
            }
            uint32_t mean = 0xFF000000u;
            for (int channel = 0; channel < 3; channel++)
                mean |= (uint32_t)(sums[channel] / (PART * PART)) << 8 * channel;
            to->pixels[y * to->stride + x] = mean;
        }
    return to;
}

static bool is_near(uint32_t a, uint32_t b)
{
    for (int shift = 0; shift < 24; shift += 8)
        if (abs((int)(a >> shift & 0xFF) - (int)(b >> shift & 0xFF)) > NEAR)
            return false;
    return true;
}

/* Against what was looked at once; VITRINE_UPDATE=1 takes what shows now for right. */
static void compare(const struct canvas *canvas, const char *name)
{
    char path[512];
    struct error err;
    struct canvas *now = shrink(canvas);
    snprintf(path, sizeof(path), TESTS_DIR "/unit/player_kiosk/pages/%s.png", name);
    if (getenv("VITRINE_UPDATE") != NULL)
        assert_true(canvas_save_png(now, path, &err));
    struct image *golden = image_load(path, &err);
    if (golden == NULL || golden->width != now->width || golden->height != now->height)
        fail_msg("%s is missing or of another size", path);
    int different = 0;
    for (int y = 0; y < now->height; y++)
        for (int x = 0; x < now->width; x++)
            different +=
                !is_near(now->pixels[y * now->stride + x], golden->pixels[y * golden->width + x]);
    if (different > DIFFERENT_MAX)
        fail_msg("%s: %d pixels are others than in the golden (VITRINE_LOOK=FOLDER shows it, "
                 "VITRINE_UPDATE=1 accepts it)",
                 name, different);
    image_destroy(golden);
    canvas_destroy(now);
}

static void save(struct visitor *visitor, const char *name)
{
    const char *folder = getenv("VITRINE_LOOK");
    char path[512];
    struct error err;
    visitor_check_whole(visitor, name);
    snprintf(path, sizeof(path), "%s/%s.png", folder != NULL ? folder : "", name);
    if (folder != NULL)
        assert_true(canvas_save_png(visitor->canvas, path, &err));
    compare(visitor->canvas, name);
}

struct look {
    const char *name;
    bool landscape, low, large, contrast, english;
};

static const struct look looks[] = {
    {"portrait", false, false, false, false, false},
    {"portrait-low", false, true, false, false, false},
    {"portrait-large", false, false, true, false, false},
    {"portrait-contrast", false, false, false, true, true},
    {"landscape", true, false, false, false, false},
    {"landscape-low", true, true, false, false, true},
    {"landscape-large", true, false, true, false, false},
    {"landscape-contrast", true, false, false, true, false},
};

static void set_modes(struct visitor *visitor, const struct look *look)
{
    if (look->english)
        visitor_tap(visitor, KIOSK_ACTION_LANGUAGE, 0);
    if (!look->low && !look->large && !look->contrast)
        return;
    visitor_tap(visitor, KIOSK_ACTION_OPTIONS, 0);
    if (look->low)
        visitor_tap(visitor, KIOSK_ACTION_LOW, 0);
    if (look->large)
        visitor_tap(visitor, KIOSK_ACTION_LARGE, 0);
    if (look->contrast)
        visitor_tap(visitor, KIOSK_ACTION_CONTRAST, 0);
    visitor_tap(visitor, KIOSK_ACTION_CLOSE, 0);
}

static void walk(struct text_engine *text, const struct look *look)
{
    struct visitor *visitor = visitor_create(text, fixture_demo(), look->landscape);
    char name[128];
#define SAVE(what) (snprintf(name, sizeof(name), "%s-%s", look->name, what), save(visitor, name))
    SAVE("0-attract");
    visitor_enter(visitor);
    set_modes(visitor, look);
    SAVE("1-home");
    visitor_open(visitor, KIOSK_DIRECTORY);
    SAVE("2-directory");
    visitor_tap(visitor, KIOSK_ACTION_SEARCH, 0);
    visitor_type(visitor, "velo");
    visitor_settle(visitor);
    SAVE("3-search");
    visitor_tap(visitor, KIOSK_ACTION_CHOICES, 0);
    SAVE("4-choices");
    visitor_tap(visitor, KIOSK_ACTION_CLOSE, 0);
    visitor_tap(visitor, KIOSK_ACTION_ERASE, 0);
    visitor_tap(visitor, KIOSK_ACTION_OPEN, KIOSK_MAP);
    SAVE("5-map");
    kiosk_do(visitor->kiosk, (struct kiosk_target){KIOSK_ACTION_HOME, 0}, visitor->now);
    visitor_settle(visitor);
    kiosk_open(visitor->kiosk, KIOSK_ORGANISATION, "demo-seconde-rive", 0, (struct rect){0},
               visitor->now);
    visitor_settle(visitor);
    SAVE("6-organisation");
    visitor_tap(visitor, KIOSK_ACTION_HOME, 0);
    visitor_open(visitor, KIOSK_EVENTS);
    SAVE("7-events");
    visitor_tap_item(visitor, 0);
    assert_int_equal(visitor_page(visitor), KIOSK_EVENT);
    SAVE("8-event");
    visitor_tap(visitor, KIOSK_ACTION_HOME, 0);
    visitor_open(visitor, KIOSK_PORTRAITS);
    SAVE("9-portraits");
    kiosk_open(visitor->kiosk, KIOSK_PORTRAIT, "portrait-0", 0, (struct rect){0}, visitor->now);
    visitor_settle(visitor);
    SAVE("10-portrait");
    visitor_tap(visitor, KIOSK_ACTION_OPTIONS, 0);
    SAVE("11-options");
    visitor_wait(visitor, 400000);
    SAVE("12-ask");
#undef SAVE
    visitor_destroy(visitor);
}

static void test_pages(void **state)
{
    (void)state;
    struct text_engine *text = fixture_text();
    for (size_t i = 0; i < sizeof(looks) / sizeof(looks[0]); i++)
        walk(text, &looks[i]);
    text_engine_destroy(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
