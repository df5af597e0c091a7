/* Pictures drawn by vitrine-render: the same drawing code as the screen's, in processes of their
 * own, so that no picture can take the server down. A few processes stay (player/render_serve.h
 * tells what they answer); one that crashes or is late is replaced by the next question. Any thread
 * may ask; the answer is waited for. */
#ifndef VITRINE_SERVER_DRAWING_DRAWING_H
#define VITRINE_SERVER_DRAWING_DRAWING_H

#include "core/error.h"
#include "playlists/slide.h"
#include "playlists/template.h"

struct drawing;

struct drawing_config {
    const char *renderer; /* path of vitrine-render */
    const char *assets;   /* folder of fonts and templates */
    const char *media;    /* folder of files by SHA-256 */
    int processes;        /* at most; 0: 2 */
    int limit_ms;         /* for one answer; 0: 15 s */
};

/* Strings are copied. Processes start when they are first needed. */
struct drawing *drawing_create(const struct drawing_config *config);
/* Whoever asks gets ERROR_BUSY from now on, also who waits. */
void drawing_stop(struct drawing *drawing);
/* When nobody asks any more. Accepts NULL. */
void drawing_destroy(struct drawing *drawing);

/* A picture's size, and for whom it is: 0 where it is not known. What shows in one zone of it has
 * that zone's share, in 1/MANIFEST_WHOLE of the picture less its strip; 0: the whole picture. */
struct drawing_size {
    int width_px, height_px, diagonal_mm, distance_mm;
    bool strip;
    int zone_w, zone_h;
};
/* "16:9", "9:16", "1:1"; false for others. */
bool drawing_size_named(const char *name, struct drawing_size *out);

/* A PNG, freed with free(). */
struct drawing_picture {
    char *png;
    size_t size;
};

/* image_width: reduced to so many pixels; 0: as large as it is drawn. */
bool drawing_screen(struct drawing *drawing, const void *manifest, size_t manifest_size,
                    const char *key_hex, int64_t at_ms, int image_width,
                    struct drawing_picture *out, struct error *err)
    __attribute__((warn_unused_result));

/* A slide with the templates of its site (NULL: the program's own), as a question that can be kept
 * and asked later: freed with free(). */
char *drawing_question(const struct slide *slide, const struct template_set *templates,
                       const struct drawing_size *size, int image_width);
bool drawing_slide(struct drawing *drawing, const char *question, struct drawing_picture *out,
                   struct error *err) __attribute__((warn_unused_result));

#define DRAWING_SIZES_MAX 8
#define DRAWING_TEXTS_MAX (2 * TEMPLATE_SPECS_MAX)
#define DRAWING_UNKNOWN (-1)

/* How a slide's texts stand in each size. */
struct drawing_fit {
    struct drawing_fit_size {
        size_t text_count; /* that show */
        struct drawing_fit_text {
            char slot[40];
            int characters; /* that do not fit */
        } texts[DRAWING_TEXTS_MAX];
    } sizes[DRAWING_SIZES_MAX];
    int most[SLIDE_TEXTS_MAX]; /* of the slots asked: characters that fit in the tightest size, or
                                  DRAWING_UNKNOWN */
};

/* DRAWING_SIZES_MAX sizes and SLIDE_TEXTS_MAX slots at most. */
bool drawing_fit(struct drawing *drawing, const struct slide *slide,
                 const struct template_set *templates, const struct drawing_size *sizes,
                 size_t size_count, const char *const *slots, size_t slot_count,
                 struct drawing_fit *out, struct error *err) __attribute__((warn_unused_result));

enum drawing_tier {
    DRAWING_HEADLINE,
    DRAWING_FACT,
    DRAWING_CREDIT,
    DRAWING_EMERGENCY,
    DRAWING_TIERS
};

/* How small capitals get on a screen, at the least. */
struct drawing_capitals {
    double px_per_mm;
    double px[DRAWING_TIERS];
};
bool drawing_capitals(struct drawing *drawing, const struct drawing_size *size,
                      struct drawing_capitals *out, struct error *err)
    __attribute__((warn_unused_result));

#endif
