#include "server/notices/words.h"

#include <ctype.h>
#include <string.h>

#include "core/strbuf.h"
#include "server/records/resource.h"

/* "portrait": as it stands within a sentence. */
static const char *noun(const struct notice *notice, struct arena *arena)
{
    const struct resource *resource = resource_find(notice->record_kind);
    char *text = arena_strdup(arena, resource != NULL ? resource->noun_fr : "fiche");

    if ((unsigned char)text[0] == 0xc3) /* É to é: 0xc389 to 0xc3a9 */
        text[1] = (char)(text[1] | 0x20);
    else
        text[0] = (char)tolower((unsigned char)text[0]);
    return text;
}

const char *words_subject(const struct notice *notice, struct arena *arena)
{
    const char *what = noun(notice, arena), *title = notice->title;

    switch (notice->kind) {
    case NOTICE_APPROVAL_WANTED:
        return arena_printf(arena, "À valider : %s « %s »", what, title);
    case NOTICE_APPROVAL_GIVEN:
        return arena_printf(arena, "Validé : %s « %s »", what, title);
    case NOTICE_SENT_BACK:
        return arena_printf(arena, "À revoir : %s « %s »", what, title);
    case NOTICE_EMERGENCY_WAITING:
        return arena_printf(arena, "URGENCE à confirmer : « %s »", title);
    case NOTICE_SCREEN_SILENT:
        return arena_printf(arena, "Écran muet : « %s »", title);
    case NOTICE_ENDS_SOON:
        return arena_printf(arena, "Bientôt fini : %s « %s »", what, title);
    case NOTICE_KINDS:
        break;
    }
    return title;
}

/* An id is escaped: those of events come from calendars and hold anything. */
static const char *escaped(const char *id, struct arena *arena)
{
    struct strbuf out;

    strbuf_init(&out);
    for (const unsigned char *c = (const unsigned char *)id; *c != '\0'; c++) {
        if (isalnum(*c) || strchr("-._~", *c) != NULL)
            strbuf_append_char(&out, (char)*c);
        else
            strbuf_printf(&out, "%%%02X", *c);
    }
    const char *text = arena_strndup(arena, out.bytes, out.length);
    strbuf_finish(&out);
    return text;
}

const char *words_link(const struct notice *notice, const char *url, struct arena *arena)
{
    const struct resource *resource = resource_find(notice->record_kind);
    const char *id = escaped(notice->record, arena);

    if (notice->kind == NOTICE_APPROVAL_WANTED)
        return arena_printf(arena, "%s/admin/approvals/%s/%s", url, notice->record_kind, id);
    if (notice->kind == NOTICE_EMERGENCY_WAITING)
        return arena_printf(arena, "%s/admin/emergency", url);
    return resource == NULL ? arena_printf(arena, "%s/admin/", url)
                            : arena_printf(arena, "%s/admin/%s/%s", url, resource->plural, id);
}

static const char *sentence(const struct notice *notice, const char *by, struct arena *arena)
{
    const char *what = noun(notice, arena), *title = notice->title;

    switch (notice->kind) {
    case NOTICE_APPROVAL_WANTED:
        return arena_printf(arena,
                            "%s vous demande de valider : %s « %s ».\n\nPour lire et décider :", by,
                            what, title);
    case NOTICE_APPROVAL_GIVEN:
        return arena_printf(arena, "%s a validé : %s « %s ».\n\nPour voir la fiche :", by, what,
                            title);
    case NOTICE_SENT_BACK:
        return arena_printf(arena,
                            "%s vous renvoie : %s « %s ».\n\nCe qui est à revoir :\n  %s\n\n"
                            "Pour corriger :",
                            by, what, title, notice->text);
    case NOTICE_EMERGENCY_WAITING:
        return arena_printf(arena,
                            "%s demande de montrer en urgence, sur plusieurs sites :\n  « %s »\n\n"
                            "Une deuxième personne doit confirmer dans la demi-heure :",
                            by, title);
    case NOTICE_SCREEN_SILENT:
        return arena_printf(arena,
                            "L’écran « %s » ne donne plus signe de vie depuis plus d’une heure. "
                            "Vérifiez qu’il est allumé et relié au réseau.\n\nSon état :",
                            title);
    case NOTICE_ENDS_SOON:
        return arena_printf(arena,
                            "Dans moins d’une semaine, ceci quitte les écrans : %s « %s » "
                            "(dernier jour : %s).\n\nPour prolonger, ou laisser finir :",
                            what, title, notice->text);
    case NOTICE_KINDS:
        break;
    }
    return title;
}

const char *words_text(const struct notice *notice, const struct words_frame *frame,
                       struct arena *arena)
{
    return arena_printf(arena,
                        "Bonjour %s,\n\n%s\n%s\n\n"
                        "-- \nVitrine, l’économie sociale et solidaire sur les écrans de la "
                        "Métropole\nCe message est automatique. Choisir ce que vous recevez : "
                        "%s/admin/account\n",
                        frame->recipient,
                        sentence(notice, frame->by[0] != '\0' ? frame->by : "Vitrine", arena),
                        words_link(notice, frame->url, arena), frame->url);
}
