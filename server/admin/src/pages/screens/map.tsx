// Sites on the outlines of the communes, and beside the map the same as a list. A point tells the
// worst state of its screens by shape and colour; points that would cover each other stand as one.
import type { SiteRecord } from 'api-types';
import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { get } from '../../lib/api.ts';
import { fold } from '../../lib/i18n.ts';
import { useLoad } from '../../lib/load.ts';
import { may } from '../../lib/session.ts';
import { Button, IconButton, Link } from '../../ui/button.tsx';
import { Show } from '../../ui/feedback.tsx';
import { byTrouble, healthOf, HealthBadge, HEALTHS, type Fleet, type Health, type Screen } from './fleet.tsx';
import { t } from './texts.ts';

interface Outlines {
  source: string;
  plane: { west: number; north: number; per_longitude: number; per_latitude: number; width: number; height: number };
  communes: { code: string; name: string; centre: { x: number; y: number }; path: string }[];
}

interface Place {
  site: SiteRecord;
  screens: Screen[];
  x: number;
  y: number;
  guessed: boolean; // it is somewhere in its commune
}

interface View { x: number; y: number; width: number }

const NEAR = 0.045; // of the view's width: closer points are one
const LEAST = 90; // units: the closest view

function placesOf(fleet: Fleet, screens: Screen[], { plane, communes }: Outlines) {
  const placed: Place[] = [], unplaced: { site: SiteRecord | null; screens: Screen[] }[] = [];
  for (const site of [...fleet.sites, null]) {
    const here = screens.filter((one) => (site ? one.site === site.id : !fleet.sites.some((s) => s.id === one.site))).sort(byTrouble);
    if (!here.length) continue;
    const { latitude, longitude } = (site ?? {}) as { latitude?: number | null; longitude?: number | null };
    const commune = site?.commune && communes.find((one) => fold(one.name) === fold(site.commune!));
    if (site && typeof latitude === 'number' && typeof longitude === 'number') {
      placed.push({ site, screens: here, guessed: false, x: (longitude - plane.west) * plane.per_longitude, y: (plane.north - latitude) * plane.per_latitude });
    } else if (site && commune) placed.push({ site, screens: here, guessed: true, x: commune.centre.x, y: commune.centre.y });
    else unplaced.push({ site, screens: here });
  }
  placed.sort((a, b) => byTrouble(a.screens[0]!, b.screens[0]!));
  return { placed, unplaced };
}

function clusters(places: Place[], reach: number) {
  const groups: Place[][] = [];
  for (const place of places) {
    const near = groups.find((group) => group.some((one) => Math.hypot(one.x - place.x, one.y - place.y) < reach));
    near ? near.push(place) : groups.push([place]);
  }
  return groups.map((group) => ({
    places: group, x: group.reduce((sum, one) => sum + one.x, 0) / group.length, y: group.reduce((sum, one) => sum + one.y, 0) / group.length,
    screens: group.flatMap((one) => one.screens).sort(byTrouble),
  }));
}

const SHAPES: Record<Health, string> = {
  silent: 'M-12-12h24v24h-24z', fault: 'M0-15l15 26h-30z', late: 'M0-15l14 15-14 15-14-15z',
  none: 'M-12 0a12 12 0 1 1 24 0a12 12 0 1 1-24 0z', good: 'M-13 0a13 13 0 1 1 26 0a13 13 0 1 1-26 0z',
};

const Shape = ({ health, count = 0 }: { health: Health; count?: number }) => <>
  <path class={`sc-shape ${health}`} d={SHAPES[health]} />
  {count > 1 && <text class={`sc-number ${health}`} y={health === 'fault' ? 7 : 5} text-anchor="middle">{count}</text>}
</>;

type Group = ReturnType<typeof clusters>[number];

// Sites that stand together at this scale, as one button.
function Point({ group, on, scale, leftward, onChoose, onFocus }: { group: Group; on: boolean; scale: number; leftward: boolean; onChoose: () => void; onFocus: () => void }) {
  const names = group.places.map((one) => one.site.name).join(', ');
  const health = healthOf(group.screens[0]!);
  const label = `${group.places.length > 1 ? `${t.cluster(group.places.length, group.screens.length)} : ${names}` : t.point(names, group.screens.length)} : ${t.health[health]}`;
  return (
    <g class={`sc-point ${on ? 'on' : ''}`} role="button" tabIndex={0} aria-label={label} aria-pressed={on}
      transform={`translate(${group.x} ${group.y}) scale(${scale})`} onClick={onChoose} onFocus={onFocus}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        onChoose();
      }}>
      <title>{label}</title>
      <circle class="sc-halo" r="21" />
      <Shape health={health} count={group.screens.length} />
      <text class="sc-name" x={leftward ? -24 : 24} y="5" text-anchor={leftward ? 'end' : undefined} aria-hidden="true">{group.places.length > 1 ? `${group.places[0]!.site.name} + ${group.places.length - 1}` : names}</text>
    </g>
  );
}

const ScreenLines = ({ of }: { of: Screen[] }) => (
  <ul>{of.map((one) => <li key={one.id} class="sc-line"><Link to={`/screens/${one.id}`}>{one.name}</Link><HealthBadge health={healthOf(one)} /></li>)}</ul>
);

// The list beside the map: what was chosen on it, or all.
function Places({ placed, unplaced, chosen, list, onAll }: ReturnType<typeof placesOf> & { chosen: string[]; list: RefObject<HTMLDivElement>; onAll: () => void }) {
  const listed = chosen.length ? placed.filter((one) => chosen.includes(one.site.id)) : placed;
  return (
    <div class="card sc-places" ref={list}>
      <header class="card-head"><h2 tabIndex={-1}>{t.places}</h2>{chosen.length > 0 && <Button small onClick={onAll}>{t.allPlaces}</Button>}</header>
      {listed.map(({ site, screens: of, guessed }) => (
        <section key={site.id} aria-label={site.name}>
          <h3>{site.name}</h3>
          <p class="soft">{site.commune}{guessed && ` (${t.about1})`}</p>
          <ScreenLines of={of} />
        </section>
      ))}
      {!chosen.length && unplaced.length > 0 && (
        <section aria-label={t.unplaced}>
          <h3>{t.unplaced}</h3>
          <p class="help">{t.unplacedHelp}</p>
          {unplaced.map(({ site, screens: of }) => <div key={site?.id ?? ''}>
            <p>{site && may('operate') ? <Link to={`/sites/${site.id}`}>{site.name}</Link> : site?.name ?? t.noSite}</p><ScreenLines of={of} /></div>)}
        </section>
      )}
    </div>
  );
}

export function MapView({ fleet, screens }: { fleet: Fleet; screens: Screen[] }) {
  const outlines = useLoad(() => get<Outlines>('/communes/outlines'), []);
  return <Show of={outlines} lines={8}>{(ground) => <Map fleet={fleet} screens={screens} ground={ground} />}</Show>;
}

function Map({ fleet, screens, ground }: { fleet: Fleet; screens: Screen[]; ground: Outlines }) {
  const { width, height } = ground.plane;
  const whole: View = { x: -10, y: -10, width: width + 20 };
  const ratio = (height + 20) / (width + 20);
  const [view, setView] = useState(whole);
  const [chosen, setChosen] = useState<string[]>([]);
  const svg = useRef<SVGSVGElement>(null);
  const [scale, setScale] = useState(1); // units a pixel
  const list = useRef<HTMLDivElement>(null);
  const drag = useRef<{ x: number; y: number; view: View } | null>(null);
  const { placed, unplaced } = placesOf(fleet, screens, ground);
  const points = clusters(placed, NEAR * view.width);

  useEffect(() => {
    const measure = () => setScale(view.width / (svg.current?.clientWidth || 1));
    measure();
    addEventListener('resize', measure);
    return () => removeEventListener('resize', measure);
  }, [view.width]);

  const bounded = (next: View): View => {
    const w = Math.min(whole.width, Math.max(LEAST, next.width));
    return {
      width: w, x: Math.min(whole.x + whole.width - w, Math.max(whole.x, next.x)),
      y: Math.min(whole.y + (whole.width - w) * ratio, Math.max(whole.y, next.y)),
    };
  };
  const zoom = (by: number, x = view.x + view.width / 2, y = view.y + (view.width * ratio) / 2) => {
    const w = Math.min(whole.width, Math.max(LEAST, view.width * by));
    setView(bounded({ width: w, x: x - w / 2, y: y - (w * ratio) / 2 }));
  };
  const move = (dx: number, dy: number) => setView(bounded({ ...view, x: view.x + dx * view.width / 3, y: view.y + dy * view.width / 3 }));
  const choose = (group: (typeof points)[number]) => {
    setChosen(group.places.map((one) => one.site.id));
    const spread = Math.max(...group.places.map((one) => Math.hypot(one.x - group.x, one.y - group.y)));
    if (group.places.length > 1 && spread > 1) zoom(Math.max(LEAST / view.width, Math.min(0.5, (spread * 5) / view.width)), group.x, group.y);
    list.current?.querySelector<HTMLElement>('h2')?.focus();
  };
  const zoomed = view.width < whole.width - 1;
  return (
    <div class="sc-map">
      <figure>
        <div class="sc-map-frame">
          <svg ref={svg} viewBox={`${view.x} ${view.y} ${view.width} ${view.width * ratio}`} role="group" aria-label={t.mapLabel} aria-describedby="sc-map-help"
            class={zoomed ? 'zoomed' : undefined}
            onPointerDown={(event) => { if (zoomed && !(event.target as Element).closest('[role=button]')) drag.current = { x: event.clientX, y: event.clientY, view }; }}
            onPointerMove={(event) => {
              const from = drag.current;
              if (from) setView(bounded({ ...from.view, x: from.view.x - (event.clientX - from.x) * scale, y: from.view.y - (event.clientY - from.y) * scale }));
            }}
            onPointerUp={() => { drag.current = null; }} onPointerLeave={() => { drag.current = null; }}>
            <g aria-hidden="true">{ground.communes.map((one) => <path key={one.code} class="sc-commune" d={one.path} stroke-width={1.2 * scale}><title>{one.name}</title></path>)}</g>
            {points.map((group) => {
              const leftward = group.x > view.x + view.width * (scale > 1.6 ? 0.45 : 0.7); // where there is room for its name
              return <Point key={group.places.map((one) => one.site.id).join()} group={group} on={group.places.some((one) => chosen.includes(one.site.id))} scale={scale} leftward={leftward}
                onChoose={() => choose(group)} onFocus={() => {
                  const inside = group.x > view.x && group.x < view.x + view.width && group.y > view.y && group.y < view.y + view.width * ratio;
                  if (!inside) zoom(1, group.x, group.y);
                }} />;
            })}
          </svg>
          <div class="sc-map-tools no-print">
            <IconButton small kind="plain" icon="plus" label={t.zoomIn} disabled={view.width <= LEAST} onClick={() => zoom(0.6)} />
            <IconButton small kind="plain" icon="minus" label={t.zoomOut} disabled={!zoomed} onClick={() => zoom(1 / 0.6)} />
            {zoomed && <>
              <IconButton small kind="plain" icon="left" label={t.move.left} onClick={() => move(-1, 0)} />
              <IconButton small kind="plain" icon="up" label={t.move.up} onClick={() => move(0, -1)} />
              <IconButton small kind="plain" icon="down" label={t.move.down} onClick={() => move(0, 1)} />
              <IconButton small kind="plain" icon="right" label={t.move.right} onClick={() => move(1, 0)} />
              <IconButton small kind="plain" icon="expand" label={t.whole} onClick={() => setView(whole)} />
            </>}
          </div>
        </div>
        <figcaption>
          <ul class="sc-legend" aria-label={t.legend}>
            {HEALTHS.map((one) => <li key={one}><svg width="22" height="22" viewBox="-17 -17 34 34" aria-hidden="true"><Shape health={one} /></svg>{t.health[one]}</li>)}
          </ul>
          <p class="help" id="sc-map-help">{t.mapHelp} {t.background} {ground.source}</p>
        </figcaption>
      </figure>
      <Places placed={placed} unplaced={unplaced} chosen={chosen} list={list} onAll={() => {
        setChosen([]);
        setView(whole);
      }} />
    </div>
  );
}
