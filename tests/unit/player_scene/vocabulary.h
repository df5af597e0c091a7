/* What slides of every template say, in three lengths, for test programs. */
#ifndef VITRINE_TESTS_VOCABULARY_H
#define VITRINE_TESTS_VOCABULARY_H

enum volume { SHORT, LONG, WORST, VOLUMES };

struct words {
    const char *template, *slot;
    const char *texts[VOLUMES]; /* NULL: none */
};

#define LONG_TEXT                                                                                    \
    "Empruntez l’escalier de droite, puis suivez les flèches jaunes : l’accueil vous aide, du " \
    "lundi au samedi, de 8 h à 19 h. "
#define WORST_TEXT LONG_TEXT LONG_TEXT LONG_TEXT LONG_TEXT "Anticonstitutionnellement œ É Ÿ 🎉"
#define WORST_NAME "Élisabeth-Œdine Ÿsaline Montgomery de Saint-Étienne-du-Rouvray"

static const struct words vocabulary[] = {
    {"portrait", "company", {"Ici", "La Seconde Rive", WORST_NAME " et compagnie"}},
    {"portrait", "leader", {"Léo Ab", "Gwenaëlle Thieury", WORST_NAME}},
    {"portrait", "role", {NULL, "coursière et cogérante de la coopérative", WORST_TEXT}},
    {"portrait",
     "quote",
     {"Osons.", "En ville, le plus rapide pédale et dit bonjour.", WORST_TEXT}},
    {"portrait", "story", {NULL, WORST_TEXT, WORST_TEXT WORST_TEXT}},
    {"portrait", "sector", {"Santé", "Environnement", "Recherche et développement expérimental"}},
    {"portrait", "commune", {NULL, "Le Petit-Quevilly", "Saint-Martin-de-Boscherville-les-Bains"}},
    {"event", "title", {"Bal", "Soirée d’ouverture du Mois de l’ESS", WORST_TEXT}},
    {"event",
     "date",
     {"lundi 2 mai", "mercredi 25 novembre",
      "du mercredi 30 septembre au dimanche 1er novembre 2026"}},
    {"event", "time", {NULL, "18 h 30 – 22 h 45", "de 9 h 30 à 12 h 15 et de 14 h 30 à 18 h 45"}},
    {"event", "place", {"Mairie", "Halle aux Toiles, 76000 Rouen", WORST_TEXT}},
    {"event", "commune", {NULL, "Rouen", "Saint-Étienne-du-Rouvray"}},
    {"event", "price", {NULL, "Gratuit, sur inscription", WORST_TEXT}},
    {"event", "access", {NULL, "Accès de plain-pied, boucle magnétique", WORST_TEXT}},
    {"event", "organiser", {NULL, "la CRESS Normandie", WORST_NAME}},
    {"event", "status", {NULL, "Annulé", "Reporté à une date qui sera annoncée bientôt"}},
    {"highlight", "name", {"Ici", "SCIC Les Bocaux du Robec", WORST_NAME " جمعية"}},
    {"highlight", "sign", {NULL, "Les Bocaux du Robec", WORST_NAME " et compagnie"}},
    {"highlight", "activity", {"Santé", "Transformation et conservation de légumes", WORST_TEXT}},
    {"highlight", "summary", {NULL, LONG_TEXT, WORST_TEXT}},
    {"highlight", "commune", {"Oissel", "Sotteville-lès-Rouen", WORST_NAME}},
    {"highlight", "address", {NULL, "4, quai de la Teinturerie", WORST_TEXT}},
    {"highlight", "phone", {NULL, "02 61 91 08 88", "+33 2 61 91 08 88, poste 1234567890"}},
    {"highlight", "types", {NULL, "Atelier et chantier d’insertion", WORST_TEXT}},
    {"highlight", "family", {NULL, "Coopérative", "Société commerciale de l’économie sociale"}},
    {"announcement", "title", {"Merci", "Ascenseur B en travaux", WORST_TEXT}},
    {"announcement", "text", {NULL, LONG_TEXT, WORST_TEXT WORST_TEXT}},
    {"emergency", "title", {"Sortez", "Évacuez le bâtiment", WORST_TEXT}},
    {"emergency", "text", {NULL, "Prenez l’escalier. N’utilisez pas l’ascenseur.", WORST_TEXT}},
    {"agenda", "title", {"Agenda", "Le Mois de l’ESS", WORST_TEXT}},
    {"agenda", "subtitle", {NULL, "Du 23 au 29 novembre", WORST_TEXT}},
    {"agenda", "row_1", {"Bal", "Soirée d’ouverture du Mois de l’ESS", WORST_TEXT}},
    {"agenda", "row_1_label", {NULL, "lundi 23, 18 h 30", WORST_NAME}},
    {"agenda", "row_1_detail", {NULL, "Halle aux Toiles, Rouen", WORST_TEXT}},
    {"agenda", "row_2", {NULL, "Créer son entreprise à plusieurs", WORST_TEXT}},
    {"agenda", "row_2_label", {NULL, "mardi 24 novembre", WORST_NAME}},
    {"agenda", "row_3", {NULL, "Visite de la ressourcerie", WORST_TEXT}},
    {"agenda", "row_3_detail", {NULL, "Le Petit-Quevilly", WORST_TEXT}},
    {"agenda", "row_6", {NULL, "Grande braderie solidaire", WORST_TEXT}},
    {"now_here", "title", {"Ici", "En ce moment à Créapolis", WORST_TEXT}},
    {"now_here", "row_1", {"Guidoline", "Union régionale des entreprises", WORST_TEXT}},
    {"now_here", "row_1_label", {"1er", "Étage 1, bureau 104", WORST_NAME}},
    {"now_here", "row_2", {NULL, "La Seconde Rive", WORST_TEXT}},
    {"now_here", "row_2_label", {NULL, "Étage 2", WORST_NAME}},
    {"now_here", "row_3", {NULL, "Permanence création d’entreprise", WORST_TEXT}},
    {"now_here", "row_3_detail", {NULL, "Salle Marcel-Duchamp", WORST_TEXT}},
    {"now_here", "row_4", {NULL, "Café des entrepreneurs", WORST_TEXT}},
    {"quote", "quote", {"Osons.", "En ville, le plus rapide pédale et dit bonjour.", WORST_TEXT}},
    {"quote", "author", {"Léo Ab", "Gwenaëlle Thieury", WORST_NAME}},
    {"quote", "role", {NULL, "coursière et cogérante", WORST_TEXT}},
    {"quote", "company", {NULL, "La Seconde Rive", WORST_NAME " et compagnie"}},
    {"key_figure", "figure", {"7", "24 850", "123 456 789 012 345 678 901 234 567 890"}},
    {"key_figure", "unit", {NULL, "emplois", WORST_NAME}},
    {"key_figure", "meaning", {"prix", "dans les coopératives de la métropole", WORST_TEXT}},
    {"key_figure", "source", {NULL, "CRESS Normandie, 2025", WORST_TEXT}},
    {"qr_call", "title", {"Venez", "Donnez deux heures près de chez vous", WORST_TEXT}},
    {"qr_call", "text", {NULL, LONG_TEXT, WORST_TEXT}},
    {"qr_call", "address", {NULL, "ess.example/benevolat", WORST_TEXT}},
    {"news", "title", {"Oui", "Tram T1 : trafic normal", WORST_TEXT}},
    {"video", "title", {"Film", "Une journée à la ressourcerie", WORST_TEXT}},
    {"welcome", "title", {"Vitrine", "Bienvenue sur Vitrine", WORST_TEXT}},
    {"welcome", "text", {NULL, "Saisissez ce code dans l’administration.", WORST_TEXT}},
    {"welcome", "code", {NULL, "K7QF-2M9D", "WWWW-WWWW"}},
    {"welcome", "fingerprint", {NULL, "ABCD-EFGH-JKMN-PQRS", "WWWW-WWWW-WWWW-WWWW"}},
    {"welcome", "status", {NULL, "Connexion au serveur…", WORST_TEXT}},
};

#endif
