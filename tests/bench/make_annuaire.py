"""A directory of any size in Vitrine's own layout, always the same: make_annuaire.py ROWS > FILE.
Every SIRET passes Luhn and appears once; names, communes and types vary as in a real extract."""
import csv
import random
import sys

HEADER = ("id_source;siret;rna;nom;enseigne;sigle;categorie_juridique;esus;types_iae;naf;secteurs;"
          "resume;offre;adresse;code_postal;commune;telephone;courriel;site_web;horaires;site;"
          "etage;bureau").split(";")
COMMUNES = [("76000", "Rouen"), ("76300", "Sotteville-lès-Rouen"), ("76160", "Darnétal"),
            ("76500", "Elbeuf"), ("76800", "Saint-Étienne-du-Rouvray"), ("76140", "LE PETIT QUEVILLY"),
            ("76230", "BOIS GUILLAUME"), ("76130", "Mont-Saint-Aignan"), ("76380", "Canteleu"),
            ("76150", "Maromme"), ("76320", "Caudebec-lès-Elbeuf"), ("76410", "Cléon")]
LEGAL_FORMS = ["9220", "9220", "9220", "9221", "5460", "5710", "5499", "8210", "9300", "5599"]
TYPES = ["", "", "", "ACI", "EI", "AI", "ETTI", "GEIQ", "EA", "ESAT"]
SECTORS = ["reemploi", "alimentation", "mobilite", "culture", "insertion", "environnement"]
FIRST = ["Atelier", "Ressourcerie", "Coopérative", "Régie", "Jardins", "Maison", "Conserverie",
         "Fabrique", "Entraide", "Relais", "Épicerie", "Théâtre"]
SECOND = ["du Robec", "de l’Aubette", "des Deux Rives", "du Cailly", "de la Seine", "Saint-Sever",
          "des Quais", "de Grammont", "du Madrillet", "de l’Austreberthe", "des Essarts", "du Plateau"]


def luhn_digit(digits):
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def siret(number):
    siren = f"{30000000 + number * 7:08d}"
    siren += luhn_digit(siren)
    place = f"{siren}{number % 20 + 1:04d}"
    return place + luhn_digit(place)


def row(number, chance):
    code, commune = chance.choice(COMMUNES)
    name = f"{chance.choice(FIRST)} {chance.choice(SECOND)} {number}"
    return [f"mesure-{number}", siret(number), "", name, "", "", chance.choice(LEGAL_FORMS),
            chance.choice("001"), chance.choice(TYPES), "47.79Z",
            ",".join(chance.sample(SECTORS, chance.randint(1, 3))),
            f"{name} accueille, répare, transforme et transmet : une adresse de plus pour celles et "
            "ceux qui entreprennent autrement à Rouen.",
            "Collecte, boutique, ateliers du samedi", f"{number % 120 + 1}, rue des Charretiers",
            code, commune, "02 35 00 00 00", f"contact@s{number}.example",
            f"https://s{number}.example", "mardi–samedi : 10 h–18 h", "", "", ""]


def main():
    sys.stdout.reconfigure(encoding="utf-8", newline="")
    chance = random.Random(76)
    out = csv.writer(sys.stdout, delimiter=";", lineterminator="\n")
    out.writerow(HEADER)
    for number in range(1, int(sys.argv[1]) + 1):
        out.writerow(row(number, chance))


main()
