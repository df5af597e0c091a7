/* Slides and films that a playlist holds itself; between playlist.c and playlist_written.c. */
#ifndef VITRINE_PLAYLISTS_PLAYLIST_WRITTEN_H
#define VITRINE_PLAYLISTS_PLAYLIST_WRITTEN_H

#include "core/json.h"
#include "playlists/playlist.h"

bool playlist_slide_decode(const cJSON *object, struct arena *arena,
                           struct playlist_slide **slide_out, struct error *err)
    __attribute__((warn_unused_result));
/* As the member "slide" of the entry. */
void playlist_slide_encode(struct json_writer *writer, const struct playlist_slide *slide);

bool playlist_film_decode(const cJSON *object, struct arena *arena, struct playlist_film **film_out,
                          struct error *err) __attribute__((warn_unused_result));
/* As the member "film" of the entry. */
void playlist_film_encode(struct json_writer *writer, const struct playlist_film *film);

#endif
