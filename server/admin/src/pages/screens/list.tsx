// All screens, as pictures or on the map; the same filters for both.
import { useState } from 'preact/hooks';
import { at, get } from '../../lib/api.ts';
import { formatTime } from '../../lib/dates.ts';
import { fold } from '../../lib/i18n.ts';
import { useLoad } from '../../lib/load.ts';
import { navigate, setQuery } from '../../lib/router.ts';
import { may } from '../../lib/session.ts';
import { t as app } from '../../app/texts.ts';
import { Button, Link, LinkButton } from '../../ui/button.tsx';
import { Empty, Notice, Show } from '../../ui/feedback.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { PageHead, Tabs } from '../../ui/page.tsx';
import { CommandButtons, healthOf, HealthBadge, HEALTHS, nameOf, NowFrame, useFleet, type Fleet, type Screen } from './fleet.tsx';
import { MapView } from './map.tsx';
import { t } from './texts.ts';

const NO_SITE = '-';
const AT_ONCE = 48;

export interface Enrolment {
  code: string;
  fingerprint: string;
  state: 'pending' | 'approved' | 'refused';
  screen: string;
  width_px: number;
  height_px: number;
  software: string;
  seen_ms: number;
}

export const useEnrolments = (everyMs: number) =>
  useLoad(() => get<{ enrolments: Enrolment[] }>('/enrolments'), [], everyMs);

function wanted(fleet: Fleet, query: URLSearchParams) {
  const words = fold(query.get('q') ?? '').split(/\s+/).filter(Boolean);
  const [site, group, health] = ['site', 'group', 'health'].map((name) => query.get(name) ?? '');
  return fleet.screens.filter((one) => {
    const place = fleet.sites.find((s) => s.id === one.site);
    const text = fold(`${one.name} ${one.id} ${place?.name ?? ''} ${place?.commune ?? ''} ${one.now?.title ?? ''}`);
    return words.every((word) => text.includes(word)) && (!site || (one.site || NO_SITE) === site) &&
      (!group || one.groups.includes(group)) && (!health || healthOf(one) === health);
  });
}

function Filters({ fleet, query }: { fleet: Fleet; query: URLSearchParams }) {
  const value = (name: string) => query.get(name) ?? '';
  const named = (list: { id: string; name: string }[]) => list.map(({ id, name }) => ({ value: id, label: name }));
  const counts = Object.fromEntries(HEALTHS.map((h) => [h, fleet.screens.filter((one) => healthOf(one) === h).length]));
  return (
    <div class="sc-filters no-print">
      <TextField class="sc-q" label={t.search} type="search" value={value('q')} onChange={(q) => setQuery({ q })} />
      <SelectField label={t.site} value={value('site')} onChange={(site) => setQuery({ site })} placeholder={t.allSites}
        choices={[...named(fleet.sites), ...(fleet.screens.some((one) => !one.site) ? [{ value: NO_SITE, label: t.noSite }] : [])]} />
      {fleet.groups.length > 0 && <SelectField label={t.group} value={value('group')} onChange={(group) => setQuery({ group })} placeholder={t.allGroups} choices={named(fleet.groups)} />}
      <SelectField label={t.state} value={value('health')} onChange={(health) => setQuery({ health })} placeholder={t.all}
        choices={HEALTHS.filter((h) => counts[h] || h === value('health')).map((h) => ({ value: h, label: `${t.health[h]} (${counts[h]})` }))} />
    </div>
  );
}

function ScreenCard({ screen, site }: { screen: Screen; site: string }) {
  const upright = screen.height_px > screen.width_px, dark = screen.now?.closed;
  return (
    <li class={`sc-card ${upright ? 'upright' : ''}`}>
      <NowFrame screen={screen} width={upright ? 240 : 480} ratio={upright ? 9 / 16 : 16 / 9} />
      <div class="sc-card-text">
        <HealthBadge health={healthOf(screen)} />
        <h2><Link to={`/screens/${screen.id}`}>{screen.name}</Link></h2>
        <p class="soft">{site || t.noSite}</p>
        <p>{screen.faults[0]?.title ?? (dark ? t.dark : screen.now ? screen.now.title || t.nothing : '')}
          {!screen.faults.length && !dark && screen.now?.until_ms !== undefined && <span class="soft"> {t.until(formatTime(screen.now.until_ms, screen.time_zone))}</span>}</p>
      </div>
    </li>
  );
}

function WholePlace({ fleet, query }: { fleet: Fleet; query: URLSearchParams }) {
  const site = query.get('site') ?? '', group = query.get('group') ?? '';
  const [place, name, all] = group
    ? [at`/groups/${group}`, nameOf(fleet.groups, group), fleet.screens.filter((one) => one.groups.includes(group))]
    : [at`/sites/${site}`, nameOf(fleet.sites, site), fleet.screens.filter((one) => one.site === site)];
  if (!name || !all.length || (site && group) || !may('look')) return null;
  return (
    <section class="sc-whole no-print" aria-label={t.forAll(all.length, name)}>
      <p><strong>{t.forAll(all.length, name)}</strong></p>
      <div class="actions"><CommandButtons small place={place} name={name} /></div>
    </section>
  );
}

export function ListPage({ query }: { query: URLSearchParams }) {
  const fleet = useFleet();
  const waiting = useEnrolments(15000).data?.enrolments.filter((one) => one.state === 'pending').length ?? 0;
  const [most, setMost] = useState(AT_ONCE);
  const map = query.get('view') === 'map';
  const view = (name: string) => {
    const next = new URLSearchParams(query);
    name ? next.set('view', name) : next.delete('view');
    const words = next.toString();
    return `/screens${words && `?${words}`}`;
  };
  return <>
    <PageHead title={app.pages.screens} about={t.about} actions={may('operate') && <>
      <LinkButton to="/screens/new" icon="plus">{t.add}</LinkButton>
      <LinkButton to="/screens/enrol" icon="link" kind="primary">{t.enrol}</LinkButton>
    </>}>
      {waiting > 0 && may('operate') && <Notice tone="info" action={<LinkButton small to="/screens/enrol">{t.see}</LinkButton>}><p>{t.waitingPlayers(waiting)}</p></Notice>}
      <Tabs label={t.views} tabs={[{ to: view(''), label: t.list, here: !map, icon: 'screen' }, { to: view('map'), label: t.map, here: map, icon: 'place' }]} />
    </PageHead>
    <Show of={fleet}>
      {(all) => {
        if (!all.screens.length && !map) {
          return <Empty icon="screen" title={t.emptyTitle} action={may('operate') && <LinkButton kind="primary" to="/screens/enrol">{t.enrol}</LinkButton>}>{t.emptyText}</Empty>;
        }
        const shown = wanted(all, query);
        return (
          <div class="stack">
            <Filters fleet={all} query={query} />
            <WholePlace fleet={all} query={query} />
            <p class="soft" role="status">{t.count(shown.length, all.screens.length)}</p>
            {shown.length === 0 ? (
              <Empty icon="filter" title={t.noneTitle} action={<Button onClick={() => navigate(map ? '/screens?view=map' : '/screens', true)}>{t.clear}</Button>}>{t.noneText}</Empty>
            ) : map ? <MapView fleet={all} screens={shown} /> : <>
              <ul class="sc-grid">{shown.slice(0, most).map((one) => <ScreenCard key={one.id} screen={one} site={nameOf(all.sites, one.site)} />)}</ul>
              {shown.length > most && <div><Button onClick={() => setMost(most + AT_ONCE)}>{t.more}</Button></div>}
            </>}
          </div>
        );
      }}
    </Show>
  </>;
}
