/* The cards of the kiosk's lists: an organisation, an event, a portrait, a value to choose. Each
 * carries as its label what it says when read aloud. */
#ifndef VITRINE_PLAYER_KIOSK_KIOSK_CARDS_H
#define VITRINE_PLAYER_KIOSK_KIOSK_CARDS_H

#include <stdbool.h>

#include "core/strbuf.h"
#include "directory/directory.h"
#include "player/kiosk/kiosk_kit.h"

/* `here`: the organisation is in this building; its floor and office stand where others have their
 * commune. `picture`, of the tile's size, may be NULL: initials then. */
struct scene_node *kiosk_cards_organisation(const struct kiosk_kit *kit, struct scene_node *parent,
                                            struct rect rect,
                                            const struct directory_organisation *organisation,
                                            bool here, const struct image *picture);
int kiosk_cards_tile(const struct kiosk_kit *kit); /* side of an organisation's tile, px */

/* A leaf of the calendar, the title, when and where. today: local day. */
struct scene_node *kiosk_cards_event(const struct kiosk_kit *kit, struct scene_node *parent,
                                     struct rect rect, const struct directory_event *event,
                                     int64_t today);

/* A face above a name. `picture` is as wide as the card and kiosk_cards_face high; may be NULL. */
struct scene_node *kiosk_cards_portrait(const struct kiosk_kit *kit, struct scene_node *parent,
                                        struct rect rect, const struct directory_portrait *portrait,
                                        const struct image *picture);
int kiosk_cards_face(const struct kiosk_kit *kit, int height); /* of a card so high, px */

/* A value that is chosen or not; without `count` results it cannot be, and looks so. */
struct scene_node *kiosk_cards_choice(const struct kiosk_kit *kit, struct scene_node *parent,
                                      struct rect rect, const char *label, size_t count,
                                      bool chosen);

/* Initials for a tile: "La Seconde Rive" gives "SR", "Matmut" "M". At most 2 characters. */
void kiosk_cards_monogram(const char *name, struct strbuf *out);

#endif
