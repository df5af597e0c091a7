/* The forms of the kinds of records that people keep, each of the struct of its name in
 * server/store: what a document or a body of the API may say. That what they name is there is
 * references.h's business; whether it may be shown, publishable.h's. */
#ifndef VITRINE_SERVER_CONTENT_FORMS_H
#define VITRINE_SERVER_CONTENT_FORMS_H

#include "server/content/form.h"
#include "server/store/editorial.h"
#include "server/store/events.h"
#include "server/store/fleet.h"
#include "server/store/organisations.h"
#include "server/store/programming.h"

/* What a screen has room for. */
#define PORTRAIT_QUOTE_WORDS_MAX 12
#define PORTRAIT_STORY_WORDS_MAX 80

extern const struct form organisation_form; /* struct organisation */
extern const struct form portrait_form;     /* struct portrait; its photo is a media */
extern const struct form event_form;        /* struct event */
extern const struct form announcement_form; /* struct announcement */
extern const struct form playlist_form;     /* struct playlist_record: playlists/playlist.h */
extern const struct form rule_form;         /* struct rule */
extern const struct form screen_form;       /* struct screen */
extern const struct form group_form;        /* struct group */
extern const struct form site_form;         /* struct site */

#endif
