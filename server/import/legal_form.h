/* Legal forms: INSEE's categories (catégories juridiques, niveau III) from code or label, and the
 * family of the social and solidarity economy that follows from them. */
#ifndef VITRINE_SERVER_IMPORT_LEGAL_FORM_H
#define VITRINE_SERVER_IMPORT_LEGAL_FORM_H

#include <stdbool.h>

#include "server/store/organisations.h"

struct legal_form {
    const char *code; /* 4 digits, "" when it could not be told */
    enum famille_ess family;
    bool scop;
    bool scic;
    bool known; /* false: the family was guessed from the words, or is not known */
};

/* text is a code ("9220") or a label as INSEE or the ASP write it; case, accents and punctuation do
 * not count. name is looked at for SCOP and SCIC, which are not always a category of their own. */
struct legal_form legal_form_of(const char *text, const char *name);

/* Family by category: 92 association (associations syndicales, 7321–7323, are public: autre
 * organisme), 93 fondation, 82 and 6411 mutuelle, 63, 51 and the cooperative forms of 52–56 and 65
 * coopérative, 71–74, 4, 81, 84, 85, 91, 9900 autre organisme, other 1, 2, 5 and 6 entreprise. */
enum famille_ess legal_form_family(const char *code);

#endif
