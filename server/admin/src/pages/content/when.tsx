// When an event takes place: days and hours, and a recurrence that people read as a sentence.
import { useState } from 'preact/hooks';
import { formatDay, formatMinutes } from '../../lib/dates.ts';
import { lang, locale } from '../../lib/i18n.ts';
import { fieldLabel } from '../../records/fields.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { Chips, Choices, DateField, NumberField, SelectField, TextField, TimeField } from '../../ui/field.tsx';
import type { Form } from './forms.tsx';
import { t } from './texts.ts';

export interface When {
  start?: string;
  end?: string | null;
  rrule?: string | null;
  except?: string[] | null;
  also?: string[] | null;
  ical?: string;
}

const DAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
const join = (words: string[]) => new Intl.ListFormat(lang, { type: 'conjunction' }).format(words);
const dayOf = (stamp: string | null | undefined) => (stamp ?? '').slice(0, 10);
const timeOf = (stamp: string | null | undefined) => (stamp ?? '').slice(11);
const stampOf = (day: string, time: string) => (day && time ? `${day}T${time}` : day);
const weekday = (day: string) => (new Date(`${day}T12:00:00Z`).getUTCDay() + 6) % 7;
const tellTime = (time: string) => formatMinutes(Number(time.slice(0, 2)) * 60 + Number(time.slice(3))).replace(/ /g, '\u00a0');

type Parts = Record<string, string>;
const parse = (rrule: string): Parts => Object.fromEntries(rrule.split(';').filter(Boolean).map((part) => part.split('=') as [string, string]));
const write = (parts: Parts) => Object.entries(parts).filter(([, v]) => v).map(([k, v]) => `${k}=${v}`).join(';');
const untilDay = (parts: Parts) => (parts.UNTIL ?? '').replace(/^(\d{4})(\d\d)(\d\d).*/, '$1-$2-$3');

type Repeat = 'none' | 'weekly' | 'monthly' | 'yearly' | 'other';
const KNOWN = { weekly: ['FREQ', 'INTERVAL', 'BYDAY', 'UNTIL', 'COUNT', 'WKST'], monthly: ['FREQ', 'BYDAY', 'BYMONTHDAY', 'UNTIL', 'COUNT'], yearly: ['FREQ', 'BYMONTH', 'BYDAY', 'UNTIL', 'COUNT'] };
const FREQS: Record<string, Repeat> = { WEEKLY: 'weekly', MONTHLY: 'monthly', YEARLY: 'yearly' };

function repeatOf(rrule: string): Repeat {
  if (!rrule) return 'none';
  const parts = parse(rrule), repeat = FREQS[parts.FREQ ?? ''] ?? 'other';
  if (repeat === 'other' || repeat === 'none' || Object.keys(parts).some((name) => !KNOWN[repeat].includes(name))) return 'other';
  if (repeat === 'weekly' && parts.BYDAY && !parts.BYDAY.split(',').every((day) => DAYS.includes(day as 'MO'))) return 'other';
  if (repeat !== 'weekly' && parts.BYDAY && !/^(-1|[1-4])(MO|TU|WE|TH|FR|SA|SU)$/.test(parts.BYDAY)) return 'other';
  if (repeat === 'yearly' && !/^(\d\d?)?$/.test(parts.BYMONTH ?? '')) return 'other';
  return repeat;
}

// "Le deuxième vendredi de novembre", or "Le 14 novembre"
function yearlyWords(parts: Parts, start: string) {
  if (!parts.BYDAY) return t.yearlyDay(formatDay(start).replace(/\s*\d{4}$/, ''));
  const month = new Date(Date.UTC(2026, Number(parts.BYMONTH ?? start.slice(5, 7)) - 1, 15)).toLocaleDateString(locale, { month: 'long', timeZone: 'UTC' });
  const [, nth, day] = /^(-1|[1-4])(..)$/.exec(parts.BYDAY)!;
  return t.yearlyNth(t.nth[nth === '-1' ? 4 : Number(nth) - 1]!, t.weekdays[DAYS.indexOf(day as 'MO')]!, month);
}

function monthlyWords(parts: Parts, start: string) {
  if (!parts.BYDAY) return t.monthlyDay(Number(parts.BYMONTHDAY ?? start.slice(8, 10)));
  const [, nth, day] = /^(-1|[1-4])(..)$/.exec(parts.BYDAY)!;
  return t.monthlyNth(t.nth[nth === '-1' ? 4 : Number(nth) - 1]!, t.weekdays[DAYS.indexOf(day as 'MO')]!);
}

// "Tous les mercredis, de 14 h à 18 h, à partir du 7 janvier 2026, sauf le 24 décembre 2026"
export function whenWords(when: When | null | undefined): string {
  if (!when?.start) return when?.ical ? t.imported : '';
  const start = dayOf(when.start), end = dayOf(when.end), from = timeOf(when.start), to = timeOf(when.end);
  const repeat = repeatOf(when.rrule ?? ''), parts = parse(when.rrule ?? '');
  const hours = from && to && (!end || end === start) ? [t.fromTo(tellTime(from), tellTime(to))] : from ? [t.at(tellTime(from))] : [];
  const words: string[] = [];
  if (repeat === 'none') {
    words.push(end && end !== start ? t.fromDayTo(formatDay(start), formatDay(end)) : t.onThe(formatDay(start, 'full')), ...hours);
  } else {
    const days = repeat !== 'weekly' ? [] : (parts.BYDAY ?? DAYS[weekday(start)]!).split(',').map((day) => DAYS.indexOf(day as 'MO')), every = Number(parts.INTERVAL ?? 1);
    words.push(repeat === 'weekly' ? t.everyWeek(join(days.map((day) => (every > 1 ? t.weekdays : t.weekdaysMany)[day]!)), every)
      : repeat === 'monthly' ? t.everyMonth(monthlyWords(parts, start))
      : repeat === 'yearly' ? t.everyYear(yearlyWords(parts, start)) : t.otherRule, ...hours, t.since(formatDay(start)));
    if (parts.UNTIL) words.push(t.until(formatDay(untilDay(parts))));
    if (parts.COUNT) words.push(t.times(Number(parts.COUNT)));
  }
  if (when.except?.length) words.push(t.except(join(when.except.map((one) => formatDay(dayOf(one))))));
  if (when.also?.length) words.push(t.also(join(when.also.map((one) => formatDay(dayOf(one))))));
  return words.join(', ');
}

function DateList({ label, dates, time, onChange, disabled }: { label: string; dates: string[]; time: string; onChange: (dates: string[]) => void; disabled: boolean }) {
  const [day, setDay] = useState('');
  return (
    <div class="stack-s">
      <div class="ct-add">
        <DateField label={label} value={day} onChange={setDay} disabled={disabled} optional />
        <Button disabled={!day || disabled} aria-label={`${t.addDate} : ${label}`} onClick={() => {
          onChange([...new Set([...dates, stampOf(day, time)])].sort());
          setDay('');
        }}>{t.addDate}</Button>
      </div>
      {dates.length > 0 && (
        <ul class="tags">
          {dates.map((one) => (
            <li key={one}>{formatDay(dayOf(one), 'medium')}
              <IconButton icon="close" small label={t.removeDate(formatDay(dayOf(one)))} onClick={() => onChange(dates.filter((other) => other !== one))} /></li>
          ))}
        </ul>
      )}
    </div>
  );
}

export function WhenFields({ form }: { form: Form }) {
  const when: When = form.value.when ?? {};
  const { disabled } = form;
  const [chosen, setChosen] = useState<Repeat | null>(null);
  if (when.ical && !when.start) return <p class="soft">{t.imported}</p>;
  const start = dayOf(when.start), from = timeOf(when.start), end = dayOf(when.end), to = timeOf(when.end);
  const parts = parse(when.rrule ?? ''), repeat = chosen === 'other' ? 'other' : repeatOf(when.rrule ?? '');
  const put = (changes: When) => {
    const next = { ...when, ...changes };
    if (!next.end) delete next.end;
    if (!next.rrule) delete next.rrule;
    form.set('when', next);
  };
  const rule = (changes: Parts) => put({ rrule: write({ ...parts, ...changes }) });
  const setTimes = (day: string, begin: string, last: string, finish: string) =>
    put({ start: stampOf(day, begin), end: begin ? (finish ? stampOf(last || day, finish) : '') : last && last !== day ? last : '' });
  const nth = start ? Math.min(5, Math.ceil(Number(start.slice(8)) / 7)) : 1;
  const byDay = start ? `${nth === 5 ? -1 : nth}${DAYS[weekday(start)]}` : '';
  return (
    <div class="stack">
      <div class="ct-pair">
        <DateField label={t.startDay} value={start} disabled={disabled} error={form.error('when.start') ?? form.error('when')} required onChange={(day) => setTimes(day, from, end && end < day ? '' : end === start ? day : end, to)} />
        <TimeField label={t.startTime} value={from} disabled={disabled || !start} optional help={from ? undefined : t.allDay} onChange={(time) => setTimes(start, time, end, to)} />
        <DateField label={t.endDay} value={end} min={start} disabled={disabled || !start} optional error={form.error('when.end')} onChange={(day) => setTimes(start, from, day, to)} />
        <TimeField label={t.endTime} value={to} disabled={disabled || !from} optional onChange={(time) => setTimes(start, from, end, time)} />
      </div>
      <Choices label={t.repeat} value={repeat} disabled={disabled || !start}
        choices={(['none', 'weekly', 'monthly', 'yearly', 'other'] as const).map((value) => ({ value, label: t.repeats[value]! }))}
        onChange={(value) => {
          setChosen(value);
          put({ rrule: value === 'none' ? '' : value === 'weekly' ? `FREQ=WEEKLY;BYDAY=${DAYS[weekday(start)]}` : value === 'monthly' ? `FREQ=MONTHLY;BYDAY=${byDay}`
            : value === 'yearly' ? 'FREQ=YEARLY' : when.rrule || 'FREQ=DAILY' });
        }} />
      {repeat === 'weekly' && <>
        <Chips label={t.onDays} value={(parts.BYDAY ?? DAYS[weekday(start)]!).split(',')} disabled={disabled} choices={DAYS.map((value, i) => ({ value, label: t.weekdays[i]! }))}
          onChange={(days) => rule({ BYDAY: days.join(',') || DAYS[weekday(start)]! })} />
        <NumberField label={t.everyWeeks} unit={t.weeksUnit} min={1} max={52} value={Number(parts.INTERVAL ?? 1)} disabled={disabled} onChange={(n) => rule({ INTERVAL: n && n > 1 ? String(n) : '' })} />
      </>}
      {repeat === 'monthly' && (
        <SelectField label={t.monthlyOn} value={parts.BYDAY ? 'nth' : 'day'} disabled={disabled} onChange={(kind) => rule(kind === 'nth' ? { BYDAY: byDay, BYMONTHDAY: '' } : { BYDAY: '', BYMONTHDAY: String(Number(start.slice(8))) })}
          choices={[{ value: 'nth', label: parts.BYDAY ? monthlyWords(parts, start) : monthlyWords({ BYDAY: byDay }, start) }, { value: 'day', label: t.monthlyDay(Number(parts.BYMONTHDAY ?? start.slice(8))) }]} />
      )}
      {repeat === 'yearly' && (
        <SelectField label={t.yearlyOn} value={parts.BYDAY ? 'nth' : 'day'} disabled={disabled} onChange={(kind) => rule(kind === 'nth' ? { BYMONTH: String(Number(start.slice(5, 7))), BYDAY: byDay } : { BYMONTH: '', BYDAY: '' })}
          choices={[{ value: 'nth', label: yearlyWords(parts.BYDAY ? parts : { BYDAY: byDay }, start) }, { value: 'day', label: yearlyWords({}, start) }]} />
      )}
      {repeat === 'other' && <TextField label={t.rule} value={when.rrule ?? ''} disabled={disabled} error={form.error('when.rrule')} onChange={(rrule) => put({ rrule })} />}
      {repeat !== 'none' && <div class="ct-pair">
        {repeat !== 'other' && <DateField label={t.lastDate} value={untilDay(parts)} min={start} disabled={disabled} optional help={t.lastDateHelp}
          onChange={(day) => rule({ UNTIL: day && day.replace(/-/g, '') + (from ? 'T235959' : ''), COUNT: '' })} />}
        <DateList label={t.exceptions} dates={when.except ?? []} time={from} disabled={disabled} onChange={(except) => put({ except })} />
        <DateList label={t.extra} dates={when.also ?? []} time={from} disabled={disabled} onChange={(also) => put({ also })} />
      </div>}
      {when.start && <p class="ct-sentence" role="status"><span class="unseen">{fieldLabel('when')} : </span>{whenWords(when)}</p>}
    </div>
  );
}
