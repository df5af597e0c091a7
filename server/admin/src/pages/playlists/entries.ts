// What a playlist may hold: each kind of entry, its settings, and how it is told in words
// (playlists/playlist.schema.json).
import type { IconName } from '../../ui/icon.tsx';
import { sectorLabel } from '../../records/fields.tsx';
import { t } from './texts.ts';

export type Entry = Record<string, any>;
export type Setting = 'days' | 'sector' | 'site' | 'communes' | 'count' | 'rows' | 'weight' | 'announcements' | 'heading' | 'meaning' | 'unit' | 'origin' | 'duration';

export interface EntryKind {
  name: string;
  group: 'source' | 'fixed' | 'written';
  icon: IconName;
  settings: readonly Setting[];
  needsSite?: boolean;
  record?: { kind: string; plural: string; member: string }; // a fixed slide's
  template?: string;
  slots?: readonly string[]; // of a written slide; the first ones must be there
  required?: readonly string[];
  link?: boolean;
  blank: () => Entry;
}

const source = (name: string, icon: IconName, settings: readonly Setting[], more: Entry = {}, needsSite = false): EntryKind =>
  ({ name, group: 'source', icon, settings, needsSite, blank: () => ({ source: name, ...more }) });
const fixed = (kind: string, plural: string, template: string): EntryKind =>
  ({ name: kind, group: 'fixed', icon: kind as IconName, settings: ['duration'], template, record: { kind, plural, member: kind }, blank: () => ({ slide: { template, [kind]: '' } }) });
const written = (name: string, template: string, icon: IconName, slots: readonly string[], required: readonly string[], link = false): EntryKind =>
  ({ name, group: 'written', icon, settings: ['duration'], template, slots, required, link, blank: () => ({ slide: { template, texts: {} } }) });

export const entryKinds: readonly EntryKind[] = [
  source('portraits', 'portrait', ['sector', 'count', 'weight', 'duration']),
  source('events', 'event', ['days', 'communes', 'count', 'weight', 'duration'], { days: 14 }),
  source('highlights', 'organisation', ['sector', 'site', 'communes', 'count', 'weight', 'duration'], { count: 3 }),
  source('agenda', 'calendar', ['days', 'communes', 'rows', 'heading', 'duration'], { days: 30 }),
  source('now_here', 'place', ['site', 'rows', 'heading', 'weight', 'duration'], { site: '' }, true),
  source('news', 'announcement', ['days', 'communes', 'count', 'announcements', 'weight', 'duration'], { days: 14 }),
  source('figure', 'chart', ['meaning', 'unit', 'origin', 'sector', 'site', 'communes', 'duration'], { meaning: '' }),
  fixed('portrait', 'portraits', 'portrait'),
  fixed('event', 'events', 'event'),
  fixed('organisation', 'organisations', 'highlight'),
  fixed('announcement', 'announcements', 'announcement'),
  written('quote', 'quote', 'edit', ['quote', 'author', 'role', 'company'], ['quote', 'author']),
  written('qr_call', 'qr_call', 'link', ['title', 'text', 'address'], ['title'], true),
  written('key_figure', 'key_figure', 'chart', ['figure', 'unit', 'meaning', 'source'], ['figure', 'meaning']),
  written('news_slide', 'news', 'edit', ['title'], ['title']),
  written('free', 'announcement', 'edit', ['title', 'text'], ['title'], true),
  { name: 'film', group: 'written', icon: 'play', settings: [], blank: () => ({ film: { file_sha256: '' } }) },
];

const other: EntryKind = { name: 'other', group: 'written', icon: 'edit', settings: ['duration'], blank: () => ({}) };

export function kindOf(entry: Entry): EntryKind {
  if (entry.film) return entryKinds.find((one) => one.name === 'film')!;
  if (entry.source) return entryKinds.find((one) => one.group === 'source' && one.name === entry.source) ?? other;
  const slide = entry.slide ?? {};
  const record = entryKinds.find((one) => one.record && one.template === slide.template && one.record.member in slide && !slide.texts);
  return record ?? entryKinds.find((one) => one.slots && one.template === slide.template)
    ?? { ...other, template: slide.template, slots: Object.keys(slide.texts ?? {}), link: 'link' in slide };
}

// What is missing to take the entry into the playlist, as names of settings and slots.
export function missing(kind: EntryKind, entry: Entry): string[] {
  if (kind.name === 'film') return entry.film.file_sha256 || entry.film.file ? [] : ['film'];
  if (kind.record) return entry.slide[kind.record.member] ? [] : ['record'];
  return [
    ...(kind.needsSite && !entry.site ? ['site'] : []),
    ...(kind.settings.includes('meaning') && !entry.meaning?.trim() ? ['meaning'] : []),
    ...(kind.required ?? []).filter((slot) => !entry.slide.texts[slot]?.trim()),
    ...(kind.template === 'qr_call' && !entry.slide.link ? ['link'] : []),
  ];
}

// Without what says nothing: the server takes no empty texts, lists or numbers.
export function tidy(entry: Entry): Entry {
  const keep = (value: unknown): unknown => (typeof value === 'string' ? value.trim() : value);
  const clean = (from: Entry): Entry => Object.fromEntries(Object.entries(from)
    .map(([name, value]) => [name, value && typeof value === 'object' && !Array.isArray(value) ? clean(value) : keep(value)])
    .filter(([name, value]) => name === 'texts' || (value !== '' && value !== null && value !== undefined && !(Array.isArray(value) && !value.length))));
  return clean(entry);
}

// "3 au plus, 2 à la suite, Réemploi"
export function settingsInWords(entry: Entry, siteName: (id: string) => string): string {
  const words = [
    entry.days && t.inDays(entry.days), entry.count && t.most(entry.count), entry.weight > 1 && t.nInRow(entry.weight), entry.duration_s && t.each(entry.duration_s),
    entry.sector && sectorLabel(entry.sector), entry.site && siteName(entry.site), entry.communes?.join(', '), entry.title, entry.meaning,
  ];
  return words.filter(Boolean).join(' · ');
}

const firstWords = (texts: Entry = {}) => texts.quote ?? texts.title ?? texts.meaning ?? Object.values(texts)[0] ?? '';

// What one entry is called among its neighbours: the kind, or what stands on it.
export function nameOf(entry: Entry, shown?: string): string {
  const kind = kindOf(entry);
  if (kind.group === 'source') return t.kinds[kind.name]!;
  if (kind.record) return shown || entry.slide[kind.record.member];
  if (kind.name === 'film') return entry.film.title || shown || t.kinds.film!;
  return firstWords(entry.slide?.texts) || shown || t.kinds[kind.name]!;
}
