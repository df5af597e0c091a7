/* Writes the directory of a kiosk: make_directory FILE COUNT [FILM CAPTIONS]. COUNT
 * made-up organisations, with some events, communes and portraits, whose film and captions have
 * these hashes. */
#include "tests/unit/player_kiosk/fixture.h"

int main(int argc, char **argv)
{
    if (argc != 3 && argc != 5) {
        fprintf(stderr, "make_directory FILE COUNT [FILM CAPTIONS]\n");
        return 2;
    }
    struct fixture_making making = fixture_begin();
    if (argc == 5) {
        making.film = argv[3];
        making.captions = argv[4];
    }
    fixture_add_many(&making, strtoul(argv[2], NULL, 10), 4);
    char *bytes;
    size_t length;
    struct error err;
    fixture_close(&making);
    bool ok = file_read(making.path, DIRECTORY_BYTES_MAX, &bytes, &length, &err) &&
              file_write_atomic(argv[1], bytes, length, 0644, &err);
    unlink(making.path);
    fixture_check(ok, &err);
    free(bytes);
    return 0;
}
