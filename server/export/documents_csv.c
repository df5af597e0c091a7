/* annuaire.csv, in Vitrine's own layout (server/import). No guard against formulas as tables for
 * people have: it would change the names. */
#include <stdio.h>
#include <string.h>

#include "server/export/documents_private.h"
#include "server/store/organisations.h"

static void put(struct strbuf *out, const char *text, bool last)
{
    strbuf_append_char(out, '"');
    for (; *text != '\0'; text++) {
        if (*text == '"')
            strbuf_append_char(out, '"');
        strbuf_append_char(out, *text);
    }
    strbuf_append(out, last ? "\"\r\n" : "\";");
}

static void put_list(struct strbuf *out, const struct text_list *list)
{
    struct strbuf text;

    strbuf_init(&text);
    for (size_t i = 0; i < list->count; i++)
        strbuf_printf(&text, "%s%s", i > 0 ? "," : "", list->items[i]);
    put(out, text.bytes, false);
    strbuf_finish(&text);
}

/* To the decimetre. */
static void put_degrees(struct strbuf *out, const struct organisation *one, double degrees)
{
    char text[32] = "";

    if (organisation_placed(one))
        snprintf(text, sizeof(text), "%.6f", degrees);
    put(out, text, false);
}

static void put_organisation(struct strbuf *out, const struct organisation *one)
{
    const char *const first[] = {one->id,
                                 one->siret,
                                 one->rna,
                                 one->nom,
                                 one->enseigne,
                                 one->sigle,
                                 one->categorie_juridique,
                                 one->esus ? "1" : "0"};
    const char *const texts[] = {one->resume, one->offre, one->valeurs, one->falc};
    const char *const last[] = {one->telephone, one->courriel, one->site_web, one->horaires,
                                one->site,      one->etage,    one->bureau};

    for (size_t i = 0; i < sizeof(first) / sizeof(first[0]); i++)
        put(out, first[i], false);
    put_list(out, &one->types_iae);
    put(out, one->naf, false);
    put_list(out, &one->secteurs);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        put(out, texts[i], false);
    put_list(out, &one->rse);
    put_list(out, &one->marches_reserves);
    put(out, one->adresse, false);
    put(out, one->code_postal, false);
    put(out, one->commune, false);
    put_degrees(out, one, one->latitude);
    put_degrees(out, one, one->longitude);
    for (size_t i = 0; i < sizeof(last) / sizeof(last[0]); i++)
        put(out, last[i], i + 1 == sizeof(last) / sizeof(last[0]));
}

bool export_organisations(struct exporting *exporting, struct error *err)
{
    struct organisation_list list;
    struct strbuf text;

    if (!organisations_list(exporting->options->db, exporting->arena,
                            &(struct organisation_filter){.all = true}, &list, err))
        return false;
    strbuf_init(&text);
    strbuf_append(&text,
                  "id_source;siret;rna;nom;enseigne;sigle;categorie_juridique;esus;types_iae;"
                  "naf;secteurs;resume;offre;valeurs;falc;rse;marches_reserves;adresse;"
                  "code_postal;commune;latitude;longitude;telephone;courriel;site_web;horaires;"
                  "site;etage;bureau\r\n");
    for (size_t i = 0; i < list.count; i++) {
        bool shown = list.items[i].diffusable && list.items[i].state == STATE_PUBLISHED;
        exporting->report->organisations += shown;
        exporting->report->left_out += !shown;
        if (shown)
            put_organisation(&text, &list.items[i]);
    }
    bool ok = export_text(exporting, "annuaire.csv", &text, err);
    strbuf_finish(&text);
    return ok;
}
