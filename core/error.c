#include "core/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Cuts at `size` bytes without leaving half a character at the end. */
static void cut_at_character(char *text, size_t size)
{
    size_t end = size - 1;
    if (strlen(text) < end) {
        return;
    }
    size_t start = end;
    while (start > 0 && ((unsigned char)text[start - 1] & 0xC0) == 0x80) {
        start--;
    }
    if (start == 0) {
        return;
    }
    unsigned char lead = (unsigned char)text[start - 1];
    size_t need = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (start - 1 + need > end) {
        text[start - 1] = '\0';
    }
}

static void copy_cut(char *to, size_t size, const char *from)
{
    size_t length = strnlen(from, size - 1);
    memmove(to, from, length);
    to[length] = '\0';
    cut_at_character(to, size);
}

static void set_messages(struct error *err, enum error_kind kind, const char *fr, const char *en,
                         va_list args)
{
    va_list again;
    va_copy(again, args);
    /* Formatted aside: an argument may be a text of this very error. */
    char fr_text[sizeof err->fr];
    char en_text[sizeof err->en];
    vsnprintf(fr_text, sizeof fr_text, fr, args);
    vsnprintf(en_text, sizeof en_text, en, again);
    va_end(again);
    error_clear(err);
    err->kind = kind;
    copy_cut(err->fr, sizeof err->fr, fr_text);
    copy_cut(err->en, sizeof err->en, en_text);
}

bool error_set(struct error *err, enum error_kind kind, const char *fr, const char *en, ...)
{
    if (err != NULL) {
        va_list args;
        va_start(args, en);
        set_messages(err, kind, fr, en, args);
        va_end(args);
    }
    return false;
}

/* What people meet; the C library knows only English unless a locale is installed. */
static const char *reason_fr(int errno_value, const char *fallback)
{
    static const struct {
        int value;
        const char *text;
    } reasons[] = {
        {ENOENT, "fichier ou dossier introuvable"},
        {EACCES, "droits insuffisants"},
        {EPERM, "opération non permise"},
        {EROFS, "disque en lecture seule"},
        {ENOSPC, "plus de place sur le disque"},
        {EDQUOT, "quota de disque dépassé"},
        {EFBIG, "fichier trop grand"},
        {EIO, "erreur du disque"},
        {EISDIR, "c’est un dossier"},
        {ENOTDIR, "ce n’est pas un dossier"},
        {ENAMETOOLONG, "nom de fichier trop long"},
        {ELOOP, "trop de liens symboliques"},
        {EMFILE, "trop de fichiers ouverts"},
        {ENFILE, "trop de fichiers ouverts"},
        {ENOMEM, "mémoire insuffisante"},
        {EADDRINUSE, "adresse ou port déjà occupé"},
        {EADDRNOTAVAIL, "adresse absente de cette machine"},
        {ECONNREFUSED, "connexion refusée"},
        {ETIMEDOUT, "délai dépassé"},
    };
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (reasons[i].value == errno_value) {
            return reasons[i].text;
        }
    }
    return fallback;
}

bool error_set_errno(struct error *err, int errno_value, const char *fr, const char *en, ...)
{
    if (err != NULL) {
        va_list args;
        va_start(args, en);
        set_messages(err, ERROR_IO, fr, en, args);
        va_end(args);
        char reason[128];
        const char *text = strerror_r(errno_value, reason, sizeof reason);
        size_t used = strlen(err->fr);
        snprintf(err->fr + used, sizeof err->fr - used, " : %s", reason_fr(errno_value, text));
        cut_at_character(err->fr, sizeof err->fr);
        used = strlen(err->en);
        snprintf(err->en + used, sizeof err->en - used, ": %s", text);
        cut_at_character(err->en, sizeof err->en);
    }
    return false;
}

void error_at(struct error *err, const char *file, int line)
{
    if (err == NULL) {
        return;
    }
    if (file != NULL) {
        copy_cut(err->file, sizeof err->file, file);
    }
    if (line != 0) {
        err->line = line;
    }
}

bool error_field(struct error *err, const char *field)
{
    if (err == NULL || field == NULL || field[0] == '\0') {
        return false;
    }
    char inner[sizeof err->field];
    copy_cut(inner, sizeof inner, err->field);
    copy_cut(err->field, sizeof err->field, field);
    size_t used = strlen(err->field);
    if (inner[0] != '\0' && inner[0] != '[' && used < sizeof err->field - 1) {
        err->field[used++] = '.';
    }
    copy_cut(err->field + used, sizeof err->field - used, inner);
    return false;
}

const char *error_text(const struct error *err, enum lang lang, char *buf, size_t size)
{
    if (size == 0) {
        return buf;
    }
    char line[32] = "";
    if (err->line != 0) {
        snprintf(line, sizeof line, lang_pick(lang, "ligne %d", "line %d"), err->line);
    }
    const char *file_comma = err->file[0] != '\0' && line[0] != '\0' ? ", " : "";
    bool placed = err->file[0] != '\0' || line[0] != '\0';
    const char *field_comma = placed && err->field[0] != '\0' ? ", " : "";
    const char *field = err->field[0] != '\0' ? lang_pick(lang, "champ ", "field ") : "";
    placed = placed || err->field[0] != '\0';
    const char *colon = placed ? lang_pick(lang, " : ", ": ") : "";
    snprintf(buf, size, "%s%s%s%s%s%s%s%s", err->file, file_comma, line, field_comma, field,
             err->field, colon, lang_pick(lang, err->fr, err->en));
    cut_at_character(buf, size);
    return buf;
}

void error_clear(struct error *err)
{
    if (err != NULL) {
        memset(err, 0, sizeof *err);
    }
}
