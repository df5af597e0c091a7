#include <math.h>
#include <stdint.h>
#include <string.h>

#include "server/content/fields.h"
#include "server/content/forms.h"
#include "server/content/opening.h"
#include "server/content/zone.h"
#include "playlists/manifest.h"

#define SCREEN_GROUPS_MAX 50
#define SCREEN_LANGUAGES_MAX 4
#define KIOSK_NAVY 0x0B1F3A

#define SITE(member) .offset = offsetof(struct site, member)
#define GROUP(member) .offset = offsetof(struct group, member)
#define SCREEN(member) .offset = offsetof(struct screen, member)

static const struct form_field site_fields[] = {
    {.name = "id", .type = FORM_ID, SITE(id), .required = true},
    {.name = "name", .type = FORM_LINE, SITE(name), .min = 1, .max = 200, .required = true},
    {.name = "commune", .type = FORM_LINE, SITE(commune), .max = 200},
    {.name = "address", .type = FORM_TEXT, SITE(address), .max = 500},
    {.name = "latitude",
     .type = FORM_NUMBER,
     SITE(latitude),
     .least = -90,
     .most = 90,
     .absent_number = SITE_NOWHERE,
     .about = "WGS 84, degrees; where the map shows it, else its commune"},
    {.name = "longitude",
     .type = FORM_NUMBER,
     SITE(longitude),
     .least = -180,
     .most = 180,
     .absent_number = SITE_NOWHERE},
    {.name = "accent",
     .type = FORM_LINE,
     SITE(accent),
     .max = 7,
     .about =
         "colour of what calls for a touch on its kiosks, #RRGGBB, light enough for dark text; "
         "empty: the usual yellow"},
};

static double linear(unsigned channel)
{
    double value = channel / 255.0;
    return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
}

/* Relative luminance (WCAG 2.1). */
static double luminance(uint32_t rgb)
{
    return 0.2126 * linear(rgb >> 16 & 0xFF) + 0.7152 * linear(rgb >> 8 & 0xFF) +
           0.0722 * linear(rgb & 0xFF);
}

/* It stands on the kiosk's navy, and navy text on it. */
static bool check_accent(const char *accent, struct error *err)
{
    uint32_t rgb;
    if (accent[0] == '\0')
        return true;
    if (!manifest_accent_parse(accent, &rgb)) {
        error_set(err, ERROR_INVALID, "il faut une couleur comme #FFD84D",
                  "a colour like #FFD84D is needed");
        return error_field(err, "accent");
    }
    if ((luminance(rgb) + 0.05) / (luminance(KIOSK_NAVY) + 0.05) >= 4.5)
        return true;
    error_set(err, ERROR_INVALID,
              "cette couleur est trop sombre : un texte bleu nuit ne s’y lirait pas",
              "this colour is too dark: navy text could not be read on it");
    return error_field(err, "accent");
}

static bool check_site(const cJSON *object, void *value, struct error *err)
{
    const struct site *site = value;
    bool north = site->latitude != SITE_NOWHERE, east = site->longitude != SITE_NOWHERE;

    (void)object;
    if (north == east)
        return check_accent(site->accent, err);
    error_set(err, ERROR_INVALID, "il faut la latitude et la longitude, ou aucune des deux",
              "latitude and longitude go together, or neither is given");
    return error_field(err, north ? "longitude" : "latitude");
}

const struct form site_form = {
    .name = "Site", .size = sizeof(struct site), FORM_FIELDS(site_fields), .check = check_site};

static const struct form_field group_fields[] = {
    {.name = "id", .type = FORM_ID, GROUP(id), .required = true},
    {.name = "name", .type = FORM_LINE, GROUP(name), .min = 1, .max = 200, .required = true},
};

const struct form group_form = {
    .name = "Group", .size = sizeof(struct group), FORM_FIELDS(group_fields)};

static const char *const languages[] = {"fr", "en"};

static const struct form_field screen_fields[] = {
    {.name = "id", .type = FORM_ID, SCREEN(id), .required = true},
    {.name = "name", .type = FORM_LINE, SCREEN(name), .min = 1, .max = 200, .required = true},
    {.name = "site", .type = FORM_ID, SCREEN(site)},
    {.name = "groups",
     .type = FORM_IDS,
     SCREEN(groups),
     .max = SCREEN_GROUPS_MAX,
     .required = true},
    {.name = "width_px",
     .type = FORM_INT,
     SCREEN(width_px),
     .min = 160,
     .max = 16384,
     .required = true,
     .about = "As people see it, turned"},
    {.name = "height_px",
     .type = FORM_INT,
     SCREEN(height_px),
     .min = 160,
     .max = 16384,
     .required = true},
    {.name = "rotation",
     .type = FORM_INT,
     SCREEN(rotation),
     .max = 270,
     .about = "0, 90, 180 or 270 degrees"},
    {.name = "diagonal_mm",
     .type = FORM_INT,
     SCREEN(diagonal_mm),
     .min = 50,
     .max = 20000,
     .required = true},
    {.name = "viewing_distance_mm",
     .type = FORM_INT,
     SCREEN(viewing_distance_mm),
     .min = 100,
     .max = 100000,
     .required = true},
    {.name = "bottom_edge_mm",
     .type = FORM_INT,
     SCREEN(bottom_edge_mm),
     .max = 20000,
     .required = true,
     .about = "Height of the picture's lower edge"},
    {.name = "kiosk", .type = FORM_BOOL, SCREEN(kiosk), .required = true},
    {.name = "time_zone",
     .type = FORM_LINE,
     SCREEN(time_zone),
     .min = 1,
     .max = 64,
     .required = true,
     .about = "Of the tz database: Europe/Paris"},
    {.name = "languages",
     .type = FORM_LINES,
     SCREEN(languages),
     .min = 1,
     .max = SCREEN_LANGUAGES_MAX,
     .required = true,
     .tags = languages,
     .tag_count = sizeof languages / sizeof *languages},
    {.name = "opening",
     .type = FORM_OTHER,
     SCREEN(opening),
     .decode = opening_decode,
     .encode = opening_encode,
     .schema = opening_schema},
    {.name = "layout", .type = FORM_ID, SCREEN(layout), .about = "Empty: the usual one"},
    {.name = "reduced_motion", .type = FORM_BOOL, SCREEN(reduced_motion)},
};

static bool check_screen(const cJSON *object, void *value, struct error *err)
{
    const struct screen *screen = value;
    (void)object;
    if (screen->rotation % 90 != 0) {
        error_set(err, ERROR_INVALID, "la rotation vaut 0, 90, 180 ou 270",
                  "the rotation is 0, 90, 180 or 270");
        return error_field(err, "rotation");
    }
    struct zone *zone = zone_open(screen->time_zone, err);
    if (zone == NULL) {
        return error_field(err, "time_zone");
    }
    zone_close(zone);
    return true;
}

const struct form screen_form = {.name = "Screen",
                                 .size = sizeof(struct screen),
                                 FORM_FIELDS(screen_fields),
                                 .check = check_screen};
