#include "server/worker/films.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/media/film_header.h"
#include "server/worker/pictures.h"
#include "server/worker/programs.h"
#include "server/worker/report.h"

#define LONG_SIDE 1920
#define SHORT_SIDE 1080
#define PATH_SIZE 4096

struct progress {
    int64_t length_ms;
    int told; /* the last percentage */
};

/* Lines of "-progress": "out_time_us=1234567". */
static void handle_line(const char *line, void *context)
{
    static const char key[] = "out_time_us=";
    struct progress *progress = context;

    if (strncmp(line, key, sizeof(key) - 1) != 0)
        return;
    int64_t ms = strtoll(line + sizeof(key) - 1, NULL, 10) / 1000;
    int percent = (int)(ms * 95 / progress->length_ms);
    if (percent > progress->told && percent <= 95) {
        progress->told = percent;
        report_progress(percent);
    }
}

static bool make_film(const char *path, const char *out, const struct film_header *header,
                      struct error *err)
{
    bool upright = header->height > header->width;
    char input[PATH_SIZE + 8], filters[256];
    struct progress progress = {.length_ms = header->length_ms};

    snprintf(input, sizeof(input), "file:%s", path);
    /* Square pixels first, then into the frame, never larger than it is. */
    snprintf(filters, sizeof(filters),
             "scale=w='trunc(iw*sar/2)*2':h=ih,setsar=1,"
             "scale=w='min(%d,iw)':h='min(%d,ih)':force_original_aspect_ratio=decrease"
             ":force_divisible_by=2,format=yuv420p",
             upright ? SHORT_SIDE : LONG_SIDE, upright ? LONG_SIDE : SHORT_SIDE);
    const char *words[] = {FILM_PROGRAM,
                           "-nostdin",
                           "-hide_banner",
                           "-v",
                           "error",
                           "-protocol_whitelist",
                           "file",
                           "-f",
                           strcmp(header->type, "video/webm") == 0 ? "matroska" : "mov",
                           "-i",
                           input,
                           "-map",
                           "0:v:0",
                           "-an",
                           "-sn",
                           "-dn",
                           "-map_metadata",
                           "-1",
                           "-map_chapters",
                           "-1",
                           "-vf",
                           filters,
                           "-fpsmax",
                           "30",
                           "-c:v",
                           "libx264",
                           "-preset",
                           "fast",
                           "-profile:v",
                           "high",
                           "-level:v",
                           "4.1",
                           "-crf",
                           "21",
                           "-maxrate",
                           "12M",
                           "-bufsize",
                           "24M",
                           "-g",
                           "60",
                           "-fflags",
                           "+bitexact",
                           "-flags:v",
                           "+bitexact",
                           "-movflags",
                           "+faststart",
                           "-progress",
                           "pipe:1",
                           "-y",
                           out,
                           NULL};
    struct error cause;
    return program_run(words, handle_line, &progress, &cause) ||
           error_set(err, ERROR_INVALID,
                     "ce film ne se lit pas jusqu’au bout ; exportez-le de nouveau en MP4 (H.264)",
                     "this film cannot be read to its end; export it again as MP4 (H.264)");
}

/* A picture from where the film has begun to show something. */
static bool make_poster(const char *film, const struct film_header *header, const char *folder,
                        struct error *err)
{
    char at[32], input[PATH_SIZE + 8], still[PATH_SIZE];

    int64_t at_ms = header->length_ms > 10000 ? 1000 : header->length_ms / 10;
    snprintf(at, sizeof(at), "%lld.%03d", (long long)(at_ms / 1000), (int)(at_ms % 1000));
    snprintf(input, sizeof(input), "file:%s", film);
    snprintf(still, sizeof(still), "%s/still.png", folder);
    const char *words[] = {FILM_PROGRAM, "-nostdin", "-hide_banner", "-v", "error", "-ss", at,
                           "-i",         input,      "-frames:v",    "1",  "-y",    still, NULL};
    return program_run(words, NULL, NULL, err) &&
           pictures_make_poster(still, folder, "poster", err);
}

/* The header of a film whose upload or export broke off may still tell its whole length. */
static bool check_length(const struct film_header *original, const struct film_header *made,
                         struct error *err)
{
    int64_t missing_ms = original->length_ms - made->length_ms;

    return missing_ms <= 1000 + original->length_ms / 50 ||
           error_set(err, ERROR_INVALID,
                     "il manque la fin de ce film : %lld s sur %lld ; envoyez-le de nouveau",
                     "this film's end is missing: %lld of %lld s; send it again",
                     (long long)(missing_ms / 1000), (long long)(original->length_ms / 1000));
}

bool films_make(const char *path, const char *folder, struct error *err)
{
    struct film_header original, made;
    char film[PATH_SIZE];

    snprintf(film, sizeof(film), "%s/film.mp4", folder);
    if (!film_header_read(path, &original, err))
        return false;
    report_original((int)original.width, (int)original.height, original.length_ms, 1);
    report_progress(0);
    if (!make_film(path, film, &original, err) || !film_header_read(film, &made, err) ||
        !check_length(&original, &made, err) || !make_poster(film, &made, folder, err))
        return false;
    report_file(&(struct made_file){.role = "film",
                                    .type = made.type,
                                    .width = (int)made.width,
                                    .height = (int)made.height,
                                    .length_ms = made.length_ms,
                                    .file = "film.mp4"});
    return true;
}
