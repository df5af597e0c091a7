// What really shows on a screen or a group, as a week, a month, or a list that says the same.
import { useState } from 'preact/hooks';
import { at, get } from '../../lib/api.ts';
import { addDays, DAY_MS, formatDay } from '../../lib/dates.ts';
import { useLoad } from '../../lib/load.ts';
import { setQuery } from '../../lib/router.ts';
import { Button, IconButton, LinkButton } from '../../ui/button.tsx';
import { Empty, Show } from '../../ui/feedback.tsx';
import { Choices, DateField, SelectField } from '../../ui/field.tsx';
import { Picker } from '../../ui/picker.tsx';
import { Legend, ListView, MonthView, WeekView } from './calendar_views.tsx';
import { targetChoices, targetOf, type Fleet, type Named, type Target } from './fleet.ts';
import { t } from './texts.ts';
import { instantOf, wallOf } from './zone_time.ts';

export interface Span {
  from_ms: number;
  until_ms: number;
}
export interface Stretch extends Span {
  zone: string;
  gap: boolean;
  rule?: string;
  title?: string;
  playlist?: string;
  class?: keyof typeof t.classes;
  mixed?: number;
}
export interface Programme {
  screens: Named[];
  time_zone: string;
  stretches: Stretch[];
  gaps: Span[];
  closed: Span[];
}

// What lies on one day of a place, by the wall clock there.
export interface Piece {
  kind: 'rule' | 'gap' | 'closed';
  at: number; // its beginning: where clocks are set back, an hour's minutes come twice
  from: number; // minutes
  until: number;
  stretch?: Stretch;
}

export type View = 'week' | 'month' | 'list';

const dayOfWeek = (day: string) => (new Date(`${day}T12:00:00Z`).getUTCDay() + 6) % 7;
export const mondayOf = (day: string) => addDays(day, -dayOfWeek(day));

const QUARTER_MS = 900000;

// Where the clock is set back between the two; at full quarters of an hour, here as elsewhere.
function setBack(from: number, until: number, zone: string) {
  for (let ms = Math.ceil((from + 1) / QUARTER_MS) * QUARTER_MS; ms < until; ms += QUARTER_MS) {
    if (wallOf(ms, zone).minutes < wallOf(ms - 1, zone).minutes) return ms;
  }
  return until;
}

function piecesOf(programme: Programme, zone: string, days: string[]): Map<string, Piece[]> {
  const bounds = days.map((day) => [day, instantOf(day, 0, programme.time_zone), instantOf(addDays(day, 1), 0, programme.time_zone)] as const);
  const map = new Map<string, Piece[]>(days.map((day) => [day, []]));
  const add = (span: Span, kind: Piece['kind'], stretch?: Stretch) => {
    for (const [day, from, until] of bounds) {
      if (span.from_ms >= until || span.until_ms <= from) continue;
      const at = Math.max(span.from_ms, from), end = Math.min(span.until_ms, until);
      const wall = (ms: number) => (ms === from ? 0 : ms === until ? 1440 : wallOf(ms, programme.time_zone).minutes);
      const piece = { kind, stretch, at, from: wall(at), until: wall(end) };
      const turn = piece.until > piece.from ? end : setBack(at, end, programme.time_zone);
      map.get(day)!.push(turn === end ? piece : { ...piece, until: Math.ceil(wall(turn - 1)) });
      if (turn < end) map.get(day)!.push({ ...piece, at: turn, from: wall(turn) });
    }
  };
  // A screen is dark while the place is closed, whatever is planned.
  for (const stretch of programme.stretches) {
    if (stretch.zone !== zone || stretch.gap) continue;
    let from_ms = stretch.from_ms;
    for (const closed of programme.closed) {
      if (closed.until_ms <= from_ms || closed.from_ms >= stretch.until_ms) continue;
      if (closed.from_ms > from_ms) add({ from_ms, until_ms: closed.from_ms }, 'rule', stretch);
      from_ms = closed.until_ms;
    }
    if (from_ms < stretch.until_ms) add({ from_ms, until_ms: stretch.until_ms }, 'rule', stretch);
  }
  for (const gap of zone === 'main' ? programme.gaps : []) add(gap, 'gap');
  for (const closed of programme.closed) add(closed, 'closed');
  for (const list of map.values()) list.sort((a, b) => a.at - b.at);
  return map;
}

async function loadProgrammes(target: Target, from: number, until: number, signal: AbortSignal): Promise<Programme[]> {
  const span = { from: new Date(from).toISOString(), until: new Date(until).toISOString() };
  if (target.kind === 'group') return (await get<{ programmes: Programme[] }>(at`/groups/${target.id}/programme`, span, signal)).programmes;
  const one = await get<Programme>(at`/screens/${target.id}/programme`, span, signal);
  return [{ ...one, screens: [{ id: target.id, name: target.name }] }];
}

export function Calendar({ fleet, query }: { fleet: Fleet; query: URLSearchParams }) {
  const target = targetOf(fleet, query);
  if (!target) {
    return <Empty icon="screen" title={t.noScreens} action={<LinkButton kind="primary" to="/screens">{t.toScreens}</LinkButton>}>{t.noScreensText}</Empty>;
  }
  return <TargetCalendar fleet={fleet} query={query} target={target} />;
}

function TargetCalendar({ fleet, query, target }: { fleet: Fleet; query: URLSearchParams; target: Target }) {
  const today = wallOf(Date.now(), target.zone).day;
  const view = (query.get('view') ?? (innerWidth < 700 ? 'list' : 'week')) as View;
  const day = query.get('day') ?? today;
  const first = mondayOf(view === 'month' ? `${day.slice(0, 7)}-01` : day);
  const count = view === 'month' ? 42 : 7;
  const days = Array.from({ length: count }, (_, i) => addDays(first, i));
  const [shown, setShown] = useState(0);
  const [zone, setZone] = useState('main');
  const more = target.kind === 'group' ? DAY_MS : 0; // days begin elsewhere where its screens are
  const loaded = useLoad((signal) => loadProgrammes(target, instantOf(first, 0, target.zone) - more, instantOf(addDays(first, count), 0, target.zone) + more, signal),
    [target.kind, target.id, first, count]);
  const go = (to: string) => setQuery({ day: to });
  const step = (n: number) => {
    if (view !== 'month') return go(addDays(day, 7 * n));
    const month = new Date(`${day.slice(0, 7)}-15T12:00:00Z`);
    month.setUTCMonth(month.getUTCMonth() + n);
    return go(`${month.toISOString().slice(0, 7)}-01`);
  };
  const heading = view === 'month'
    ? new Date(`${day}T12:00:00Z`).toLocaleDateString(document.documentElement.lang, { month: 'long', year: 'numeric', timeZone: 'UTC' })
    : t.weekOf(formatDay(first));
  return (
    <div class="stack">
      <div class="pr-tools">
        <Picker label={t.target} value={`${target.kind}:${target.id}`} text={target.name} choices={targetChoices(fleet)}
          onChange={(value) => {
            const [kind, id] = [value.slice(0, value.indexOf(':')), value.slice(value.indexOf(':') + 1)];
            setShown(0);
            setQuery({ screen: kind === 'screen' ? id : '', group: kind === 'group' ? id : '' });
          }} />
        <Choices label={t.view} value={view} onChange={(value) => setQuery({ view: value, day })}
          choices={[{ value: 'week', label: t.week }, { value: 'month', label: t.month }, { value: 'list', label: t.list }]} />
        <DateField label={t.day} value={day} onChange={(value) => value && go(value)} />
      </div>
      <section class="card pr-calendar" aria-label={t.calendarOf(target.name)}>
        <div class="split">
          <h2 aria-live="polite">{heading}</h2>
          <div class="actions">
            <IconButton icon="left" label={t.before} onClick={() => step(-1)} />
            <Button small onClick={() => go(today)}>{t.now}</Button>
            <IconButton icon="right" label={t.after} onClick={() => step(1)} />
          </div>
        </div>
        <Show of={loaded} lines={8}>
          {(programmes) => {
            const programme = programmes[Math.min(shown, programmes.length - 1)];
            if (!programme) return <Empty icon="screen" title={t.emptyGroup} action={<LinkButton to="/screens">{t.toScreens}</LinkButton>}>{t.emptyGroupText}</Empty>;
            const zones = [...new Set(programme.stretches.map((one) => one.zone))];
            const here = zones.includes(zone) ? zone : 'main';
            const pieces = piecesOf(programme, here, days);
            const there = programme.time_zone;
            const props = { days, pieces, today: wallOf(Date.now(), there).day, target: { ...target, zone: there }, zone: here, month: day.slice(0, 7), day };
            return <>
              {(programmes.length > 1 || zones.length > 1) && (
                <div class="pr-tools">
                  {programmes.length > 1 && (
                    <SelectField label={t.same} help={t.differ(programmes.length)} value={String(shown)} onChange={(value) => setShown(Number(value))}
                      choices={programmes.map(({ screens }, i) => ({ value: String(i), label: t.sameScreens(screens.slice(0, 3).map(({ name }) => name).join(', '), screens.length) }))} />
                  )}
                  {zones.length > 1 && (
                    <SelectField label={t.zone} value={here} onChange={setZone}
                      choices={zones.map((value) => ({ value, label: t.zones[value as 'main'] ?? value }))} />
                  )}
                </div>
              )}
              {view === 'month' ? <MonthView {...props} /> : view === 'list' ? <ListView {...props} /> : <WeekView {...props} />}
              {view !== 'list' && <Legend />}
            </>;
          }}
        </Show>
      </section>
    </div>
  );
}
