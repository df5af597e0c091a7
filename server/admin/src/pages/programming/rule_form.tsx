// The fields of a rule. Days and hours are asked in plain words; what does not fit them stays an RRULE.
import { useState } from 'preact/hooks';
import { formatDay } from '../../lib/dates.ts';
import { lang } from '../../lib/i18n.ts';
import type { Editor } from '../../records/editor.ts';
import { Button, IconButton, Link } from '../../ui/button.tsx';
import { CheckField, Chips, Choices, DateField, Field, NumberField, SelectField, TextField, TimeField } from '../../ui/field.tsx';
import { Card } from '../../ui/page.tsx';
import { Picker, Pickers } from '../../ui/picker.tsx';
import { choicesOf, nameOf, zoneOf, type Fleet } from './fleet.ts';
import { t } from './texts.ts';
import { DAY_NAMES, NTHS, readRepeat, sentence, WEEKDAYS, windowsOf, writeRepeat, type Days, type Hours, type Policy, type Repeat, type Weekday } from './words.ts';
import { clock, instantOf, minutesOf, wallOf } from './zone_time.ts';

export interface RuleForm extends Days {
  title: string;
  playlist: string;
  screens: string[];
  groups: string[];
  class: 'base' | 'campaign' | 'takeover' | 'emergency';
  share?: number | null;
  zone?: string | null;
  full_screen?: boolean;
}

type Part = { editor: Editor<RuleForm>; fleet: Fleet; locked: boolean };

const weekdayChoices = WEEKDAYS.map((value, i) => ({ value, label: DAY_NAMES[lang][i]! }));
const KINDS = { daily: t.everyDay, weekly: t.someDays, nth: t.nth, date: t.date, other: t.other };
const WORKDAYS: Weekday[] = ['mo', 'tu', 'we', 'th', 'fr'];
const FIRST: Record<Repeat['kind'], Repeat> = {
  daily: { kind: 'daily', every: 1 }, weekly: { kind: 'weekly', every: 1, days: WORKDAYS }, nth: { kind: 'nth', every: 1, nth: 1, day: 'tu' },
  date: { kind: 'date', every: 1, dates: [1] }, other: { kind: 'other', text: '' },
};
const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

function readDates(text: string): number[] | null {
  const numbers = text.split(/[,;\s]+/).filter(Boolean).map((word) => (word === t.last ? -1 : Number(word)));
  return numbers.length && numbers.every((n) => n === -1 || (Number.isInteger(n) && n >= 1 && n <= 31)) ? numbers : null;
}

function RepeatFields({ editor, locked }: Part) {
  const { value } = editor;
  const [held, setRepeat] = useState<Repeat>(() => readRepeat(value));
  const [dates, setDates] = useState<string | null>(null);
  const stored = { weekdays: value.weekdays?.length === 7 ? null : value.weekdays ?? null, recurrence: value.recurrence ?? '' };
  const repeat = same(writeRepeat(held), stored) ? held : readRepeat(value);
  const set = (next: Repeat) => {
    setRepeat(next);
    editor.set(writeRepeat(next));
  };
  const datesText = dates ?? (repeat.kind === 'date' ? repeat.dates.map((n) => (n === -1 ? t.last : n)).join(', ') : '');
  return (
    <div class="stack">
      <SelectField label={t.repeat} value={repeat.kind} disabled={locked} choices={(Object.keys(KINDS) as Repeat['kind'][]).map((kind) => ({ value: kind, label: KINDS[kind] }))}
        onChange={(kind) => {
          setDates(null);
          set(kind === 'other' ? { kind, text: value.recurrence || 'FREQ=YEARLY;BYMONTH=7;BYMONTHDAY=14' } : FIRST[kind]);
        }} />
      {repeat.kind === 'weekly' && (
        <Chips label={t.days} value={repeat.days} choices={weekdayChoices} disabled={locked} error={editor.errorOf('weekdays')} onChange={(days) => set({ ...repeat, days })} />
      )}
      {repeat.kind === 'nth' && (
        <div class="pr-tools">
          <SelectField label={t.nthLabel} value={String(repeat.nth)} disabled={locked} choices={[1, 2, 3, 4, -1].map((n) => ({ value: String(n), label: NTHS[lang][n as 1] }))} onChange={(n) => set({ ...repeat, nth: Number(n) })} />
          <SelectField label={t.nthDay} value={repeat.day} disabled={locked} choices={weekdayChoices} onChange={(day) => set({ ...repeat, day })} />
        </div>
      )}
      {repeat.kind === 'date' && (
        <TextField label={t.dateLabel} help={t.dateHelp} value={datesText} disabled={locked} error={dates !== null && !readDates(dates) ? t.dateWrong : undefined}
          onChange={(text) => {
            setDates(text);
            const read = readDates(text);
            if (read) set({ ...repeat, dates: read });
          }} />
      )}
      {repeat.kind === 'other' ? (
        <TextField label={t.rrule} help={t.rruleHelp} value={repeat.text} disabled={locked} error={editor.errorOf('recurrence')} input={{ spellcheck: false }} onChange={(text) => set({ kind: 'other', text })} />
      ) : (
        <NumberField label={t.every} help={t.everyHelp} value={repeat.every} min={1} max={52} unit={t.everyUnits[repeat.kind]} disabled={locked} error={editor.errorOf('recurrence')}
          onChange={(every) => every && every >= 1 && set({ ...repeat, every: Math.floor(every) })} />
      )}
    </div>
  );
}

const MOST_WINDOWS = 8;

function HourFields({ editor, locked }: Part) {
  const windows = windowsOf(editor.value.hours);
  const set = (list: Hours[]) => editor.set({ hours: list.length ? list : null });
  const change = (i: number, part: Partial<Hours>) => set(windows.map((one, k) => (k === i ? { ...one, ...part } : one)));
  return (
    <div class="stack-s">
      <Choices label={t.hours} value={windows.length ? 'some' : 'all'} disabled={locked} choices={[{ value: 'all', label: t.wholeDay }, { value: 'some', label: t.someHours }]}
        error={editor.errorOf('hours')} onChange={(way) => set(way === 'all' ? [] : [{ from: '08:00', until: '18:00' }])} />
      {windows.map((one, i) => (
        <fieldset key={i} class="pr-window" disabled={locked}>
          <legend class="unseen">{t.hoursOf(i + 1)}</legend>
          <TimeField label={t.hourFrom} value={one.from} onChange={(from) => change(i, { from })} />
          <TimeField label={t.hourUntil} value={one.until === '24:00' ? '00:00' : one.until} onChange={(until) => change(i, { until: until === '00:00' ? '24:00' : until })} />
          <IconButton icon="trash" label={t.removeHours(i + 1)} onClick={() => set(windows.filter((_, k) => k !== i))} />
        </fieldset>
      ))}
      {windows.length > 0 && <>
        <p class="help">{t.hoursHelp}</p>
        {windows.length < MOST_WINDOWS && !locked && (
          <Button small icon="plus" onClick={() => {
            const last = minutesOf(windows[windows.length - 1]!.until) % 1440;
            set([...windows, { from: clock(Math.min(last + 60, 1380)), until: clock(Math.min(last + 180, 1439)) }]);
          }}>{t.addHours}</Button>
        )}
      </>}
    </div>
  );
}

function DateList({ label, value, onChange, error, locked }: { label: string; value: readonly string[]; onChange: (days: string[]) => void; error?: string; locked: boolean }) {
  const [day, setDay] = useState('');
  return (
    <fieldset class="stack-s" disabled={locked}>
      <legend>{label}</legend>
      {value.length > 0 ? (
        <ul class="tags">
          {value.map((one) => <li key={one}>{formatDay(one, 'medium')}<IconButton small icon="close" label={t.removeDate(formatDay(one))} onClick={() => onChange(value.filter((d) => d !== one))} /></li>)}
        </ul>
      ) : <p class="help">{t.noDates}</p>}
      <div class="pr-window">
        <DateField label={t.pickDate} value={day} onChange={setDay} />
        <Button disabled={!day} onClick={() => {
          onChange([...new Set([...value, day])].sort());
          setDay('');
        }}>{t.addDate}</Button>
      </div>
      {error && <p class="error">{error}</p>}
    </fieldset>
  );
}

function InstantField({ label, value, zone, onChange, error, locked }: { label: string; value?: string | null; zone: string; onChange: (iso: string | null) => void; error?: string; locked: boolean }) {
  const wall = value ? wallOf(Date.parse(value), zone) : null;
  return (
    <Field label={label} error={error} optional>
      {(tied) => <input {...tied} type="datetime-local" disabled={locked} value={wall ? `${wall.day}T${clock(wall.minutes)}` : ''}
        onInput={(event) => {
          const [day = '', time = ''] = event.currentTarget.value.split('T');
          onChange(day && time ? new Date(instantOf(day, minutesOf(time), zone)).toISOString() : null);
        }} />}
    </Field>
  );
}

const policyChoices = (Object.keys(t.policies) as Policy[]).map((value) => ({ value, label: t.policies[value] }));

export function RuleFields(part: Part) {
  const { editor, fleet, locked } = part;
  const { value, set, errorOf } = editor;
  const zone = zoneOf(fleet, value);
  const share = Math.round((value.share ?? 0.5) * 100);
  return <>
    <Card title={t.what}>
      <TextField label={t.ruleTitle} help={t.ruleTitleHelp} value={value.title} onChange={(title) => set({ title })} required disabled={locked} error={errorOf('title')} />
      <Picker label={t.playlist} value={value.playlist} text={value.playlist && nameOf(fleet.playlists, value.playlist)} disabled={locked} required error={errorOf('playlist')}
        choices={choicesOf(fleet.playlists.filter(({ state }) => state !== 'archived'))} onChange={(playlist) => set({ playlist })}
        help={value.playlist && <Link to={`/playlists/${encodeURIComponent(value.playlist)}`}>{t.openPlaylist}</Link>} />
    </Card>
    <Card title={t.where}>
      <fieldset disabled={locked} class="stack">
        <Pickers label={t.groups} help={t.groupsHelp} values={value.groups} nameOf={(id) => nameOf(fleet.groups, id)} choices={choicesOf(fleet.groups)} error={errorOf('groups')} onChange={(groups) => set({ groups })} />
        <Pickers label={t.screens} values={value.screens} nameOf={(id) => nameOf(fleet.screens, id)} choices={choicesOf(fleet.screens)} error={errorOf('screens')} onChange={(screens) => set({ screens })} />
      </fieldset>
    </Card>
    <Card title={t.when}>
      <div class="pr-tools">
        <DateField label={t.firstDay} value={value.from ?? ''} disabled={locked} error={errorOf('from')} onChange={(from) => set({ from: from || null })} />
        <DateField label={t.lastDay} value={value.until ?? ''} min={value.from ?? undefined} disabled={locked} error={errorOf('until')} onChange={(until) => set({ until: until || null })} />
      </div>
      <RepeatFields {...part} />
      <HourFields {...part} />
      <p class="pr-again soft" aria-hidden="true">{sentence(value, lang, zone)}</p>
      <details open={value.holidays !== 'same' || value.school_holidays !== 'same' || !!value.except?.length || !!value.also?.length}>
        <summary>{t.moreDays}</summary>
        <div class="stack pr-inside">
          <div class="pr-tools">
            <SelectField label={t.holidays} value={value.holidays ?? 'same'} choices={policyChoices} disabled={locked} error={errorOf('holidays')} onChange={(holidays) => set({ holidays })} />
            <SelectField label={t.school} value={value.school_holidays ?? 'same'} choices={policyChoices} disabled={locked} error={errorOf('school_holidays')} onChange={(school_holidays) => set({ school_holidays })} />
          </div>
          <DateList label={t.except} value={value.except ?? []} locked={locked} error={errorOf('except')} onChange={(except) => set({ except })} />
          <DateList label={t.also} value={value.also ?? []} locked={locked} error={errorOf('also')} onChange={(also) => set({ also })} />
        </div>
      </details>
    </Card>
    <Card title={t.classLabel}>
      <Choices label={t.class} hideLabel look="list" value={value.class} disabled={locked} error={errorOf('class')}
        choices={(['base', 'campaign', 'takeover', ...(value.class === 'emergency' ? ['emergency' as const] : [])] as const).map((tag) => ({ value: tag, label: t.classes[tag], help: t.classHelp[tag] }))}
        onChange={(tag) => set({ class: tag, share: tag === 'campaign' ? 0.5 : null, full_screen: undefined })} />
      {value.class === 'campaign' && (
        <Field label={`${t.share} : ${share} %`} help={t.shareHelp(Math.round(share / 10))} error={errorOf('share')}>
          {(tied) => <input {...tied} type="range" class="pr-range" min={5} max={100} step={5} value={share} disabled={locked} aria-valuetext={`${share} %`}
            onInput={(event) => set({ share: event.currentTarget.valueAsNumber / 100 })} />}
        </Field>
      )}
      {value.class === 'takeover' && !value.zone && (
        <CheckField label={t.fullScreen} value={value.full_screen !== false} disabled={locked} error={errorOf('full_screen')} onChange={(on) => set({ full_screen: on ? undefined : false })} />
      )}
      <details open={!!value.zone || !!value.starts || !!value.ends}>
        <summary>{t.advanced}</summary>
        <div class="stack pr-inside">
          <SelectField label={t.zone} help={t.zoneHelp} value={value.zone ?? ''} disabled={locked} error={errorOf('zone')} onChange={(to) => set({ zone: to, ...(to && { full_screen: undefined }) })}
            choices={[...new Set(['', 'side', 'news', value.zone ?? ''])].map((id) => ({ value: id, label: t.zones[(id || 'main') as 'main'] ?? id }))} />
          <p class="help">{t.exactHelp}</p>
          <div class="pr-tools">
            <InstantField label={t.starts} zone={zone} value={value.starts} locked={locked} error={errorOf('starts')} onChange={(starts) => set({ starts })} />
            <InstantField label={t.ends} zone={zone} value={value.ends} locked={locked} error={errorOf('ends')} onChange={(ends) => set({ ends })} />
          </div>
        </div>
      </details>
    </Card>
  </>;
}
