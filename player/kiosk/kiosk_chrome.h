/* What stands around the list and the sheet, and over them: header, letters, page buttons, bar,
 * accessibility panel, question, and the button on the signage loop. Each function fills its own
 * rectangle of the layout. */
#ifndef VITRINE_PLAYER_KIOSK_KIOSK_CHROME_H
#define VITRINE_PLAYER_KIOSK_KIOSK_CHROME_H

#include <stdbool.h>
#include <stddef.h>

#include "player/draw/canvas.h"
#include "player/kiosk/kiosk_list.h"
#include "player/kiosk/kiosk_paint.h"

/* What can be touched or focused. */
enum kiosk_action {
    KIOSK_ACTION_NONE,
    KIOSK_ACTION_ITEM,   /* value: item of the list */
    KIOSK_ACTION_LETTER, /* value: 0–26 */
    KIOSK_ACTION_PAGE_UP,
    KIOSK_ACTION_PAGE_DOWN,
    KIOSK_ACTION_BACK,
    KIOSK_ACTION_HOME,
    KIOSK_ACTION_LANGUAGE,
    KIOSK_ACTION_OPTIONS,
    KIOSK_ACTION_LOW,
    KIOSK_ACTION_LARGE,
    KIOSK_ACTION_CONTRAST,
    KIOSK_ACTION_CLOSE,
    KIOSK_ACTION_STAY,
    KIOSK_ACTION_QUIT,
    KIOSK_ACTION_START,
    KIOSK_ACTION_START_OTHER, /* in the other language */
};

struct kiosk_target {
    enum kiosk_action action;
    size_t value;
};

/* What a frame shows besides list and sheet. */
struct kiosk_look {
    struct kiosk_paint paint;
    struct kiosk_modes modes;
    struct kiosk_target pressed, focused;
    const struct kiosk_list *list;
    const char *site_name;
    int letter; /* where the list stands: 0–26, -1 */
    bool can_page_up, can_page_down;
    bool options_open;
    int seconds; /* of the countdown */
};

/* Buttons of the bar, the panel and the question, from left to right. */
extern const enum kiosk_action kiosk_chrome_bar_actions[KIOSK_BAR_BUTTONS];
extern const enum kiosk_action kiosk_chrome_option_actions[KIOSK_BAR_BUTTONS];
extern const enum kiosk_action kiosk_chrome_dialog_actions[2];

bool kiosk_chrome_same(struct kiosk_target a, struct kiosk_target b);
void kiosk_chrome_header(const struct kiosk_look *look, struct canvas *canvas);
void kiosk_chrome_index(const struct kiosk_look *look, struct canvas *canvas);
/* Both page buttons, without their background. */
void kiosk_chrome_pages(const struct kiosk_look *look, struct canvas *canvas);
void kiosk_chrome_bar(const struct kiosk_look *look, struct canvas *canvas);
void kiosk_chrome_options(const struct kiosk_look *look, struct canvas *canvas);
void kiosk_chrome_dialog(const struct kiosk_look *look, struct canvas *canvas);
void kiosk_chrome_attract(const struct kiosk_look *look, struct canvas *canvas);

#endif
