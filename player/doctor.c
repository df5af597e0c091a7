#include "player/doctor.h"

#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "core/log.h"
#include "player/doctor_private.h"

#define LABEL_WIDTH 22
#define INDENT 26 /* where what was found stands */

static int characters(const char *text)
{
    int count = 0;
    for (; *text != '\0'; text++) {
        count += ((unsigned char)*text & 0xC0) != 0x80 ? 1 : 0;
    }
    return count;
}

void doctor_group(struct doctor *doctor, const char *fr, const char *en)
{
    fprintf(doctor->out, "\n%s\n", lang_pick(doctor->lang, fr, en));
}

void doctor_say(struct doctor *doctor, enum verdict verdict, const char *label_fr,
                const char *label_en, const char *fr, const char *en, ...)
{
    static const char *const marks[] = {"✔", "✖", "–"};
    const char *label = lang_pick(doctor->lang, label_fr, label_en);
    va_list arguments;
    fprintf(doctor->out, "  %s %s%*s", marks[verdict], label, LABEL_WIDTH - characters(label), "");
    va_start(arguments, en);
    vfprintf(doctor->out, lang_pick(doctor->lang, fr, en), arguments);
    va_end(arguments);
    fputc('\n', doctor->out);
    doctor->wrong += verdict == DOCTOR_WRONG ? 1 : 0;
}

void doctor_advise(struct doctor *doctor, const char *fr, const char *en, ...)
{
    va_list arguments;
    fprintf(doctor->out, "%*s→ ", INDENT, "");
    va_start(arguments, en);
    vfprintf(doctor->out, lang_pick(doctor->lang, fr, en), arguments);
    va_end(arguments);
    fputc('\n', doctor->out);
}

/* The folder is claimed for a moment only, to know whether a player has it. */
static void open_state(struct doctor *doctor, int display)
{
    struct error err;
    int length =
        snprintf(doctor->state.folder, sizeof doctor->state.folder, "%s", doctor->options->state);
    if (display > 0) { /* the first one's is the folder itself */
        snprintf(doctor->state.folder + length, sizeof doctor->state.folder - (size_t)length,
                 "/display-%d", display + 1);
    }
    doctor->display = display;
    error_clear(&doctor->server_error);
    doctor->running = !state_claim(&doctor->state, &err);
    state_release(&doctor->state);
    if (!state_load_server(&doctor->state, &doctor->server, &doctor->server_error)) {
        memset(&doctor->server, 0, sizeof doctor->server);
    }
}

int doctor_run(const struct options *options, FILE *out)
{
    struct doctor doctor = {
        .options = options, .out = out, .lang = options->lang, .clock = clock_system()};
    log_set_level(LOG_ERROR); /* the lines below say it in words */
    open_state(&doctor, 0);
    fprintf(out,
            lang_pick(doctor.lang, "vitrine-player %s : état de cette machine\n",
                      "vitrine-player %s: how this machine is\n"),
            VITRINE_VERSION);
    doctor_check_machine(&doctor);
    doctor_check_state(&doctor);
    doctor_check_server(&doctor);
    for (int i = 1; i < options->display_count; i++) {
        open_state(&doctor, i);
        doctor_check_further(&doctor);
    }
    if (doctor.wrong == 0) {
        fputs(lang_pick(doctor.lang, "\nTout va bien.\n", "\nAll is well.\n"), out);
    } else if (doctor.wrong == 1) {
        fputs(lang_pick(doctor.lang, "\nUn point est à régler (✖).\n",
                        "\nOne point needs attention (✖).\n"),
              out);
    } else {
        fprintf(out,
                lang_pick(doctor.lang, "\n%d points sont à régler (✖).\n",
                          "\n%d points need attention (✖).\n"),
                doctor.wrong);
    }
    return doctor.wrong > 0 ? 1 : 0;
}
