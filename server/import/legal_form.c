#include "server/import/legal_form.h"

#include <stdlib.h>
#include <string.h>

#include "core/strbuf.h"
#include "core/utf8.h"

/* Source: INSEE, « Catégories juridiques », niveau III (September 2022), public data, as far as
 * they occur among ESS structures; second labels are those of the ASP's lists and of the API
 * Entreprise mapping that les-emplois (GIP Inclusion) published. In folded form. */
static const struct {
    const char *label;
    const char *code;
} labels[] = {
    {"entrepreneur individuel", "1000"},
    {"societe creee de fait entre personnes physiques", "2110"},
    {"etablissement public national a caractere industriel ou commercial dote d un comptable "
     "public",
     "4110"},
    {"etablissement public national a caractere industriel ou commercial non dote d un comptable "
     "public",
     "4120"},
    {"etablissement public local a caractere industriel ou commercial", "4140"},
    {"societe cooperative de banque populaire", "5192"},
    {"caisse federale de credit mutuel", "5194"},
    {"association cooperative inscrite droit local alsace moselle", "5195"},
    {"caisse d epargne et de prevoyance a forme cooperative", "5196"},
    {"societe en nom collectif", "5202"},
    {"societe en nom collectif cooperative", "5203"},
    {"sarl nationale", "5410"},
    {"sarl cooperative de construction", "5443"},
    {"sarl cooperative de consommation", "5451"},
    {"sarl cooperative artisanale", "5453"},
    {"sarl cooperative d interet maritime", "5454"},
    {"sarl cooperative de transport", "5455"},
    {"sarl cooperative de production scop", "5458"},
    {"sarl cooperative ouvriere de production scop", "5458"},
    {"sarl union de societes cooperatives", "5459"},
    {"autre sarl cooperative", "5460"},
    {"sarl unipersonnelle", "5498"},
    {"societe a responsabilite limitee sans autre indication", "5499"},
    {"societe a responsabilite limitee", "5499"},
    {"sarl", "5499"},
    {"sa d economie mixte a conseil d administration", "5515"},
    {"sa d interet collectif agricole sica a conseil d administration", "5532"},
    {"sa de hlm a conseil d administration", "5546"},
    {"sa cooperative de production de hlm a conseil d administration", "5547"},
    {"sa cooperative de consommation a conseil d administration", "5551"},
    {"sa cooperative de commercants detaillants a conseil d administration", "5552"},
    {"sa cooperative artisanale a conseil d administration", "5553"},
    {"sa cooperative de production scop a conseil d administration", "5558"},
    {"sa cooperative ouvriere de production scop a conseil d administration", "5558"},
    {"autre sa cooperative a conseil d administration", "5560"},
    {"sa a conseil d administration s a i", "5599"},
    {"sa cooperative de production scop a directoire", "5658"},
    {"sa cooperative ouvriere de production scop a directoire", "5658"},
    {"autre sa cooperative a directoire", "5660"},
    {"sa a directoire s a i", "5699"},
    {"sas societe par actions simplifiee", "5710"},
    {"societe par actions simplifiee", "5710"},
    {"societe par actions simplifiee a associe unique ou societe par actions simplifiee "
     "unipersonnelle",
     "5720"},
    {"cooperative d utilisation de materiel agricole en commun cuma", "6316"},
    {"societe cooperative agricole", "6317"},
    {"union de societes cooperatives agricoles", "6318"},
    {"societe d assurance a forme mutuelle", "6411"},
    {"groupement agricole d exploitation en commun gaec", "6533"},
    {"societe civile immobiliere", "6540"},
    {"societe civile cooperative de construction", "6543"},
    {"societe civile cooperative de consommation", "6551"},
    {"autre societe civile cooperative", "6560"},
    {"societe civile d exploitation agricole", "6597"},
    {"exploitation agricole a responsabilite limitee", "6598"},
    {"autre societe civile", "6599"},
    {"autre personne de droit prive inscrite au registre du commerce et des societes", "6901"},
    {"service deconcentre a competence nationale d un ministere hors defense", "7160"},
    {"commune et commune nouvelle", "7210"},
    {"commune", "7210"},
    {"departement", "7220"},
    {"association syndicale autorisee", "7321"},
    {"etablissement public local d enseignement", "7331"},
    {"communaute urbaine", "7343"},
    {"metropole", "7344"},
    {"syndicat intercommunal a vocation multiple sivom", "7345"},
    {"communaute de communes", "7346"},
    {"communaute d agglomeration", "7348"},
    {"syndicat mixte ferme", "7354"},
    {"syndicat mixte ouvert", "7355"},
    {"pole d equilibre territorial et rural petr", "7357"},
    {"centre communal d action sociale", "7361"},
    {"etablissement d hospitalisation", "7364"},
    {"etablissement public local social et medico social", "7366"},
    {"centre intercommunal d action sociale cias", "7367"},
    {"etablissement public national a caractere administratif", "7389"},
    {"groupement d interet public gip", "7410"},
    {"groupement de cooperation sanitaire a gestion publique", "7470"},
    {"regime general de la securite sociale", "8110"},
    {"mutuelle", "8210"},
    {"assurance mutuelle agricole", "8250"},
    {"autre organisme mutualiste", "8290"},
    {"ordre professionnel ou assimile", "8450"},
    {"syndicat de copropriete", "9110"},
    {"association non declaree", "9210"},
    {"association declaree", "9220"},
    {"association loi 1901", "9220"},
    {"association loi de 1901", "9220"},
    {"association declaree d insertion par l economique", "9221"},
    {"association intermediaire", "9222"},
    {"groupement d employeurs", "9223"},
    {"association d avocats a responsabilite professionnelle individuelle", "9224"},
    {"association declaree reconnue d utilite publique", "9230"},
    {"congregation", "9240"},
    {"association de droit local bas rhin haut rhin et moselle", "9260"},
    {"fondation", "9300"},
    {"fonds de dotation", "9300"},
    {"autre personne morale de droit prive", "9900"},
    {"groupement de cooperation sanitaire a gestion privee", "9970"},
};

static bool has_word(const char *folded, const char *word)
{
    size_t length = strlen(word);

    for (const char *at = folded; (at = strstr(at, word)) != NULL; at++)
        if ((at == folded || at[-1] == ' ') && (at[length] == '\0' || at[length] == ' '))
            return true;
    return false;
}

static bool is_code(const char *text)
{
    return strlen(text) == 4 && strspn(text, "0123456789") == 4;
}

/* Within 52–56 the third and fourth digits name the cooperative forms. */
static bool is_cooperative_company(int code)
{
    static const int others[] = {5203, 5307, 5309, 5443, 5543, 5547, 5643,
                                 5647, 6100, 6543, 6551, 6554, 6558, 6560};

    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (code == others[i])
            return true;
    int form = code % 100;
    int kind = code / 100;
    return kind >= 54 && kind <= 56 && form >= 51 && form <= 60;
}

enum famille_ess legal_form_family(const char *code)
{
    if (!is_code(code))
        return FAMILLE_INCONNUE;
    int number = (int)strtol(code, NULL, 10); /* four digits: is_code */
    int kind = number / 100;
    if (kind == 92)
        return FAMILLE_ASSOCIATION;
    if (kind == 93)
        return FAMILLE_FONDATION;
    if (kind == 82 || number == 6411)
        return FAMILLE_MUTUELLE;
    if (kind == 51 || kind == 63 || is_cooperative_company(number))
        return FAMILLE_COOPERATIVE;
    if (number / 1000 == 4 || number / 1000 >= 7 || number == 0)
        return FAMILLE_AUTRE_ORGANISME;
    return FAMILLE_ENTREPRISE;
}

static enum famille_ess guess_family(const char *folded)
{
    static const struct {
        const char *word;
        enum famille_ess family;
    } words[] = {
        {"association", FAMILLE_ASSOCIATION}, {"assoc", FAMILLE_ASSOCIATION},
        {"asso", FAMILLE_ASSOCIATION},        {"scop", FAMILLE_COOPERATIVE},
        {"scic", FAMILLE_COOPERATIVE},        {"cooperative", FAMILLE_COOPERATIVE},
        {"mutuelle", FAMILLE_MUTUELLE},       {"fondation", FAMILLE_FONDATION},
        {"sarl", FAMILLE_ENTREPRISE},         {"sas", FAMILLE_ENTREPRISE},
        {"societe", FAMILLE_ENTREPRISE},      {"eurl", FAMILLE_ENTREPRISE},
    };

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (has_word(folded, words[i].word))
            return words[i].family;
    return FAMILLE_INCONNUE;
}

static void look_up(const char *folded, struct legal_form *form)
{
    form->code = "";
    for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
        if (strcmp(labels[i].label, folded) == 0) {
            form->code = labels[i].code;
            form->family = legal_form_family(form->code);
            form->known = true;
            return;
        }
    }
    form->family = guess_family(folded);
    form->known = *folded == '\0';
}

struct legal_form legal_form_of(const char *text, const char *name)
{
    struct legal_form form = {0};
    struct strbuf label;
    struct strbuf title;

    strbuf_init(&label);
    strbuf_init(&title);
    utf8_fold(text, &label);
    utf8_fold(name, &title);
    if (is_code(label.bytes)) {
        form.code = text + strspn(text, " ");
        form.family = legal_form_family(label.bytes);
        form.known = true;
    } else {
        look_up(label.bytes, &form);
    }
    form.scop = has_word(label.bytes, "scop") || has_word(title.bytes, "scop") ||
                strcmp(form.code, "5458") == 0 || strcmp(form.code, "5558") == 0 ||
                strcmp(form.code, "5658") == 0;
    form.scic = has_word(label.bytes, "scic") || has_word(title.bytes, "scic");
    strbuf_finish(&title);
    strbuf_finish(&label);
    return form;
}
