// What the fields of content are called and how their values are told, in forms, histories and
// approvals alike.
import type { ComponentChildren } from 'preact';
import { url } from '../lib/api.ts';
import { formatDay, formatInstant } from '../lib/dates.ts';
import { texts } from '../lib/i18n.ts';
import { t as words } from './workflow_texts.ts';

const t = texts({
  organisation: 'Structure', leader_name: 'Nom de la personne', leader_role: 'Fonction', quote: 'Citation', short_title: 'Titre court', story: 'Récit', photo: 'Photo',
  'photo.media': 'Photo', 'photo.focal_x': 'Point d’intérêt (horizontal)', 'photo.focal_y': 'Point d’intérêt (vertical)', 'photo.alt': 'Description de la photo',
  'photo.credit': 'Crédit', 'photo.consent_date': 'Date de l’accord', url: 'Adresse du code QR', from: 'Premier jour', until: 'Dernier jour', sector: 'Secteur',
  title: 'Titre', text: 'Texte', pictogram: 'Pictogramme', severity: 'Importance', resume: 'Résumé', description: 'Description', status: 'Tenue', when: 'Dates',
  'when.start': 'Début', 'when.end': 'Fin', 'when.rrule': 'Récurrence', 'when.except': 'Dates retirées', 'when.also': 'Dates ajoutées', place: 'Lieu', address: 'Adresse',
  code_postal: 'Code postal', commune: 'Commune', organiser: 'Organisateur', price: 'Tarif', access: 'Accessibilité', categories: 'Catégories', image: 'Image',
  'image.media': 'Image', 'image.alt': 'Description de l’image', 'image.credit': 'Crédit', source: 'Source', licence: 'Licence', nom: 'Nom', enseigne: 'Enseigne',
  sigle: 'Sigle', siret: 'SIRET', rna: 'RNA', categorie_juridique: 'Catégorie juridique (INSEE)', famille_ess: 'Famille de l’ESS', scic: 'SCIC', scop: 'SCOP', esus: 'Agrément ESUS',
  types_iae: 'Insertion par l’activité', secteurs: 'Secteurs', naf: 'Code NAF', offre: 'Offre', adresse: 'Adresse', site: 'Site', etage: 'Étage', bureau: 'Bureau',
  telephone: 'Téléphone', courriel: 'Courriel', site_web: 'Site web', horaires: 'Horaires', source_id: 'Identifiant à la source', diffusable: 'A accepté d’être montrée',
  valeurs: 'Valeurs', falc: 'Texte facile à lire (FALC)', rse: 'Offre RSE pour les entreprises', marches_reserves: 'Marchés réservés', latitude: 'Latitude', longitude: 'Longitude',
  'image.focal_x': 'Point d’intérêt (horizontal)', 'image.focal_y': 'Point d’intérêt (vertical)', film: 'Film', 'film.media': 'Film', 'film.captions_sha256': 'Sous-titres (WebVTT)',
  name: 'Nom', playlist: 'Playlist', entries: 'Contenu', screens: 'Écrans', groups: 'Groupes', sequence: 'Version du calendrier', uid: 'Identifiant', id: 'Identifiant',
} as Record<string, string>, {
  organisation: 'Organisation', leader_name: 'Name of the person', leader_role: 'Role', quote: 'Quote', short_title: 'Short title', story: 'Story', photo: 'Photo',
  'photo.media': 'Photo', 'photo.focal_x': 'Focal point (across)', 'photo.focal_y': 'Focal point (down)', 'photo.alt': 'Description of the photo',
  'photo.credit': 'Credit', 'photo.consent_date': 'Date of consent', url: 'Address of the QR code', from: 'First day', until: 'Last day', sector: 'Sector',
  title: 'Title', text: 'Text', pictogram: 'Pictogram', severity: 'Importance', resume: 'Summary', description: 'Description', status: 'Taking place', when: 'Dates',
  'when.start': 'Begins', 'when.end': 'Ends', 'when.rrule': 'Recurrence', 'when.except': 'Dates left out', 'when.also': 'Dates added', place: 'Place', address: 'Address',
  code_postal: 'Postcode', commune: 'Town', organiser: 'Organiser', price: 'Price', access: 'Accessibility', categories: 'Categories', image: 'Picture',
  'image.media': 'Picture', 'image.alt': 'Description of the picture', 'image.credit': 'Credit', source: 'Source', licence: 'Licence', nom: 'Name', enseigne: 'Trade name',
  sigle: 'Abbreviation', siret: 'SIRET', rna: 'RNA', categorie_juridique: 'Legal category (INSEE)', famille_ess: 'Family of the social economy', scic: 'SCIC', scop: 'SCOP', esus: 'ESUS label',
  types_iae: 'Inclusion through work', secteurs: 'Sectors', naf: 'NAF code', offre: 'What it offers', adresse: 'Address', site: 'Site', etage: 'Floor', bureau: 'Office',
  telephone: 'Telephone', courriel: 'E-mail', site_web: 'Website', horaires: 'Opening hours', source_id: 'Id at the source', diffusable: 'Has agreed to be shown',
  valeurs: 'Values', falc: 'Easy-to-read text', rse: 'Offer to firms (CSR)', marches_reserves: 'Reserved public markets', latitude: 'Latitude', longitude: 'Longitude',
  'image.focal_x': 'Focal point (across)', 'image.focal_y': 'Focal point (down)', film: 'Film', 'film.media': 'Film', 'film.captions_sha256': 'Captions (WebVTT)',
  name: 'Name', playlist: 'Playlist', entries: 'Content', screens: 'Screens', groups: 'Groups', sequence: 'Version of the calendar', uid: 'Id', id: 'Id',
});

// Of rse and marches_reserves: assets/data/vocabulaires.json.
const CODES: Record<string, Record<string, string>> = texts({
  severity: { info: 'Information', important: 'Important', emergency: 'Urgence' },
  status: { programme: 'A lieu comme prévu', reprogramme: 'Reporté', complet: 'Complet', annule: 'Annulé' },
  famille_ess: { inconnue: 'Inconnue', association: 'Association', cooperative: 'Coopérative', mutuelle: 'Mutuelle', fondation: 'Fondation', entreprise: 'Entreprise de l’ESS', autre_organisme: 'Autre organisme' },
  rse: { achats: 'Achats responsables et inclusifs', benevolat: 'Journées solidaires et bénévolat d’équipe', collecte: 'Collecte et réemploi de matériel', formation: 'Sensibilisation et formation des équipes', mecenat: 'Mécénat financier ou en nature', 'mecenat-competences': 'Mécénat de compétences', mobilite: 'Mobilité durable des équipes', recrutement: 'Recrutement inclusif et parrainage', traiteur: 'Traiteur et événements responsables' },
  marches_reserves: { handicap: 'Travailleurs handicapés (art. L2113-12)', insertion: 'Insertion par l’activité économique (art. L2113-13)', detention: 'Travail en détention (art. L2113-13-1)', ess: 'Santé et services sociaux ou culturels de l’ESS (art. L2113-15)' },
}, {
  severity: { info: 'Information', important: 'Important', emergency: 'Emergency' },
  status: { programme: 'Takes place as planned', reprogramme: 'Postponed', complet: 'Full', annule: 'Cancelled' },
  famille_ess: { inconnue: 'Unknown', association: 'Association', cooperative: 'Cooperative', mutuelle: 'Mutual society', fondation: 'Foundation', entreprise: 'Social enterprise', autre_organisme: 'Other body' },
  rse: { achats: 'Responsible and inclusive purchasing', benevolat: 'Solidarity days and team volunteering', collecte: 'Collection and reuse of equipment', formation: 'Awareness and training for staff', mecenat: 'Patronage in money or in kind', 'mecenat-competences': 'Skills-based patronage', mobilite: 'Sustainable travel for staff', recrutement: 'Inclusive hiring and mentoring', traiteur: 'Responsible catering and events' },
  marches_reserves: { handicap: 'Workers with disabilities (art. L2113-12)', insertion: 'Inclusion through work (art. L2113-13)', detention: 'Work in prison (art. L2113-13-1)', ess: 'Health and social or cultural services of the ESS (art. L2113-15)' },
});

// The sectors that screens have words and icons for (server/content/labels.c); partners may bring others.
const SECTORS: Record<string, string> = texts({
  alimentation: 'Alimentation', batiment: 'Bâtiment', culture: 'Culture', education: 'Éducation', energie: 'Énergie', environnement: 'Environnement', finance: 'Finance solidaire',
  habitat: 'Habitat', insertion: 'Insertion', mobilite: 'Mobilité', numerique: 'Numérique', reemploi: 'Réemploi', sante: 'Santé', services: 'Services', textile: 'Textile',
}, {
  alimentation: 'Food', batiment: 'Building', culture: 'Culture', education: 'Education', energie: 'Energy', environnement: 'Environment', finance: 'Social finance',
  habitat: 'Housing', insertion: 'Inclusion', mobilite: 'Mobility', numerique: 'Digital', reemploi: 'Reuse', sante: 'Health', services: 'Services', textile: 'Textiles',
});
export const sectorLabel = (id: string) => SECTORS[id] ?? (id && id[0]!.toUpperCase() + id.slice(1).replace(/-/g, ' '));
export const sectorChoices = Object.entries(SECTORS).map(([value, label]) => ({ value, label }));
export const codeChoices = (field: string) => Object.entries(CODES[field]!).map(([value, label]) => ({ value, label }));

export const fieldLabel = (field: string) => t[field] ?? field;

// A value as people read it; '' when there is none. Pictures as pictures.
export function fieldWords(field: string, value: unknown): ComponentChildren {
  const text = plainWords(field, value);
  return /(^|\.)media$/.test(field) && text ? <img class="thumb" src={url(`/media/${text}/thumbnail`)} alt={text.slice(0, 8)} width="96" height="64" /> : text;
}

export function plainWords(field: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return '';
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  if (Array.isArray(value)) return value.map((one) => plainWords(field, one)).join(', ');
  if (typeof value === 'object') {
    return Object.entries(value).map(([name, of]) => [t[`${field}.${name}`] ?? t[name] ?? name, plainWords(`${field}.${name}`, of)])
      .filter(([, of]) => of).map(([name, of]) => `${name} : ${of}`).join('\n');
  }
  const text = String(value);
  if (CODES[field]) return CODES[field][text] ?? text;
  if (field === 'sector' || field === 'secteurs') return sectorLabel(text);
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return formatDay(text);
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(text)) return formatInstant(Date.parse(`${text}Z`), 'UTC', 'long');
  return text;
}
