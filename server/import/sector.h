/* Sectors of activity as the city sorts them, from the NAF when a file gives none.
 *   01–03 10–12 46.2 46.3 47.1 47.2 56  alimentation     41–43 16            batiment
 *   13–15 47.51 47.71 96.01             textile          35                  energie
 *   36 37 39 02 81.30                   environnement     38 47.79 95         reemploi
 *   45 49–53 77.1                       mobilite         58–60 90 91 93      culture
 *   61–63                               numerique        64–66               finance
 *   68                                  habitat          78 88.99            insertion
 *   85 88.91                            education        86–88 21            sante
 *   all others                          services
 * The longest prefix counts. Insertion employers get "insertion" as a further sector. */
#ifndef VITRINE_SERVER_IMPORT_SECTOR_H
#define VITRINE_SERVER_IMPORT_SECTOR_H

/* naf is "78.20Z". Static text; "" for an empty code. */
const char *sector_of_naf(const char *naf);

#endif
