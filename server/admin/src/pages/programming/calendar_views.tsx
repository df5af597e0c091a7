// The calendar's three faces of the same pieces.
import { useRef, useState } from 'preact/hooks';
import { formatDay, formatMinutes } from '../../lib/dates.ts';
import { lang, locale } from '../../lib/i18n.ts';
import { navigate, setQuery } from '../../lib/router.ts';
import { may } from '../../lib/session.ts';
import { Link, LinkButton } from '../../ui/button.tsx';
import { Choices } from '../../ui/field.tsx';
import { Icon, type IconName } from '../../ui/icon.tsx';
import type { Piece } from './calendar.tsx';
import { newRulePlace, type Target } from './fleet.ts';
import { t } from './texts.ts';
import { DAY_NAMES } from './words.ts';
import { clock, wallOf } from './zone_time.ts';

interface Shown {
  days: string[];
  pieces: Map<string, Piece[]>;
  today: string;
  target: Target;
  zone: string;
  month: string;
  day: string; // the one asked for
}

export type ClassTag = keyof typeof t.classes;
const CLASSES: readonly ClassTag[] = ['base', 'campaign', 'takeover', 'emergency'];
const CLASS_ICONS: Record<ClassTag, IconName> = { base: 'screen', campaign: 'announcement', takeover: 'expand', emergency: 'alert' };

export const ClassMark = ({ of }: { of: ClassTag }) =>
  <span class={`pr-class pr-${of}`}><Icon name={CLASS_ICONS[of]} size={14} />{t.classes[of]}</span>;

const rulePlace = (piece: Piece) => (piece.stretch!.class === 'emergency' ? '/emergency' : `/programming/rules/${encodeURIComponent(piece.stretch!.rule!)}`);
const span = ({ from, until }: Piece) => (from === 0 && until === 1440 ? t.allDay : `${formatMinutes(Math.round(from))} – ${formatMinutes(Math.round(until))}`);
const begin = (target: Target, zone: string, day: string, from?: number, until?: number) =>
  newRulePlace({ target, day, from: from === undefined ? undefined : clock(from), until: until === undefined ? undefined : clock(until), zone: zone === 'main' ? '' : zone });

export const Legend = () => (
  <div class="pr-legend">
    <ul class="row" aria-label={t.legend}>
      {CLASSES.map((tag) => <li key={tag}><ClassMark of={tag} /></li>)}
      <li><span class="pr-class pr-gap"><Icon name="alert" size={14} />{t.nothing}</span></li>
      <li><span class="pr-class pr-closed">{t.closed}</span></li>
    </ul>
  </div>
);

// --- week -----------------------------------------------------------------------------------------

const STEP = 15;
const THRESHOLD_PX = 6;

const LINK_MINUTES = 45; // 24 px high: what is shorter is pressed in the list, or by the mouse

function PieceOfDay({ one, day, to, style }: { one: Piece; day: string; to: string; style: { top: string; height: string } }) {
  const length = one.until - one.from, tag = one.stretch?.class, title = one.stretch?.title ?? t.nothing;
  const look = { class: `pr-piece pr-${tag ?? 'gap'} ${length < 240 ? 'pr-short' : ''}`, style, title: `${title}, ${span(one)}` };
  const told = [title, tag && t.classes[tag], formatDay(day, 'full'), span(one)].filter(Boolean).join(', ');
  if (length < LINK_MINUTES) {
    return <div {...look} onClick={() => navigate(to)}><Icon name={tag ? CLASS_ICONS[tag] : 'alert'} size={12} /><span class="unseen">{told}</span></div>;
  }
  return (
    <Link to={to} {...look} draggable={false} aria-label={told}>
      <strong>{title}</strong>
      {tag && length >= 120 && <ClassMark of={tag} />}
      {length >= 180 && <small>{span(one)}</small>}
      {length >= 240 && !!one.stretch?.mixed && <small>{t.mixed(one.stretch.mixed)}</small>}
    </Link>
  );
}

function DayColumn({ day, pieces, target, zone, today, here }: { day: string; pieces: Piece[]; target: Target; zone: string; today: boolean; here: boolean }) {
  const column = useRef<HTMLDivElement>(null);
  const start = useRef<{ y: number; at: number } | null>(null);
  const dragged = useRef(false);
  const [drawn, setDrawn] = useState<[number, number] | null>(null);
  const minuteAt = (y: number) => {
    const box = column.current!.getBoundingClientRect();
    return Math.max(0, Math.min(1440, Math.round(((y - box.top) / box.height) * 1440 / STEP) * STEP));
  };
  const place = (from: number, until: number) => ({ top: `${from / 14.4}%`, height: `${(until - from) / 14.4}%` });
  const now = wallOf(Date.now(), target.zone).minutes;
  return (
    <div ref={column} class={`pr-day ${here ? 'pr-here' : ''}`} draggable={false} onDragStart={(event) => event.preventDefault()}
      onPointerDown={(event) => {
        dragged.current = false;
        if (event.button || event.pointerType === 'touch' || !may('publish')) return;
        start.current = { y: event.clientY, at: minuteAt(event.clientY) };
      }}
      onPointerMove={(event) => {
        if (!start.current || (!drawn && Math.abs(event.clientY - start.current.y) < THRESHOLD_PX)) return;
        if (!drawn) column.current!.setPointerCapture(event.pointerId);
        dragged.current = true;
        const to = minuteAt(event.clientY), { at } = start.current;
        setDrawn([Math.min(at, to), Math.max(at, to, Math.min(at, to) + STEP)]);
      }}
      onPointerUp={() => {
        start.current = null;
        if (drawn) navigate(begin(target, zone, day, drawn[0], drawn[1]));
        setDrawn(null);
      }}
      onPointerCancel={() => {
        start.current = null;
        setDrawn(null);
      }}
      onClickCapture={(event) => {
        if (!dragged.current) return;
        event.preventDefault();
        event.stopPropagation();
      }}>
      {pieces.filter((one) => one.kind === 'closed').map((one) => (
        <span key={`c${one.at}`} class="pr-piece pr-closed" style={place(one.from, one.until)}>{one.until - one.from >= 60 && <small>{t.closed}</small>}</span>
      ))}
      {pieces.map((one) => one.kind !== 'closed' && (
        <PieceOfDay key={`${one.kind}${one.at}`} one={one} day={day} style={place(one.from, one.until)}
          to={one.kind === 'gap' ? begin(target, zone, day, one.from, one.until) : rulePlace(one)} />
      ))}
      {today && <span class="pr-now" style={{ top: `${now / 14.4}%` }} />}
      {drawn && <span class="pr-drawn" style={place(drawn[0], drawn[1])}><strong>{formatMinutes(drawn[0])} – {formatMinutes(drawn[1])}</strong></span>}
    </div>
  );
}

const columnName = (day: string) => new Date(`${day}T12:00:00Z`).toLocaleDateString(locale, { weekday: 'short', day: 'numeric', timeZone: 'UTC' });

// In a narrow window one day at a time, of which the week is chosen above it.
export function WeekView({ days, pieces, today, target, zone, day: here }: Shown) {
  return <>
    {may('publish') && <p class="soft pr-help">{t.dragHelp}</p>}
    <div class="pr-pick">
      <Choices label={t.day} value={here} onChange={(value) => setQuery({ view: 'week', day: value })} choices={days.map((day) => ({ value: day, label: columnName(day) }))} />
    </div>
    <div class="pr-scroll" tabIndex={0} role="group" aria-label={t.week}>
      <div class="pr-week">
        <div class="pr-heads">
          {days.map((day) => (
            <div key={day} class={`${day === today ? 'pr-today' : ''} ${day === here ? 'pr-here' : ''}`}>
              <h3><span aria-hidden="true">{columnName(day)}</span><span class="unseen">{formatDay(day, 'full')}</span></h3>
              {may('publish') && (
                <LinkButton kind="quiet" small icon="plus" class="alone" to={begin(target, zone, day)} aria-label={t.startHere(formatDay(day, 'full'))} title={t.startHere(formatDay(day, 'full'))} />
              )}
            </div>
          ))}
        </div>
        <div class="pr-hours" aria-hidden="true">{Array.from({ length: 12 }, (_, i) => <span key={i}>{formatMinutes(i * 120)}</span>)}</div>
        <div class="pr-days">
          {days.map((day) => <DayColumn key={day} day={day} pieces={pieces.get(day)!} target={target} zone={zone} today={day === today} here={day === here} />)}
        </div>
      </div>
    </div>
  </>;
}

// --- month ----------------------------------------------------------------------------------------

const MONTH_TOLD = 3;

export function MonthView({ days, pieces, today, month }: Shown) {
  const weeks = Array.from({ length: 6 }, (_, i) => days.slice(7 * i, 7 * i + 7)).filter((week) => week.some((day) => day.startsWith(month)));
  return (
    <div class="pr-scroll" tabIndex={0} role="group" aria-label={t.month}>
      <table class="pr-month">
        <thead><tr>{DAY_NAMES[lang].map((name) => <th key={name} scope="col"><span class="pr-dayname">{name}</span><span class="pr-dayshort" aria-hidden="true">{name.slice(0, 3)}</span></th>)}</tr></thead>
        <tbody>
          {weeks.map((week) => (
            <tr key={week[0]}>
              {week.map((day) => {
                const all = pieces.get(day)!;
                const rules = [...new Map(all.filter((one) => one.kind === 'rule').map((one) => [one.stretch!.rule!, one])).values()]
                  .sort((a, b) => CLASSES.indexOf(b.stretch!.class!) - CLASSES.indexOf(a.stretch!.class!));
                const gap = all.some((one) => one.kind === 'gap');
                return (
                  <td key={day} class={`${day === today ? 'pr-today' : ''} ${day.startsWith(month) ? '' : 'pr-other'}`}>
                    <button type="button" class="pr-daynumber" aria-label={t.openDay(formatDay(day, 'full'))} onClick={() => setQuery({ view: 'week', day })}>{Number(day.slice(8))}</button>
                    <ul>
                      {rules.slice(0, MONTH_TOLD).map((one) => (
                        <li key={one.stretch!.rule}><Link to={rulePlace(one)} class={`pr-chip pr-${one.stretch!.class}`} title={one.stretch!.title}>
                          <Icon name={CLASS_ICONS[one.stretch!.class!]} size={14} /><span class="unseen">{t.classes[one.stretch!.class!]} : </span><span>{one.stretch!.title}</span></Link></li>
                      ))}
                      {rules.length > MONTH_TOLD && <li><small>{t.moreThan(rules.length - MONTH_TOLD)}</small></li>}
                      {gap && <li class="pr-chip pr-gap"><Icon name="alert" size={14} /><span>{t.nothing}</span></li>}
                      {all.length > 0 && all.every((one) => one.kind === 'closed' && one.from === 0 && one.until === 1440) && <li><small>{t.closed}</small></li>}
                    </ul>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

// --- list -----------------------------------------------------------------------------------------

export function ListView({ days, pieces, target, zone }: Shown) {
  return (
    <div class="table-wrap">
      <table class="cards">
        <caption class="unseen">{t.calendarOf(target.name)}</caption>
        <thead><tr><th scope="col">{t.day}</th><th scope="col">{t.hours}</th><th scope="col">{t.rule}</th><th scope="col">{t.class}</th><th scope="col"><span class="unseen">{t.actions}</span></th></tr></thead>
        <tbody>
          {days.flatMap((day) => pieces.get(day)!.map((one, i) => (
            <tr key={`${day} ${i}`} class={one.kind === 'closed' ? 'soft' : ''}>
              <th scope="row">{formatDay(day, 'full')}</th>
              <td data-label={t.hours}>{span(one)}</td>
              <td data-label={t.rule}>{one.kind === 'rule' ? <Link to={rulePlace(one)}>{one.stretch!.title}</Link> : one.kind === 'gap' ? t.nothing : t.closed}
                {!!one.stretch?.mixed && <small> {t.mixed(one.stretch.mixed)}</small>}</td>
              <td data-label={t.class}>{one.kind === 'rule' ? <ClassMark of={one.stretch!.class!} /> : one.kind === 'gap' ? <span class="pr-class pr-gap"><Icon name="alert" size={14} />{t.nothing}</span> : '–'}</td>
              <td>{may('publish') && one.kind !== 'closed' && (
                <LinkButton small icon="plus" to={begin(target, zone, day, one.from, one.until)} aria-label={`${t.startAt} : ${formatDay(day, 'full')}, ${span(one)}`}>{t.startAt}</LinkButton>
              )}</td>
            </tr>
          )))}
        </tbody>
      </table>
    </div>
  );
}
