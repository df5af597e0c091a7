#include "server/content/event_dates.h"
#include "server/content/forms.h"

#define SHORT_MAX 300
#define LONG_MAX 4000

#define AT(member) .offset = offsetof(struct event, member)

static const char *const statuses[] = {
    [EVENT_PROGRAMME] = "programme",
    [EVENT_REPROGRAMME] = "reprogramme",
    [EVENT_COMPLET] = "complet",
    [EVENT_ANNULE] = "annule",
};

static const struct form_field image_fields[] = {
    {.name = "media", .type = FORM_HASH, AT(image), .about = "SHA-256 of the picture's original"},
    {.name = "alt",
     .type = FORM_LINE,
     AT(image_alt),
     .max = 1000,
     .about = "What it shows, for who cannot see it; needed to publish"},
    {.name = "credit",
     .type = FORM_LINE,
     AT(image_credit),
     .max = 200,
     .about = "Whose work it is; needed to publish"},
};

static const struct form image_form = {
    .name = "EventImage", .size = sizeof(struct event), FORM_FIELDS(image_fields)};

static const struct form_field fields[] = {
    {.name = "id",
     .type = FORM_LINE,
     AT(uid),
     .min = 1,
     .max = SHORT_MAX,
     .required = true,
     .about = "UID of its calendar"},
    {.name = "sequence", .type = FORM_INT, AT(sequence), .max = 1000000000},
    {.name = "title", .type = FORM_LINE, AT(title), .min = 1, .max = SHORT_MAX, .required = true},
    {.name = "short_title", .type = FORM_LINE, AT(short_title), .max = 120},
    {.name = "resume", .type = FORM_TEXT, AT(resume), .max = LONG_MAX},
    {.name = "description", .type = FORM_TEXT, AT(description), .max = LONG_MAX},
    {.name = "status",
     .type = FORM_CHOICE,
     AT(status),
     .tags = statuses,
     .tag_count = sizeof statuses / sizeof *statuses,
     .absent = EVENT_PROGRAMME},
    {.name = "when",
     .type = FORM_OTHER,
     AT(recurrence),
     .decode = event_dates_decode,
     .encode = event_dates_encode,
     .schema = event_dates_schema},
    {.name = "place", .type = FORM_LINE, AT(place), .max = SHORT_MAX},
    {.name = "address", .type = FORM_LINE, AT(address), .max = SHORT_MAX},
    {.name = "code_postal", .type = FORM_LINE, AT(code_postal), .max = 10},
    {.name = "code_insee", .type = FORM_LINE, AT(code_insee), .max = 5, .derived = true},
    {.name = "commune", .type = FORM_LINE, AT(commune), .max = 200},
    {.name = "in_metropole",
     .type = FORM_BOOL,
     AT(in_metropole),
     .derived = true,
     .about = "Follows from the commune"},
    {.name = "organisation", .type = FORM_ID, AT(organisation)},
    {.name = "organiser",
     .type = FORM_LINE,
     AT(organiser),
     .max = SHORT_MAX,
     .about = "Who organises it, as people read it"},
    {.name = "price", .type = FORM_LINE, AT(price), .max = SHORT_MAX},
    {.name = "access", .type = FORM_LINE, AT(access), .max = SHORT_MAX, .about = "Accessibility"},
    {.name = "url", .type = FORM_URL, AT(url)},
    {.name = "categories",
     .type = FORM_LINE,
     AT(categories),
     .max = SHORT_MAX,
     .about = "With commas between"},
    {.name = "image", .type = FORM_GROUP, .group = &image_form},
    {.name = "source", .type = FORM_LINE, AT(source), .max = SHORT_MAX},
    {.name = "licence", .type = FORM_LINE, AT(licence), .max = SHORT_MAX},
    {.name = "date_maj", .type = FORM_ISO_DATE, AT(date_maj), .derived = true},
};

const struct form event_form = {.name = "Event", .size = sizeof(struct event), FORM_FIELDS(fields)};
