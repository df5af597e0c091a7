#include "directory/directory_synonyms.h"

#include <string.h>

#include "directory/directory_private.h"

/* One group a line: beginnings of words, or several whole words, folded. Who has one of a group is
 * found by all of it. */
static const char *const groups[] = {
    "traiteur|restaurat|restaurant|cantine|repas|cuisine|buffet|cocktail",
    "velo|cycle|bicyclette|cyclisme",
    "ressourcerie|recyclerie|reemploi|recyclage|recuperation|seconde main|occasion|friperie",
    "textile|vetement|habillement|couture|friperie",
    "creche|petite enfance|garderie|jeunes enfants|halte garderie|nourrice",
    "menage|nettoyage|proprete|entretien",
    "jardin|espaces verts|paysag|jardinage|tonte|elagage",
    "maraicher|maraichage|legume|fruits et legumes|primeur",
    "informatique|numerique|ordinateur|logiciel|internet|programmation",
    "insertion|emploi|chantier d insertion|reinsertion",
    "handicap|handicape|esat|entreprise adaptee",
    "logement|hebergement|habitat|foyer|immobilier",
    "senior|personnes agees|ehpad|vieillesse|aide a domicile|maintien a domicile",
    "sante|medical|soins|infirmier|hospitalier",
    "formation|apprentissage|enseignement|cours|ecole",
    "batiment|travaux|construction|renovation|maconnerie|peinture|btp",
    "menuiserie|bois|ebenisterie|charpente",
    "imprimerie|impression|reprographie",
    "mutuelle|complementaire sante|assurance",
    "banque|credit|finance|epargne|pret",
    "theatre|spectacle|scene|compagnie",
    "musique|concert|chanson",
    "culture|culturel|artistique|art",
    "sport|sportif|gymnastique|fitness",
    "auto|voiture|garage|automobile|mobilite|autopartage",
    "transport|livraison|logistique|demenagement|coursier",
    "vacances|tourisme|colonie|sejour|loisirs",
    "epicerie|alimentation|alimentaire|magasin bio|vrac",
    "aide alimentaire|banque alimentaire|colis",
    "boulangerie|pain|patisserie",
    "energie|solaire|photovoltaique|electricite|renouvelable",
    "dechet|tri|collecte|environnement|compost",
    "conseil|accompagnement|etudes|gestion",
    "coiffure|coiffeur|beaute|esthetique",
    "blanchisserie|laverie|pressing|repassage|linge",
    "sous traitance|conditionnement|emballage",
    "reparation|repair|bricolage|atelier de reparation",
    "bureau|coworking|espace de travail|tiers lieu",
    "communication|publicite|graphisme|audiovisuel",
    "animaux|animal|chien|chat|refuge",
    "interim|travail temporaire|ett",
};

/* Whether the term stands in `words`: one word as a beginning, several as they are. */
static bool stands(const char *words, const char *term, size_t length)
{
    bool several = memchr(term, ' ', length) != NULL;

    for (const char *at = words; *at != '\0'; at += *at == ' ') {
        if (strncmp(at, term, length) == 0 &&
            (at[length] == '\0' || at[length] == ' ' || !several || at[length] == 's'))
            return true;
        at += strcspn(at, " ");
    }
    return false;
}

static void take_all(const char *group, void (*take)(void *, const char *, size_t), void *context)
{
    while (*group != '\0') {
        size_t length = strcspn(group, "| ");
        if (directory_word_counts(group, length))
            take(context, group, length);
        group += length;
        group += *group != '\0';
    }
}

void directory_synonyms(const char *words,
                        void (*take)(void *context, const char *word, size_t length), void *context)
{
    for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
        bool found = false;
        for (const char *term = groups[i]; *term != '\0' && !found;) {
            size_t length = strcspn(term, "|");
            found = stands(words, term, length);
            term += length;
            term += *term == '|';
        }
        if (found)
            take_all(groups[i], take, context);
    }
}
