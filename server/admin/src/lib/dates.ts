// Days are "2026-11-24", instants are Unix milliseconds; both are told in the reader's language.
import { lang, locale, plural } from './i18n.ts';

export const DAY_MS = 86400000;

const day = (iso: string) => new Date(`${iso}T12:00:00Z`);

// "24 novembre 2026"; medium: "24 nov. 2026"; the first of a month is "1er" in French
export const formatDay = (iso: string, style: 'long' | 'medium' | 'full' = 'long') =>
  iso ? day(iso).toLocaleDateString(locale, { dateStyle: style, timeZone: 'UTC' }).replace(/\b1 (?=[a-zéû])/, '1er ') : '';

export function formatInstant(ms: number, timeZone?: string, dateStyle: 'long' | 'medium' = 'medium') {
  return new Date(ms).toLocaleString(locale, { dateStyle, timeStyle: 'short', timeZone });
}

export const formatTime = (ms: number, timeZone?: string) =>
  new Date(ms).toLocaleTimeString(locale, { timeStyle: 'short', timeZone });

// "8 h 10" or "08:10", of minutes since midnight.
export function formatMinutes(minutes: number) {
  const h = Math.floor(minutes / 60), m = minutes % 60, mm = String(m).padStart(2, '0');
  return lang === 'fr' ? `${h} h${m ? ` ${mm}` : ''}` : `${String(h).padStart(2, '0')}:${mm}`;
}

// "1 min 20 s", "12 s", "2 h 5 min"
export function formatDuration(ms: number) {
  const s = Math.round(ms / 1000);
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min${s % 60 ? ` ${s % 60} s` : ''}`;
  if (s < 86400) return `${Math.floor(s / 3600)} h${Math.floor(s / 60) % 60 ? ` ${Math.floor(s / 60) % 60} min` : ''}`;
  return plural(Math.floor(s / 86400), lang === 'fr' ? 'jour' : 'day');
}

// "il y a 5 min", "dans 3 jours"
export function formatAgo(ms: number, now = Date.now()) {
  const words = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const s = (ms - now) / 1000, a = Math.abs(s);
  if (a < 45) return lang === 'fr' ? 'à l’instant' : 'just now';
  if (a < 3600) return words.format(Math.round(s / 60), 'minute');
  if (a < 86400) return words.format(Math.round(s / 3600), 'hour');
  return words.format(Math.round(s / 86400), 'day');
}

// The local day where the reader is, so many days from now.
export function today(plus = 0) {
  const d = new Date(Date.now() + plus * DAY_MS);
  return `${d.getFullYear()}-${String(d.getMonth() + 1).padStart(2, '0')}-${String(d.getDate()).padStart(2, '0')}`;
}

export function addDays(iso: string, n: number) {
  return new Date(day(iso).getTime() + n * DAY_MS).toISOString().slice(0, 10);
}

export const daysBetween = (from: string, until: string) =>
  Math.round((day(until).getTime() - day(from).getTime()) / DAY_MS);
