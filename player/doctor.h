/* `vitrine-player --doctor`: looks at the machine, the state folder and the server, and says in
 * words what is well, what is not, and what to do. Changes nothing, and may run beside a player. */
#ifndef VITRINE_PLAYER_DOCTOR_H
#define VITRINE_PLAYER_DOCTOR_H

#include <stdio.h>

#include "player/options.h"

/* One line a check with ✔ (well), ✖ (wrong, with what to do) or – (not needed, or not known), in
 * options->lang. Returns the exit code: 0 all well, 1 something wrong. */
int doctor_run(const struct options *options, FILE *out);

#endif
