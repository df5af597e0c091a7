/* A page of the kiosk: a table of functions. What all pages share stands elsewhere once: scrolling,
 * cards and their cache, press feedback, focus, damage, motion, page buttons, bar, time-outs. */
#ifndef VITRINE_PLAYER_KIOSK_KIOSK_PAGE_H
#define VITRINE_PLAYER_KIOSK_KIOSK_PAGE_H

#include "core/strbuf.h"
#include "player/kiosk/kiosk_kit.h"
#include "player/kiosk/kiosk_state.h"

struct kiosk;
struct kiosk_event;

struct kiosk_target {
    enum kiosk_action action;
    int64_t value;
};

/* All but `arrange` and `build` may be NULL. */
struct kiosk_page_type {
    enum kiosk_string title; /* what is read aloud when it opens */
    /* Reads what it shows (kiosk->arena is empty). False: the record is gone. */
    bool (*load)(struct kiosk *kiosk);
    /* Where its pane and its sections stand in the present layout. */
    void (*arrange)(struct kiosk *kiosk);
    /* Adds what stands fixed: header and tools. */
    void (*build)(struct kiosk *kiosk, const struct kiosk_kit *kit, struct scene_node *root);

    /* Lists. */
    void (*heading)(struct kiosk *kiosk, int section, struct strbuf *title, struct strbuf *aside);
    struct scene_node *(*card)(struct kiosk *kiosk, const struct kiosk_kit *kit,
                               struct scene_node *parent, struct rect rect, int section,
                               size_t index);
    void (*choose)(struct kiosk *kiosk, int section, size_t index, struct rect card,
                   int64_t now_ms);
    /* Sheets: the long card, as kiosk_sheet.h says. */
    struct scene_node *(*sheet)(struct kiosk *kiosk, const struct kiosk_kit *kit,
                                struct scene_node *parent);

    /* Its own actions; false: not one of them. */
    bool (*act)(struct kiosk *kiosk, struct kiosk_target target, int64_t now_ms);
    /* Parts that are no scene (keyboard, map). touch: true when the finger is theirs. */
    bool (*touch)(struct kiosk *kiosk, const struct kiosk_event *event, int64_t now_ms);
    void (*drop)(struct kiosk *kiosk); /* fingers are gone without a release */
    void (*draw)(struct kiosk *kiosk, const struct kiosk_kit *kit, struct canvas *canvas);
    void (*tick)(struct kiosk *kiosk, int64_t now_ms);
    int64_t (*wake)(const struct kiosk *kiosk, int64_t now_ms);
};

extern const struct kiosk_page_type kiosk_home_page, kiosk_directory_page, kiosk_map_page,
    kiosk_events_page, kiosk_portraits_page, kiosk_organisation_page, kiosk_event_page,
    kiosk_portrait_page, kiosk_choices_page;

/* NULL on the signage loop. */
const struct kiosk_page_type *kiosk_page_type(enum kiosk_page page);

#endif
