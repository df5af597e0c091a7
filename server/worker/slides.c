#include "server/worker/slides.h"

#include <stdio.h>
#include <unistd.h>

#include "server/worker/pictures.h"
#include "server/worker/programs.h"
#include "server/worker/report.h"

#define PATH_SIZE 4096
#define CONVERTED 60 /* per cent */

bool slides_make(const char *path, const char *folder, struct error *err)
{
    char profile[PATH_SIZE + 64], input[PATH_SIZE], pdf[PATH_SIZE];
    struct error cause;

    if (access(SLIDES_PROGRAM, X_OK) != 0)
        return error_set(err, ERROR_NOT_FOUND,
                         "ce serveur ne sait pas lire les présentations : exportez-la en PDF, ou "
                         "demandez à l’administrateur d’installer libreoffice-impress",
                         "this server cannot read presentations: export it as PDF, or ask the "
                         "administrator to install libreoffice-impress");
    /* LibreOffice knows a document by its name's end; the original has none. */
    snprintf(input, sizeof(input), "%s/slides", folder);
    snprintf(pdf, sizeof(pdf), "%s/slides.pdf", folder);
    snprintf(profile, sizeof(profile), "-env:UserInstallation=file://%s/profile", folder);
    if (symlink(path, input) != 0)
        return error_set(err, ERROR_IO, "le lien vers l’original est refusé",
                         "the link to the original is refused");
    const char *words[] = {SLIDES_PROGRAM,  profile,        "--headless", "--norestore",
                           "--nolockcheck", "--convert-to", "pdf",        "--outdir",
                           folder,          input,          NULL};
    report_progress(5);
    if (!program_run(words, NULL, NULL, &cause) || access(pdf, R_OK) != 0)
        return error_set(err, ERROR_INVALID,
                         "cette présentation ne s’ouvre pas ; exportez-la en PDF et envoyez le PDF",
                         "this presentation cannot be opened; export it as PDF and send that");
    report_progress(CONVERTED);
    return pictures_make_pages(pdf, folder, CONVERTED, err);
}
