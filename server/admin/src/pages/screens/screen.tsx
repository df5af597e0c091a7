// One screen: what it shows and how it is, what may be asked of it, how it is described, what was.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { at, del, get, getAll, post, url, type Page } from '../../lib/api.ts';
import { formatAgo, formatInstant, formatTime } from '../../lib/dates.ts';
import { bytes, number } from '../../lib/i18n.ts';
import { useLoad } from '../../lib/load.ts';
import { useNames } from '../../lib/names.ts';
import { navigate } from '../../lib/router.ts';
import { may } from '../../lib/session.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { confirm } from '../../ui/dialog.tsx';
import { Badge, Empty, Notice, Show, toast, type Tone } from '../../ui/feedback.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Card, Frame, PageHead, Tabs } from '../../ui/page.tsx';
import { CommandButtons, healthOf, HealthBadge, NowFrame, type Command, type Screen } from './fleet.tsx';
import { NewSettings, Settings } from './settings.tsx';
import { t } from './texts.ts';

interface Fault {
  number: number;
  code: string;
  title: string;
  advice: string;
  detail: string;
  opened_ms: number;
  last_ms: number;
  count: number;
  closed_ms: number | null;
  closed_by: string;
}

export function NewScreenPage() {
  return <>
    <PageHead title={t.newTitle} about={t.newAbout} back={{ to: '/screens', label: t.back }} />
    <NewSettings onCreated={(id) => navigate(`/screens/${id}?tab=settings`, true)} />
  </>;
}

export function ScreenPage({ id, tab }: { id: string; tab: string }) {
  const loaded = useLoad(() => get<Screen>(at`/screens/${id}`), [id], 10000);
  const here = (name: string) => tab === name;
  const screen = loaded.data;
  const place = at`/screens/${id}`;
  return <>
    <PageHead title={screen?.name ?? t.loading} back={{ to: '/screens', label: t.back }} actions={screen && <HealthBadge health={healthOf(screen)} />}>
      <Tabs label={t.tabsLabel} tabs={(['now', 'settings', 'faults', 'history'] as const).map((name) =>
        ({ to: name === 'now' ? place : `${place}?tab=${name}`, label: t.tabs[name], here: here(name), count: name === 'faults' ? screen?.faults.length : 0 }))} />
    </PageHead>
    <Show of={loaded} lines={6}>
      {(one) => (here('settings') || here('history') ? <Settings id={id} view={tab} onSaved={loaded.reload} />
        : here('faults') ? <Faults screen={one} onClosed={loaded.reload} />
        : <Now screen={one} reload={loaded.reload} />)}
    </Show>
  </>;
}

// --- now -------------------------------------------------------------------------------------------

function healthWords(screen: Screen): { tone: Tone; words: string }[] {
  const { device, health, presence } = screen, w = t.words;
  if (!device) return [{ tone: 'neutral', words: w.never }];
  const said = (name: string) => (typeof health?.[name] === 'number' ? (health[name] as number) : null);
  const ago = formatAgo(device.last_seen_ms);
  const list: { tone: Tone; words: string }[] = [
    presence === 'silent' ? { tone: 'bad', words: w.silent(formatInstant(screen.silent_since_ms ?? device.last_seen_ms)) }
      : presence === 'late' ? { tone: 'warn', words: w.late(ago) } : { tone: 'good', words: w.ok(ago) },
  ];
  if (!health) return list;
  const hot = said('temperature_c'), free = said('disk_free'), disk = said('disk_size'), frames = said('frames'), dropped = said('dropped'), aside = said('quarantined');
  if (presence !== 'silent') list.push({ tone: 'good', words: `${health.display === 'off' ? w.off : w.on} ${w.up(health.uptime_s * 1000)}` });
  if (hot !== null) list.push(hot >= 80 ? { tone: 'warn', words: w.warm(hot) } : { tone: 'good', words: w.mild(hot) });
  if (free !== null && disk) list.push(free < disk * 0.05 ? { tone: 'warn', words: w.full(bytes(free)) } : { tone: 'good', words: w.room(bytes(free)) });
  if (frames && dropped !== null) {
    const share = dropped / (frames + dropped);
    list.push(share > 0.02 ? { tone: 'warn', words: w.dropped(`${number(share * 100, 1)} %`) } : { tone: 'good', words: w.smooth });
  }
  if (aside) list.push({ tone: 'warn', words: w.quarantined(aside) });
  if (health.clock === 'machine') list.push({ tone: 'warn', words: w.clock });
  return list;
}

function Now({ screen, reload }: { screen: Screen; reload: () => void }) {
  const place = at`/screens/${screen.id}`;
  const upright = screen.height_px > screen.width_px;
  const commands = useCommands(place, screen, reload);
  const { device, now, screenshot } = screen;
  const revoke = async () => {
    if (!(await confirm({ title: t.revokeTitle(screen.name), text: t.revokeText, action: t.revoke, kind: 'danger' }))) return;
    try {
      await del(`${place}/device`);
      toast(t.revoked);
      reload();
    } catch (problem) {
      toast((problem as Error).message, 'bad');
    }
  };
  return (
    <div class="sc-now">
      <div class="stack">
        <Card title={t.onAir} actions={<LinkButton small icon="calendar" to={`/programming?screen=${encodeURIComponent(screen.id)}`}>{t.programme}</LinkButton>}>
          <div class={upright ? 'sc-upright' : undefined}><NowFrame screen={screen} width={upright ? 540 : 960} /></div>
          {now?.closed ? <p><strong>{t.dark}</strong></p> : now && <p><strong>{now.title || t.nothing}</strong>{now.until_ms !== undefined && ` ${t.until(formatTime(now.until_ms, screen.time_zone))}`}</p>}
          <p class="help">{t.asPlanned}</p>
        </Card>
        <Card title={t.lastShot} actions={device && <CommandButtons small place={place} name={screen.name} only="screenshot" onAsked={commands.reload} />}>
          {screenshot ? <>
            <div class={upright ? 'sc-upright' : undefined}>
              <Frame src={url(`${place}/screenshot`, { of: screenshot.id })} alt={t.shotOf(screen.name)} ratio={screenshot.width / screenshot.height} />
            </div>
            <p><time dateTime={new Date(screenshot.received_ms).toISOString()}>{formatInstant(screenshot.received_ms, undefined, 'long')}</time> <span class="soft">({formatAgo(screenshot.received_ms)})</span></p>
          </> : <p class="soft">{t.noShot}. {t.noShotText}</p>}
        </Card>
      </div>
      <div class="stack">
        {screen.faults.length > 0 && <Faults screen={screen} onClosed={reload} brief />}
        <Card title={t.healthTitle}>
          <ul class="sc-health">
            {healthWords(screen).map(({ tone, words }) => <li key={words} class={tone}><Icon name={tone === 'good' ? 'check' : tone === 'neutral' ? 'info' : 'alert'} /><span>{words}</span></li>)}
          </ul>
        </Card>
        {device && (
          <Card title={t.actions}>
            <div class="actions"><CommandButtons place={place} name={`« ${screen.name} »`} onAsked={commands.reload} /></div>
            <CommandList commands={commands.list} />
          </Card>
        )}
        <Card title={t.player}>
          {device ? (
            <dl class="sc-facts">
              <dt>{t.enrolled}</dt><dd>{formatInstant(device.enrolled_ms, undefined, 'long')}</dd>
              <dt>{t.lastSeen}</dt><dd>{formatAgo(device.last_seen_ms)}</dd>
              <dt>{t.upToDate}</dt><dd>{device.manifest === screen.published ? t.current : t.behind}</dd>
              <dt>{t.software}</dt><dd>{device.software}</dd>
            </dl>
          ) : <p>{t.noPlayer}</p>}
          {may('operate') && (
            <div class="actions">
              <LinkButton icon="link" kind={device ? 'plain' : 'primary'} to={`/screens/enrol?screen=${encodeURIComponent(screen.id)}`}>{device ? t.replace : t.attach}</LinkButton>
              {device && <Button kind="quiet" icon="close" onClick={revoke}>{t.revoke}</Button>}
            </div>
          )}
        </Card>
      </div>
    </div>
  );
}

// Asked again every two seconds while something is under way; a picture that came is shown.
function useCommands(place: string, screen: Screen, onDone: () => void) {
  const [fast, setFast] = useState(false);
  const loaded = useLoad(async () => (screen.device ? (await get<Page<Command>>(`${place}/commands`)).items : []), [place, !!screen.device], fast ? 2000 : 30000);
  const open = (loaded.data ?? []).filter((one) => one.state === 'waiting' || one.state === 'told').length;
  const before = useRef(0);
  useEffect(() => {
    setFast(open > 0);
    if (open < before.current) onDone();
    before.current = open;
  }, [open]);
  return { list: loaded.data ?? [], reload: loaded.reload };
}

const COMMAND_TONES: Record<string, Tone> = { waiting: 'neutral', told: 'info', done: 'good', failed: 'bad', expired: 'warn' };

function CommandList({ commands }: { commands: Command[] }) {
  const nameOf = useNames();
  if (!commands.length) return <p class="help">{t.actionsHelp}</p>;
  return (
    <ul class="sc-commands" aria-live="polite" aria-label={t.actions}>
      {commands.slice(0, 6).map((one) => (
        <li key={one.id}>
          <span><strong>{t.commandNames[one.kind] ?? one.kind}</strong> <span class="soft">{formatAgo(one.asked_ms)} {t.byWhom(one.user && nameOf(one.user))}</span></span>
          <Badge tone={COMMAND_TONES[one.state]}>{t.commandStates[one.state] ?? one.state}</Badge>
          {one.number !== undefined && one.kind === 'identify' && one.state !== 'expired' && <small>{t.shows(one.number)}</small>}
          {one.reason && <small>{one.reason}</small>}
        </li>
      ))}
    </ul>
  );
}

// --- faults ------------------------------------------------------------------------------------------

function FaultItem({ fault, onClosed }: { fault: Fault; onClosed: () => void }) {
  const [busy, setBusy] = useState(false);
  const close = async () => {
    setBusy(true);
    try {
      await post(at`/faults/${fault.number}/close`);
      toast(t.closed);
      onClosed();
    } catch (problem) {
      toast((problem as Error).message, 'bad');
    } finally {
      setBusy(false);
    }
  };
  const open = fault.closed_ms === null;
  const about: ComponentChildren[] = [open ? t.since(formatInstant(fault.opened_ms)) : t.endedAt(formatInstant(fault.opened_ms), formatInstant(fault.closed_ms!)), t.times(fault.count), open ? '' : t.closedBy(fault.closed_by)];
  return (
    <li class="sc-fault">
      <div>
        <h3>{open && <Icon name="alert" />}{fault.title}</h3>
        <p class="soft">{about.filter(Boolean).join(' · ')}</p>
        {open && fault.advice && <p><strong>{t.todo} : </strong>{fault.advice}</p>}
        {fault.detail && <p class="help">{t.detail} : {fault.detail}</p>}
      </div>
      {open && may('operate') && <Button small icon="check" busy={busy} onClick={close}>{t.close}</Button>}
    </li>
  );
}

function Faults({ screen, onClosed, brief }: { screen: Screen; onClosed: () => void; brief?: boolean }) {
  const loaded = useLoad(() => getAll<Fault>('/faults', { screen: screen.id, ...(brief && { open: 1 }) }, 200), [screen.id, screen.faults.map((one) => one.number).join()]);
  const reload = () => {
    loaded.reload();
    onClosed();
  };
  const list = (title: string, of: Fault[]) => of.length > 0 && <Card title={title}><ul class="sc-faults">{of.map((one) => <FaultItem key={one.number} fault={one} onClosed={reload} />)}</ul></Card>;
  return (
    <Show of={loaded}>
      {(all) => {
        const open = all.filter((one) => one.closed_ms === null);
        if (brief) return list(t.tabs.faults, open);
        return all.length ? <div class="stack">
          {!open.length && <Notice tone="good"><p>{t.noFaults}. {t.noFaultsText}</p></Notice>}
          {list(t.faultsOpen, open)}{list(t.faultsClosed, all.filter((one) => one.closed_ms !== null))}
        </div> : <Empty icon="check" title={t.noFaults}>{t.noFaultsText}</Empty>;
      }}
    </Show>
  );
}
