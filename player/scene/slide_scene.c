#include "player/scene/slide_scene.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/utf8.h"
#include "player/scene/slide_plan.h"
#include "player/scene/slide_words.h"

#define NARROWING 0.9  /* of the grid's length */
#define COLUMN_GAP 0.7 /* between picture and texts, units */

#define FLAT 2.4   /* width to height from which the last texts stand aside */
#define ASIDE 0.36 /* of the width */
#define ASIDE_GAP 0.9
#define HEAD_GAP 0.6   /* between a head's texts and the card below them */
#define HEAD_SIGN 2.0  /* a sign beside a head's texts */
#define HEAD_LEAST 5.0 /* what they keep of the width */
#define HEAD_CAPS 9.0  /* the same, in C */
#define HEAD_LINES 4
#define HEAD_EASE 0.35
#define STRETCH_MOST 2.25
#define STRETCH_STEP 0.25
#define ZONE_MOST 0.8 /* of the picture: in zones no larger words go before signs */

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

/* In a zone that is less than 16 units long the visual takes its share of what there is. */
static double narrowing(const struct slide_plan *plan)
{
    double length = slide_plan_stacked(plan) ? plan->height : plan->width;
    double grid = slide_plan_stacked(plan) == plan->metrics.portrait ? 16 : 9;
    double share = length / plan->metrics.unit_px / grid;
    return share < NARROWING ? share : 1;
}

/* How much of the zone the visual takes, px. */
static int extent_of(const struct slide_plan *plan)
{
    enum visual_kind kind = plan->look->visual;
    if (kind == VISUAL_NONE || kind == VISUAL_ROUND || plan->size == VISUAL_SIZES) {
        return 0;
    }
    double wish = plan->look->extent[plan->metrics.portrait][plan->size];
    int extent = slide_plan_units(plan, wish * plan->stretch * narrowing(plan));
    if (kind == VISUAL_HEAD && plan->link && plan->metrics.portrait) {
        int card = slide_visual_card(plan).h + 2 * slide_plan_units(plan, PLAN_MARGIN);
        extent = extent > card ? extent : card;
    }
    return at_most(extent, (slide_plan_stacked(plan) ? plan->height : plan->width) / 2);
}

/* In a flat zone the last texts stand to the right of the others. */
static void set_aside(struct slide_plan *plan)
{
    struct rect *frame = &plan->column.frame;
    bool bottom = false;
    for (int i = 0; i < plan->column.item_count; i++) {
        const struct column_item *item = &plan->column.items[i];
        bottom |= item->place == PLACE_BOTTOM && item->spec->tier != TIER_CREDIT;
    }
    if (!bottom || frame->w < FLAT * frame->h) {
        return;
    }
    int gap = slide_plan_units(plan, ASIDE_GAP), width = (int)(ASIDE * frame->w);
    frame->w -= width + gap;
    plan->column.aside = (struct rect){frame->x + frame->w + gap, frame->y, width, frame->h};
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
    set_aside(plan);
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

/* The head's texts leave room for the card, beside them a sign does too. A flat head has no room
 * for a card: it stands beside the other texts. */
static void place_head(struct slide_plan *plan)
{
    int margin = slide_plan_units(plan, PLAN_MARGIN), gap = slide_plan_units(plan, PLAN_GAP);
    struct rect *frame = &plan->head.frame;
    *frame = (struct rect){plan->visual.x + margin, margin, plan->visual.w - 2 * margin,
                           plan->visual.h - 2 * margin};
    struct rect card = plan->link ? slide_visual_card(plan) : (struct rect){0};
    bool flat = slide_plan_stacked(plan) && !plan->metrics.portrait;
    plan->head.body_middle = slide_plan_stacked(plan);
    if (slide_plan_stacked(plan)) {
        int sign = at_most(slide_plan_units(plan, HEAD_SIGN), frame->h);
        int taken = (plan->link && !flat ? card.w : sign) + gap;
        double least = fmax(slide_plan_units(plan, HEAD_LEAST), HEAD_CAPS * plan->metrics.cap_px);
        bool room = plan->sign && frame->w - taken >= least;
        frame->w -= (plan->link && !flat) || room ? taken : 0;
        plan->column.frame.w -= flat && plan->link ? card.w + gap : 0;
    } else if (plan->link) {
        frame->h -= card.h + slide_plan_units(plan, HEAD_GAP);
    }
    frame->w = frame->w < 1 ? 1 : frame->w;
    frame->h = frame->h < 1 ? 1 : frame->h;
}

/* A head's title is better a little smaller than broken into many lines. */
static bool fit_head(struct slide_plan *plan, int drop)
{
    struct column *head = &plan->head;
    bool fit = head->item_count == 0;
    for (int lines = 1; !fit && lines < HEAD_LINES; lines++) {
        head->headline_lines = lines;
        fit = column_fit(head, drop) && head->ease >= HEAD_EASE;
    }
    head->headline_lines = 0;
    return fit || column_fit(head, drop);
}

/* Where a head's texts do not fit in, its sign goes, then it grows. */
static void stretch_head(struct slide_plan *plan)
{
    plan->sign = true;
    place_head(plan);
    while (plan->head.item_count > 0 && !column_fit(&plan->head, DROP_MOST) &&
           plan->stretch < STRETCH_MOST) {
        plan->sign = false;
        divide(plan);
        place_head(plan);
        if (!column_fit(&plan->head, DROP_MOST)) {
            plan->stretch += STRETCH_STEP;
            divide(plan);
            place_head(plan);
        }
    }
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

static void read_words(struct slide_plan *plan, bool shortened, struct arena *arena)
{
    bool photo = plan->photo != NULL && plan->size < SIZE_NONE;
    struct plan_words *words = &plan->words[shortened][photo];
    if (!words->read) {
        struct column_source source = {.view = plan->view,
                                       .metrics = &plan->metrics,
                                       .look = plan->look,
                                       .slide = plan->slide,
                                       .photo = photo,
                                       .shortened = shortened};
        column_init(&words->column, &source, false, arena);
        column_init(&words->head, &source, true, arena);
        words->read = true;
    }
    plan->column = words->column;
    plan->head = words->head;
    plan->column.squeeze = plan->head.squeeze = plan->squeeze;
}

static void lay_out(struct slide_plan *plan, enum visual_size size, bool shortened,
                    struct arena *arena)
{
    plan->size = size_for(plan, size);
    plan->stretch = 1;
    read_words(plan, shortened, arena);
    divide(plan);
    if (plan->look->visual == VISUAL_ROUND) {
        place_round(plan);
    } else if (plan->look->visual == VISUAL_HEAD) {
        stretch_head(plan);
    }
}

static bool try(struct slide_plan *plan, enum visual_size size, bool shortened, int drop,
                struct arena *arena)
{
    lay_out(plan, size, shortened, arena);
    return fit_head(plan, drop) && column_fit(&plan->column, drop);
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

static void cut(struct slide_plan *plan, enum visual_size size, bool brief, struct arena *arena)
{
    lay_out(plan, size, brief, arena);
    struct column *columns[] = {&plan->head, &plan->column};
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        bool fit = i == 0 ? fit_head(plan, DROP_MOST) : column_fit(columns[i], DROP_MOST);
        if (!fit) {
            column_cut(columns[i]);
        }
    }
}

/* Whether words are cut for the code's sake. */
static bool card_in_the_way(struct slide_plan *plan, bool brief, struct arena *arena)
{
    lay_out(plan, SIZE_SMALL, brief, arena);
    return plan->look->visual == VISUAL_ROUND ||
           (plan->look->visual == VISUAL_HEAD && !column_fit(&plan->head, DROP_MOST));
}

/* From the finest to the plainest way to show the slide: smaller texts, a smaller photo, the short
 * title, fewer texts, no code, a headline below its floor; the last one is cut. */
static void choose(struct slide_plan *plan, struct arena *arena)
{
    double picture = (double)plan->view->metrics.width_px * plan->view->metrics.height_px;
    bool zone = (double)plan->width * plan->height < ZONE_MOST * picture;
    bool words = zone && plan->look->visual != VISUAL_HEAD && plan->look->visual != VISUAL_QR;
    bool brief = slide_text(plan->slide, "short_title") != NULL;
    if (try_sizes(plan, false, arena) || (brief && try_sizes(plan, true, arena)) ||
        try_fewer(plan, SIZE_SMALL, brief, arena)) {
        return;
    }
    if (words && try_fewer(plan, VISUAL_SIZES, brief, arena)) {
        return;
    }
    if (plan->link && card_in_the_way(plan, brief, arena)) {
        plan->link = false;
        choose(plan, arena);
        return;
    }
    plan->squeeze = true;
    enum visual_size last = words ? VISUAL_SIZES : SIZE_SMALL;
    if (try_sizes(plan, false, arena) || try_fewer(plan, SIZE_SMALL, brief, arena) ||
        try_fewer(plan, last, brief, arena)) {
        return;
    }
    cut(plan, last, brief, arena);
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
        if (!item->shown || column_may_cut(item->spec)) {
            continue;
        }
        if (item->excess > excess->characters) {
            snprintf(excess->slot, sizeof excess->slot, "%s",
                     item->rows != NULL ? item->excess_slot : item->spec->slot);
            excess->characters = item->excess;
        }
        if (item->rows != NULL && item->rows->shown < item->rows->count) {
            report_row(item, excess);
        }
    }
}

/* What shows of a column's texts, each with what does not fit. */
static void note_texts(const struct column *column, struct slide_scene *slide_scene)
{
    for (int i = 0; i < column->item_count; i++) {
        const struct column_item *item = &column->items[i];
        if (!item->shown || slide_scene->text_count == SLIDE_SCENE_TEXTS_MAX) {
            continue;
        }
        struct slide_excess excess = {.slot = ""};
        struct slide_scene_text *text = &slide_scene->texts[slide_scene->text_count++];
        const char *slot = item->rows != NULL ? "row_1" : item->spec->slot;
        if (item->excess > 0 && !column_may_cut(item->spec)) {
            excess.characters = item->excess;
            slot = item->rows != NULL ? item->excess_slot : slot;
        }
        if (item->rows != NULL && item->rows->shown < item->rows->count) {
            report_row(item, &excess);
            slot = excess.slot[0] != '\0' ? excess.slot : slot;
        }
        snprintf(text->slot, sizeof text->slot, "%s", slot);
        text->characters = excess.characters;
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
    *slide_scene =
        (struct slide_scene){.scene = scene, .pictures = &view->pictures, .photo = plan.photo};
    note_texts(&plan.head, slide_scene);
    note_texts(&plan.column, slide_scene);
    arena_destroy(arena);
}

void slide_scene_finish(struct slide_scene *slide_scene)
{
    if (slide_scene->photo != NULL && slide_scene->pictures->release != NULL) {
        slide_scene->pictures->release(slide_scene->pictures->context, slide_scene->photo);
    }
    scene_destroy(slide_scene->scene);
}
