// A rule's days and hours between what the server keeps, what the form asks, and a sentence:
// "tous les mardis de 7 h à 9 h, sauf jours fériés, du 1er décembre 2026 au 31 janvier 2027". Pure.
export type Weekday = 'mo' | 'tu' | 'we' | 'th' | 'fr' | 'sa' | 'su';
export const WEEKDAYS: readonly Weekday[] = ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su'];
export type Policy = 'same' | 'also' | 'except' | 'only';
export interface Hours {
  from: string;
  until: string; // "24:00" at most; not after `from`: past midnight
}
export interface Days {
  from?: string | null;
  until?: string | null;
  starts?: string | null;
  ends?: string | null;
  weekdays?: readonly string[] | null;
  recurrence?: string | null;
  except?: readonly string[] | null;
  also?: readonly string[] | null;
  holidays?: Policy | null;
  school_holidays?: Policy | null;
  hours?: Hours | Hours[] | null;
}

// What the form offers; every other RRULE is kept as it is.
export type Repeat =
  | { kind: 'daily'; every: number }
  | { kind: 'weekly'; every: number; days: Weekday[] }
  | { kind: 'nth'; every: number; nth: number; day: Weekday } // nth: 1…4, -1: the last
  | { kind: 'date'; every: number; dates: number[] } // of the month; -1: the last
  | { kind: 'other'; text: string };

export const windowsOf = (hours: Days['hours']): Hours[] => {
  const list = !hours ? [] : Array.isArray(hours) ? hours : [hours];
  return list.length === 1 && wholeDay(list[0]!) ? [] : list;
};
const wholeDay = ({ from, until }: Hours) => from === '00:00' && (until === '24:00' || until === '00:00');

const inOrder = (days: readonly string[]) => WEEKDAYS.filter((day) => days.includes(day));

export function readRepeat({ weekdays, recurrence }: Days): Repeat {
  if (!recurrence) {
    const days = inOrder(weekdays ?? []);
    return days.length === 0 || days.length === 7 ? { kind: 'daily', every: 1 } : { kind: 'weekly', every: 1, days };
  }
  const other: Repeat = { kind: 'other', text: recurrence };
  const parts = new Map(recurrence.toUpperCase().replace(/^RRULE:/, '').split(';').filter(Boolean)
    .map((part) => part.split('=') as [string, string]));
  const { FREQ, INTERVAL = '1', BYDAY, BYMONTHDAY, ...rest } = Object.fromEntries(parts) as Record<string, string>;
  if (Object.keys(rest).some((name) => name !== 'WKST' || rest.WKST !== 'MO')) return other;
  const every = Number(INTERVAL);
  const byDay = BYDAY?.split(',') ?? [];
  if (FREQ === 'DAILY' && !BYDAY && !BYMONTHDAY) return { kind: 'daily', every };
  if (FREQ === 'WEEKLY' && byDay.length && !BYMONTHDAY && byDay.every((day) => /^[A-Z]{2}$/.test(day))) {
    return { kind: 'weekly', every, days: inOrder(byDay.map((day) => day.toLowerCase())) };
  }
  const nth = /^(-1|\+?[1-4])([A-Z]{2})$/.exec(BYDAY ?? '');
  if (FREQ === 'MONTHLY' && nth && !BYMONTHDAY) return { kind: 'nth', every, nth: Number(nth[1]), day: nth[2]!.toLowerCase() as Weekday };
  const dates = BYMONTHDAY?.split(',').map(Number) ?? [];
  if (FREQ === 'MONTHLY' && dates.length && !BYDAY && dates.every((n) => n === -1 || (n >= 1 && n <= 31))) return { kind: 'date', every, dates };
  return other;
}

export function writeRepeat(repeat: Repeat): { weekdays: Weekday[] | null; recurrence: string } {
  const interval = repeat.kind !== 'other' && repeat.every > 1 ? `;INTERVAL=${repeat.every}` : '';
  switch (repeat.kind) {
    case 'daily': return { weekdays: null, recurrence: interval && `FREQ=DAILY${interval}` };
    case 'weekly': return interval
      ? { weekdays: null, recurrence: `FREQ=WEEKLY${interval};BYDAY=${repeat.days.join(',').toUpperCase()}` }
      : { weekdays: repeat.days, recurrence: '' };
    case 'nth': return { weekdays: null, recurrence: `FREQ=MONTHLY${interval};BYDAY=${repeat.nth}${repeat.day.toUpperCase()}` };
    case 'date': return { weekdays: null, recurrence: `FREQ=MONTHLY${interval};BYMONTHDAY=${repeat.dates.join(',')}` };
    case 'other': return { weekdays: null, recurrence: repeat.text };
  }
}

// --- the sentence ---------------------------------------------------------------------------------

export const DAY_NAMES = {
  fr: ['lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi', 'dimanche'],
  en: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
};
export const NTHS = {
  fr: { 1: 'premier', 2: 'deuxième', 3: 'troisième', 4: 'quatrième', '-1': 'dernier' },
  en: { 1: 'first', 2: 'second', 3: 'third', 4: 'fourth', '-1': 'last' },
} as const;
const NUMBERS = {
  fr: ['', '', 'deux', 'trois', 'quatre', 'cinq', 'six', 'sept', 'huit', 'neuf', 'dix'],
  en: ['', '', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth'],
};
type Lang = 'fr' | 'en';

export const dayName = (day: Weekday, lang: Lang) => DAY_NAMES[lang][WEEKDAYS.indexOf(day)]!;
export const list = (words: readonly string[], lang: Lang) => {
  const and = lang === 'fr' ? ' et ' : ' and ';
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')}${and}${words[words.length - 1]}`;
};

function dayWords(iso: string, lang: Lang, year = true) {
  const date = new Date(`${iso}T12:00:00Z`);
  if (Number.isNaN(date.getTime())) return iso;
  const words = date.toLocaleDateString(lang === 'fr' ? 'fr-FR' : 'en-GB', { day: 'numeric', month: 'long', year: year ? 'numeric' : undefined, timeZone: 'UTC' });
  return lang === 'fr' ? words.replace(/^1 /, '1er ') : words;
}

function timeWords(time: string, lang: Lang) {
  const [h = '', m = ''] = time.split(':');
  if (lang === 'en') return time === '24:00' ? 'midnight' : time;
  return time === '24:00' ? 'minuit' : `${Number(h)} h${m === '00' ? '' : ` ${m}`}`;
}

export function hoursWords(hours: Days['hours'], lang: Lang) {
  const windows = windowsOf(hours);
  if (!windows.length) return lang === 'fr' ? 'toute la journée' : 'all day';
  return list(windows.map(({ from, until }) => {
    const over = until <= from && until !== '00:00' ? (lang === 'fr' ? ' le lendemain' : ' the next day') : '';
    const end = timeWords(until === '00:00' ? '24:00' : until, lang);
    return lang === 'fr' ? `de ${timeWords(from, lang)} à ${end}${over}` : `from ${timeWords(from, lang)} to ${end}${over}`;
  }), lang);
}

// "sur deux", "every second": French says one of so many.
const oneOf = (n: number) => `sur ${NUMBERS.fr[n] ?? n}`;
const everyNth = (n: number) => NUMBERS.en[n] ?? `${n}th`;

function repeatFr(repeat: Repeat): string {
  switch (repeat.kind) {
    case 'daily': return repeat.every > 1 ? `un jour ${oneOf(repeat.every)}` : 'tous les jours';
    case 'weekly': {
      const { days, every } = repeat, names = days.map((day) => dayName(day, 'fr'));
      if (every > 1) {
        return names.length === 1 ? `un ${names[0]} ${oneOf(every)}` : `une semaine ${oneOf(every)}, ${list(names.map((name) => `le ${name}`), 'fr')}`;
      }
      return days.join() === 'mo,tu,we,th,fr' ? 'du lundi au vendredi' : names.length === 7 ? 'tous les jours' : `tous les ${list(names.map((name) => `${name}s`), 'fr')}`;
    }
    case 'nth': return `le ${NTHS.fr[repeat.nth as 1]} ${dayName(repeat.day, 'fr')} ${repeat.every > 1 ? `du mois, un mois ${oneOf(repeat.every)}` : 'de chaque mois'}`;
    case 'date': return `${list(repeat.dates.map((n) => (n === -1 ? 'le dernier jour' : n === 1 ? 'le 1er' : `le ${n}`)), 'fr')} ${repeat.every > 1 ? `du mois, un mois ${oneOf(repeat.every)}` : 'de chaque mois'}`;
    case 'other': return `selon la récurrence « ${repeat.text} »`;
  }
}

function repeatEn(repeat: Repeat): string {
  switch (repeat.kind) {
    case 'daily': return repeat.every > 1 ? `every ${everyNth(repeat.every)} day` : 'every day';
    case 'weekly': {
      const { days, every } = repeat, names = days.map((day) => dayName(day, 'en'));
      if (every > 1) return names.length === 1 ? `every ${everyNth(every)} ${names[0]}` : `every ${everyNth(every)} week, on ${list(names, 'en')}`;
      return days.join() === 'mo,tu,we,th,fr' ? 'from Monday to Friday' : names.length === 7 ? 'every day' : `every ${list(names, 'en')}`;
    }
    case 'nth': return `the ${NTHS.en[repeat.nth as 1]} ${dayName(repeat.day, 'en')} of every ${repeat.every > 1 ? `${everyNth(repeat.every)} ` : ''}month`;
    case 'date': return `the ${list(repeat.dates.map((n) => (n === -1 ? 'last day' : `${n}${[, 'st', 'nd', 'rd'][n > 10 && n < 14 ? 0 : n % 10] ?? 'th'}`)), 'en')} of every ${repeat.every > 1 ? `${everyNth(repeat.every)} ` : ''}month`;
    case 'other': return `following the recurrence "${repeat.text}"`;
  }
}

const HOLIDAY_WORDS = {
  fr: { also: (w: string) => `et aussi ${w}`, except: (w: string) => `sauf ${w}`, only: (w: string) => `seulement ${w}`, public: ['jours fériés', 'les jours fériés'], school: ['vacances scolaires', 'pendant les vacances scolaires'], both: 'les jours fériés qui tombent pendant les vacances scolaires' },
  en: { also: (w: string) => `and also ${w}`, except: (w: string) => `except ${w}`, only: (w: string) => `only ${w}`, public: ['on public holidays', 'on public holidays'], school: ['in school holidays', 'in school holidays'], both: 'on public holidays within school holidays' },
};

function policyWords({ holidays, school_holidays: school }: Days, lang: Lang): string[] {
  const words = HOLIDAY_WORDS[lang];
  return (['also', 'only', 'except'] as const).flatMap((policy) => {
    const form = policy === 'except' ? 0 : 1;
    // Only days that are both: the server lets each of the two speak for itself.
    if (policy === 'only' && holidays === policy && school === policy) return [words.only(words.both)];
    const said = [...(holidays === policy ? [words.public[form]!] : []), ...(school === policy ? [words.school[form]!] : [])];
    return said.length ? [words[policy](list(said, lang))] : [];
  });
}

const DATES_TOLD = 3;

function datesWords(dates: readonly string[], lang: Lang) {
  if (dates.length > DATES_TOLD) return lang === 'fr' ? `${dates.length} autres dates` : `${dates.length} other dates`;
  return list(dates.map((day) => (lang === 'fr' ? `le ${dayWords(day, lang)}` : `on ${dayWords(day, lang)}`)), lang);
}

function instantWords(iso: string, lang: Lang, timeZone?: string) {
  return new Date(iso).toLocaleString(lang === 'fr' ? 'fr-FR' : 'en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone })
    .replace(/^1 (?=\p{L}+ \d{4} à)/u, '1er ');
}

export function periodWords({ from, until, starts, ends }: Days, lang: Lang, timeZone?: string) {
  const fr = lang === 'fr';
  const exact = list([
    ...(starts ? [`${fr ? 'à partir du' : 'from'} ${instantWords(starts, lang, timeZone)}`] : []),
    ...(ends ? [`${fr ? 'jusqu’au' : 'until'} ${instantWords(ends, lang, timeZone)}`] : []),
  ], lang);
  const days = from && until
    ? from === until ? `${fr ? 'le' : 'on'} ${dayWords(from, lang)}`
      : fr ? `du ${dayWords(from, lang, from.slice(0, 4) !== until.slice(0, 4))} au ${dayWords(until, lang)}`
        : `from ${dayWords(from, lang, from.slice(0, 4) !== until.slice(0, 4))} to ${dayWords(until, lang)}`
    : from ? `${fr ? 'à partir du' : 'from'} ${dayWords(from, lang)}` : until ? `${fr ? 'jusqu’au' : 'until'} ${dayWords(until, lang)}` : '';
  return [days, exact].filter(Boolean).join(', ');
}

export function sentence(rule: Days, lang: Lang, timeZone?: string): string {
  const repeat = readRepeat(rule);
  const once = rule.from && rule.from === rule.until && repeat.kind === 'daily';
  const hours = hoursWords(rule.hours, lang);
  const days = once ? periodWords(rule, lang, timeZone) : lang === 'fr' ? repeatFr(repeat) : repeatEn(repeat);
  const fr = lang === 'fr';
  return [
    windowsOf(rule.hours).length && !/,/.test(days) ? `${days} ${hours}` : `${days}, ${hours}`,
    ...policyWords(rule, lang),
    ...(rule.except?.length ? [`${fr ? 'sauf' : 'except'} ${datesWords(rule.except, lang)}`] : []),
    ...(rule.also?.length ? [`${fr ? 'et aussi' : 'and also'} ${datesWords(rule.also, lang)}`] : []),
    ...(once ? [] : [periodWords(rule, lang, timeZone)].filter(Boolean)),
  ].join(', ');
}
