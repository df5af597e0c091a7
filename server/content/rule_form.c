#include <string.h>

#include "server/content/fields.h"
#include "server/content/forms.h"

#define RULE_SCREENS_MAX 2000
#define RULE_GROUPS_MAX 1000
#define CAMPAIGN_SHARE_DEFAULT 0.5

#define AT(member) .offset = offsetof(struct rule, member)

static const char *const classes[] = {
    [RULE_BASE] = "base",
    [RULE_CAMPAIGN] = "campaign",
    [RULE_TAKEOVER] = "takeover",
    [RULE_EMERGENCY] = "emergency",
};

static const struct form_field hours_fields[] = {
    {.name = "from", .type = FORM_MINUTES, AT(from_minute), .required = true},
    {.name = "until",
     .type = FORM_MINUTES,
     AT(until_minute),
     .min = 1,
     .required = true,
     .absent = 1440,
     .about = "Not after the beginning: past midnight"},
};

static const struct form hours_form = {
    .name = "RuleHours", .size = sizeof(struct rule), FORM_FIELDS(hours_fields)};

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
    {.name = "weekdays", .type = FORM_WEEKDAYS, AT(weekdays), .absent = 0x7f},
    {.name = "hours", .type = FORM_GROUP, .group = &hours_form},
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

static bool check(const cJSON *object, void *value, struct error *err)
{
    struct rule *rule = value;
    return check_targets(rule, err) && check_bounds(object, rule, err) &&
           check_zone(object, rule, err) && check_share(object, rule, err);
}

const struct form rule_form = {
    .name = "Rule", .size = sizeof(struct rule), FORM_FIELDS(fields), .check = check};
