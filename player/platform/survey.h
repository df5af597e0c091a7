/* What this machine could show with, and what somebody must change so that it can: for
 * `vitrine-player --doctor`. Changes nothing that lasts. Main thread only. */
#ifndef VITRINE_PLAYER_PLATFORM_SURVEY_H
#define VITRINE_PLAYER_PLATFORM_SURVEY_H

#include <stdbool.h>
#include <stddef.h>

#include "core/error.h"

struct survey_display {
    char driver[32]; /* SDL's: "x11", "KMSDRM"…; "" when none starts */
    char tried[160]; /* those that this SDL has, parted by spaces */
    int count;
    int width, height, refresh; /* of the wanted one */
    char presenter[32];         /* "surface": drawn by the processor; else the GPU's driver */
};

/* `index` is the display wanted; `windows`: whether a hidden window may be opened to see who would
 * draw, which on KMS must not be done beside a running player. */
bool survey_display(int index, bool windows, struct survey_display *display_out, struct error *err)
    __attribute__((warn_unused_result));

/* Device files of one kind. */
struct survey_devices {
    size_t count;
    size_t usable;   /* that this user may open */
    char denied[80]; /* path of one that he may not */
    char group[32];  /* whose group would be let in */
    char name[80];   /* what the first usable one calls itself, where it does */
};

void survey_render_nodes(struct survey_devices *devices_out); /* /dev/dri/renderD* */
void survey_cards(struct survey_devices *devices_out);        /* /dev/dri/card* */
void survey_touch(struct survey_devices *devices_out);        /* touch panels of /dev/input */
/* Films decoded by the machine: V4L2 memory-to-memory devices of /dev/video*. */
void survey_decoders(struct survey_devices *devices_out);

#endif
