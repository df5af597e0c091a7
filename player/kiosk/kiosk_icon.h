/* Icons of the kiosk, drawn as round-capped strokes on a grid of 24 units at any size. */
#ifndef VITRINE_PLAYER_KIOSK_KIOSK_ICON_H
#define VITRINE_PLAYER_KIOSK_KIOSK_ICON_H

#include "player/draw/canvas.h"

enum kiosk_icon {
    KIOSK_ICON_NONE,
    KIOSK_ICON_BACK,
    KIOSK_ICON_HOME,
    KIOSK_ICON_LANGUAGE,
    KIOSK_ICON_ACCESS,
    KIOSK_ICON_UP,
    KIOSK_ICON_DOWN,
    KIOSK_ICON_RIGHT,
    KIOSK_ICON_CLOSE,
    KIOSK_ICON_CHECK,
    KIOSK_ICON_PIN,
    KIOSK_ICON_PHONE,
    KIOSK_ICON_MAIL,
    KIOSK_ICON_CLOCK,
    KIOSK_ICON_DOOR,
    KIOSK_ICON_TOUCH,
    KIOSK_ICON_LOW,
    KIOSK_ICON_LARGE,
    KIOSK_ICON_CONTRAST,
    KIOSK_ICONS
};

/* In a square of `size` px (cut to 256) whose top left is (x, y). */
void kiosk_icon_draw(struct canvas *canvas, enum kiosk_icon icon, int x, int y, int size,
                     color fill);

#endif
