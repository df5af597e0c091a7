/* The kiosk's colours: everything that is read has a contrast of 4.5 : 1 at least
 * (WCAG 2.1, 1.4.3), 7 : 1 in high contrast; what is only seen 3 : 1 (1.4.11). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <math.h>

#include <cmocka.h>

#include "player/kiosk/kiosk_kit.h"

static double linear(unsigned channel)
{
    double value = channel / 255.0;
    return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
}

static double luminance(color c)
{
    return 0.2126 * linear(c >> 16 & 0xFF) + 0.7152 * linear(c >> 8 & 0xFF) +
           0.0722 * linear(c & 0xFF);
}

static void check(const char *what, color ink, color ground, double least)
{
    double a = luminance(ink), b = luminance(ground);
    double ratio = (fmax(a, b) + 0.05) / (fmin(a, b) + 0.05);
    if (ratio < least)
        fail_msg("%s: %.2f : 1 is less than %.1f : 1", what, ratio, least);
}

static void test_contrast(void **state)
{
    (void)state;
    static const char *const families[] = {
        "Association", "Coopérative",      "Mutuelle", "Fondation",
        "Entreprise",  "Organisme public", ""};
    for (int high = 0; high < 2; high++) {
        const struct kiosk_theme *theme = kiosk_kit_theme(high == 1);
        double read = high == 1 ? 7.0 : 4.5;
        check("text on the page", theme->text, theme->page, read);
        check("quiet text on the page", theme->muted, theme->page, read);
        check("text on a card", theme->text, theme->card, read);
        check("quiet text on a card", theme->muted, theme->card, read);
        check("links on a card", theme->link, theme->card, read);
        check("links on a tint", theme->link, theme->tint, read);
        check("text on a tint", theme->text, theme->tint, read);
        check("header", theme->on_chrome, theme->chrome, read);
        check("accent in the header", theme->accent, theme->chrome, read);
        check("buttons of the bar", theme->on_chrome, theme->button, read);
        check("what calls for a touch", theme->on_accent, theme->accent, read);
        for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
            check("name on its family", 0xFFFFFFFF, kiosk_kit_family(theme, families[i]), read);
            check("sign on its family", theme->accent, kiosk_kit_family(theme, families[i]), 3.0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_contrast),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
