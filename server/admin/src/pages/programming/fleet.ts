// What every view of the programming names: screens, groups, playlists.
import type { PlaylistRecord, ScreenRecord } from 'api-types';
import { getAll } from '../../lib/api.ts';
import { compare } from '../../lib/i18n.ts';
import { useLoad, type Loaded } from '../../lib/load.ts';
import type { Choice } from '../../ui/field.tsx';
import { t } from './texts.ts';

export interface Named {
  id: string;
  name: string;
}

export interface Fleet {
  screens: (Named & { groups: string[]; time_zone: string; ratio: number; layout: string })[];
  groups: Named[];
  playlists: (Named & { state: string })[];
  zone: string; // of most: the first screen's
}

const DEFAULT_ZONE = 'Europe/Paris';

export const useFleet = (): Loaded<Fleet> => useLoad(async (): Promise<Fleet> => {
  const [screens, groups, playlists] = await Promise.all([
    getAll<ScreenRecord>('/screens'), getAll<Named>('/groups'), getAll<PlaylistRecord>('/playlists'),
  ]);
  const byName = (a: Named, b: Named) => compare(a.name, b.name);
  return {
    screens: screens.map(({ id, name, groups: of, time_zone, width_px: w, height_px: h, rotation, layout }) => ({
      id, name, groups: of, time_zone, layout: layout ?? '', ratio: (rotation ?? 0) % 180 ? h / w : w / h,
    })).sort(byName),
    groups: groups.map(({ id, name }) => ({ id, name })).sort(byName),
    playlists: playlists.map(({ id, title, state }) => ({ id, name: title, state })).sort(byName),
    zone: screens[0]?.time_zone ?? DEFAULT_ZONE,
  };
}, []);

export const nameOf = (list: readonly Named[], id: string) => list.find((one) => one.id === id)?.name ?? id;

export const choicesOf = (list: readonly Named[], help?: string): Choice[] =>
  list.map(({ id, name }) => ({ value: id, label: name, help }));

// Of what a rule names first; screens of other zones go by their own clocks.
export const zoneOf = (fleet: Fleet, { screens, groups }: { screens: readonly string[]; groups: readonly string[] }) =>
  (fleet.screens.find(({ id }) => id === screens[0]) ?? fleet.screens.find((one) => groups.some((id) => one.groups.includes(id))))?.time_zone ?? fleet.zone;

// "screen:hall", "group:tous"
export interface Target {
  kind: 'screen' | 'group';
  id: string;
  name: string;
  zone: string;
}

export function targetOf(fleet: Fleet, query: URLSearchParams): Target | null {
  const group = fleet.groups.find(({ id }) => id === query.get('group'));
  if (group) {
    return { kind: 'group', ...group, zone: zoneOf(fleet, { screens: [], groups: [group.id] }) };
  }
  const screen = fleet.screens.find(({ id }) => id === query.get('screen')) ?? fleet.screens[0];
  return screen ? { kind: 'screen', id: screen.id, name: screen.name, zone: screen.time_zone } : null;
}

export const targetChoices = (fleet: Fleet): Choice[] => [
  ...fleet.groups.map(({ id, name }) => ({ value: `group:${id}`, label: name, help: t.group })),
  ...fleet.screens.map(({ id, name }) => ({ value: `screen:${id}`, label: name, help: t.screen })),
];

// The form of a new rule, begun somewhere: the day and hours that were pointed at.
export function newRulePlace(begun: { target?: Pick<Target, 'kind' | 'id'>; day?: string; from?: string; until?: string; zone?: string }) {
  const query = new URLSearchParams();
  if (begun.target) query.set(begun.target.kind, begun.target.id);
  for (const key of ['day', 'from', 'until', 'zone'] as const) if (begun[key]) query.set(key, begun[key]!);
  const text = query.toString();
  return `/programming/rules/new${text && `?${text}`}`;
}
