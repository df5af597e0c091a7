#include "server/store/figures.h"

#include <string.h>

#include "core/strbuf.h"
#include "server/store/record.h"

static const char *const by_tags[] = {"organisation", "rule", "site", "screen", "slide"};

const char *figures_by_tag(enum figures_by by)
{
    return by_tags[by];
}

bool figures_by_parse(const char *tag, enum figures_by *by_out)
{
    for (size_t i = 0; i < FIGURES_BY_COUNT; i++) {
        if (strcmp(tag, by_tags[i]) == 0) {
            *by_out = (enum figures_by)i;
            return true;
        }
    }
    return false;
}

#define VALUES_MAX 110 /* hours, a site, and somebody's sites */

/* A question in the making. */
struct question {
    struct strbuf sql;
    struct db_value values[VALUES_MAX];
    size_t count;
};

static void begin(struct question *question, int64_t from_hour, int64_t until_hour)
{
    strbuf_init(&question->sql);
    question->values[0] = db_int(from_hour);
    question->values[1] = db_int(until_hour);
    question->count = 2;
}

static void add_value(struct question *question, struct db_value value)
{
    question->values[question->count++] = value;
    strbuf_printf(&question->sql, "$%zu", question->count);
}

static void add_sites(struct question *question, const char *column, const struct text_list *sites)
{
    if (sites == NULL || sites->count == 0)
        return;
    strbuf_printf(&question->sql, " AND %s IN (", column);
    for (size_t i = 0; i < sites->count && question->count + 1 < VALUES_MAX; i++) {
        strbuf_append(&question->sql, i > 0 ? ", " : "");
        add_value(question, db_text(sites->items[i]));
    }
    strbuf_append(&question->sql, ")");
}

static void add_scope(struct question *question, const struct figures_scope *scope)
{
    if (scope->site != NULL && *scope->site != '\0') {
        strbuf_append(&question->sql, " AND p.site = ");
        add_value(question, db_text(scope->site));
    }
    add_sites(question, "p.site", scope->sites);
}

/* Calls row for each; ends the question. */
typedef bool (*row_take)(void *context, struct db_statement *statement, struct arena *arena);

static bool ask(struct db *db, struct question *question, row_take row, void *context,
                struct error *err)
{
    struct arena *arena = arena_create();
    struct db_statement *statement =
        db_query(db, question->sql.bytes, question->values, question->count, err);
    enum db_step step = DB_FAILED;

    while (statement != NULL && (step = db_step(statement, err)) == DB_ROW) {
        if (!row(context, statement, arena)) {
            db_reset(statement);
            step = DB_DONE;
            break;
        }
        arena_reset(arena);
    }
    arena_destroy(arena);
    strbuf_finish(&question->sql);
    return step == DB_DONE;
}

/* Sums by place and item first: these are few, and only then names are looked up. */
#define SUMS                                                                                       \
    "(SELECT place, item, sum(plays) AS plays, sum(length_ms) AS length_ms, "                      \
    "sum(planned) AS planned, sum(planned_ms) AS planned_ms FROM play_hours "                      \
    "WHERE hour >= $1 AND hour < $2 GROUP BY place, item) h "                                      \
    "JOIN play_places p ON p.number = h.place JOIN play_items i ON i.number = h.item"

static const struct {
    const char *key;
    const char *name; /* of the key k.id */
    const char *detail;
} groupings[FIGURES_BY_COUNT] = {
    [FIGURES_BY_ORGANISATION] = {"i.organisation",
                                 "(SELECT name FROM play_organisations o WHERE o.id = k.id)", "''"},
    [FIGURES_BY_RULE] = {"i.rule",
                         "(SELECT title FROM play_titles t WHERE t.kind = 'rule' AND t.id = k.id)",
                         "''"},
    [FIGURES_BY_SITE] = {"p.site",
                         "(SELECT site_name FROM play_places q WHERE q.site = k.id "
                         "ORDER BY number DESC LIMIT 1)",
                         "''"},
    [FIGURES_BY_SCREEN] = {"p.screen",
                           "(SELECT screen_name FROM play_places q WHERE q.screen = k.id "
                           "ORDER BY number DESC LIMIT 1)",
                           "(SELECT site_name FROM play_places q WHERE q.screen = k.id "
                           "ORDER BY number DESC LIMIT 1)"},
    [FIGURES_BY_SLIDE] = {"i.slide",
                          "(SELECT title FROM play_items q WHERE q.slide = k.id "
                          "ORDER BY number DESC LIMIT 1)",
                          "(SELECT name FROM play_items q JOIN play_organisations o ON "
                          "o.id = q.organisation WHERE q.slide = k.id "
                          "ORDER BY q.number DESC LIMIT 1)"},
};

struct exposure_row {
    exposure_take take;
    void *context;
};

static bool take_exposure(void *context, struct db_statement *statement, struct arena *arena)
{
    const struct exposure_row *row = context;
    struct exposure exposure = {.id = db_column_text(statement, 0, arena),
                                .name = db_column_text(statement, 1, arena),
                                .detail = db_column_text(statement, 2, arena),
                                .plays = db_column_int(statement, 3),
                                .shown_ms = db_column_int(statement, 4),
                                .planned = db_column_int(statement, 5),
                                .planned_ms = db_column_int(statement, 6),
                                .screens = db_column_int(statement, 7)};

    if (*exposure.name == '\0')
        exposure.name = exposure.id;
    return row->take(row->context, &exposure);
}

bool figures_exposure(struct db *db, enum figures_by by, const struct figures_scope *scope,
                      int64_t from_hour, int64_t until_hour, exposure_take take, void *context,
                      struct error *err)
{
    struct exposure_row row = {take, context};
    struct question question;

    begin(&question, from_hour, until_hour);
    strbuf_printf(&question.sql,
                  "SELECT k.id, coalesce(%s, ''), coalesce(%s, ''), plays, shown, planned, "
                  "planned_ms, screens FROM (SELECT %s AS id, sum(h.plays) AS plays, "
                  "sum(h.length_ms) AS shown, sum(h.planned) AS planned, "
                  "sum(h.planned_ms) AS planned_ms, count(DISTINCT p.screen) AS screens FROM " SUMS
                  " WHERE TRUE",
                  groupings[by].name, groupings[by].detail, groupings[by].key);
    add_scope(&question, scope);
    strbuf_printf(&question.sql, " GROUP BY %s) k ORDER BY planned_ms DESC, shown DESC, k.id",
                  groupings[by].key);
    return ask(db, &question, take_exposure, &row, err);
}

struct kiosk_row {
    kiosk_take take;
    void *context;
};

static bool take_kiosk(void *context, struct db_statement *statement, struct arena *arena)
{
    const struct kiosk_row *row = context;
    struct kiosk_figure figure = {.screen = db_column_text(statement, 0, arena),
                                  .screen_name = db_column_text(statement, 1, arena),
                                  .site = db_column_text(statement, 2, arena),
                                  .site_name = db_column_text(statement, 3, arena),
                                  .counter = db_column_text(statement, 4, arena),
                                  .subject = db_column_text(statement, 5, arena),
                                  .name = db_column_text(statement, 6, arena),
                                  .count = db_column_int(statement, 7)};

    return row->take(row->context, &figure);
}

bool figures_kiosks(struct db *db, const struct figures_scope *scope, int64_t from_hour,
                    int64_t until_hour, kiosk_take take, void *context, struct error *err)
{
    struct kiosk_row row = {take, context};
    struct question question;

    begin(&question, from_hour, until_hour);
    strbuf_append(&question.sql,
                  "SELECT p.screen, max(p.screen_name), p.site, max(p.site_name), h.counter, "
                  "h.subject, coalesce(max(o.name), ''), sum(h.count) AS count FROM kiosk_hours h "
                  "JOIN play_places p ON p.number = h.place LEFT JOIN play_organisations o ON "
                  "o.id = h.subject AND h.counter = 'sheet' WHERE h.hour >= $1 AND h.hour < $2");
    add_scope(&question, scope);
    strbuf_append(&question.sql, " GROUP BY p.screen, p.site, h.counter, h.subject "
                                 "ORDER BY p.screen, p.site, h.counter, count DESC, h.subject");
    return ask(db, &question, take_kiosk, &row, err);
}

struct availability_row {
    availability_take take;
    void *context;
    struct availability sum;
    struct arena *arena; /* of the sum's texts */
};

static int64_t bits(int64_t slots)
{
    return __builtin_popcountll((unsigned long long)slots);
}

static bool give_availability(struct availability_row *row)
{
    bool go_on = row->sum.screen == NULL || row->take(row->context, &row->sum);

    row->sum.screen = NULL;
    arena_reset(row->arena);
    return go_on;
}

/* Rows of a screen come together, one for each pattern of stretches. */
static bool take_availability(void *context, struct db_statement *statement, struct arena *arena)
{
    struct availability_row *row = context;
    const char *screen = db_column_text(statement, 0, arena);
    const char *site = db_column_text(statement, 2, arena);
    int64_t open = db_column_int(statement, 4), seen = db_column_int(statement, 5),
            count = db_column_int(statement, 6);

    if (row->sum.screen == NULL || strcmp(row->sum.screen, screen) != 0 ||
        strcmp(row->sum.site, site) != 0) {
        if (!give_availability(row))
            return false;
        row->sum = (struct availability){.screen = arena_strdup(row->arena, screen),
                                         .screen_name = db_column_text(statement, 1, row->arena),
                                         .site = arena_strdup(row->arena, site),
                                         .site_name = db_column_text(statement, 3, row->arena)};
    }
    row->sum.open += bits(open) * count;
    row->sum.seen += bits(open & seen) * count;
    return true;
}

bool figures_availability(struct db *db, const struct figures_scope *scope, int64_t from_hour,
                          int64_t until_hour, availability_take take, void *context,
                          struct error *err)
{
    struct availability_row row = {.take = take, .context = context, .arena = arena_create()};
    struct question question;

    begin(&question, from_hour, until_hour);
    strbuf_append(&question.sql,
                  "SELECT p.screen, max(p.screen_name), p.site, max(p.site_name), h.open, h.seen, "
                  "count(*) FROM screen_hours h JOIN play_places p ON p.number = h.place "
                  "WHERE h.hour >= $1 AND h.hour < $2 AND h.open <> 0");
    add_scope(&question, scope);
    strbuf_append(&question.sql, " GROUP BY p.screen, p.site, h.open, h.seen "
                                 "ORDER BY p.screen, p.site");
    bool ok = ask(db, &question, take_availability, &row, err);
    if (ok)
        give_availability(&row);
    arena_destroy(row.arena);
    return ok;
}

static bool take_published(void *context, struct db_statement *statement, struct arena *arena)
{
    struct published_counts *out = context;

    (void)arena;
    out->portraits = db_column_int(statement, 0);
    out->events = db_column_int(statement, 1);
    out->announcements = db_column_int(statement, 2);
    return true;
}

/* One walk through the sums, and then through the few subjects that are in them. */
bool figures_published(struct db *db, const struct figures_scope *scope, int64_t from_hour,
                       int64_t until_hour, struct published_counts *out, struct error *err)
{
    struct question question;

    *out = (struct published_counts){0};
    begin(&question, from_hour, until_hour);
    strbuf_append(
        &question.sql,
        "SELECT count(CASE WHEN EXISTS (SELECT 1 FROM portraits WHERE id = k.subject) THEN 1 END), "
        "count(CASE WHEN EXISTS (SELECT 1 FROM events WHERE uid = k.subject) THEN 1 END), "
        "count(CASE WHEN EXISTS (SELECT 1 FROM announcements WHERE id = k.subject) THEN 1 END) "
        "FROM (SELECT DISTINCT i.subject FROM (SELECT DISTINCT place, item FROM "
        "play_hours WHERE hour >= $1 AND hour < $2) h "
        "JOIN play_places p ON p.number = h.place JOIN play_items i ON i.number = h.item "
        "WHERE TRUE");
    add_scope(&question, scope);
    strbuf_append(&question.sql, ") k");
    return ask(db, &question, take_published, out, err);
}

bool figures_never_shown(struct db *db, int64_t from_hour, int64_t until_hour,
                         int64_t *displayable_out, int64_t *never_out, struct error *err)
{
    const struct db_value values[] = {db_int(from_hour), db_int(until_hour)};
    int64_t shown = 0;

    if (!record_scalar(db,
                       "SELECT count(*) FROM organisations WHERE state = 'published' AND "
                       "diffusable <> 0",
                       NULL, 0, displayable_out, err) ||
        !record_scalar(
            db,
            "SELECT count(*) FROM organisations WHERE state = 'published' AND "
            "diffusable <> 0 AND id IN (SELECT organisation FROM play_items WHERE number "
            "IN (SELECT item FROM play_hours WHERE hour >= $1 AND hour < $2 AND "
            "length_ms > 0))",
            values, 2, &shown, err))
        return false;
    *never_out = *displayable_out - shown;
    return true;
}

static const struct field play_fields[] = {
    FIELD_AS(stored_play, screen, FIELD_TEXT, "s.name"),
    FIELD_AS(stored_play, boot, FIELD_TEXT, "b.name"),
    FIELD_AS(stored_play, sequence, FIELD_INT64, "p.sequence"),
    FIELD_AS(stored_play, slide, FIELD_TEXT, "i.slide"),
    FIELD_AS(stored_play, title, FIELD_TEXT, "i.title"),
    FIELD_AS(stored_play, subject, FIELD_TEXT, "i.subject"),
    FIELD_AS(stored_play, organisation, FIELD_TEXT, "i.organisation"),
    FIELD_AS(stored_play, playlist, FIELD_TEXT, "i.playlist"),
    FIELD_AS(stored_play, rule, FIELD_TEXT, "i.rule"),
    FIELD_AS(stored_play, zone, FIELD_TEXT, "i.zone"),
    FIELD_AS(stored_play, manifest, FIELD_TEXT, "p.manifest"),
    FIELD_AS(stored_play, from_ms, FIELD_INT64, "p.from_ms"),
    FIELD_AS(stored_play, length_ms, FIELD_INT64, "p.length_ms"),
    FIELD_AS(stored_play, screen_number, FIELD_INT64, "p.screen"),
    FIELD_AS(stored_play, boot_number, FIELD_INT64, "p.boot"),
};

static const struct record play_record = {
    .table = "plays p JOIN play_names s ON s.number = p.screen JOIN play_names b ON "
             "b.number = p.boot JOIN play_items i ON i.number = p.item",
    .noun_fr = "diffusion",
    .noun_en = "play",
    .size = sizeof(struct stored_play),
    RECORD_FIELDS(play_fields),
    .key_count = 3,
};

static void add_filter(struct question *question, const char *column, const char *value)
{
    if (value == NULL)
        return;
    strbuf_printf(&question->sql, " AND %s = ", column);
    add_value(question, db_text(value));
}

bool figures_plays(struct db *db, struct arena *arena, const struct plays_filter *filter,
                   struct stored_play_list *out, struct error *err)
{
    struct question question;
    void *items = NULL;

    begin(&question, filter->from_ms, filter->until_ms);
    strbuf_append(&question.sql, "WHERE p.from_ms >= $1 AND p.from_ms < $2");
    add_filter(&question, "s.name", filter->screen);
    add_filter(&question, "i.organisation", filter->organisation);
    add_filter(&question, "i.rule", filter->rule);
    add_filter(&question, "i.slide", filter->slide);
    if (filter->sites != NULL && filter->sites->count > 0) {
        strbuf_append(&question.sql, " AND s.name IN (SELECT id FROM screens WHERE TRUE");
        add_sites(&question, "site", filter->sites);
        strbuf_append(&question.sql, ")");
    }
    if (filter->has_after) {
        strbuf_append(&question.sql, " AND (p.screen, p.from_ms, p.boot, p.sequence) > (");
        for (size_t i = 0; i < 4; i++) {
            strbuf_append(&question.sql, i > 0 ? ", " : "");
            add_value(&question, db_int(filter->after[i]));
        }
        strbuf_append(&question.sql, ")");
    }
    strbuf_append(&question.sql, " ORDER BY p.screen, p.from_ms, p.boot, p.sequence LIMIT ");
    add_value(&question, db_int((int64_t)filter->limit));
    bool ok = record_list(db, &play_record, arena, question.sql.bytes, question.values,
                          question.count, &items, &out->count, err);
    strbuf_finish(&question.sql);
    out->items = items;
    return ok;
}
