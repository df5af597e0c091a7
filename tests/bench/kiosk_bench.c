/* What a visitor waits for at the kiosk: kiosk_bench [organisations]. A kiosk over a real directory
 * file is touched, typed on, scrolled and opened as by a visitor; each figure is the time from the
 * event until its frame stands in the canvas, asked, laid out and drawn. Bringing that to the
 * screen (presenter, X) is not in it. Names are made of syllables, so that there are as many
 * different words as in a real country. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <sys/wait.h>
#include <time.h>

#include <cmocka.h>

#include "tests/unit/player_kiosk/visitor.h"

#define SEARCHES 200
#define SAMPLES_MAX 20000

static uint32_t seed = 2026;
static double samples[SAMPLES_MAX];
static size_t sample_count;

static uint32_t dice(uint32_t sides)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % sides;
}

static double now_ms(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static double resident_mb(void)
{
    char line[256];
    double kb = 0;
    FILE *file = fopen("/proc/self/status", "r");
    while (file != NULL && fgets(line, sizeof(line), file) != NULL)
        if (sscanf(line, "VmRSS: %lf", &kb) == 1)
            break;
    if (file != NULL)
        fclose(file);
    return kb / 1024;
}

static int compare(const void *a, const void *b)
{
    double one = *(const double *)a, two = *(const double *)b;
    return (one > two) - (one < two);
}

/* Median, 99th centile, most, in ms; and forgets them. */
static void tell(const char *what)
{
    qsort(samples, sample_count, sizeof(samples[0]), compare);
    if (sample_count > 0)
        printf("%s %.2f %.2f %.2f\n", what, samples[sample_count / 2],
               samples[sample_count * 99 / 100], samples[sample_count - 1]);
    sample_count = 0;
}

static void sample(double begin)
{
    if (sample_count < SAMPLES_MAX)
        samples[sample_count++] = now_ms() - begin;
}

static void made_name(char *name, size_t size)
{
    static const char *const syllables[] = {"ba", "cho", "de", "fi", "gra", "ja",  "lon", "mi",
                                            "no", "pe",  "ra", "si", "ton", "vi",  "zel", "eau",
                                            "an", "our", "el", "is", "cou", "bre", "ter", "mar"};
    size_t length = 0;
    for (int word = 0; word < 2; word++) {
        for (uint32_t i = 0, count = 2 + dice(3); i < count; i++)
            length += (size_t)snprintf(name + length, size - length, "%s", syllables[dice(24)]);
        if (word == 0)
            length += (size_t)snprintf(name + length, size - length, " ");
    }
}

static void build(const char *path, size_t count)
{
    static const char *const sectors[] = {"alimentation",  "batiment",  "culture",  "education",
                                          "environnement", "insertion", "reemploi", "services"};
    static const char *const communes[] = {"Rouen",
                                           "Elbeuf",
                                           "Darnétal",
                                           "Canteleu",
                                           "Barentin",
                                           "Mont-Saint-Aignan",
                                           "Sotteville-lès-Rouen"};
    struct fixture_making making = fixture_begin();
    char *bytes;
    size_t length;
    struct error err;
    for (size_t i = 0; i < count; i++) {
        char id[32], name[128];
        snprintf(id, sizeof(id), "org-%06zu", i);
        made_name(name, sizeof(name));
        struct directory_organisation it = fixture_blank();
        it.id = id;
        it.name = name;
        it.family = i % 3 == 0 ? "Coopérative" : "Association";
        it.activity = "Réparation d’articles personnels";
        it.summary = "Un atelier ouvert à tous, tous les jours, avec un café et des outils.";
        it.address = "1, rue du Pont";
        it.postcode = "76000";
        it.commune = communes[dice(7)];
        it.phone = "02 61 91 00 00";
        it.site_id = i < 12 ? "creapolis" : "";
        it.floor = "1";
        it.placed = true;
        it.latitude = 49.30 + dice(2000) / 10000.0;
        it.longitude = 0.90 + dice(3000) / 10000.0;
        fixture_organisation(&making, &it, sectors[dice(8)]);
    }
    fixture_extras(&making);
    fixture_close(&making);
    if (!file_read(making.path, DIRECTORY_BYTES_MAX, &bytes, &length, &err) ||
        !file_write_atomic(path, bytes, length, 0644, &err))
        abort();
    unlink(making.path);
}

/* Finger down on what does this, its frame, and up beside it. A touch without a frame is a fault of
 * the bench. */
static void touch(struct visitor *visitor, struct rect rect)
{
    if (rect.w == 0)
        return;
    double begin = now_ms();
    visitor_send(visitor, KIOSK_TOUCH_DOWN, 1, rect.x + rect.w / 2, rect.y + rect.h / 2);
    if (rect_empty(visitor_frame(visitor)))
        abort();
    sample(begin);
    visitor_send(visitor, KIOSK_TOUCH_CANCEL, 1, 0, 0);
    visitor_settle(visitor);
    visitor->now += 20;
}

static void measure_touch(struct visitor *visitor)
{
    static const enum kiosk_action actions[] = {
        KIOSK_ACTION_BACK,   KIOSK_ACTION_HOME,    KIOSK_ACTION_OPTIONS,  KIOSK_ACTION_QUIT,
        KIOSK_ACTION_SEARCH, KIOSK_ACTION_CHOICES, KIOSK_ACTION_PAGE_DOWN};
    static const enum kiosk_page pages[] = {KIOSK_HOME, KIOSK_DIRECTORY, KIOSK_EVENTS,
                                            KIOSK_PORTRAITS, KIOSK_MAP};
    for (size_t page = 0; page < sizeof(pages) / sizeof(pages[0]); page++) {
        kiosk_do(visitor->kiosk, (struct kiosk_target){KIOSK_ACTION_HOME, 0}, visitor->now);
        visitor_settle(visitor);
        if (pages[page] != KIOSK_HOME)
            visitor_open(visitor, pages[page]);
        for (int round = 0; round < 12; round++) {
            for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
                touch(visitor, visitor_find(visitor, actions[i], 0));
            struct kiosk_pane *pane = kiosk_pane(visitor->kiosk);
            for (size_t item = 0; item < 3 && item < kiosk_list_count(&pane->list); item++)
                touch(visitor, rect_intersect(kiosk_frame_item_rect(visitor->kiosk, pane, item),
                                              pane->at.view));
        }
    }
    kiosk_open_subject(visitor->kiosk, "org-000003", "", visitor->now);
    kiosk_open(visitor->kiosk, KIOSK_ORGANISATION, "org-000003", 0, KIOSK_NO_CARD, visitor->now);
    visitor_settle(visitor);
    for (int round = 0; round < 12; round++) {
        touch(visitor, visitor_find(visitor, KIOSK_ACTION_BACK, 0));
        touch(visitor, visitor_find(visitor, KIOSK_ACTION_LISTEN, 0));
    }
    if (sample_count < 400)
        abort();
    tell("touch");
}

/* Names as people type them: the first letters, some with a typo. */
static void measure_keys(struct visitor *visitor)
{
    const struct kiosk_keyboard *keyboard = &visitor->kiosk->search.keyboard;
    kiosk_do(visitor->kiosk, (struct kiosk_target){KIOSK_ACTION_HOME, 0}, visitor->now);
    kiosk_do(visitor->kiosk, (struct kiosk_target){KIOSK_ACTION_SEARCH, 0}, visitor->now);
    visitor_settle(visitor);
    for (int search = 0; search < SEARCHES; search++) {
        char name[128];
        made_name(name, sizeof(name));
        if (search % 3 == 0)
            name[3] = 'x';
        for (int letter = 0; name[letter] != '\0' && name[letter] != ' ' && letter < 8; letter++) {
            char wanted[2] = {name[letter], '\0'};
            int key = 0;
            struct rect rect;
            while ((rect = kiosk_keyboard_key(keyboard, key)).w > 0 &&
                   strcmp(kiosk_keyboard_types(keyboard, key), wanted) != 0)
                key++;
            visitor_send(visitor, KIOSK_TOUCH_DOWN, 1, rect.x + 5, rect.y + 5);
            (void)visitor_frame(visitor);
            visitor->now += 60;
            double begin = now_ms();
            visitor_send(visitor, KIOSK_TOUCH_UP, 1, rect.x + 5, rect.y + 5);
            (void)visitor_frame(visitor);
            sample(begin);
        }
        kiosk_do(visitor->kiosk, (struct kiosk_target){KIOSK_ACTION_ERASE, 0}, visitor->now);
        visitor_settle(visitor);
    }
    tell("key");
}

/* Every frame of a pull through the list, cards that come into view laid out in it. */
static void measure_scroll(struct visitor *visitor, const char *what, struct rect area)
{
    int x = area.x + area.w / 3, top = area.y + 20, bottom = area.y + area.h - 20;
    for (int pull = 0; pull < 12; pull++) {
        visitor_send(visitor, KIOSK_TOUCH_DOWN, 1, x, bottom);
        for (int y = bottom; y > top; y -= 24) {
            visitor->now += 16;
            double begin = now_ms();
            visitor_send(visitor, KIOSK_TOUCH_MOVE, 1, x, y);
            kiosk_tick(visitor->kiosk, visitor->now);
            (void)visitor_frame(visitor);
            sample(begin);
        }
        visitor_send(visitor, KIOSK_TOUCH_UP, 1, x, top);
        while (kiosk_next_wake(visitor->kiosk, visitor->now) <= visitor->now) { /* it glides on */
            visitor->now += 16;
            double begin = now_ms();
            kiosk_tick(visitor->kiosk, visitor->now);
            (void)visitor_frame(visitor);
            sample(begin);
        }
    }
    tell(what);
}

static void measure_sheets(struct visitor *visitor)
{
    kiosk_do(visitor->kiosk, (struct kiosk_target){KIOSK_ACTION_HOME, 0}, visitor->now);
    visitor_settle(visitor);
    visitor_open(visitor, KIOSK_DIRECTORY);
    for (size_t item = 0; item < 240; item++) {
        struct kiosk_pane *pane = kiosk_pane(visitor->kiosk);
        kiosk_scroll_jump(&pane->scroll, kiosk_list_rect(&pane->list, item * 300).y);
        (void)visitor_frame(visitor);
        struct rect card = kiosk_frame_item_rect(visitor->kiosk, pane, item * 300);
        visitor_send(visitor, KIOSK_TOUCH_DOWN, 1, card.x + 90, card.y + card.h / 2);
        (void)visitor_frame(visitor);
        double begin = now_ms();
        visitor_send(visitor, KIOSK_TOUCH_UP, 1, card.x + 90, card.y + card.h / 2);
        (void)visitor_frame(visitor);
        sample(begin);
        if (visitor_page(visitor) != KIOSK_ORGANISATION)
            abort();
        visitor_settle(visitor);
        visitor_tap(visitor, KIOSK_ACTION_BACK, 0);
    }
    tell("sheet");
}

static void measure(struct text_engine *text, const char *path, bool landscape)
{
    struct error err;
    struct directory *directory = directory_open(path, &err);
    if (directory == NULL)
        abort();
    struct visitor *visitor = visitor_create(text, directory, landscape);
    visitor_enter(visitor);
    if (!landscape) {
        measure_touch(visitor);
        measure_keys(visitor);
        measure_sheets(visitor);
    }
    kiosk_do(visitor->kiosk, (struct kiosk_target){KIOSK_ACTION_QUIT, 0}, visitor->now);
    visitor_enter(visitor);
    visitor_open(visitor, KIOSK_DIRECTORY);
    measure_scroll(visitor, landscape ? "scroll_wide" : "scroll", visitor->kiosk->page.at.view);
    visitor_tap(visitor, KIOSK_ACTION_OPEN, KIOSK_MAP);
    visitor_tap(visitor, KIOSK_ACTION_ZOOM, 1);
    measure_scroll(visitor, landscape ? "map_wide" : "map", visitor->kiosk->map_rect);
    if (landscape)
        printf("memory %.0f\n", resident_mb());
    visitor_destroy(visitor);
}

int main(int argc, char **argv)
{
    size_t count = argc > 1 ? strtoul(argv[1], NULL, 10) : 100000;
    char path[] = "/tmp/kiosk-bench-XXXXXX";
    int ended, descriptor = mkstemp(path);
    if (descriptor < 0)
        return 1;
    close(descriptor);
    pid_t builder = fork(); /* its memory is not the kiosk's */
    if (builder == 0) {
        build(path, count);
        _exit(0);
    }
    if (builder < 0 || waitpid(builder, &ended, 0) != builder || ended != 0)
        return 1;
    struct text_engine *text = fixture_text();
    measure(text, path, false);
    measure(text, path, true);
    text_engine_destroy(text);
    unlink(path);
    return 0;
}
