/* The house's colours (DESIGN.md, "Looks"): what is not the templates' business. */
#ifndef VITRINE_PLAYER_SCENE_PALETTE_H
#define VITRINE_PLAYER_SCENE_PALETTE_H

#include "player/draw/canvas.h"

#define COLOR_NAVY COLOR_RGB(0x0B1F3A)
#define COLOR_YELLOW COLOR_RGB(0xFFC845)
#define COLOR_TEAL COLOR_RGB(0x005F5F)
#define COLOR_RED COLOR_RGB(0xA3001B)
#define COLOR_WHITE COLOR_RGB(0xFFFFFF)
#define COLOR_CREAM COLOR_RGB(0xFFF8EC)

#endif
