/* The display's power, for the hours in which nobody looks: by the X server (DPMS), by the kernel's
 * connectors (DPMS property) and by HDMI-CEC, each tried every time, since a panel may listen to
 * one alone. All is done in a thread of its own, for a television takes its time; a machine with
 * none of them goes on as if there were no such thing. It is the whole machine's: off means off on
 * every display of this process.
 *
 * Present nothing while off: a flip to a sleeping connector may wait for ever. After on, present
 * everything anew. */
#ifndef VITRINE_PLAYER_PLATFORM_POWER_H
#define VITRINE_PLAYER_PLATFORM_POWER_H

#include <stdbool.h>

struct power;

struct power_options {
    bool x11;               /* the window is on an X server ($DISPLAY) */
    int drm_fd;             /* of the DRM master (SDL's KMSDRM); -1: none. Stays the caller's */
    const char *dev_folder; /* where cec* stand; NULL: /dev */
};

enum power_state { POWER_UNKNOWN, POWER_ON, POWER_OFF };

/* Never NULL. */
struct power *power_create(const struct power_options *options);
/* Carries the last wish out first, which may take seconds by CEC. Accepts NULL. */
void power_destroy(struct power *power);

/* Returns at once; the last wish wins. Asking for what is wished already does nothing. */
void power_set(struct power *power, bool on);
/* What was last brought about; unknown before, and when no way worked. */
enum power_state power_get(struct power *power);

/* What this machine offers, for `--doctor`: changes nothing, may take a second. */
struct power_ways {
    bool x11;           /* the X server knows DPMS */
    int connectors;     /* connected, with a DPMS property, on any /dev/dri/card* */
    int cec;            /* adapters that can be opened */
    bool cec_denied;    /* there is one that cannot */
    bool cec_connected; /* one of them has a physical address: something is at the cable's end */
};
void power_look(const char *dev_folder, struct power_ways *ways_out);

#endif
