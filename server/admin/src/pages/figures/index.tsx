// What was shown: of whom, where, when, against what was planned; kiosks; the year.
import type { PageProps } from '../../app/pages.ts';
import { get, getAll, url } from '../../lib/api.ts';
import { addDays, formatDay, formatDuration, formatInstant, today } from '../../lib/dates.ts';
import { locale, number } from '../../lib/i18n.ts';
import { useLoad } from '../../lib/load.ts';
import { setQuery } from '../../lib/router.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Empty, Show } from '../../ui/feedback.tsx';
import { Choices, DateField, SelectField } from '../../ui/field.tsx';
import { PageHead, Tabs } from '../../ui/page.tsx';
import { Picker } from '../../ui/picker.tsx';
import { Chart, type Datum } from './charts.tsx';
import { t } from './texts.ts';

type Query = Record<string, string>;

interface Exposure {
  from: string; id: string; name: string; detail: string;
  plays: number; shown_ms: number; planned_ms: number; deficit_ms: number;
}
interface Counted {
  from: string; screen: string; name: string; counter: string; subject: string; subject_name: string; count: number;
}
interface Group { id?: string; name: string; shown_ms: number; planned_ms: number; visits_by_month?: number[] }
type Totals = Record<'plays' | 'shown_ms' | 'planned_ms' | keyof typeof t.annual, number | null>;
interface Annual {
  year: number; totals: Totals; before: Totals; displayable: number; never_shown: number; months: Totals[];
  families: Group[]; sectors: Group[]; communes: Group[]; sites: Group[]; screens: Group[]; organisations: Group[];
}

const hours = (ms: number) => (ms < 3600000 ? formatDuration(ms) : `${number(ms / 3600000, ms < 36000000 ? 1 : 0)} h`);
const percent = (part: number) => `${number(part * 100, part < 0.1 ? 1 : 0)} %`;
const sum = <T,>(items: T[], of: (one: T) => number) => items.reduce((all, one) => all + of(one), 0);

// Adds up what stands under the same key, in order of appearance.
function gather<T>(items: T[], keyOf: (one: T) => string, labelOf: (one: T) => string, valueOf: (one: T) => number, otherOf?: (one: T) => number): Datum[] {
  const sums = new Map<string, Datum>();
  for (const one of items) {
    const key = keyOf(one), was = sums.get(key) ?? { key, label: labelOf(one) || t.none, value: 0, other: otherOf && 0 };
    was.value += valueOf(one);
    if (otherOf) was.other! += otherOf(one);
    sums.set(key, was);
  }
  return [...sums.values()];
}
// A day, week or month without any is one with none; weeks and months begin with the period, then on
// Mondays and on the first.
function everyPeriod(data: Datum[], from: string, until: string, grain: string) {
  const known = new Map(data.map((one) => [one.key, one]));
  const all: Datum[] = [];
  for (let day = from; data.length && day <= until; day = addDays(day, 1)) {
    if (day === from || grain === 'day' || (grain === 'week' ? new Date(day).getUTCDay() === 1 : day.endsWith('-01'))) {
      all.push(known.get(day) ?? { key: day, label: shortDay(day, grain), value: 0, other: data[0].other === undefined ? undefined : 0 });
    }
  }
  return all;
}
const falling = (data: Datum[]) => data.sort((a, b) => b.value - a.value);

const Tiles = ({ tiles }: { tiles: { value: string; label: string; help?: string }[] }) => (
  <ul class="fg-tiles">{tiles.map((one) => <li key={one.label}><strong>{one.value}</strong> <span>{one.label}</span>{one.help && <small>{one.help}</small>}</li>)}</ul>
);

const Downloads = ({ path, query, csv = true }: { path: string; query: Query; csv?: boolean }) => (
  <div class="actions" role="group" aria-label={t.download}>
    {csv && <a class="button plain" download href={url(path, { ...query, format: 'csv' })}>{t.csv}</a>}
    <a class="button plain" download href={url(path, { ...query, format: 'xlsx' })}>{t.xlsx}</a>
    <Button icon="print" onClick={() => print()}>{t.print}</Button>
  </div>
);

// What is asked for, by the address: a link to a report shows the same report.
function usePeriod(query: URLSearchParams) {
  const days = query.get('period') ?? '30';
  const until = (days === 'own' && query.get('until')) || today();
  const from = (days === 'own' && query.get('from')) || addDays(until, -(Number(days) || 30) + 1);
  const span = (Date.parse(until) - Date.parse(from)) / 86400000;
  return { days, from, until, grain: span > 120 ? 'month' : span > 45 ? 'week' : 'day' };
}

function Filters({ query, sites, annual }: { query: URLSearchParams; sites: { value: string; label: string }[]; annual?: boolean }) {
  const { days, from, until } = usePeriod(query);
  const year = Number(today().slice(0, 4));
  return (
    <div class="fg-filters no-print" role="search" aria-label={t.filters}>
      {annual ? (
        <SelectField label={t.year} value={query.get('year') ?? String(year)} onChange={(value) => setQuery({ year: value })}
          choices={[0, 1, 2, 3].map((n) => ({ value: String(year - n), label: String(year - n) }))} />
      ) : <>
        <Choices label={t.period} value={days} onChange={(value) => setQuery({ period: value, from: value === 'own' ? from : '', until: value === 'own' ? until : '' })}
          choices={Object.entries(t.periods).sort(([a], [b]) => (Number(a) || 999) - (Number(b) || 999)).map(([value, label]) => ({ value, label }))} />
        {days === 'own' && <>
          <DateField label={t.from} value={from} max={until} onChange={(value) => value && setQuery({ from: value })} />
          <DateField label={t.until} value={until} min={from} onChange={(value) => value && setQuery({ until: value })} />
        </>}
      </>}
      {sites.length > 1 && <SelectField label={t.site} value={query.get('site') ?? ''} onChange={(site) => setQuery({ site })} placeholder={t.allSites} choices={sites} />}
    </div>
  );
}

const PrintHead = ({ range }: { range: string }) => (
  <div class="fg-print"><p class="fg-range">{range}</p><p>{t.made(formatInstant(Date.now(), undefined, 'long'))}</p></div>
);

const shortDay = (iso: string, grain: string) => new Date(`${iso}T12:00:00Z`)
  .toLocaleDateString(locale, grain === 'month' ? { month: 'short', year: '2-digit', timeZone: 'UTC' } : { day: 'numeric', month: 'short', timeZone: 'UTC' });

function ExposureView({ query, siteName }: { query: URLSearchParams; siteName: string }) {
  const { from, until, grain } = usePeriod(query);
  const by = (query.get('by') ?? 'organisation') as keyof typeof t.bys, only = query.get('only') ?? '';
  const asked: Query = { from, until, site: query.get('site') ?? '' };
  const ask = (more: Query) => get<{ items: Exposure[] }>('/reports/exposure', { ...asked, ...more });
  const load = useLoad(async () => {
    const [ranking, through] = await Promise.all([ask({ by }), ask({ by: only ? by : 'site', grain })]);
    return { by, ranking: ranking.items, through: through.items };
  }, [from, until, asked.site, by, grain, only]);
  return (
    <Show of={load} lines={8}>{(data) => {
      const named = data.ranking.filter((one) => one.name || one.id);
      const items = only ? named.filter((one) => one.id === only) : named;
      const all = only ? items : data.ranking;
      const shown = sum(all, (one) => one.shown_ms), planned = sum(all, (one) => one.planned_ms);
      const through = data.through.filter((one) => !only || one.id === only);
      if (!data.ranking.length) return <Empty icon="chart" title={t.noPlays} action={<LinkButton to="/screens" kind="primary">{t.seeScreens}</LinkButton>}>{t.noPlaysText}</Empty>;
      const late = falling(items.filter((one) => one.deficit_ms > 0).map((one) => ({ key: one.id, label: one.name || t.none, value: one.deficit_ms })));
      return (
        <div class="stack">
          <PrintHead range={`${t.range(formatDay(from), formatDay(until))}${siteName && ` · ${siteName}`}`} />
          <div class="split no-print">
            <div class="fg-filters">
              <Choices label={t.by} value={by} onChange={(value) => setQuery({ by: value, only: '' })} choices={Object.entries(t.bys).map(([value, label]) => ({ value: value as typeof by, label }))} />
              <Picker label={t.only} value={only} text={named.find((one) => one.id === only)?.name ?? ''} placeholder={t.everything} clearable
                onChange={(value) => setQuery({ only: value })} choices={named.map((one) => ({ value: one.id, label: one.name || one.id, help: one.detail }))} />
            </div>
            <Downloads path="/reports/exposure" query={{ ...asked, by }} />
          </div>
          <Tiles tiles={[{ value: number(sum(all, (one) => one.plays)), label: t.tiles.plays }, { value: hours(shown), label: t.tiles.shown },
            ...(planned ? [{ value: percent(shown / planned), label: t.tiles.share }] : [])]} />
          <Chart line shape={{ title: t.through, first: t.day, value: t.shown, other: t.planned, show: hours,
            data: everyPeriod(gather(through, (one) => one.from, (one) => shortDay(one.from, grain), (one) => one.shown_ms, (one) => one.planned_ms), from, until, grain) }} />
          <div class="fg-two">
            <Chart shape={{ title: t.ranking(t.bys[by]), first: t.bys[by], value: t.shown, other: t.planned, show: hours,
              data: falling(items.map((one) => ({ key: one.id, label: one.name || t.none, value: one.shown_ms, other: one.planned_ms }))) }} />
            <Chart shape={{ title: t.deficits, first: t.bys[by], value: t.lack, show: hours, data: late, note: late.length ? t.deficitNote : planned ? t.noDeficit : t.noPlan }} />
          </div>
        </div>
      );
    }}</Show>
  );
}

function KiosksView({ query, siteName }: { query: URLSearchParams; siteName: string }) {
  const { from, until, grain } = usePeriod(query);
  const asked: Query = { from, until, site: query.get('site') ?? '' };
  const load = useLoad(() => get<{ items: Counted[] }>('/reports/kiosks', { ...asked, grain }), [from, until, asked.site, grain]);
  return (
    <Show of={load} lines={8}>{({ items }) => {
      const of = (counter: string) => items.filter((one) => one.counter === counter);
      if (!items.length) return <Empty icon="screen" title={t.noKiosks}>{t.noKiosksText}</Empty>;
      const count = (one: Counted) => one.count;
      const bars = (title: string, first: string, counter: string, keyOf: (one: Counted) => string, labelOf: (one: Counted) => string) => (
        <Chart shape={{ title, first, value: t.kiosks[counter as 'sheet'] ?? t.kiosks.sessions, show: number, data: falling(gather(of(counter), keyOf, labelOf, count)) }} />
      );
      const languages = new Intl.DisplayNames([locale], { type: 'language' });
      return (
        <div class="stack">
          <PrintHead range={`${t.range(formatDay(from), formatDay(until))}${siteName && ` · ${siteName}`}`} />
          <div class="split no-print"><p class="soft">{t.privacy}</p><Downloads path="/reports/kiosks" query={asked} /></div>
          <Tiles tiles={Object.entries(t.kiosks).map(([counter, label]) => ({ value: number(sum(of(counter), count)), label: label.toLowerCase() }))} />
          <Chart line shape={{ title: t.visitsThrough, first: t.day, value: t.kiosks.sessions, show: (n) => number(n, n < 3 ? 1 : 0),
            data: everyPeriod(gather(of('sessions'), (one) => one.from, (one) => shortDay(one.from, grain), count), from, until, grain) }} />
          <div class="fg-two">
            {bars(t.visitsBy, t.kiosk, 'sessions', (one) => one.screen, (one) => one.name)}
            {bars(t.sheets, t.bys.organisation, 'sheet', (one) => one.subject, (one) => one.subject_name || one.subject)}
            {bars(t.languages, t.language, 'language', (one) => one.subject, (one) => languages.of(one.subject) ?? one.subject)}
            {bars(t.modes, t.mode, 'mode', (one) => one.subject, (one) => t.modeNames[one.subject] ?? one.subject)}
          </div>
        </div>
      );
    }}</Show>
  );
}

function AnnualView({ query, siteName }: { query: URLSearchParams; siteName: string }) {
  const year = query.get('year') ?? today().slice(0, 4), site = query.get('site') ?? '';
  const load = useLoad(() => get<Annual>('/reports/annual', { year, site }), [year, site]);
  return (
    <Show of={load} lines={8}>{(data) => {
      const tile = (name: keyof Totals, label: string, show: (n: number) => string = number) => {
        const now = data.totals[name], then = data.before[name];
        return now === null ? [] : [{ value: show(now), label, help: then ? t.before(show(then)) : undefined }];
      };
      const groups = (title: string, list: Group[]) => (
        <Chart shape={{ title, first: t.group, value: t.shown, other: list.some((one) => one.planned_ms) ? t.planned : undefined, show: hours,
          data: falling(list.map((one, i) => ({ key: one.id ?? String(i), label: one.name || t.none, value: one.shown_ms, other: list.some((g) => g.planned_ms) ? one.planned_ms : undefined }))) }} />
      );
      const months = data.months.slice(0, String(data.year) === today().slice(0, 4) ? Number(today().slice(5, 7)) : 12);
      const monthName = (i: number) => new Date(Date.UTC(2024, i, 15)).toLocaleDateString(locale, { month: 'short', timeZone: 'UTC' });
      return (
        <div class="stack">
          <PrintHead range={`${t.yearTitle(data.year)}${siteName && ` · ${siteName}`}`} />
          <div class="split no-print"><h2>{t.yearTitle(data.year)}</h2><Downloads csv={false} path="/reports/annual" query={{ year, site }} /></div>
          <Tiles tiles={[...tile('plays', t.tiles.plays), ...tile('shown_ms', t.tiles.shown, hours), ...(Object.keys(t.annual) as (keyof typeof t.annual)[])
            .flatMap((name) => tile(name, t.annual[name], name === 'availability' ? percent : number))]} />
          <p>{t.never(data.never_shown, data.displayable)}</p>
          <Chart line shape={{ title: t.months, first: t.month, value: t.shown, other: t.planned, show: hours,
            data: months.map((one, i) => ({ key: String(i), label: monthName(i), value: one.shown_ms ?? 0, other: one.planned_ms ?? 0 })) }} />
          <div class="fg-two">
            {groups(t.top, data.organisations)}
            {groups(t.families, data.families)}
            {groups(t.sectors, data.sectors)}
            {groups(t.communes, data.communes)}
            {groups(t.sites, data.sites)}
            {groups(t.screens, data.screens)}
            <Chart line shape={{ title: t.visitsMonths, first: t.month, value: t.kiosks.sessions, show: (n) => number(n, n < 3 ? 1 : 0),
              data: months.map((one, i) => ({ key: String(i), label: monthName(i), value: one.visits ?? 0 })) }} />
          </div>
        </div>
      );
    }}</Show>
  );
}

export default function Page({ path, query }: PageProps) {
  const tab = (path[0] ?? 'exposure') as keyof typeof t.tabs;
  const sites = useLoad(() => getAll<{ id: string; name: string }>('/sites'), []);
  const choices = (sites.data ?? []).map((one) => ({ value: one.id, label: one.name }));
  const siteName = choices.find((one) => one.value === query.get('site'))?.label ?? '';
  const search = (to: string) => {
    const kept = query.toString();
    return `/figures${to === 'exposure' ? '' : `/${to}`}${kept && `?${kept}`}`;
  };
  const View = { exposure: ExposureView, kiosks: KiosksView, annual: AnnualView }[tab] ?? ExposureView;
  return (
    <>
      <PageHead title={t.title} about={t.about}>
        <Tabs label={t.views} tabs={(Object.keys(t.tabs) as (keyof typeof t.tabs)[]).map((name) => ({ to: search(name), label: t.tabs[name], here: name === tab }))} />
      </PageHead>
      <div class="stack">
        <Filters query={query} sites={choices} annual={tab === 'annual'} />
        <View query={query} siteName={siteName} />
      </div>
    </>
  );
}
