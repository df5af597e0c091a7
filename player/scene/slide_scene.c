#include "player/scene/slide_scene.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "player/scene/column.h"
#include "player/scene/slide_words.h"

#define MARGIN 0.6     /* of texts to the edges, units; the safe area is 0.5 */
#define COLUMN_GAP 0.7 /* between picture and texts */
#define QR_PER_CAP 8.2 /* C is 1.22 % of the viewing distance: its tenth is 8.2 C */
#define QR_LEAST 1.8   /* units */
#define QR_MOST 2.6
#define QR_TIGHT 2.1 /* under a small photo */
#define QR_PAD 0.08
#define QR_RADIUS 0.22
#define QR_CALL 0.2
#define SIGN_MOST 3.8   /* units: the disc with the icon */
#define VISUAL_GAP 0.45 /* between photo or sign and card */
#define PHOTO_RADIUS 0.3
#define CARD_BELOW 0.35 /* of the card to a photo's lower edge, units */
#define ROOM_ZOOM 1.18
#define ROOM_FOCUS 0.4 /* of the width */
#define LINK_MOST 250  /* bytes: what still has modules of 2 px at the smallest size */

/* A slide being laid out: the zone, the picture's part of it, and the texts'. */
struct slide_plan {
    const struct slide_view *view;
    const struct slide *slide;
    const struct template *template;
    const struct slide_picture *picture;
    const struct image *photo;
    enum template_size size;
    double unit;
    int width, height;
    struct rect visual;
    struct column column;
};

static int units(const struct slide_plan *plan, double count)
{
    return (int)lround(count * plan->unit);
}

/* Divides the zone: the picture beside the texts in landscape, above them in portrait. */
static void divide(struct slide_plan *plan)
{
    const struct template *template = plan->template;
    bool portrait = plan->view->metrics.portrait;
    int extent = units(plan, template->extent[portrait][plan->size]);
    int margin = units(plan, MARGIN), gap = extent > 0 ? units(plan, COLUMN_GAP) : margin;
    struct rect *frame = &plan->column.frame;
    if (portrait) {
        extent = extent > plan->height / 2 ? plan->height / 2 : extent;
        plan->visual = (struct rect){0, 0, plan->width, extent};
        *frame = (struct rect){margin, extent + gap, plan->width - 2 * margin,
                               plan->height - extent - gap - margin};
    } else {
        extent = extent > plan->width / 2 ? plan->width / 2 : extent;
        int width = plan->width - extent;
        plan->visual = (struct rect){template->visual_right ? width : 0, 0, extent, plan->height};
        *frame = (struct rect){template->visual_right ? margin : extent + gap, margin,
                               width - gap - margin, plan->height - 2 * margin};
    }
    frame->w = frame->w < 1 ? 1 : frame->w;
    frame->h = frame->h < 1 ? 1 : frame->h;
}

static bool try(struct slide_plan *plan, enum template_size size, bool shortened, int drop,
                struct arena *arena)
{
    plan->size = plan->photo != NULL ? size : SIZE_NONE;
    column_init(&plan->column, plan->view, plan->template, plan->slide, plan->photo != NULL,
                shortened, arena);
    divide(plan);
    return column_fit(&plan->column, drop);
}

/* With the headline as written or shortened, and with as many texts as the photo's size allows. */
static bool try_sizes(struct slide_plan *plan, bool shortened, struct arena *arena)
{
    int until = plan->template->large_until;
    for (int drop = shortened ? until : 0; drop <= until; drop++) {
        if (try(plan, SIZE_LARGE, shortened, drop, arena)) {
            return true;
        }
    }
    for (int drop = until > 0 ? 1 : 0; plan->photo != NULL && drop <= until; drop++) {
        if (try(plan, SIZE_SMALL, shortened, drop, arena)) {
            return true;
        }
    }
    return false;
}

/* From the finest to the plainest way to show the slide: smaller texts, a smaller photo, the short
 * title, fewer texts; the last one is cut. False when it was. */
static bool choose(struct slide_plan *plan, struct arena *arena)
{
    bool brief = slide_text(plan->slide, "short_title") != NULL;
    if (try_sizes(plan, false, arena) || (brief && try_sizes(plan, true, arena))) {
        return true;
    }
    for (int drop = plan->template->large_until + 1; drop <= DROP_MOST; drop++) {
        if (try(plan, SIZE_SMALL, false, drop, arena) ||
            (brief && try(plan, SIZE_SMALL, true, drop, arena))) {
            return true;
        }
    }
    column_cut(&plan->column);
    return false;
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
    struct scene_node *surface = scene_group(root, place);
    surface->clip = true;
    int longer = place.w > place.h ? place.w : place.h;
    add_round(surface, place.w, 0, longer * 42 / 100, plan->template->motif);
    add_round(surface, 0, place.h, longer * 30 / 100, plan->template->motif);
}

static void add_sign(const struct slide_plan *plan, struct rect room, struct scene_node *root)
{
    int most = units(plan, SIGN_MOST);
    int side = room.w < room.h ? room.w : room.h;
    side = side > most ? most : side;
    int x = room.x + (plan->view->metrics.portrait ? 0 : (room.w - side) / 2);
    struct rect disc = {x, room.y + (room.h - side) / 2, side, side};
    scene_box(root, disc, plan->template->disc, side / 2);
    int inner = side * 62 / 100;
    struct rect place = {disc.x + (side - inner) / 2, disc.y + (side - inner) / 2, inner, inner};
    scene_icon(root, place, plan->column.icon, plan->template->sign);
}

/* The white card with the code and a short call, at the origin; NULL when the slide has no link. */
static struct scene_node *add_qr(const struct slide_plan *plan, struct scene_node *root)
{
    const char *link = plan->slide->link;
    if (link == NULL || link[0] == '\0' || strlen(link) > LINK_MOST || plan->visual.w == 0) {
        return NULL;
    }
    const struct metrics *metrics = &plan->view->metrics;
    double wish =
        fmin(fmax(QR_PER_CAP * metrics->cap_px, QR_LEAST * plan->unit), QR_MOST * plan->unit);
    int side = (int)lround(wish), pad = units(plan, QR_PAD);
    const char *call = lang_pick(slide_words_lang(plan->slide), "Scannez pour en savoir plus",
                                 "Scan to learn more");
    double floor = metrics_floor(metrics, TIER_CREDIT);
    struct text_style style = {.weight = TEXT_SEMIBOLD,
                               .cap_height = fmax(floor, QR_CALL * plan->unit),
                               .line_height = 1.6,
                               .align = TEXT_CENTER,
                               .max_lines = 2,
                               .balance = true};
    struct scene_node *card = scene_box(root, (struct rect){0, 0, side + 2 * pad, 0}, COLOR_WHITE,
                                        units(plan, QR_RADIUS));
    card->shadow = 0x40000000u;
    card->shadow_blur = units(plan, 0.16);
    card->shadow_y = units(plan, 0.05);
    scene_qr(card, (struct rect){pad, pad, side, side}, link)->slot = "link";
    struct scene_node *text =
        scene_text(card, (struct rect){pad, pad + side, side, 0}, call, &style, floor, COLOR_NAVY);
    text->slot = "call";
    card->rect.h = pad + side + text->rect.h + 2 * pad;
    return card;
}

/* In portrait the card stands beside what the photo is about: the crop is a little closer and keeps
 * the focal point left of it. */
static void make_room(const struct slide_plan *plan, struct scene_node *photo)
{
    struct rectf *source = &photo->source;
    double right = plan->photo->width, bottom = plan->photo->height;
    double x = plan->picture->focal_x * right, y = plan->picture->focal_y * bottom;
    source->w /= ROOM_ZOOM;
    source->h /= ROOM_ZOOM;
    source->x = fmin(fmax(x - ROOM_FOCUS * source->w, 0), right - source->w);
    source->y = fmin(fmax(y - source->h / 2, 0), bottom - source->h);
}

/* A photo to the edges carries the card in the corner that is farthest from the texts. */
static void add_large(const struct slide_plan *plan, struct scene_node *root)
{
    struct scene_node *photo = add_photo(plan, plan->visual, 0, root);
    struct scene_node *card = add_qr(plan, root);
    if (card == NULL) {
        return;
    }
    int margin = units(plan, MARGIN);
    if (plan->view->metrics.portrait) {
        make_room(plan, photo);
        card->rect.x = plan->width - margin - card->rect.w;
        card->rect.y = plan->visual.h - units(plan, CARD_BELOW) - card->rect.h;
    } else {
        card->rect.x = plan->template->visual_right ? plan->width - margin - card->rect.w : margin;
        card->rect.y = plan->visual.h - margin - card->rect.h;
    }
}

/* Beside a small photo, or the sign of a slide without one, the card has a place of its own: below
 * in landscape, to the right in portrait. */
static void add_small(const struct slide_plan *plan, struct scene_node *root)
{
    bool portrait = plan->view->metrics.portrait, photo = plan->photo != NULL;
    bool one_surface = photo || plan->template->visual == plan->template->panel;
    int margin = units(plan, MARGIN), gap = units(plan, VISUAL_GAP);
    /* On a surface of the panel's colour the gap to the texts is the column's. */
    int after = one_surface ? 0 : margin;
    bool left = !portrait && !plan->template->visual_right;
    struct rect room = plan->visual;
    room.x += left || portrait ? margin : after;
    room.y += margin;
    room.w -= portrait ? 2 * margin : margin + after;
    room.h -= portrait ? margin + after : 2 * margin;
    if (!photo) {
        scene_box(root, plan->visual, plan->template->visual, 0);
        add_motif(plan, one_surface ? scene_node_rect(root) : plan->visual, root);
    }
    struct scene_node *card = add_qr(plan, root);
    if (card != NULL && portrait) {
        card->rect.x = room.x + room.w - card->rect.w;
        card->rect.y = room.y + (room.h - card->rect.h) / 2;
        room.w -= card->rect.w + gap;
    } else if (card != NULL) {
        card->rect.x = room.x + (room.w - card->rect.w) / 2;
        card->rect.y = room.y + room.h - card->rect.h;
        room.h -= card->rect.h + gap;
    }
    if (photo) {
        add_photo(plan, room, units(plan, PHOTO_RADIUS), root);
    } else {
        add_sign(plan, room, root);
    }
}

static void add_visual(const struct slide_plan *plan, struct scene_node *root)
{
    if (plan->visual.w == 0 || plan->visual.h == 0) {
        add_motif(plan, scene_node_rect(root), root);
    } else if (plan->photo != NULL && plan->size == SIZE_LARGE) {
        add_large(plan, root);
    } else {
        add_small(plan, root);
    }
}

static void report(const struct column *column, struct slide_excess *excess_out)
{
    int most = 0;
    for (int i = 0; i < column->item_count; i++) {
        const struct column_item *item = &column->items[i];
        if (item->shown && item->spec->tier != TIER_CREDIT && item->excess > most) {
            most = item->excess;
            snprintf(excess_out->slot, sizeof excess_out->slot, "%s", item->spec->slot);
            excess_out->characters = most;
        }
    }
}

void slide_scene_build(struct slide_scene *slide_scene, const struct slide_view *view,
                       const struct slide *slide, int width, int height,
                       struct slide_excess *excess_out)
{
    struct arena *arena = arena_create();
    struct slide_plan plan = {.view = view,
                              .slide = slide,
                              .template = template_for(slide),
                              .unit = view->metrics.unit_px,
                              .width = width,
                              .height = height};
    struct error err = {0};
    if (slide->picture_count > 0 && view->pictures.load != NULL) {
        plan.picture = &slide->pictures[0];
        plan.photo = view->pictures.load(view->pictures.context, &plan.picture->file, &err);
    }
    bool whole = choose(&plan, arena);
    struct scene *scene = scene_create(view->text, width, height);
    struct scene_node *root = scene_root(scene);
    scene_box(root, root->rect, plan.template->panel, 0);
    add_visual(&plan, root);
    column_build(&plan.column, root);
    if (excess_out != NULL) {
        *excess_out = (struct slide_excess){.slot = ""};
        if (!whole) {
            report(&plan.column, excess_out);
        }
    }
    *slide_scene = (struct slide_scene){scene, &view->pictures, plan.photo};
    arena_destroy(arena);
}

void slide_scene_finish(struct slide_scene *slide_scene)
{
    if (slide_scene->photo != NULL && slide_scene->pictures->release != NULL) {
        slide_scene->pictures->release(slide_scene->pictures->context, slide_scene->photo);
    }
    scene_destroy(slide_scene->scene);
}
