// When a screen's place is open: hours of each weekday, and of public holidays.
import { useState } from 'preact/hooks';
import { Button, IconButton } from '../../ui/button.tsx';
import { Choices } from '../../ui/field.tsx';
import { t } from './texts.ts';

const DAYS = ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su'] as const;
type Day = (typeof DAYS)[number];

export interface OpeningEntry {
  days?: Day[];
  holidays?: true;
  closed?: boolean;
  from?: string;
  until?: string;
}

interface Hours { from: string; until: string }

export interface Week {
  days: Hours[][]; // of Monday to Sunday; none: closed
  holidays: Hours[] | null; // null: as any other day
}

const hoursOf = ({ from, until }: OpeningEntry): Hours => ({ from: from ?? '', until: until ?? '' });

export function weekOf(entries: readonly OpeningEntry[]): Week {
  const holidays = entries.filter((one) => one.holidays);
  return {
    days: DAYS.map((day) => entries.filter((one) => one.days?.includes(day)).map(hoursOf)),
    holidays: holidays.length ? holidays.filter((one) => !one.closed).map(hoursOf) : null,
  };
}

// Days with the same hours stand together, as people would write it.
function entriesOf({ days, holidays }: Week): OpeningEntry[] {
  const entries: OpeningEntry[] = [];
  days.forEach((list, i) => list.forEach(({ from, until }) => {
    const same = entries.find((one) => one.from === from && one.until === until && !one.days!.includes(DAYS[i]!));
    same ? same.days!.push(DAYS[i]!) : entries.push({ days: [DAYS[i]!], from, until });
  }));
  if (!entries.length && !holidays?.length) return [];
  if (holidays) {
    entries.push(...(holidays.length ? holidays.map((one): OpeningEntry => ({ holidays: true, ...one })) : [{ holidays: true, closed: true } as OpeningEntry]));
  }
  return entries;
}

function HoursEditor({ name, hours, onChange, disabled }: { name: string; hours: Hours[]; onChange: (hours: Hours[]) => void; disabled?: boolean }) {
  const change = (i: number, part: Partial<Hours>) => onChange(hours.map((one, n) => (n === i ? { ...one, ...part } : one)));
  return (
    <div class="sc-hours">
      {hours.length === 0 && <span class="soft">{t.closedDay}</span>}
      {hours.map((one, i) => (
        <span key={i} class="sc-span">
          <input type="time" required aria-label={`${name}, ${t.from}`} value={one.from} disabled={disabled} onInput={(event) => change(i, { from: event.currentTarget.value })} />
          <span aria-hidden="true">{t.to}</span>
          <input type="time" required aria-label={`${name}, ${t.to}`} value={one.until === '24:00' ? '00:00' : one.until} disabled={disabled}
            onInput={(event) => change(i, { until: event.currentTarget.value === '00:00' ? '24:00' : event.currentTarget.value })} />
          {!disabled && <IconButton small icon="close" label={`${t.removeHours} (${name})`} onClick={() => onChange(hours.filter((_, n) => n !== i))} />}
          {one.until !== '' && one.until <= one.from && <small>{t.night}</small>}
        </span>
      ))}
      {!disabled && hours.length < 3 && (
        <IconButton small icon="plus" label={`${t.addHours} (${name})`} onClick={() => onChange([...hours, hours.length ? { from: '14:00', until: '18:00' } : { from: '08:00', until: '19:00' }])} />
      )}
    </div>
  );
}

export function OpeningEditor({ value, onChange, error, disabled }: { value: readonly OpeningEntry[]; onChange: (entries: OpeningEntry[]) => void; error?: string; disabled?: boolean }) {
  // What is being typed, which may say less than nothing for a moment (all days closed).
  const [own, setOwn] = useState<{ week: Week; told: string } | null>(null);
  const told = JSON.stringify(value);
  const week = own?.told === told ? own.week : weekOf(value);
  const always = value.length === 0 && own?.told !== told;
  const take = (next: Week) => {
    const entries = entriesOf(next);
    setOwn({ week: next, told: JSON.stringify(entries) });
    onChange(entries);
  };
  return (
    <div class="stack">
      <Choices label={t.opening} hideLabel help={t.openingHelp} error={error} disabled={disabled} value={always ? 'always' : 'hours'}
        choices={[{ value: 'always', label: t.always }, { value: 'hours', label: t.hours }]}
        onChange={(mode) => {
          if (mode === 'hours') return take({ days: DAYS.map((_, i) => (i < 5 ? [{ from: '08:00', until: '19:00' }] : [])), holidays: [] });
          setOwn(null);
          onChange([]);
        }} />
      {!always && <>
        <table class="sc-week cards">
          <caption class="unseen">{t.opening}</caption>
          <thead class="unseen"><tr><th scope="col">{t.day}</th><th scope="col">{t.hours}</th></tr></thead>
          <tbody>
            {week.days.map((hours, i) => (
              <tr key={i}>
                <th scope="row">{t.days[i]}</th>
                <td><HoursEditor name={t.days[i]!} hours={hours} disabled={disabled} onChange={(next) => take({ ...week, days: week.days.map((one, n) => (n === i ? next : one)) })} /></td>
              </tr>
            ))}
          </tbody>
        </table>
        {!disabled && <div><Button small icon="copy" onClick={() => take({ ...week, days: week.days.map((one, i) => (i < 5 ? week.days[0]!.map((hours) => ({ ...hours })) : one)) })}>{t.copyDown}</Button></div>}
        <Choices label={t.holidays} disabled={disabled} value={week.holidays === null ? 'same' : week.holidays.length ? 'own' : 'closed'}
          choices={[{ value: 'same', label: t.asOthers }, { value: 'closed', label: t.closedHolidays }, { value: 'own', label: t.ownHours }]}
          onChange={(how) => take({ ...week, holidays: how === 'same' ? null : how === 'closed' ? [] : [{ from: '09:00', until: '12:00' }] })} />
        {!!week.holidays?.length && <HoursEditor name={t.holidays} hours={week.holidays} disabled={disabled} onChange={(holidays) => take({ ...week, holidays })} />}
      </>}
    </div>
  );
}

// "lun. à ven. 08:00–19:00 ; fériés : fermé"
export function openingWords(entries: readonly OpeningEntry[] | null | undefined): string {
  if (!entries?.length) return t.always;
  return entries.map(({ days, closed, from, until }) =>
    `${days ? days.map((day) => t.daysShort[DAYS.indexOf(day)]).join(' ') : t.holidays} ${closed ? t.closedDay.toLowerCase() : `${from}–${until}`}`).join(' ; ');
}
