#include "server/content/forms.h"

#define AT(member) .offset = offsetof(struct announcement, member)

static const char *const severities[] = {
    [SEVERITY_INFO] = "info",
    [SEVERITY_IMPORTANT] = "important",
    [SEVERITY_EMERGENCY] = "emergency",
};

static const struct form_field fields[] = {
    {.name = "id", .type = FORM_ID, AT(id), .required = true},
    {.name = "title", .type = FORM_LINE, AT(title), .min = 1, .max = 200, .required = true},
    {.name = "text", .type = FORM_TEXT, AT(text), .max = 1000},
    {.name = "pictogram", .type = FORM_ID, AT(pictogram), .about = "Name of an icon"},
    {.name = "severity",
     .type = FORM_CHOICE,
     AT(severity),
     .required = true,
     .tags = severities,
     .tag_count = sizeof severities / sizeof *severities},
    {.name = "url", .type = FORM_URL, AT(url), .about = "Where the QR code leads"},
    {.name = "from", .type = FORM_DATE, AT(from_day), .required = true, .about = "First day"},
    {.name = "until", .type = FORM_DATE, AT(until_day), .required = true, .about = "Last day"},
};

static bool check(const cJSON *object, void *value, struct error *err)
{
    const struct announcement *announcement = value;
    (void)object;
    return form_check_period(announcement->from_day, announcement->until_day, err);
}

const struct form announcement_form = {.name = "Announcement",
                                       .size = sizeof(struct announcement),
                                       FORM_FIELDS(fields),
                                       .check = check};
