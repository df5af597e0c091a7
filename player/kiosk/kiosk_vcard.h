/* What a visitor takes along by QR code. */
#ifndef VITRINE_PLAYER_KIOSK_KIOSK_VCARD_H
#define VITRINE_PLAYER_KIOSK_KIOSK_VCARD_H

#include <stdbool.h>

#include "core/strbuf.h"
#include "directory/directory.h"

/* vCard 3.0 (RFC 2426) of what the directory knows; `brief`: without the address, for a code of
 * larger modules. False, and nothing, when there is no way to get in touch. */
bool kiosk_vcard_write(const struct directory_organisation *entry, bool brief, struct strbuf *out);

#endif
