// French first, English second. Each folder has its texts.ts: `export const t = texts(fr, en)`.
export type Lang = 'fr' | 'en';

// Each language has a script of its own (build.mjs); start.js brings the reader's.
declare const LANG: Lang;
export const lang: Lang = LANG;
export const locale = lang === 'fr' ? 'fr-FR' : 'en-GB';

type Widen<T> = T extends string ? string
  : T extends (...args: infer A) => unknown ? (...args: A) => string
  : T extends readonly string[] ? readonly string[]
  : { [K in keyof T]: Widen<T[K]> };

// Both languages have the same keys; a key is a sentence, or a function of what stands in it.
export function texts<T>(fr: T, en: Widen<T>): T {
  return lang === 'fr' ? fr : (en as T);
}

// The page begins anew: drafts survive that.
export function changeLang(to: Lang) {
  localStorage.setItem('vitrine.lang', to);
  location.reload();
}

export const number = (n: number, digits = 0) =>
  n.toLocaleString(locale, { maximumFractionDigits: digits });

// "3 portraits", "1 portrait", "0 portrait" (fr), "0 portraits" (en).
export function plural(n: number, word: string, words = `${word}s`) {
  return `${number(n)} ${n > 1 || (n === 0 && lang === 'en') ? words : word}`;
}

export function bytes(n: number) {
  const units = lang === 'fr' ? ['o', 'ko', 'Mo', 'Go', 'To'] : ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(n, 1)) / 3));
  const value = n / 1000 ** power;
  return `${number(value, value < 10 && power > 0 ? 1 : 0)} ${units[power]}`;
}

// As people look things up: without accents or case.
export const fold = (text: string) =>
  text.normalize('NFD').replace(/\p{M}/gu, '').replace(/œ/gi, 'oe').toLowerCase();

export const compare = new Intl.Collator(locale, { numeric: true }).compare;
