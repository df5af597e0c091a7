/* Vitrine's icons: round-capped strokes on a grid of 24 units, drawn at any size from distances, so
 * that they need no files, are equally sharp everywhere and give the same pixels everywhere. */
#ifndef VITRINE_PLAYER_SCENE_ICON_H
#define VITRINE_PLAYER_SCENE_ICON_H

#include "player/draw/canvas.h"

enum icon {
    ICON_NONE,
    /* Acting and pointing. */
    ICON_BACK,
    ICON_HOME,
    ICON_SEARCH,
    ICON_CLOSE,
    ICON_UP,
    ICON_DOWN,
    ICON_RIGHT,
    ICON_PIN,
    ICON_PHONE,
    ICON_MAIL,
    ICON_WEB,
    ICON_CLOCK,
    ICON_PERSON,
    ICON_CALENDAR,
    ICON_TICKET,
    ICON_PLAY,
    /* Pictograms of announcements. */
    ICON_INFO,
    ICON_WORKS,
    ICON_BICYCLE,
    ICON_ACCESS,
    ICON_HEART,
    ICON_MEGAPHONE,
    ICON_WARNING,
    /* Sectors. */
    ICON_FOOD,
    ICON_BUILDING,
    ICON_CULTURE,
    ICON_LEAF,
    ICON_SCREEN,
    ICON_THREAD,
    ICON_HANDS,
    ICON_HEALTH,
    ICON_BOOK,
    ICON_HOUSE,
    ICON_COIN,
    ICON_LOOP,
    ICON_BOLT,
    ICON_STEPS,
    /* The kiosk's. */
    ICON_CHECK,
    ICON_DOOR,
    ICON_TOUCH,
    ICON_LOWER,
    ICON_LARGER,
    ICON_CONTRAST,
    ICON_FILTER,
    ICON_LIST,
    ICON_PLUS,
    ICON_MINUS,
    ICON_SPEAKER,
    ICONS
};

/* By the name that content and templates use: pictograms ("travaux", "velo", …), sectors
 * ("alimentation", …), signs ("lieu", "web", …).
 * ICON_NONE for NULL or a name that is not known. */
enum icon icon_by_name(const char *name);

/* In a square of `size` px (cut to 1024) whose top left is (x, y). */
void icon_draw(struct canvas *canvas, enum icon icon, int x, int y, int size, color fill);

#endif
