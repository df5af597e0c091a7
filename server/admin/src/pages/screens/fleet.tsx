// Screens as the desk sees them: what the server tells of each, how it is in one word, and what may
// be asked of it.
import type { ScreenAnswer, SiteRecord, GroupRecord } from 'api-types';
import { useState } from 'preact/hooks';
import { at, getAll, post, url, type Page } from '../../lib/api.ts';
import { compare } from '../../lib/i18n.ts';
import { useLoad } from '../../lib/load.ts';
import { may } from '../../lib/session.ts';
import { Button } from '../../ui/button.tsx';
import { confirm } from '../../ui/dialog.tsx';
import { Badge, toast, type Tone } from '../../ui/feedback.tsx';
import type { IconName } from '../../ui/icon.tsx';
import { Frame } from '../../ui/page.tsx';
import { t } from './texts.ts';

export interface Screen extends ScreenAnswer {
  device: { software: string; manifest: string; enrolled_ms: number; last_seen_ms: number; quiet_ms: number } | null;
  presence: 'never' | 'ok' | 'late' | 'silent';
  silent_since_ms: number | null;
  health: ({ received_ms: number; uptime_s: number; clock?: string; display?: string } & Record<string, unknown>) | null;
  screenshot: { id: string; received_ms: number; width: number; height: number } | null;
  faults: { number: number; code: string; title: string; opened_ms: number }[];
  now: { title: string; template: string; playlist: string; rule: string; closed: boolean; until_ms?: number } | null;
  published: string | null;
}

export interface Command {
  id: string;
  screen: string;
  kind: string;
  number?: number;
  state: 'waiting' | 'told' | 'done' | 'failed' | 'expired';
  user: string;
  asked_ms: number;
  ended_ms?: number;
  reason: string;
}

export type Health = 'silent' | 'fault' | 'late' | 'none' | 'good';
export const HEALTHS: readonly Health[] = ['silent', 'fault', 'late', 'none', 'good'];
const TONES: Record<Health, Tone> = { silent: 'bad', fault: 'bad', late: 'warn', none: 'neutral', good: 'good' };
const ICONS: Record<Health, IconName> = { silent: 'wifi', fault: 'alert', late: 'clock', none: 'plus', good: 'check' };

export function healthOf(screen: Screen): Health {
  if (!screen.device) return 'none';
  if (screen.presence === 'silent') return 'silent';
  if (screen.faults.length) return 'fault';
  return screen.presence === 'late' ? 'late' : 'good';
}

export const HealthBadge = ({ health }: { health: Health }) => <Badge tone={TONES[health]} icon={ICONS[health]}>{t.health[health]}</Badge>;

// Trouble first, then by name.
export const byTrouble = (a: Screen, b: Screen) =>
  HEALTHS.indexOf(healthOf(a)) - HEALTHS.indexOf(healthOf(b)) || compare(a.name, b.name);

export interface Fleet {
  screens: Screen[];
  sites: SiteRecord[];
  groups: GroupRecord[];
}

export const useFleet = (everyMs = 15000) => useLoad<Fleet>(async () => {
  const [screens, sites, groups] = await Promise.all([
    getAll<Screen>('/screens'), getAll<SiteRecord>('/sites'), getAll<GroupRecord>('/groups')]);
  return {
    screens: screens.sort(byTrouble), sites: sites.sort((a, b) => compare(a.name, b.name)),
    groups: groups.sort((a, b) => compare(a.name, b.name)),
  };
}, [], everyMs);

export const nameOf = (list: { id: string; name: string }[], id: string | null | undefined) => list.find((one) => one.id === id)?.name ?? '';

// The real frame, drawn anew when what it shows changes.
export function NowFrame({ screen, width = 480, ratio }: { screen: Screen; width?: number; ratio?: number }) {
  const showing = `${screen.id} ${screen.published} ${screen.now?.title} ${screen.now?.until_ms}`;
  const [drawn, setDrawn] = useState({ showing, at: Date.now() });
  if (drawn.showing !== showing) setDrawn({ showing, at: Date.now() });
  return screen.published
    ? <Frame src={url(at`/screens/${screen.id}/frame`, { width, at: `${new Date(drawn.at).toISOString().slice(0, 19)}Z` })} alt={t.frameOf(screen.name)} ratio={ratio ?? screen.width_px / screen.height_px} />
    : <span class="frame" style={{ aspectRatio: String(ratio ?? 16 / 9) }}><span class="frame-none">{t.noPlan}</span></span>;
}

const KINDS = [['screenshot', 'look', 'media'], ['identify', 'look', 'eye'], ['restart', 'operate', 'refresh']] as const;

// Of a screen, a group or a site: "/screens/x". Tells what came of it by `onAsked`.
export function CommandButtons({ place, name, only, onAsked, small }: {
  place: string; name: string; only?: string; onAsked?: (commands: Command[]) => void; small?: boolean;
}) {
  const [busy, setBusy] = useState('');
  const run = async (kind: string) => {
    if (kind === 'restart' && !(await confirm({ title: t.restartTitle(name), text: t.restartText, action: t.commands.restart, kind: 'danger' }))) return;
    setBusy(kind);
    try {
      const { items } = await post<Page<Command>>(`${place}/commands`, { kind });
      toast(t.asked(items.length));
      onAsked?.(items);
    } catch (problem) {
      toast((problem as Error).message, 'bad');
    } finally {
      setBusy('');
    }
  };
  return <>
    {KINDS.filter(([kind, permission]) => may(permission) && (!only || only === kind)).map(([kind, , icon]) => (
      <Button key={kind} small={small} icon={icon} busy={busy === kind} onClick={() => run(kind)}>{t.commands[kind]}</Button>
    ))}
  </>;
}
