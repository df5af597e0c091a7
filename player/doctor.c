#include "player/doctor.h"

#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "core/log.h"
#include "player/doctor_private.h"

#define LABEL_WIDTH 22
#define INDENT 26 /* where what was found stands */
#define LINE_WIDTH 100
#define TEXT_SIZE 1536

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

/* Up to the next space at which a line may end: in French none does before : ; ? ! » or after «. */
static size_t unbroken(const char *text)
{
    size_t length = strcspn(text, " ");
    while (text[length] == ' ' &&
           (strchr(":;?!", text[length + 1]) != NULL || strncmp(text + length + 1, "»", 2) == 0 ||
            (length >= 2 && strncmp(text + length - 2, "«", 2) == 0))) {
        length += 1 + strcspn(text + length + 1, " ");
    }
    return length;
}

/* Words wrapped at LINE_WIDTH, the further lines below the first one's beginning. */
static void print_wrapped(FILE *out, const char *text, int indent)
{
    int column = indent;
    while (*text != '\0') {
        char word[TEXT_SIZE];
        size_t length = unbroken(text);
        memcpy(word, text, length);
        word[length] = '\0';
        int width = characters(word);
        if (column > indent && column + 1 + width > LINE_WIDTH) {
            fprintf(out, "\n%*s", indent, "");
            column = indent;
        } else if (column > indent) {
            fputc(' ', out);
            column++;
        }
        fputs(word, out);
        column += width;
        text += length;
        text += strspn(text, " ");
    }
    fputc('\n', out);
}

void doctor_say(struct doctor *doctor, enum verdict verdict, const char *label_fr,
                const char *label_en, const char *fr, const char *en, ...)
{
    static const char *const marks[] = {"✔", "✖", "–"};
    const char *label = lang_pick(doctor->lang, label_fr, label_en);
    char text[TEXT_SIZE];
    va_list arguments;
    va_start(arguments, en);
    vsnprintf(text, sizeof text, lang_pick(doctor->lang, fr, en), arguments);
    va_end(arguments);
    fprintf(doctor->out, "  %s %s%*s", marks[verdict], label, LABEL_WIDTH - characters(label), "");
    print_wrapped(doctor->out, text, INDENT);
    doctor->wrong += verdict == DOCTOR_WRONG ? 1 : 0;
}

void doctor_advise(struct doctor *doctor, const char *fr, const char *en, ...)
{
    char text[TEXT_SIZE];
    va_list arguments;
    va_start(arguments, en);
    vsnprintf(text, sizeof text, lang_pick(doctor->lang, fr, en), arguments);
    va_end(arguments);
    fprintf(doctor->out, "%*s→ ", INDENT, "");
    print_wrapped(doctor->out, text, INDENT + 2);
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
