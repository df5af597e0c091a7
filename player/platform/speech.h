/* Reading aloud: espeak-ng in a process of its own for each thing that is said, so that a voice
 * that hangs or crashes is no matter of the screen, and silence is at once. Main thread only.
 * Not through speech-dispatcher: its daemon wants a login session, which a kiosk has none of. */
#ifndef VITRINE_PLAYER_PLATFORM_SPEECH_H
#define VITRINE_PLAYER_PLATFORM_SPEECH_H

#include <stdbool.h>

#include "core/lang.h"

#define SPEECH_BYTES_MAX 4000 /* of one thing said; the rest is left out */

struct speech;

/* `program`: NULL: the espeak-ng of this machine; else its path. NULL when there is none: the kiosk
 * then does not offer to read. */
struct speech *speech_create(const char *program);
void speech_destroy(struct speech *speech); /* accepts NULL; silence */

/* Says it instead of what is being said. Text: UTF-8. volume: 0–200, 100 is usual. What the voice
 * cannot do is logged, once until it works again. */
void speech_say(struct speech *speech, const char *text, enum lang lang, int volume);
void speech_stop(struct speech *speech);
/* Whether something is being said now. To be asked now and then while it is: it also takes leave of
 * the process that has ended. */
bool speech_busy(struct speech *speech);

#endif
