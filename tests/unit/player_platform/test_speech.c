#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/files.h"
#include "player/platform/speech.h"

/* The real voice, on a sound card that is a file: ALSA's settings in a home of our own. */
struct room {
    char folder[64];
    char sound[96];
};

static int set_up(void **state)
{
    static struct room room;
    char path[96], settings[400];
    struct error err;
    snprintf(room.folder, sizeof room.folder, "/tmp/vitrine-speech-XXXXXX");
    assert_non_null(mkdtemp(room.folder));
    snprintf(room.sound, sizeof room.sound, "%s/said.raw", room.folder);
    snprintf(path, sizeof path, "%s/.asoundrc", room.folder);
    snprintf(
        settings, sizeof settings,
        "pcm.!default { type file file \"|cat >> %s\" format \"raw\" slave.pcm { type null } }\n"
        "ctl.!default { type null }\n",
        room.sound);
    assert_true(file_write_atomic(path, settings, strlen(settings), 0644, &err));
    setenv("HOME", room.folder, 1);
    *state = &room;
    return 0;
}

static int tear_down(void **state)
{
    const struct room *room = *state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", room->folder);
    return system(command);
}

static bool wait_for_silence(struct speech *speech, int tenths)
{
    for (int i = 0; i < tenths; i++) {
        if (!speech_busy(speech)) {
            return true;
        }
        usleep(100000);
    }
    return false;
}

static int64_t sound_size(const struct room *room)
{
    struct stat status;
    return stat(room->sound, &status) == 0 ? status.st_size : -1;
}

/* A second at 22 050 samples of 2 bytes; it goes through another process to the file. */
static bool wait_for_sound(const struct room *room)
{
    for (int i = 0; i < 100; i++) {
        if (sound_size(room) > 40000) {
            return true;
        }
        usleep(100000);
    }
    return false;
}

static struct speech *voice_or_skip(void)
{
    struct speech *speech = speech_create(NULL);
    if (speech == NULL) {
        print_message("espeak-ng is not installed: skipped\n");
        skip();
    }
    return speech;
}

static void test_says_it(void **state)
{
    static const struct {
        const char *text;
        enum lang lang;
    } cases[] = {
        {"Dans ce bâtiment : L’Atelier du Robec, deuxième étage.", LANG_FR},
        {"In this building: L’Atelier du Robec, second floor.", LANG_EN},
    };
    const struct room *room = *state;
    struct speech *speech = voice_or_skip();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        unlink(room->sound);
        speech_say(speech, cases[i].text, cases[i].lang, 100);
        assert_true(wait_for_silence(speech, 300));
        assert_true(wait_for_sound(room));
    }
    speech_destroy(speech);
}

/* A long text is said until somebody wants silence, or something else. */
static void test_is_silent_at_once(void **state)
{
    char *text = calloc(1, 3 * SPEECH_BYTES_MAX + 1);
    (void)state;
    assert_non_null(text);
    for (int i = 0; i < SPEECH_BYTES_MAX; i++) {
        memcpy(text + 3 * i, "é ", 3);
    }
    struct speech *speech = voice_or_skip();
    speech_say(speech, text, LANG_FR, 300);
    speech_say(speech, text, LANG_FR, -1);
    speech_stop(speech);
    assert_false(speech_busy(speech));
    speech_say(speech, "", LANG_FR, 100);
    assert_false(speech_busy(speech));
    speech_say(speech, "fin", LANG_FR, 100);
    speech_destroy(speech);
    free(text);
}

static void test_a_voice_that_fails(void **state)
{
    (void)state;
    assert_null(speech_create("/nowhere/espeak-ng"));
    struct speech *speech = speech_create("/bin/false");
    assert_non_null(speech);
    speech_say(speech, "bonjour", LANG_FR, 100);
    assert_true(wait_for_silence(speech, 100));
    speech_say(speech, "bonjour", LANG_FR, 100);
    assert_true(wait_for_silence(speech, 100));
    speech_destroy(speech);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_says_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_is_silent_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_voice_that_fails, set_up, tear_down),
    };
    signal(SIGPIPE, SIG_IGN); /* as in the player */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
