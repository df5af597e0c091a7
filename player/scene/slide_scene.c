#include "player/scene/slide_scene.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/utf8.h"
#include "player/scene/slide_plan.h"
#include "player/scene/slide_words.h"

#define COLUMN_GAP 0.7 /* between picture and texts, units */

#define HEAD_GAP 0.6   /* between a head's texts and the card below them */
#define HEAD_SIGN 2.0  /* a sign beside a head's texts */
#define HEAD_LEAST 5.0 /* what they keep of the width */
#define ZONE_MOST 0.6  /* of the picture: in zones no larger words go before signs */

int slide_plan_units(const struct slide_plan *plan, double count)
{
    return (int)lround(count * plan->metrics.unit_px);
}

bool slide_plan_stacked(const struct slide_plan *plan)
{
    return plan->metrics.portrait || plan->look->side == SIDE_TOP;
}

static int at_most(int value, int most)
{
    return value < most ? value : most;
}

/* How much of the zone the visual takes, px. */
static int extent_of(const struct slide_plan *plan)
{
    enum visual_kind kind = plan->look->visual;
    if (kind == VISUAL_NONE || kind == VISUAL_ROUND || plan->size == VISUAL_SIZES) {
        return 0;
    }
    int extent = slide_plan_units(plan, plan->look->extent[plan->metrics.portrait][plan->size]);
    return at_most(extent, (slide_plan_stacked(plan) ? plan->height : plan->width) / 2);
}

/* The picture beside the texts or above them. */
static void divide(struct slide_plan *plan)
{
    int extent = extent_of(plan), margin = slide_plan_units(plan, PLAN_MARGIN);
    int gap = extent > 0 ? slide_plan_units(plan, COLUMN_GAP) : margin;
    int width = plan->width, height = plan->height;
    struct rect *frame = &plan->column.frame;
    if (slide_plan_stacked(plan)) {
        plan->visual = (struct rect){0, 0, width, extent};
        *frame =
            (struct rect){margin, extent + gap, width - 2 * margin, height - extent - gap - margin};
    } else {
        bool right = plan->look->side == SIDE_RIGHT;
        plan->visual = (struct rect){right ? width - extent : 0, 0, extent, height};
        *frame = (struct rect){right ? margin : extent + gap, margin, width - extent - gap - margin,
                               height - 2 * margin};
    }
    if (extent == 0) {
        plan->visual = (struct rect){0};
    }
    frame->w = frame->w < 1 ? 1 : frame->w;
    frame->h = frame->h < 1 ? 1 : frame->h;
}

/* A round photo stands before the last texts, the card after them; in portrait, where there is no
 * room for it, in the upper corner. */
static void place_round(struct slide_plan *plan)
{
    struct column *column = &plan->column;
    int diameter =
        plan->size < SIZE_NONE
            ? slide_plan_units(plan, plan->look->extent[plan->metrics.portrait][plan->size])
            : 0;
    diameter = at_most(diameter, at_most(column->frame.w / 3, column->frame.h / 2));
    if (diameter > 0) {
        column->bottom_left = diameter + slide_plan_units(plan, PLAN_ROUND_GAP);
        column->bottom_least = diameter;
    }
    if (!plan->link) {
        return;
    }
    struct rect card = slide_visual_card(plan);
    if (plan->metrics.portrait) {
        column->frame.y += card.h;
        column->frame.h -= card.h;
        return;
    }
    column->bottom_right = card.w + slide_plan_units(plan, PLAN_GAP);
    column->bottom_least = card.h > diameter ? card.h : diameter;
}

/* The head's texts leave room for the card, beside them a sign does too. */
static void place_head(struct slide_plan *plan)
{
    int margin = slide_plan_units(plan, PLAN_MARGIN);
    struct rect *frame = &plan->head.frame;
    *frame = (struct rect){plan->visual.x + margin, margin, plan->visual.w - 2 * margin,
                           plan->visual.h - 2 * margin};
    struct rect card = plan->link ? slide_visual_card(plan) : (struct rect){0};
    if (slide_plan_stacked(plan)) {
        int sign = at_most(slide_plan_units(plan, HEAD_SIGN), frame->h);
        int taken = (plan->link ? card.w : sign) + slide_plan_units(plan, PLAN_GAP);
        bool room = frame->w - taken >= slide_plan_units(plan, HEAD_LEAST);
        frame->w -= plan->link || room ? taken : 0;
    } else if (plan->link) {
        frame->h -= card.h + slide_plan_units(plan, HEAD_GAP);
    }
    frame->w = frame->w < 1 ? 1 : frame->w;
    frame->h = frame->h < 1 ? 1 : frame->h;
}

static enum visual_size size_for(const struct slide_plan *plan, enum visual_size size)
{
    switch (plan->look->visual) {
    case VISUAL_PHOTO:
    case VISUAL_ROUND:
        return plan->photo != NULL || size == VISUAL_SIZES ? size : SIZE_NONE;
    case VISUAL_QR:
        return plan->link ? size : VISUAL_SIZES;
    default:
        return size;
    }
}

static void lay_out(struct slide_plan *plan, enum visual_size size, bool shortened,
                    struct arena *arena)
{
    struct column_source source = {.view = plan->view,
                                   .metrics = &plan->metrics,
                                   .look = plan->look,
                                   .slide = plan->slide,
                                   .photo = plan->photo != NULL,
                                   .shortened = shortened};
    plan->size = size_for(plan, size);
    column_init(&plan->column, &source, false, arena);
    column_init(&plan->head, &source, true, arena);
    divide(plan);
    if (plan->look->visual == VISUAL_ROUND) {
        place_round(plan);
    } else if (plan->look->visual == VISUAL_HEAD) {
        place_head(plan);
    }
}

static bool try(struct slide_plan *plan, enum visual_size size, bool shortened, int drop,
                struct arena *arena)
{
    lay_out(plan, size, shortened, arena);
    bool head = plan->head.item_count == 0 || column_fit(&plan->head, drop);
    return head && column_fit(&plan->column, drop);
}

/* With the headline as written or shortened, and with as many texts as the photo's size allows. */
static bool try_sizes(struct slide_plan *plan, bool shortened, struct arena *arena)
{
    int until = plan->look->large_until;
    for (int drop = shortened ? until : 0; drop <= until; drop++) {
        if (try(plan, SIZE_LARGE, shortened, drop, arena)) {
            return true;
        }
    }
    bool smaller = size_for(plan, SIZE_SMALL) == SIZE_SMALL;
    for (int drop = until > 0 ? 1 : 0; smaller && drop <= until; drop++) {
        if (try(plan, SIZE_SMALL, shortened, drop, arena)) {
            return true;
        }
    }
    return false;
}

static bool try_fewer(struct slide_plan *plan, enum visual_size size, bool brief,
                      struct arena *arena)
{
    for (int drop = plan->look->large_until + 1; drop <= DROP_MOST; drop++) {
        if (try(plan, size, false, drop, arena) || (brief && try(plan, size, true, drop, arena))) {
            return true;
        }
    }
    return false;
}

static void cut(struct slide_plan *plan, bool brief, struct arena *arena)
{
    bool bare = plan->size == VISUAL_SIZES;
    lay_out(plan, bare ? VISUAL_SIZES : SIZE_SMALL, brief, arena);
    struct column *columns[] = {&plan->head, &plan->column};
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        if (columns[i]->item_count > 0 && !column_fit(columns[i], DROP_MOST)) {
            column_cut(columns[i]);
        }
    }
}

/* From the finest to the plainest way to show the slide: smaller texts, a smaller photo, the short
 * title, fewer texts; the last one is cut. */
static void choose(struct slide_plan *plan, struct arena *arena)
{
    double picture = (double)plan->view->metrics.width_px * plan->view->metrics.height_px;
    bool zone = (double)plan->width * plan->height < ZONE_MOST * picture;
    bool words = plan->look->visual != VISUAL_HEAD && plan->look->visual != VISUAL_QR;
    bool brief = slide_text(plan->slide, "short_title") != NULL;
    if (try_sizes(plan, false, arena) || (brief && try_sizes(plan, true, arena)) ||
        try_fewer(plan, SIZE_SMALL, brief, arena)) {
        return;
    }
    if (zone && words && try_fewer(plan, VISUAL_SIZES, brief, arena)) {
        return;
    }
    cut(plan, brief, arena);
}

static void report_row(const struct column_item *item, struct slide_excess *excess)
{
    const struct column_rows *rows = item->rows;
    int more = (int)utf8_graphemes(rows->rows[rows->shown].text);
    if (more > excess->characters) {
        snprintf(excess->slot, sizeof excess->slot, "%s", rows->rows[rows->shown].slots[0]);
        excess->characters = more;
    }
}

static void report(const struct column *column, struct slide_excess *excess)
{
    for (int i = 0; i < column->item_count; i++) {
        const struct column_item *item = &column->items[i];
        if (!item->shown || item->spec->tier == TIER_CREDIT) {
            continue;
        }
        if (item->excess > excess->characters) {
            snprintf(excess->slot, sizeof excess->slot, "%s",
                     item->rows != NULL ? "row_1" : item->spec->slot);
            excess->characters = item->excess;
        }
        if (item->rows != NULL && item->rows->shown < item->rows->count) {
            report_row(item, excess);
        }
    }
}

static void load_photo(struct slide_plan *plan)
{
    const struct slide_view *view = plan->view;
    bool takes = plan->look->visual == VISUAL_PHOTO || plan->look->visual == VISUAL_ROUND;
    struct error err = {0};
    if (takes && plan->slide->picture_count > 0 && view->pictures.load != NULL) {
        plan->picture = &plan->slide->pictures[0];
        plan->photo = view->pictures.load(view->pictures.context, &plan->picture->file, &err);
    }
}

void slide_scene_build(struct slide_scene *slide_scene, const struct slide_view *view,
                       const struct slide *slide, int width, int height,
                       struct slide_excess *excess_out)
{
    struct arena *arena = arena_create();
    const struct template_set *templates =
        view->templates != NULL ? view->templates : template_set_builtin();
    struct slide_plan plan = {.view = view,
                              .slide = slide,
                              .look = template_look(templates, slide),
                              .metrics = metrics_zone(&view->metrics, width, height),
                              .width = width,
                              .height = height};
    load_photo(&plan);
    plan.link = slide_visual_link(&plan);
    choose(&plan, arena);
    struct scene *scene = scene_create(view->text, width, height);
    struct scene_node *root = scene_root(scene);
    scene_box(root, root->rect, COLOR_RGB(plan.look->colours.panel), 0);
    slide_visual_add(&plan, root);
    column_build(&plan.column, root);
    if (excess_out != NULL) {
        *excess_out = (struct slide_excess){.slot = ""};
        report(&plan.head, excess_out);
        report(&plan.column, excess_out);
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
