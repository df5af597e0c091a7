// The four kinds of content: what they send, what a new one is, what lists tell of them.
import type { AnnouncementRecord, EventRecord, OrganisationRecord, PortraitRecord } from 'api-types';
import { addDays, today } from '../../lib/dates.ts';
import { fold } from '../../lib/i18n.ts';

export type Values = Record<string, any>;
export type AnyRecord = (PortraitRecord | EventRecord | AnnouncementRecord | OrganisationRecord) & Values;
export type Plural = 'portraits' | 'events' | 'announcements' | 'organisations';

export interface Kind {
  plural: Plural;
  kind: string; // in /search and /presence
  fields: readonly string[]; // that are sent
  required: readonly string[]; // to save even a draft
  blank: () => Values;
  title: string; // the field that names it, and that its id is made from
  picture?: 'photo' | 'image';
  picturePath: (record: Values) => string; // the media's hash, or ''
  ends: boolean; // has a last day
  sectors?: 'sector' | 'secteurs';
  commune?: boolean;
}

const days = (n: number) => ({ from: today(), until: addDays(today(), n) });

export const kinds: Record<Plural, Kind> = {
  portraits: {
    plural: 'portraits', kind: 'portrait', title: 'leader_name', picture: 'photo', ends: true, sectors: 'sector',
    fields: ['organisation', 'leader_name', 'leader_role', 'quote', 'short_title', 'story', 'falc', 'photo', 'film', 'url', 'from', 'until', 'sector'],
    required: ['organisation', 'leader_name', 'quote', 'from', 'until', 'sector'],
    blank: () => ({ organisation: '', leader_name: '', leader_role: '', quote: '', short_title: '', story: '', falc: '', url: '', sector: '', ...days(28),
      film: { media: '', captions_sha256: '' }, photo: { media: '', focal_x: 0.5, focal_y: 0.5, alt: '', credit: '', consent_date: '' } }),
    picturePath: (record) => record.photo?.media ?? '',
  },
  events: {
    plural: 'events', kind: 'event', title: 'title', picture: 'image', ends: false, commune: true,
    fields: ['sequence', 'title', 'short_title', 'resume', 'description', 'status', 'when', 'place', 'address', 'code_postal', 'commune', 'organisation', 'organiser', 'price', 'access', 'url', 'categories', 'image', 'source', 'licence'],
    required: ['title', 'when.start'],
    blank: () => ({ sequence: 0, title: '', short_title: '', resume: '', description: '', status: 'programme', when: { start: '', except: [], also: [] }, place: '', address: '', code_postal: '',
      commune: '', organisation: '', organiser: '', price: '', access: '', url: '', categories: '', image: { media: '', alt: '', credit: '' }, source: '', licence: '' }),
    picturePath: (record) => record.image?.media ?? '',
  },
  announcements: {
    plural: 'announcements', kind: 'announcement', title: 'title', ends: true,
    fields: ['title', 'text', 'pictogram', 'severity', 'url', 'from', 'until'],
    required: ['title', 'from', 'until'],
    blank: () => ({ title: '', text: '', pictogram: 'info', severity: 'info', url: '', ...days(14) }),
    picturePath: () => '',
  },
  organisations: {
    plural: 'organisations', kind: 'organisation', title: 'nom', picture: 'image', ends: false, sectors: 'secteurs', commune: true,
    fields: ['siret', 'rna', 'nom', 'enseigne', 'sigle', 'categorie_juridique', 'famille_ess', 'scic', 'scop', 'esus', 'types_iae', 'secteurs', 'naf', 'resume', 'description', 'offre', 'valeurs', 'falc', 'rse', 'marches_reserves',
      'adresse', 'code_postal', 'commune', 'latitude', 'longitude', 'image', 'site', 'etage', 'bureau', 'telephone', 'courriel', 'site_web', 'horaires', 'source', 'source_id', 'licence', 'diffusable'],
    required: ['nom'],
    blank: () => ({ siret: '', rna: '', nom: '', enseigne: '', sigle: '', categorie_juridique: '', famille_ess: 'inconnue', scic: false, scop: false, esus: false, types_iae: [], secteurs: [], naf: '',
      resume: '', description: '', offre: '', valeurs: '', falc: '', rse: [], marches_reserves: [], adresse: '', code_postal: '', commune: '', latitude: null, longitude: null,
      image: { media: '', focal_x: 0.5, focal_y: 0.5, alt: '', credit: '' }, site: '', etage: '', bureau: '', telephone: '', courriel: '', site_web: '', horaires: '', source: '', source_id: '',
      licence: '', diffusable: false }),
    picturePath: (record) => record.image?.media ?? '',
  },
};

// "Éva d’Été & fils" → "eva-d-ete-fils"
export const slug = (words: string) => fold(words).replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 56).replace(/-+$/, '');

export const titleOf = (kind: Kind, record: Values): string => record[kind.title] || '';

export const valueAt = (record: Values, path: string) => path.split('.').reduce<any>((at, name) => at?.[name], record);
