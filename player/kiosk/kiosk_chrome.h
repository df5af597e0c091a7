/* Everything but the list's cards and the sheet: header, letters, page buttons, bar, board,
 * accessibility panel, question, and the button on the signage loop, as one scene that lies over
 * them. Built anew when something of it changes. */
#ifndef VITRINE_PLAYER_KIOSK_KIOSK_CHROME_H
#define VITRINE_PLAYER_KIOSK_KIOSK_CHROME_H

#include <stdbool.h>

#include "player/kiosk/kiosk_kit.h"
#include "player/kiosk/kiosk_list.h"
#include "player/kiosk/kiosk_state.h"

struct kiosk_look {
    struct kiosk_kit kit;
    enum kiosk_state state;
    struct kiosk_modes modes;
    const struct kiosk_list *list;
    const char *site_name;
    const struct image *skyline; /* may be NULL; outlives the scene */
    int letter;                  /* where the list stands: 0–26, -1 */
    bool scrolls;                /* more than fits: there are page buttons */
    bool can_page_up, can_page_down;
    int seconds; /* of the countdown */
};

struct scene *kiosk_chrome_build(struct text_engine *text, const struct kiosk_look *look);
/* Marks the letter in a scene that was built with another one; dirty_out: what changed. */
void kiosk_chrome_mark_letter(struct scene *scene, const struct kiosk_look *look, int former,
                              struct rect *dirty_out);

#endif
