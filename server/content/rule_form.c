#include <stdio.h>
#include <string.h>

#include "core/civil.h"
#include "server/calendar/repetition.h"
#include "server/content/fields.h"
#include "server/content/forms.h"

#define RULE_SCREENS_MAX 2000
#define RULE_GROUPS_MAX 1000
#define RULE_DAYS_MAX 400
#define CAMPAIGN_SHARE_DEFAULT 0.5
#define EVERY_DAY 0x7fu

#define AT(member) .offset = offsetof(struct rule, member)

static const char *const classes[] = {
    [RULE_BASE] = "base",
    [RULE_CAMPAIGN] = "campaign",
    [RULE_TAKEOVER] = "takeover",
    [RULE_EMERGENCY] = "emergency",
};

static const char *const policies[] = {
    [DAYS_SAME] = "same",
    [DAYS_ALSO] = "also",
    [DAYS_EXCEPT] = "except",
    [DAYS_ONLY] = "only",
};

static bool read_window(const cJSON *object, int *from_out, int *until_out, struct error *err)
{
    static const char *const keys[] = {"from", "until", NULL};
    return json_only_keys(object, keys, err) &&
           field_minutes(object, "from", false, from_out, err) &&
           field_minutes(object, "until", true, until_out, err);
}

/* In order and apart; the last may end past midnight, but before the first begins again. */
static bool follows(const struct rule *rule, int last_until, int from, int until, bool last,
                    struct error *err)
{
    bool over_midnight = until <= from;
    if (from >= last_until && last_until > 0 &&
        (!over_midnight || (last && until <= rule->from_minute))) {
        return true;
    }
    return error_set(err, ERROR_INVALID,
                     "ces heures se chevauchent ou ne sont pas dans l’ordre ; seules les dernières "
                     "peuvent passer minuit",
                     "these hours overlap or are not in order; only the last ones may pass "
                     "midnight");
}

static bool read_windows(const cJSON *array, struct arena *arena, struct rule *rule,
                         struct error *err)
{
    int last_until = 0;
    size_t index = 0;
    rule->more_hours.items = arena_array(arena, RULE_WINDOWS_MAX, sizeof(char *));
    for (const cJSON *item = array->child; item != NULL; item = item->next) {
        int from = 0;
        int until = 0;
        bool ok = read_window(item, &from, &until, err);
        if (ok && index == 0) {
            rule->from_minute = from;
            rule->until_minute = until;
        } else if (ok) {
            ok = follows(rule, last_until, from, until, item->next == NULL, err);
            rule->more_hours.items[rule->more_hours.count++] = arena_printf(
                arena, "%02d:%02d-%02d:%02d", from / 60, from % 60, until / 60, until % 60);
        }
        if (!ok) {
            field_in_element(err, "hours", index);
            return false;
        }
        last_until = until <= from ? 0 : until;
        index++;
    }
    return true;
}

/* One daypart, or a list of them. */
static bool decode_hours(const cJSON *object, const char *key, struct arena *arena, void *out,
                         struct error *err)
{
    struct rule *rule = out;
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    size_t count = 0;
    rule->from_minute = 0;
    rule->until_minute = 1440;
    rule->more_hours = (struct text_list){0};
    if (!json_has(object, key)) {
        return true;
    }
    if (!cJSON_IsArray(item)) {
        item = json_get_object(object, key, err);
        return item != NULL && (read_window(item, &rule->from_minute, &rule->until_minute, err) ||
                                error_field(err, key));
    }
    item = json_get_array(object, key, RULE_WINDOWS_MAX, &count, err);
    return item != NULL && read_windows(item, arena, rule, err);
}

static void put_window(struct json_writer *writer, const char *key, const char *from,
                       const char *until)
{
    json_begin_object(writer, key);
    json_put_string(writer, "from", from);
    json_put_string(writer, "until", until);
    json_end_object(writer);
}

static void encode_hours(struct json_writer *writer, const char *key, const void *value)
{
    const struct rule *rule = value;
    char from[16];
    char until[16];
    snprintf(from, sizeof from, "%02d:%02d", rule->from_minute / 60, rule->from_minute % 60);
    snprintf(until, sizeof until, "%02d:%02d", rule->until_minute / 60, rule->until_minute % 60);
    if (rule->more_hours.count == 0) {
        put_window(writer, key, from, until);
        return;
    }
    json_begin_array(writer, key);
    put_window(writer, NULL, from, until);
    for (size_t i = 0; i < rule->more_hours.count; i++) {
        snprintf(from, sizeof from, "%.5s", rule->more_hours.items[i]);
        snprintf(until, sizeof until, "%s", rule->more_hours.items[i] + strlen("00:00-"));
        put_window(writer, NULL, from, until);
    }
    json_end_array(writer);
}

#define WINDOW_SCHEMA                                                                              \
    "{\"type\":\"object\",\"properties\":{"                                                        \
    "\"from\":{\"type\":\"string\",\"pattern\":\"^[0-2][0-9]:[0-5][0-9]$\"},"                      \
    "\"until\":{\"type\":\"string\",\"pattern\":\"^[0-2][0-9]:[0-5][0-9]$\","                      \
    "\"description\":\"Not after the beginning: past midnight\"}},"                                \
    "\"required\":[\"from\",\"until\"],\"additionalProperties\":false}"

static void schema_hours(struct json_writer *writer, const char *key)
{
    json_put_raw(writer, key,
                 "{\"description\":\"Dayparts; the whole day when they are not said\",\"oneOf\":["
                 "{\"type\":\"null\"}," WINDOW_SCHEMA
                 ",{\"type\":\"array\",\"maxItems\":8,\"items\":" WINDOW_SCHEMA "}]}");
}

/* The store keeps what is out of the ordinary. */
static bool decode_full_screen(const cJSON *object, const char *key, struct arena *arena, void *out,
                               struct error *err)
{
    bool full = true;
    (void)arena;
    if (json_has(object, key) && !json_get_bool(object, key, &full, err)) {
        return false;
    }
    *(bool *)out = !full;
    return true;
}

static void encode_full_screen(struct json_writer *writer, const char *key, const void *value)
{
    if (*(const bool *)value) {
        json_put_bool(writer, key, false);
    }
}

static void schema_full_screen(struct json_writer *writer, const char *key)
{
    json_begin_object(writer, key);
    json_put_string(writer, "type", "boolean");
    json_put_bool(writer, "default", true);
    json_put_string(writer, "description",
                    "Takeovers and emergencies: whether the layout's other zones leave too");
    json_end_object(writer);
}

static const struct form_field fields[] = {
    {.name = "id", .type = FORM_ID, AT(id), .required = true},
    {.name = "title", .type = FORM_LINE, AT(title), .min = 1, .max = 200, .required = true},
    {.name = "playlist", .type = FORM_ID, AT(playlist), .required = true},
    {.name = "screens", .type = FORM_IDS, AT(screens), .max = RULE_SCREENS_MAX, .required = true},
    {.name = "groups", .type = FORM_IDS, AT(groups), .max = RULE_GROUPS_MAX, .required = true},
    {.name = "class",
     .type = FORM_CHOICE,
     AT(class),
     .required = true,
     .tags = classes,
     .tag_count = sizeof classes / sizeof *classes},
    {.name = "from",
     .type = FORM_DATE,
     AT(from_day),
     .absent = DAY_MIN,
     .about = "First day, in the screen's local time; needed without starts and ends"},
    {.name = "until", .type = FORM_DATE, AT(until_day), .absent = DAY_MAX, .about = "Last day"},
    {.name = "starts",
     .type = FORM_INSTANT,
     AT(from_ms),
     .about = "Instant before which it does not show, everywhere at once"},
    {.name = "ends", .type = FORM_INSTANT, AT(until_ms)},
    {.name = "weekdays", .type = FORM_WEEKDAYS, AT(weekdays), .absent = EVERY_DAY},
    {.name = "recurrence",
     .type = FORM_LINE,
     AT(recurrence),
     .max = REPETITION_TEXT_MAX,
     .about = "RRULE of RFC 5545 over days, beginning on from, in place of weekdays: "
              "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"},
    {.name = "except",
     .type = FORM_LINES,
     AT(except),
     .max = RULE_DAYS_MAX,
     .about = "Days on which it does not hold: 2026-12-25"},
    {.name = "also",
     .type = FORM_LINES,
     AT(also),
     .max = RULE_DAYS_MAX,
     .about = "Days between from and until on which it holds too"},
    {.name = "holidays",
     .type = FORM_CHOICE,
     AT(holidays),
     .tags = policies,
     .tag_count = sizeof policies / sizeof *policies,
     .about = "On public holidays: as on other days, on these too, not on these, on these only"},
    {.name = "school_holidays",
     .type = FORM_CHOICE,
     AT(school_holidays),
     .tags = policies,
     .tag_count = sizeof policies / sizeof *policies},
    {.name = "hours",
     .type = FORM_OTHER,
     .offset = 0,
     .decode = decode_hours,
     .encode = encode_hours,
     .schema = schema_hours},
    {.name = "share",
     .type = FORM_NUMBER,
     AT(share),
     .least = 0.01,
     .most = 1,
     .about = "Of the loop, of a campaign: 0.5 when it is not said"},
    {.name = "zone",
     .type = FORM_ID,
     AT(zone),
     .about = "Zone of the screen's layout; empty: the main one"},
    {.name = "full_screen",
     .type = FORM_OTHER,
     AT(keep_zones),
     .decode = decode_full_screen,
     .encode = encode_full_screen,
     .schema = schema_full_screen},
};

static bool check_targets(const struct rule *rule, struct error *err)
{
    if (rule->screens.count + rule->groups.count > 0) {
        return true;
    }
    error_set(err, ERROR_INVALID,
              "cette programmation ne vise aucun écran ; nommez un écran ou un groupe",
              "this rule addresses no screen; name a screen or a group");
    return error_field(err, "screens");
}

/* Dates bound a rule in the screen's local time; instants, exactly and everywhere at once. Every
 * published thing has an end. */
static bool check_bounds(const cJSON *object, const struct rule *rule, struct error *err)
{
    int64_t day;
    if (rule->until_ms != 0 && rule->until_ms <= rule->from_ms) {
        error_set(err, ERROR_INVALID, "la fin (ends) ne suit pas le début (starts)",
                  "the end (ends) does not follow the beginning (starts)");
        return error_field(err, "ends");
    }
    bool dated = json_has(object, "from") || json_has(object, "until");
    if (!dated && rule->from_ms != 0 && rule->until_ms != 0) {
        return true;
    }
    return field_date(object, "from", &day, err) && field_date(object, "until", &day, err) &&
           form_check_period(rule->from_day, rule->until_day, err);
}

static bool check_zone(const cJSON *object, struct rule *rule, struct error *err)
{
    if (strcmp(rule->zone, "main") == 0) {
        rule->zone = "";
    }
    if (rule->zone[0] != '\0' && rule->class == RULE_EMERGENCY) {
        error_set(err, ERROR_INVALID, "une urgence prend l’écran ; retirez ce champ",
                  "an emergency takes the screen; remove this field");
        return error_field(err, "zone");
    }
    if (json_has(object, "full_screen") && (rule->zone[0] != '\0' || rule->class < RULE_TAKEOVER)) {
        error_set(err, ERROR_INVALID,
                  "ce champ ne vaut que pour takeover et emergency dans la zone principale ; "
                  "retirez-le",
                  "this field is for takeover and emergency in the main zone only; remove it");
        return error_field(err, "full_screen");
    }
    return true;
}

static bool check_share(const cJSON *object, struct rule *rule, struct error *err)
{
    if (!json_has(object, "share")) {
        rule->share = rule->class == RULE_CAMPAIGN ? CAMPAIGN_SHARE_DEFAULT : 1;
    }
    if (rule->class == RULE_CAMPAIGN || rule->share >= 1) {
        return true;
    }
    error_set(err, ERROR_INVALID,
              "seule une campagne (class: campaign) partage la boucle ; retirez ce champ",
              "only a campaign (class: campaign) shares the loop; remove this field");
    return error_field(err, "share");
}

/* Dates, and of extra days such as the rule's own let it show on. */
static bool check_days(const struct text_list *days, const char *key, int64_t from_day,
                       int64_t until_day, struct error *err)
{
    for (size_t i = 0; i < days->count; i++) {
        int64_t day = 0;
        bool ok = true;
        if (!civil_parse_date(days->items[i], &day)) {
            ok = error_set(err, ERROR_INVALID,
                           "« %.40s » n’est pas une date ; écrivez par exemple 2026-12-25",
                           "\"%.40s\" is no date; write for example 2026-12-25", days->items[i]);
        } else if (day < from_day || day > until_day) {
            ok = error_set(err, ERROR_INVALID,
                           "le %.40s est en dehors des dates de la programmation",
                           "%.40s is outside of the rule's dates", days->items[i]);
        }
        if (!ok) {
            field_in_element(err, key, i);
            return false;
        }
    }
    return true;
}

static bool check_recurrence(const cJSON *object, const struct rule *rule, struct error *err)
{
    int64_t day = 0;
    if (rule->recurrence[0] == '\0') {
        return true;
    }
    if (rule->weekdays != EVERY_DAY) {
        error_set(err, ERROR_INVALID,
                  "la récurrence dit déjà les jours : retirez weekdays, ou écrivez BYDAY",
                  "the recurrence tells the days: remove weekdays, or write BYDAY");
        return error_field(err, "weekdays");
    }
    if (!json_has(object, "from")) {
        error_set(err, ERROR_INVALID, "une récurrence demande une date de début",
                  "a recurrence needs a first date");
        return error_field(err, "from");
    }
    if (!repetition_check(rule->recurrence, err)) {
        return error_field(err, "recurrence");
    }
    if (rule->also.count == 0 && rule->holidays != DAYS_ALSO &&
        rule->school_holidays != DAYS_ALSO &&
        !repetition_first(rule->recurrence, rule->from_day, rule->until_day, &day)) {
        error_set(err, ERROR_INVALID, "cette récurrence ne tombe sur aucun jour entre ces dates",
                  "this recurrence falls on no day between these dates");
        return error_field(err, "recurrence");
    }
    return true;
}

/* An emergency is on until it is over. */
static bool check_emergency(const struct rule *rule, struct error *err)
{
    const char *field = rule->recurrence[0] != '\0'          ? "recurrence"
                        : rule->except.count > 0             ? "except"
                        : rule->also.count > 0               ? "also"
                        : rule->holidays != DAYS_SAME        ? "holidays"
                        : rule->school_holidays != DAYS_SAME ? "school_holidays"
                        : rule->more_hours.count > 0         ? "hours"
                                                             : NULL;
    if (rule->class != RULE_EMERGENCY || field == NULL) {
        return true;
    }
    error_set(err, ERROR_INVALID, "une urgence ne revient pas : retirez ce champ",
              "an emergency does not recur: remove this field");
    return error_field(err, field);
}

static bool check(const cJSON *object, void *value, struct error *err)
{
    struct rule *rule = value;
    return check_targets(rule, err) && check_bounds(object, rule, err) &&
           check_zone(object, rule, err) && check_share(object, rule, err) &&
           check_emergency(rule, err) &&
           check_days(&rule->except, "except", DAY_MIN, DAY_MAX, err) &&
           check_days(&rule->also, "also", rule->from_day, rule->until_day, err) &&
           check_recurrence(object, rule, err);
}

const struct form rule_form = {
    .name = "Rule", .size = sizeof(struct rule), FORM_FIELDS(fields), .check = check};
