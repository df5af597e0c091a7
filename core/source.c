#include "core/source.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

bool source_check(const char *path, struct error *err)
{
    struct stat status;

    if (stat(path, &status) != 0) {
        if (errno == ENOENT || errno == ENOTDIR) {
            error_set(err, ERROR_NOT_FOUND, "ce fichier n’existe pas", "there is no such file");
        } else {
            error_set_errno(err, errno, "lecture impossible", "cannot read");
        }
    } else if (S_ISDIR(status.st_mode)) {
        error_set(err, ERROR_INVALID, "c’est un dossier ; donnez le fichier qu’il contient",
                  "this is a folder; give the file in it");
    } else if (!S_ISREG(status.st_mode)) {
        error_set(err, ERROR_INVALID,
                  "ce n’est pas un fichier ordinaire (tube ou périphérique) ; enregistrez d’abord "
                  "son contenu dans un fichier",
                  "this is no plain file (a pipe or device); save what it holds in a file first");
    } else {
        return true;
    }
    error_at(err, path, 0);
    return false;
}

bool source_is_inside(const char *folder, const char *path)
{
    char whole[PATH_MAX];
    char below[PATH_MAX];

    if (realpath(folder, whole) == NULL || realpath(path, below) == NULL) {
        return false;
    }
    size_t length = strlen(whole);
    return length == 1 || (strncmp(below, whole, length) == 0 && below[length] == '/');
}
