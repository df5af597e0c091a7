#include "server/import/sector.h"

#include <stddef.h>
#include <string.h>

static const struct {
    const char *prefix;
    const char *sector;
} table[] = {
    {"01", "alimentation"},   {"02", "environnement"},
    {"03", "alimentation"},   {"10", "alimentation"},
    {"11", "alimentation"},   {"12", "alimentation"},
    {"13", "textile"},        {"14", "textile"},
    {"15", "textile"},        {"16", "batiment"},
    {"21", "sante"},          {"35", "energie"},
    {"36", "environnement"},  {"37", "environnement"},
    {"38", "reemploi"},       {"39", "environnement"},
    {"41", "batiment"},       {"42", "batiment"},
    {"43", "batiment"},       {"45", "mobilite"},
    {"46.2", "alimentation"}, {"46.3", "alimentation"},
    {"47.1", "alimentation"}, {"47.2", "alimentation"},
    {"47.51", "textile"},     {"47.71", "textile"},
    {"47.79", "reemploi"},    {"49", "mobilite"},
    {"50", "mobilite"},       {"51", "mobilite"},
    {"52", "mobilite"},       {"53", "mobilite"},
    {"56", "alimentation"},   {"58", "culture"},
    {"59", "culture"},        {"60", "culture"},
    {"61", "numerique"},      {"62", "numerique"},
    {"63", "numerique"},      {"64", "finance"},
    {"65", "finance"},        {"66", "finance"},
    {"68", "habitat"},        {"77.1", "mobilite"},
    {"78", "insertion"},      {"81.30", "environnement"},
    {"85", "education"},      {"86", "sante"},
    {"87", "sante"},          {"88", "sante"},
    {"88.91", "education"},   {"88.99", "insertion"},
    {"90", "culture"},        {"91", "culture"},
    {"93", "culture"},        {"95", "reemploi"},
    {"96.01", "textile"},
};

const char *sector_of_naf(const char *naf)
{
    const char *best = "services";
    size_t longest = 0;

    if (!*naf)
        return "";
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        size_t length = strlen(table[i].prefix);
        if (length > longest && strncmp(naf, table[i].prefix, length) == 0) {
            best = table[i].sector;
            longest = length;
        }
    }
    return best;
}
