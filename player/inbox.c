#include "player/inbox.h"

#include <stdlib.h>

#include "player/stage/worker.h"

void inbox_init(struct inbox *inbox, const struct wake *wake)
{
    pthread_mutex_init(&inbox->lock, NULL);
    inbox->first = NULL;
    inbox->last = &inbox->first;
    inbox->wake = wake;
}

void inbox_finish(struct inbox *inbox)
{
    struct message message;
    while (inbox_take(inbox, &message)) {
        job_destroy(message.job);
        edition_release(message.sync.edition);
    }
    pthread_mutex_destroy(&inbox->lock);
}

static void post(struct inbox *inbox, const struct message *message)
{
    struct message *copy = malloc(sizeof *copy);
    if (copy == NULL) {
        abort();
    }
    *copy = *message;
    copy->next = NULL;
    pthread_mutex_lock(&inbox->lock);
    *inbox->last = copy;
    inbox->last = &copy->next;
    pthread_mutex_unlock(&inbox->lock);
    wake_signal(inbox->wake);
}

void inbox_post_job(struct inbox *inbox, struct job *job)
{
    struct message message = {.kind = MESSAGE_JOB, .display = job->display, .job = job};
    post(inbox, &message);
}

void inbox_post_sync(struct inbox *inbox, int display, const struct sync_event *event)
{
    struct message message = {.kind = MESSAGE_SYNC, .display = display, .sync = *event};
    post(inbox, &message);
}

bool inbox_take(struct inbox *inbox, struct message *message_out)
{
    pthread_mutex_lock(&inbox->lock);
    struct message *message = inbox->first;
    if (message != NULL) {
        inbox->first = message->next;
        if (inbox->first == NULL) {
            inbox->last = &inbox->first;
        }
    }
    pthread_mutex_unlock(&inbox->lock);
    if (message == NULL) {
        return false;
    }
    *message_out = *message;
    free(message);
    return true;
}
