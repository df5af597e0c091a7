/* The picture's part of a slide: photo, sign or coloured surface, and the card with the code. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "player/scene/palette.h"
#include "player/scene/slide_plan.h"
#include "player/scene/slide_words.h"

#define QR_PER_CAP 8.2 /* C is 1.22 % of the viewing distance: its tenth is 8.2 C */
#define QR_LEAST 1.8   /* units of the picture: a telephone comes near */
#define QR_MOST 2.6
#define QR_OF_ZONE 0.42   /* of a small zone's shorter side, at most */
#define QR_OF_HEIGHT 0.72 /* of a visual's height: below it stands the call */
#define QR_PAD 0.08
#define QR_LARGE_PAD 0.14
#define QR_RADIUS 0.22
#define QR_CALL 0.2
#define SIGN_MOST 3.8 /* units: the disc with the icon */
#define SIGN_LEAST 1.0
#define SIGN_HEAD 2.0
#define PHOTO_LEAST 1.8
#define PHOTO_RADIUS 0.3
#define CARD_BELOW 0.35 /* of the card to a photo's lower edge, units */
#define ROOM_ZOOM 1.18
#define ROOM_FOCUS 0.4 /* of the width */
#define ROOM_HIGH 0.3
#define ROOM_CARD 0.45 /* of the width: a card as wide as this is in the way */
#define CALL_LINES 2
#define LINK_MOST 250 /* bytes: longer ones make modules too small to be scanned */

/* The white card: a code and a short call below it. */
struct card {
    int side, pad;
    const char *call;
    struct text_style style;
    double floor;
};

static int call_height(const struct slide_plan *plan, const struct card *card, int *excess)
{
    struct text_layout *layout = text_layout_fit(plan->view->text, card->call, &card->style,
                                                 card->floor, card->side, 1000000, excess);
    int height = text_layout_height(layout);
    text_layout_destroy(layout);
    return height;
}

/* Under a small code there is room for one word. */
static void shorten_call(const struct slide_plan *plan, struct card *card)
{
    int excess = 0;
    call_height(plan, card, &excess);
    if (excess > 0) {
        card->call = lang_pick(slide_words_lang(plan->slide), "Scannez", "Scan me");
    }
}

/* How large a code may be where the visual is as it is; a whole picture has room for any. */
static double card_most(const struct slide_plan *plan)
{
    double most = QR_OF_ZONE * fmin(plan->width, plan->height);
    if (plan->look->visual == VISUAL_PHOTO && !rect_empty(plan->visual)) {
        double margins = 2 * slide_plan_units(plan, slide_plan_stacked(plan) ? 0.35 : PLAN_MARGIN);
        most = fmin(most, QR_OF_HEIGHT * (plan->visual.h - margins));
    }
    return most;
}

static struct card small_card(const struct slide_plan *plan)
{
    const struct metrics *picture = &plan->view->metrics;
    double unit = picture->unit_px;
    double wish = fmin(fmax(QR_PER_CAP * picture->cap_px, QR_LEAST * unit), QR_MOST * unit);
    struct card card = {
        .side = (int)lround(fmax(fmin(wish, card_most(plan)), 1)),
        .pad = slide_plan_units(plan, QR_PAD),
        .call = lang_pick(slide_words_lang(plan->slide), "Scannez pour en savoir plus",
                          "Scan to learn more"),
        .floor = metrics_floor(picture, TIER_CREDIT),
    };
    card.style =
        (struct text_style){.weight = TEXT_SEMIBOLD,
                            .cap_height = fmax(card.floor, slide_plan_units(plan, QR_CALL)),
                            .line_height = 1.6,
                            .align = TEXT_CENTER,
                            .max_lines = CALL_LINES,
                            .balance = true};
    shorten_call(plan, &card);
    return card;
}

struct rect slide_visual_card(const struct slide_plan *plan)
{
    struct card card = small_card(plan);
    return (struct rect){0, 0, card.side + 2 * card.pad,
                         card.side + call_height(plan, &card, NULL) + 3 * card.pad};
}

/* Drawn once to see: how long a link may be depends on its letters, too. */
bool slide_visual_link(const struct slide_plan *plan)
{
    const char *link = plan->slide->link;
    int side = small_card(plan).side;
    if (link == NULL || link[0] == '\0' || strlen(link) > LINK_MOST) {
        return false;
    }
    struct canvas *canvas = canvas_create(side, side);
    bool drawn = canvas != NULL && canvas_draw_qr(canvas, link, 0, 0, side);
    canvas_destroy(canvas);
    return drawn;
}

static struct scene_node *add_card(const struct slide_plan *plan, const struct card *card,
                                   struct scene_node *root)
{
    int side = card->side, pad = card->pad;
    struct scene_node *node = scene_box(root, (struct rect){0, 0, side + 2 * pad, 0}, COLOR_WHITE,
                                        slide_plan_units(plan, QR_RADIUS));
    node->shadow = 0x40000000u;
    node->shadow_blur = slide_plan_units(plan, 0.16);
    node->shadow_y = slide_plan_units(plan, 0.05);
    scene_qr(node, (struct rect){pad, pad, side, side}, plan->slide->link)->slot = "link";
    struct scene_node *text = scene_text(node, (struct rect){pad, pad + side, side, 0}, card->call,
                                         &card->style, card->floor, COLOR_NAVY);
    text->slot = "call";
    node->rect.h = pad + side + text->rect.h + 2 * pad;
    return node;
}

/* At the origin; NULL when the slide has no link. */
static struct scene_node *add_small_card(const struct slide_plan *plan, struct scene_node *root)
{
    struct card card = small_card(plan);
    return plan->link ? add_card(plan, &card, root) : NULL;
}

static struct scene_node *add_photo(const struct slide_plan *plan, struct rect place, int radius,
                                    struct scene_node *root)
{
    struct scene_node *node = scene_image(root, place, plan->photo, plan->picture->focal_x,
                                          plan->picture->focal_y, radius);
    node->label = plan->picture->alt;
    return node;
}

static void add_round(struct scene_node *parent, int x, int y, int radius, color fill)
{
    scene_box(parent, (struct rect){x - radius, y - radius, 2 * radius, 2 * radius}, fill, radius);
}

/* Large rounds, partly out of the surface, give it depth. */
static void add_motif(const struct slide_plan *plan, struct rect place, struct scene_node *root)
{
    color fill = COLOR_RGB(plan->look->colours.motif);
    if (plan->look->motif == MOTIF_NONE) {
        return;
    }
    struct scene_node *surface = scene_group(root, place);
    surface->clip = true;
    int longer = place.w > place.h ? place.w : place.h;
    if (plan->look->motif == MOTIF_SUN) {
        add_round(surface, place.w * 86 / 100, place.h * 22 / 100, longer * 36 / 100, fill);
        return;
    }
    add_round(surface, place.w, 0, longer * 42 / 100, fill);
    add_round(surface, 0, place.h, longer * 30 / 100, fill);
}

static void add_disc(const struct slide_plan *plan, struct rect disc, struct scene_node *root)
{
    scene_box(root, disc, COLOR_RGB(plan->look->colours.disc), disc.w / 2);
    int inner = disc.w * 62 / 100;
    struct rect place = {disc.x + (disc.w - inner) / 2, disc.y + (disc.h - inner) / 2, inner,
                         inner};
    scene_icon(root, place, plan->column.icon, COLOR_RGB(plan->look->colours.sign));
}

static int shorter(struct rect room)
{
    return room.w < room.h ? room.w : room.h;
}

static void add_sign(const struct slide_plan *plan, struct rect room, struct scene_node *root)
{
    int most = slide_plan_units(plan, SIGN_MOST), side = shorter(room);
    side = side > most ? most : side;
    if (side < slide_plan_units(plan, SIGN_LEAST)) {
        return;
    }
    int x = room.x + (slide_plan_stacked(plan) ? 0 : (room.w - side) / 2);
    add_disc(plan, (struct rect){x, room.y + (room.h - side) / 2, side, side}, root);
}

/* Where the card stands beside what the photo is about, the crop is a little closer and keeps the
 * focal point at (x, y) of it. */
static void make_room(const struct slide_plan *plan, double x, double y, struct scene_node *photo)
{
    struct rectf *source = &photo->source;
    double right = plan->photo->width, bottom = plan->photo->height;
    source->w /= ROOM_ZOOM;
    source->h /= ROOM_ZOOM;
    source->x = fmin(fmax(plan->picture->focal_x * right - x * source->w, 0), right - source->w);
    source->y = fmin(fmax(plan->picture->focal_y * bottom - y * source->h, 0), bottom - source->h);
}

/* A photo to the edges carries the card in the corner that is farthest from the texts. */
static void add_large(const struct slide_plan *plan, struct scene_node *root)
{
    struct scene_node *photo = add_photo(plan, plan->visual, 0, root);
    struct scene_node *card = add_small_card(plan, root);
    if (card == NULL) {
        return;
    }
    int margin = slide_plan_units(plan, PLAN_MARGIN);
    if (slide_plan_stacked(plan)) {
        make_room(plan, ROOM_FOCUS, 0.5, photo);
        card->rect.x = plan->width - margin - card->rect.w;
        card->rect.y = plan->visual.h - slide_plan_units(plan, CARD_BELOW) - card->rect.h;
    } else {
        bool right = plan->look->side == SIDE_RIGHT;
        if (card->rect.w > ROOM_CARD * plan->visual.w) {
            make_room(plan, right ? ROOM_FOCUS : 1 - ROOM_FOCUS, ROOM_HIGH, photo);
        }
        card->rect.x = right ? plan->width - margin - card->rect.w : margin;
        card->rect.y = plan->visual.h - margin - card->rect.h;
    }
}

/* The visual without what must stay clear of its edges. */
static struct rect visual_room(const struct slide_plan *plan, bool one_surface)
{
    bool stacked = slide_plan_stacked(plan);
    int margin = slide_plan_units(plan, PLAN_MARGIN);
    /* On a surface of the panel's colour the gap to the texts is the column's. */
    int after = one_surface ? 0 : margin;
    struct rect room = plan->visual;
    room.x += stacked || plan->look->side == SIDE_LEFT ? margin : after;
    room.y += margin;
    room.w -= stacked ? 2 * margin : margin + after;
    room.h -= stacked ? margin + after : 2 * margin;
    return room;
}

/* What the card leaves of it. */
static struct rect beside_card(const struct slide_plan *plan, struct rect room)
{
    struct rect card = slide_visual_card(plan);
    int gap = slide_plan_units(plan, PLAN_GAP);
    if (plan->link && slide_plan_stacked(plan)) {
        room.w -= card.w + gap;
    } else if (plan->link) {
        room.h -= card.h + gap;
    }
    return room;
}

/* In a small zone the card and a photo beside it would both be too small. */
static bool is_large(const struct slide_plan *plan)
{
    struct rect room = beside_card(plan, visual_room(plan, true));
    return plan->size == SIZE_LARGE || shorter(room) < slide_plan_units(plan, PHOTO_LEAST);
}

/* Beside a small photo, or the sign of a slide without one, the card has a place of its own: below
 * in landscape, to the right in portrait. */
static void add_small(const struct slide_plan *plan, struct scene_node *root)
{
    const struct template_colours *colours = &plan->look->colours;
    bool photo = plan->photo != NULL, one_surface = photo || colours->visual == colours->panel;
    struct rect room = visual_room(plan, one_surface);
    if (!photo) {
        scene_box(root, plan->visual, COLOR_RGB(colours->visual), 0);
        add_motif(plan, one_surface ? scene_node_rect(root) : plan->visual, root);
    }
    struct scene_node *card = add_small_card(plan, root);
    struct rect left = beside_card(plan, room);
    if (card != NULL && slide_plan_stacked(plan)) {
        card->rect.x = room.x + room.w - card->rect.w;
        card->rect.y = room.y + (room.h - card->rect.h) / 2;
    } else if (card != NULL) {
        card->rect.x = room.x + (room.w - card->rect.w) / 2;
        card->rect.y = room.y + room.h - card->rect.h;
    }
    room = left;
    if (photo) {
        add_photo(plan, room, slide_plan_units(plan, PHOTO_RADIUS), root);
    } else {
        add_sign(plan, room, root);
    }
}

/* The code takes what there is. */
static void add_call(const struct slide_plan *plan, struct scene_node *root)
{
    const struct template_colours *colours = &plan->look->colours;
    bool one_surface = colours->visual == colours->panel;
    scene_box(root, plan->visual, COLOR_RGB(colours->visual), 0);
    add_motif(plan, one_surface ? scene_node_rect(root) : plan->visual, root);
    struct rect room = visual_room(plan, one_surface);
    struct card card = small_card(plan);
    card.pad = slide_plan_units(plan, QR_LARGE_PAD);
    card.call = lang_pick(slide_words_lang(plan->slide), "Scannez avec votre téléphone",
                          "Scan with your phone");
    card.style.cap_height = fmax(card.floor, slide_plan_units(plan, 0.24));
    card.side = shorter(room) - 2 * card.pad;
    shorten_call(plan, &card);
    int below = call_height(plan, &card, NULL) + card.pad;
    if (room.h < room.w + below) {
        card.side = room.h - below - 2 * card.pad;
    }
    struct scene_node *node = add_card(plan, &card, root);
    node->rect.x = room.x + (room.w - node->rect.w) / 2;
    node->rect.y = room.y + (room.h - node->rect.h) / 2;
}

/* A coloured part with texts, and the card or a sign where it leaves room. */
static void add_head(const struct slide_plan *plan, struct scene_node *root)
{
    int margin = slide_plan_units(plan, PLAN_MARGIN);
    const struct rect *visual = &plan->visual, *frame = &plan->head.frame;
    scene_box(root, *visual, COLOR_RGB(plan->look->colours.visual), 0);
    add_motif(plan, *visual, root);
    column_build(&plan->head, root);
    struct scene_node *card = add_small_card(plan, root);
    bool stacked = slide_plan_stacked(plan);
    int right = visual->x + visual->w - margin, bottom = visual->y + visual->h - margin;
    bool flat = stacked && !plan->metrics.portrait;
    if (card != NULL) {
        card->rect.x = stacked ? right - card->rect.w : visual->x + margin;
        card->rect.y = flat      ? plan->height - margin - card->rect.h
                       : stacked ? (visual->h - card->rect.h) / 2
                                 : bottom - card->rect.h;
    }
    if (card != NULL && !flat) {
        return;
    }
    int used = frame->y + column_height(&plan->head) + slide_plan_units(plan, PLAN_GAP);
    int side = stacked ? right - frame->x - frame->w : bottom - used;
    int most = slide_plan_units(plan, SIGN_HEAD);
    side = side > most ? most : side;
    side = side > frame->h ? frame->h : side;
    if (side < slide_plan_units(plan, SIGN_LEAST)) {
        return;
    }
    struct rect disc = {stacked ? right - side : frame->x,
                        stacked ? (visual->h - side) / 2 : bottom - side, side, side};
    add_disc(plan, disc, root);
}

/* The photo in a circle before the last texts; the card opposite. */
static void add_beside(const struct slide_plan *plan, struct scene_node *root)
{
    const struct column *column = &plan->column;
    const struct rect *frame = &column->frame;
    const struct rect *foot = rect_empty(column->aside) ? frame : &column->aside;
    int bottom = frame->y + frame->h, right = foot->x + foot->w;
    add_motif(plan, scene_node_rect(root), root);
    if (column->bottom_left > 0) {
        int diameter = column->bottom_left - slide_plan_units(plan, PLAN_ROUND_GAP);
        int y = column_bottom_y(column) + (column->bottom_least - diameter) / 2;
        add_photo(plan, (struct rect){foot->x, y, diameter, diameter}, diameter / 2, root);
    }
    struct scene_node *card = add_small_card(plan, root);
    if (card != NULL) {
        bool corner = plan->metrics.portrait;
        card->rect.x = right - card->rect.w;
        card->rect.y = corner ? slide_plan_units(plan, PLAN_MARGIN) : bottom - card->rect.h;
    }
}

void slide_visual_add(const struct slide_plan *plan, struct scene_node *root)
{
    if (plan->look->visual == VISUAL_ROUND) {
        add_beside(plan, root);
    } else if (rect_empty(plan->visual)) {
        const struct template_colours *colours = &plan->look->colours;
        bool behind = plan->look->visual == VISUAL_NONE || colours->visual == colours->panel;
        if (behind) {
            add_motif(plan, scene_node_rect(root), root);
        }
    } else if (plan->look->visual == VISUAL_HEAD) {
        add_head(plan, root);
    } else if (plan->look->visual == VISUAL_QR) {
        add_call(plan, root);
    } else if (plan->photo != NULL && is_large(plan)) {
        add_large(plan, root);
    } else {
        add_small(plan, root);
    }
}
