/* Prints the enrolment request of the key in a file, signed for a challenge, as the player makes
 * it: enrolment_request KEY_FILE [CHALLENGE [--wrong]]. */
#include <stdio.h>
#include <string.h>

#include "core/json.h"
#include "playlists/enrolment.h"

int main(int argc, char **argv)
{
    const char *challenge = argc > 2 ? argv[2] : "";
    uint8_t signature[SIGN_SIGNATURE_SIZE];
    char key[SIGN_PUBLIC_HEX_SIZE], hex[SIGN_SIGNATURE_HEX_SIZE];
    struct sign_keys keys;
    struct json_writer writer;
    struct strbuf message, body;
    struct error error;

    if (argc < 2 || !sign_init() || !sign_keys_load_or_create(argv[1], &keys, &error))
        return 1;
    strbuf_init(&message);
    enrolment_message(&keys.public, challenge, &message);
    sign_bytes(&keys, message.bytes, message.length, signature);
    if (argc > 3 && strcmp(argv[3], "--wrong") == 0)
        signature[7] ^= 1;
    hex_encode(keys.public.bytes, SIGN_PUBLIC_SIZE, key);
    hex_encode(signature, SIGN_SIGNATURE_SIZE, hex);
    strbuf_init(&body);
    json_writer_init(&writer, &body);
    json_begin_object(&writer, NULL);
    json_put_string(&writer, "public_key", key);
    json_put_string(&writer, "challenge", challenge);
    json_put_string(&writer, "signature", hex);
    json_put_int(&writer, "width_px", 1920);
    json_put_int(&writer, "height_px", 1080);
    json_put_string(&writer, "software", "enrolment_request");
    json_end_object(&writer);
    puts(body.bytes);
    strbuf_finish(&body);
    strbuf_finish(&message);
    return 0;
}
