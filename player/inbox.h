/* The main thread's queue: what the render worker and the displays' network threads have to say.
 * Posting wakes the main thread. */
#ifndef VITRINE_PLAYER_INBOX_H
#define VITRINE_PLAYER_INBOX_H

#include <pthread.h>
#include <stdbool.h>

#include "player/platform/wake.h"
#include "player/sync/sync.h"

struct job;

enum message_kind { MESSAGE_JOB, MESSAGE_SYNC };

struct message {
    enum message_kind kind;
    int display;     /* whose it is */
    struct job *job; /* finished; the receiver owns it */
    struct sync_event sync;
    struct message *next;
};

struct inbox {
    pthread_mutex_t lock;
    struct message *first;
    struct message **last;
    const struct wake *wake;
};

void inbox_init(struct inbox *inbox, const struct wake *wake);
/* No thread may post any more; messages left are freed with what they own. */
void inbox_finish(struct inbox *inbox);
void inbox_post_job(struct inbox *inbox, struct job *job);
void inbox_post_sync(struct inbox *inbox, int display, const struct sync_event *event);
/* False when it is empty. */
bool inbox_take(struct inbox *inbox, struct message *message_out);

#endif
