/* What a notice says by e-mail: French, one event a message, and the way to it. */
#ifndef VITRINE_SERVER_NOTICES_WORDS_H
#define VITRINE_SERVER_NOTICES_WORDS_H

#include "server/store/notices.h"

struct words_frame {
    const char *url;       /* "https://vitrine.example.fr", without a last slash */
    const char *recipient; /* how people call who is told */
    const char *by;        /* how people call who did it; "" for the program */
};

/* All in the arena. */
const char *words_subject(const struct notice *notice, struct arena *arena);
const char *words_text(const struct notice *notice, const struct words_frame *frame,
                       struct arena *arena);
const char *words_link(const struct notice *notice, const char *url, struct arena *arena);

#endif
