// The site's own public and school holidays, over the national ones.
import { useState } from 'preact/hooks';
import { ApiError, getTagged, put } from '../../lib/api.ts';
import { formatDay } from '../../lib/dates.ts';
import { useLoad } from '../../lib/load.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Notice, Show, toast } from '../../ui/feedback.tsx';
import { CheckField, DateField, TextField } from '../../ui/field.tsx';
import { Card } from '../../ui/page.tsx';
import { t } from './texts.ts';

interface Day {
  name: string;
  date?: string;
  month_day?: string;
  easter?: number;
}
interface Period {
  name: string;
  from: string;
  until: string;
}
interface Holidays {
  format: 1;
  national?: boolean;
  days?: Day[];
  without?: string[];
  school?: Period[];
}
interface Answer {
  document: Holidays;
  days: { date: string; name: string }[];
}

const yearly = (one: Day) => one.month_day !== undefined;
const dateOf = (one: Day) => one.date ?? (one.month_day ? `${one.month_day === '02-29' ? 2028 : new Date().getFullYear()}-${one.month_day}` : '');
const dated = (one: Day, date: string, each: boolean): Day => (each ? { name: one.name, month_day: date.slice(5) } : { name: one.name, date });

function Form({ held, etag, onSaved }: { held: Holidays; etag: string; onSaved: () => void }) {
  const [doc, setDoc] = useState(held);
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const { days = [], without = [], school = [] } = doc;
  const set = (changes: Partial<Holidays>) => setDoc({ ...doc, ...changes });
  const at = <T,>(list: T[], i: number, one: T | null) => list.flatMap((was, n) => (n === i ? (one === null ? [] : [one]) : [was]));
  const send = async (event: Event) => {
    event.preventDefault();
    const whole = days.every((one) => one.name.trim() && (one.easter !== undefined || dateOf(one))) && without.every(Boolean)
      && school.every((one) => one.name.trim() && one.from && one.until);
    if (!whole) return setProblem(t.missing);
    setBusy(true);
    setProblem('');
    try {
      await put('/holidays', { ...doc, format: 1 }, { etag });
      toast(t.saved);
      onSaved();
    } catch (error) {
      setProblem((error as ApiError).message);
    }
    setBusy(false);
  };
  return (
    <form class="stack" onSubmit={send}>
      <CheckField label={t.national} value={doc.national ?? true} onChange={(national) => set({ national })} />
      <fieldset class="stack-s"><legend>{t.own}</legend>
        {!days.length && <p class="help">{t.ownNone}</p>}
        {days.map((one, i) => (
          <div key={i} class="st-line">
            <TextField label={t.dayName} value={one.name} onChange={(name) => set({ days: at(days, i, { ...one, name }) })} />
            {one.easter !== undefined ? <p class="st-easter">{t.easter(one.easter)}</p> : <>
              <DateField label={t.date} value={dateOf(one)} onChange={(date) => set({ days: at(days, i, dated(one, date, yearly(one))) })} />
              <CheckField label={t.yearly} value={yearly(one)} onChange={(each) => set({ days: at(days, i, dated(one, dateOf(one), each)) })} />
            </>}
            <IconButton icon="trash" label={t.remove(one.name)} onClick={() => set({ days: at(days, i, null) })} />
          </div>
        ))}
        <div><Button small icon="plus" onClick={() => set({ days: [...days, { name: '', date: '' }] })}>{t.addDay}</Button></div>
      </fieldset>
      <fieldset class="stack-s"><legend>{t.without}</legend><p class="help">{t.withoutHelp}</p>
        {without.map((date, i) => (
          <div key={i} class="st-line">
            <DateField label={t.date} value={date} onChange={(to) => set({ without: at(without, i, to) })} />
            <IconButton icon="trash" label={t.remove(formatDay(date))} onClick={() => set({ without: at(without, i, null) })} />
          </div>
        ))}
        <div><Button small icon="plus" onClick={() => set({ without: [...without, ''] })}>{t.addWithout}</Button></div>
      </fieldset>
      <fieldset class="stack-s"><legend>{t.school}</legend>
        {school.map((one, i) => (
          <div key={i} class="st-line">
            <TextField label={t.dayName} value={one.name} onChange={(name) => set({ school: at(school, i, { ...one, name }) })} />
            <DateField label={t.from} value={one.from} onChange={(from) => set({ school: at(school, i, { ...one, from }) })} />
            <DateField label={t.until} value={one.until} min={one.from} onChange={(until) => set({ school: at(school, i, { ...one, until }) })} />
            <IconButton icon="trash" label={t.remove(one.name)} onClick={() => set({ school: at(school, i, null) })} />
          </div>
        ))}
        <div><Button small icon="plus" onClick={() => set({ school: [...school, { name: '', from: '', until: '' }] })}>{t.addSchool}</Button></div>
      </fieldset>
      {problem && <Notice tone="bad"><p>{problem}</p></Notice>}
      <div class="actions"><Button type="submit" kind="primary" busy={busy}>{t.save}</Button></div>
    </form>
  );
}

export function HolidaysTab() {
  const held = useLoad(() => getTagged<Answer>('/holidays'), []);
  return (
    <Show of={held}>{({ data, etag }) => (
      <div class="st-columns">
        <Card title={t.tabs.days}><p class="soft">{t.daysText}</p><Form key={etag} held={data.document} etag={etag} onSaved={held.reload} /></Card>
        <Card title={t.next}>
          <ul class="stack-s st-days">{data.days.map((one) => <li key={one.date}><strong>{one.name}</strong><span class="soft">{formatDay(one.date, 'full')}</span></li>)}</ul>
        </Card>
      </div>
    )}</Show>
  );
}
