/* Shared by the parts of the doctor. */
#ifndef VITRINE_PLAYER_DOCTOR_PRIVATE_H
#define VITRINE_PLAYER_DOCTOR_PRIVATE_H

#include <stdbool.h>
#include <stdio.h>

#include "core/clock.h"
#include "core/lang.h"
#include "player/options.h"
#include "player/sync/state.h"

enum verdict {
    DOCTOR_WELL,
    DOCTOR_WRONG,
    DOCTOR_NOTED, /* not needed, or not known: no fault of the machine */
};

struct doctor {
    const struct options *options;
    FILE *out;
    enum lang lang;
    struct clock clock;
    int display;        /* whose folder is looked at, from 0 */
    struct state state; /* not claimed */
    bool running;       /* a player has the state folder */
    struct state_server server;
    struct error server_error; /* why it could not be read; ERROR_NONE or ERROR_NOT_FOUND: well */
    int wrong;                 /* checks that said so */
};

/* A heading between groups of checks. */
void doctor_group(struct doctor *doctor, const char *fr, const char *en);
/* One line: the mark, what was looked at, what was found. */
void doctor_say(struct doctor *doctor, enum verdict verdict, const char *label_fr,
                const char *label_en, const char *fr, const char *en, ...)
    __attribute__((format(printf, 5, 7), format(printf, 6, 7)));
/* What to do about it, below it. */
void doctor_advise(struct doctor *doctor, const char *fr, const char *en, ...)
    __attribute__((format(printf, 2, 4), format(printf, 3, 4)));

void doctor_check_machine(struct doctor *doctor); /* assets, display, devices, heat, power */
void doctor_check_state(struct doctor *doctor);   /* folder, manifest, reports, quarantine */
void doctor_check_further(struct doctor *doctor); /* what each further display has of its own */
void doctor_check_server(struct doctor *doctor);  /* clock, network, enrolment */
/* Enrolled or not, and the code to read out. */
void doctor_check_enrolment(struct doctor *doctor);

#endif
