// Emergencies: what runs and how to end it, what waits for a second person, and the two steps of a
// new one. Made to be used in a hurry, with one thumb.
import type { PageProps } from '../../app/pages.ts';
import { mayConfirm, reloadEmergencies, serverNow, useEmergencies, type Alerter, type Emergency } from '../../app/emergencies.ts';
import { t as app } from '../../app/texts.ts';
import { useEffect, useState } from 'preact/hooks';
import { ask, at, del, post } from '../../lib/api.ts';
import { formatAgo, formatDuration, formatTime } from '../../lib/dates.ts';
import { lang } from '../../lib/i18n.ts';
import { may, session } from '../../lib/session.ts';
import { Button } from '../../ui/button.tsx';
import { confirm } from '../../ui/dialog.tsx';
import { Notice, Show, toast, Trouble, Waiting } from '../../ui/feedback.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Card, PageHead } from '../../ui/page.tsx';
import { useFleet, type Fleet } from '../screens/fleet.tsx';
import { NewEmergency } from './compose.tsx';
import { t } from './texts.ts';

export const names = (people: Alerter[]) => new Intl.ListFormat(lang, { type: 'disjunction' }).format(people.map((one) => one.name));

export default function EmergencyPage(_: PageProps) {
  const { data, error } = useEmergencies(5000);
  const fleet = useFleet(30000);
  const me = session.get()!;
  const safe = data?.emergencies.find((one) => one.safe);
  const running = data?.emergencies.filter((one) => !one.safe) ?? [];
  return <>
    <PageHead title={app.pages.emergency} about={t.about} />
    {!data ? error ? <Trouble error={error} retry={reloadEmergencies} /> : <Waiting /> : (
      <div class="em">
        {error && <Trouble error={error} retry={reloadEmergencies} />}
        {safe && <Safe emergency={safe} />}
        {running.length > 0 && <section class="stack" aria-label={t.running}><h2>{t.running}</h2>{running.map((one) => <Running key={one.id} one={one} fleet={fleet.data} />)}</section>}
        {data.waiting.length > 0 && <section class="stack" aria-label={t.waiting}><h2>{t.waiting}</h2>{data.waiting.map((one) => <Pending key={one.id} one={one} fleet={fleet.data} alerters={data.alerters} />)}</section>}
        {!safe && !running.length && !data.waiting.length && <p class="soft em-none"><Icon name="check" />{t.none}</p>}
        {may('alert') ? <>
          <Show of={fleet}>{(all) => <NewEmergency fleet={all} others={data.alerters.filter((one) => one.user !== me.user)} />}</Show>
          {!safe && <SafeCard bound={me.sites.length > 0} />}
        </> : <Notice title={t.noRight}><p>{t.noRightText}</p></Notice>}
      </div>
    )}
  </>;
}

// Does it, tells it, and looks again; what is refused is told where it happened.
function useStep() {
  const [busy, setBusy] = useState('');
  const [fault, setFault] = useState('');
  const run = async (name: string, step: () => Promise<unknown>, done: string) => {
    setBusy(name);
    setFault('');
    try {
      await step();
      toast(done);
    } catch (problem) {
      setFault((problem as Error).message);
    }
    await reloadEmergencies();
    setBusy('');
  };
  return { busy, fault: fault && <Notice tone="bad"><p>{fault}</p></Notice>, run };
}

function Where({ one, fleet }: { one: Emergency; fleet?: Fleet }) {
  const sites = new Set(one.screens.map((id) => fleet?.screens.find((screen) => screen.id === id)?.site || '-'));
  return (
    <details class="em-where">
      <summary>{t.on(one.screens.length)} {fleet && t.sites(sites.size)}</summary>
      <ul>{one.screens.map((id) => <li key={id}>{fleet?.screens.find((screen) => screen.id === id)?.name ?? id}</li>)}</ul>
    </details>
  );
}

function Countdown({ from, until }: { from: number; until: number }) {
  const [now, setNow] = useState(serverNow());
  useEffect(() => {
    const timer = setInterval(() => setNow(serverNow()), 1000);
    return () => clearInterval(timer);
  }, []);
  const left = until - now;
  return (
    <div class="em-time">
      <p><strong class="em-left">{left > 0 ? t.left(formatDuration(left > 3600000 ? Math.ceil(left / 60000) * 60000 : left)) : t.over}</strong>
        <span>{t.began(formatTime(from))}, {t.untilTime(formatTime(until))}</span></p>
      <progress value={Math.min(1, Math.max(0, (now - from) / (until - from)))} max={1} aria-label={t.untilTime(formatTime(until))} />
    </div>
  );
}

function Running({ one, fleet }: { one: Emergency; fleet?: Fleet }) {
  const { busy, fault, run } = useStep();
  const end = async () => {
    if (await confirm({ title: t.endTitle, text: t.endText(one.screens.length), action: t.end, kind: 'danger' })) {
      await run('end', () => del(at`/emergencies/${one.id}`), t.ended);
    }
  };
  return (
    <article class="em-card em-running" aria-label={one.title}>
      <h3>{one.title}</h3>
      {one.text && <p class="em-words">{one.text}</p>}
      <Where one={one} fleet={fleet} />
      {one.from_ms !== undefined && one.until_ms !== undefined && <Countdown from={one.from_ms} until={one.until_ms} />}
      {may('alert') && !one.yours && <p>{t.wider}</p>}
      {fault}
      {one.yours && <Button class="em-big" icon="close" busy={busy === 'end'} onClick={end}>{t.end}</Button>}
    </article>
  );
}

function Pending({ one, fleet, alerters }: { one: Emergency; fleet?: Fleet; alerters: Alerter[] }) {
  const { busy, fault, run } = useStep();
  const can = mayConfirm(one);
  const go = async () => {
    if (await confirm({ title: t.confirmTitle, text: t.confirmText(one.screens.length, one.title), action: t.confirm, kind: 'danger' })) {
      await run('go', () => post(at`/emergencies/${one.id}/confirm`), t.confirmed);
    }
  };
  const drop = async () => {
    if (await confirm({ title: t.dropTitle, text: t.dropText, action: t.drop })) await run('drop', () => del(at`/emergencies/${one.id}`), t.dropped);
  };
  const asker = alerters.find((person) => person.user === one.asked_by)?.name ?? one.asked_by ?? '';
  return (
    <article class="em-card em-pending" aria-label={one.title}>
      <h3>{one.title}</h3>
      {one.text && <p class="em-words">{one.text}</p>}
      <Where one={one} fleet={fleet} />
      {can && <Drawn title={one.title} text={one.text} fleet={fleet} screens={one.screens} />}
      <p>{t.asked(asker, formatAgo(one.asked_ms ?? serverNow(), serverNow()))} {one.lapses_ms && t.lapses(formatAgo(one.lapses_ms, serverNow()))}</p>
      {!can && one.yours && <p>{t.mine(names(alerters.filter((person) => person.user !== one.asked_by && !person.sites.length)))}</p>}
      {fault}
      {may('alert') && !one.yours && <p>{t.wider}</p>}
      {one.yours && <div class="em-actions">
        {can && <Button class="em-big" kind="danger" icon="alert" busy={busy === 'go'} onClick={go}>{t.confirm}</Button>}
        <Button class="em-big" icon="close" busy={busy === 'drop'} onClick={drop}>{t.drop}</Button>
      </div>}
    </article>
  );
}

// As it would look on one screen across and one upright, of those that it reaches.
export function Drawn({ title, text, fleet, screens }: { title: string; text: string; fleet?: Fleet; screens: string[] }) {
  const reached = fleet?.screens.filter((one) => screens.includes(one.id)) ?? [];
  const shown = [reached.find((one) => one.width_px >= one.height_px), reached.find((one) => one.width_px < one.height_px)].filter((one) => one !== undefined);
  return (
    <div class="em-frames">
      {shown.map((one) => <Picture key={one.id} title={title} text={text} screen={one.id} name={one.name} ratio={one.width_px / one.height_px} />)}
    </div>
  );
}

function Picture({ title, text, screen, name, ratio }: { title: string; text: string; screen: string; name: string; ratio: number }) {
  const [src, setSrc] = useState('');
  const [fault, setFault] = useState('');
  useEffect(() => {
    const abort = new AbortController();
    let made = '';
    setSrc('');
    setFault('');
    ask('POST', '/emergencies/frame', { body: { title, text, screen }, signal: abort.signal }).then((answer) => answer.blob()).then((blob) => {
      if (abort.signal.aborted) return;
      made = URL.createObjectURL(blob);
      setSrc(made);
    }, (problem) => abort.signal.aborted || setFault((problem as Error).message));
    return () => {
      abort.abort();
      URL.revokeObjectURL(made);
    };
  }, [title, text, screen]);
  return (
    <figure class={ratio < 1 ? 'upright' : undefined}>
      <span class="frame good" style={{ aspectRatio: String(ratio) }}>
        {src ? <img src={src} alt={`${t.preview(name)} : ${title}. ${text}`} /> : <span class="frame-none" role="status">{fault || t.previewWait}</span>}
      </span>
      <figcaption class="soft">{t.preview(name)}</figcaption>
    </figure>
  );
}

function Safe({ emergency }: { emergency: Emergency }) {
  const { busy, fault, run } = useStep();
  return (
    <article class="em-card em-pending" aria-label={t.safeOn}>
      <h2>{t.safeOn}</h2>
      {emergency.from_ms !== undefined && <p>{t.began(formatTime(emergency.from_ms))}</p>}
      {fault}
      {may('alert') && !session.get()!.sites.length && <Button class="em-big" icon="refresh" busy={busy === 'end'} onClick={() => run('end', () => del('/safe-slide'), t.safeEnded)}>{t.safeEnd}</Button>}
    </article>
  );
}

function SafeCard({ bound }: { bound: boolean }) {
  const { busy, fault, run } = useStep();
  const go = async () => {
    if (await confirm({ title: t.safeTitle, text: t.safeText, action: t.safeGo, kind: 'danger' })) await run('go', () => post('/safe-slide'), t.safeDone);
  };
  return (
    <Card title={t.safe}>
      <p>{t.safeText}</p>
      {fault}
      {bound ? <p class="soft">{t.safeBound}</p> : <div><Button icon="screen" busy={busy === 'go'} onClick={go}>{t.safeGo}</Button></div>}
    </Card>
  );
}
