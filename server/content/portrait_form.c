#include "playlists/typography.h"
#include "server/content/forms.h"

#define AT(member) .offset = offsetof(struct portrait, member)

static const struct form_field photo_fields[] = {
    {.name = "media", .type = FORM_HASH, AT(photo), .about = "SHA-256 of the picture's original"},
    {.name = "focal_x",
     .type = FORM_NUMBER,
     AT(focal_x),
     .most = 1,
     .absent_number = 0.5,
     .about = "What stays in view when it is cut, from the left"},
    {.name = "focal_y",
     .type = FORM_NUMBER,
     AT(focal_y),
     .most = 1,
     .absent_number = 0.5,
     .about = "From the top"},
    {.name = "alt",
     .type = FORM_LINE,
     AT(alt),
     .max = 1000,
     .about = "What it shows, for who cannot see it; needed to publish"},
    {.name = "credit",
     .type = FORM_LINE,
     AT(credit),
     .max = 200,
     .about = "Whose work it is; needed to publish"},
    {.name = "consent_date",
     .type = FORM_ISO_DATE,
     AT(consent_date),
     .about = "When the person shown agreed; needed to publish"},
};

static const struct form photo_form = {
    .name = "PortraitPhoto", .size = sizeof(struct portrait), FORM_FIELDS(photo_fields)};

static const struct form_field film_fields[] = {
    {.name = "media", .type = FORM_HASH, AT(film), .about = "SHA-256 of the film's original"},
    {.name = "captions_sha256",
     .type = FORM_HASH,
     AT(captions),
     .about = "SHA-256 of its captions (WebVTT); needed to publish"},
};

static const struct form film_form = {
    .name = "PortraitFilm", .size = sizeof(struct portrait), FORM_FIELDS(film_fields)};

static const struct form_field fields[] = {
    {.name = "id", .type = FORM_ID, AT(id), .required = true},
    {.name = "organisation",
     .type = FORM_ID,
     AT(organisation),
     .required = true,
     .about = "Id of the organisation that it portrays"},
    {.name = "leader_name",
     .type = FORM_LINE,
     AT(leader_name),
     .min = 1,
     .max = 200,
     .required = true},
    {.name = "leader_role", .type = FORM_LINE, AT(leader_role), .max = 200},
    {.name = "quote",
     .type = FORM_LINE,
     AT(quote),
     .min = 1,
     .max = 500,
     .required = true,
     .about = "12 words at most"},
    {.name = "short_title", .type = FORM_LINE, AT(short_title), .max = 120},
    {.name = "story", .type = FORM_TEXT, AT(story), .max = 2000, .about = "80 words at most"},
    {.name = "falc",
     .type = FORM_TEXT,
     AT(falc),
     .max = 2000,
     .about = "The story in easy-to-read language, for kiosks"},
    {.name = "film", .type = FORM_GROUP, .group = &film_form},
    {.name = "photo", .type = FORM_GROUP, .group = &photo_form},
    {.name = "url", .type = FORM_URL, AT(url), .about = "Where the QR code leads"},
    {.name = "from", .type = FORM_DATE, AT(from_day), .required = true, .about = "First day"},
    {.name = "until", .type = FORM_DATE, AT(until_day), .required = true, .about = "Last day"},
    {.name = "sector", .type = FORM_ID, AT(sector), .required = true},
};

/* It is drawn only where there is room for all of it. */
static bool check_words(const char *text, size_t max, const char *field, const char *fr,
                        const char *en, struct error *err)
{
    size_t words = typography_words(text);
    if (words <= max) {
        return true;
    }
    error_set(err, ERROR_LIMIT,
              "%s%.0s compte %zu mots ; l’écran en montre %zu au plus : retirez-en %zu",
              "%.0s%s has %zu words; the screen shows %zu at most: remove %zu", fr, en, words, max,
              words - max);
    return error_field(err, field);
}

static bool check(const cJSON *object, void *value, struct error *err)
{
    const struct portrait *portrait = value;
    (void)object;
    return check_words(portrait->quote, PORTRAIT_QUOTE_WORDS_MAX, "quote", "la citation",
                       "the quote", err) &&
           check_words(portrait->story, PORTRAIT_STORY_WORDS_MAX, "story", "le récit", "the story",
                       err) &&
           form_check_period(portrait->from_day, portrait->until_day, err);
}

const struct form portrait_form = {
    .name = "Portrait", .size = sizeof(struct portrait), FORM_FIELDS(fields), .check = check};
