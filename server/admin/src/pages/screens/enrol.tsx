// A player becomes a screen: its code, its fingerprint, and which screen it is.
import type { SiteRecord } from 'api-types';
import { useEffect, useRef, useState } from 'preact/hooks';
import { at, get, getAll, post } from '../../lib/api.ts';
import { formatAgo } from '../../lib/dates.ts';
import { compare } from '../../lib/i18n.ts';
import { useLoad } from '../../lib/load.ts';
import { may } from '../../lib/session.ts';
import { slug } from '../content/kinds.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { confirm } from '../../ui/dialog.tsx';
import { Notice, Show } from '../../ui/feedback.tsx';
import { Choices, NumberField, SelectField, TextField } from '../../ui/field.tsx';
import { Picker } from '../../ui/picker.tsx';
import { Card, PageHead } from '../../ui/page.tsx';
import { nameOf, NowFrame, type Screen } from './fleet.tsx';
import { useEnrolments, type Enrolment } from './list.tsx';
import { BLANK } from './settings.tsx';
import { t } from './texts.ts';

// As screens write codes: I and L are 1, O is 0 (playlists/enrolment.h).
function normalised(typed: string) {
  const code = typed.toUpperCase().replace(/[\s-]/g, '').replace(/[IL]/g, '1').replace(/O/g, '0');
  return /^[0-9A-HJKMNP-TV-Z]{8}$/.test(code) ? `${code.slice(0, 4)}-${code.slice(4)}` : '';
}

export function EnrolPage({ screen }: { screen: string }) {
  const known = useLoad(async () => {
    const [screens, sites] = await Promise.all([getAll<Screen>('/screens'), getAll<SiteRecord>('/sites')]);
    return { screens: screens.sort((a, b) => Number(!!a.device) - Number(!!b.device) || compare(a.name, b.name)), sites };
  }, []);
  const [player, setPlayer] = useState<Enrolment | null>(null);
  const [sure, setSure] = useState(false);
  const [told, setTold] = useState('');
  const [done, setDone] = useState('');
  const again = (words = '') => {
    setPlayer(null);
    setSure(false);
    setDone('');
    setTold(words);
    known.reload();
  };
  if (done) return <Done id={done} again={() => again()} />;
  return <>
    <PageHead title={t.enrolTitle} about={t.enrolAbout} back={{ to: '/screens', label: t.back }} />
    <div class="sc-enrol">
      {told && <Notice tone="good"><p>{told}</p></Notice>}
      {!player ? <CodeStep screens={known.data?.screens ?? []} onFound={(one) => {
        setTold('');
        setPlayer(one);
      }} />
        : <PrintStep player={player} sure={sure} onSame={() => setSure(true)} onOther={() => again()} onRefused={() => again(t.refused)} />}
      {player && sure && <Show of={known}>{(all) => <ScreenStep player={player} wanted={screen} {...all} onDone={setDone} />}</Show>}
    </div>
  </>;
}

function CodeStep({ screens, onFound }: { screens: Screen[]; onFound: (player: Enrolment) => void }) {
  const [typed, setTyped] = useState('');
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  const list = useEnrolments(3000);
  const waiting = (list.data?.enrolments ?? []).filter((one) => one.state === 'pending');
  const find = async (event: Event) => {
    event.preventDefault();
    const code = normalised(typed);
    if (!code) return setFault(t.codeShort);
    setBusy(true);
    try {
      const same = (await get<{ enrolments: Enrolment[] }>('/enrolments')).enrolments.filter((one) => one.code === code);
      const found = same.find((one) => one.state === 'pending');
      if (found) return onFound(found);
      const other = same[0];
      setFault(!other ? t.codeUnknown(code) : other.state === 'refused' ? t.codeRefused(code) : t.codeUsed(code, nameOf(screens, other.screen) || other.screen));
    } catch (problem) {
      setFault((problem as Error).message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Card title={t.step(1, t.code)}>
      <form class="stack" noValidate onSubmit={find}>
        <TextField class="sc-code" label={t.code} hideLabel help={t.codeHelp} value={typed} error={fault} required
          input={{ autoComplete: 'off', autoCapitalize: 'characters', spellcheck: false, maxLength: 12, placeholder: 'K7QF-2M9D' }}
          onChange={(words) => {
            setTyped(words);
            setFault('');
          }} />
        <div><Button type="submit" kind="primary" icon="search" busy={busy}>{t.find}</Button></div>
      </form>
      {waiting.length ? <>
        <h3>{t.waitingList}</h3>
        <ul class="sc-waiting">
          {waiting.map((one) => (
            <li key={one.fingerprint}><button type="button" onClick={() => onFound(one)}>
              <strong>{one.code}</strong><span class="soft">{t.pixelsOf(one.width_px, one.height_px)} · {t.seen(formatAgo(one.seen_ms))}</span>
            </button></li>
          ))}
        </ul>
      </> : <p class="help">{t.noWaiting}</p>}
    </Card>
  );
}

function PrintStep({ player, sure, onSame, onOther, onRefused }: { player: Enrolment; sure: boolean; onSame: () => void; onOther: () => void; onRefused: () => void }) {
  const [fault, setFault] = useState('');
  const head = useRef<HTMLDivElement>(null);
  useEffect(() => { head.current?.focus(); }, []);
  const refuse = async () => {
    if (!(await confirm({ title: t.refuseTitle, text: t.refuseText, action: t.refuse, kind: 'danger' }))) return;
    try {
      await post(at`/enrolments/${player.code}/refuse`, { fingerprint: player.fingerprint });
      onRefused();
    } catch (problem) {
      setFault((problem as Error).message);
    }
  };
  return (
    <Card title={t.step(2, t.compare)} actions={<Button small kind="quiet" icon="left" onClick={onOther}>{t.other}</Button>}>
      <div tabIndex={-1} ref={head} class="stack-s"><p>{t.compareText}</p><p class="soft">{t.code} : <strong>{player.code}</strong> · {t.pixelsOf(player.width_px, player.height_px)}</p></div>
      <p class="sc-print">{player.fingerprint.split('-').map((part) => <span key={part}>{part}</span>)}</p>
      {fault && <Notice tone="bad"><p>{fault}</p></Notice>}
      {!sure && may('operate') && <div class="actions">
        <Button kind="primary" icon="check" onClick={onSame}>{t.same}</Button>
        <Button icon="close" onClick={refuse}>{t.different}</Button>
      </div>}
    </Card>
  );
}

function ScreenStep({ player, wanted, screens, sites, onDone }: { player: Enrolment; wanted: string; screens: Screen[]; sites: SiteRecord[]; onDone: (id: string) => void }) {
  const free = screens.some((one) => !one.device);
  const [mode, setMode] = useState<'old' | 'new'>(wanted || free ? 'old' : 'new');
  const [id, setId] = useState(wanted);
  const [fresh, setFresh] = useState({ name: '', site: '', diagonal: 109 as number | null, distance: 3 as number | null });
  const [fault, setFault] = useState<{ field: string; words: string } | null>(null);
  const [busy, setBusy] = useState(false);
  const made = useRef('');
  const screen = screens.find((one) => one.id === id);
  const enrol = async (event: Event) => {
    event.preventDefault();
    if (mode === 'old' && !screen) return setFault({ field: 'screen', words: t.pickFirst });
    if (mode === 'new' && !fresh.name.trim()) return setFault({ field: 'name', words: t.nameFirst });
    setBusy(true);
    setFault(null);
    try {
      let target = id;
      if (mode === 'new') {
        target = made.current || await create();
        made.current = target; // not twice, when what follows is refused
      }
      await post(at`/enrolments/${player.code}/approve`, { screen: target, fingerprint: player.fingerprint, ...(mode === 'old' && screen?.device && { replace: true }) });
      onDone(target);
    } catch (problem) {
      setFault({ field: '', words: (problem as Error).message });
    } finally {
      setBusy(false);
    }
  };
  const create = async () => {
    const base = slug(fresh.name) || 'ecran';
    let own = base;
    for (let n = 2; screens.some((one) => one.id === own); n += 1) own = `${base}-${n}`;
    return (await post<{ id: string }>('/screens', {
      ...BLANK, id: own, name: fresh.name.trim(), site: fresh.site, width_px: player.width_px, height_px: player.height_px,
      diagonal_mm: Math.round((fresh.diagonal ?? 0) * 10), viewing_distance_mm: Math.round((fresh.distance ?? 0) * 1000),
    })).id;
  };
  return (
    <Card title={t.step(3, t.which)}>
      <form class="stack" noValidate onSubmit={enrol}>
        <Choices label={t.which} hideLabel value={mode} onChange={setMode} choices={[{ value: 'old', label: t.existing }, { value: 'new', label: t.fresh }]} />
        {mode === 'old' ? <>
          <Picker label={t.screen} required value={id} text={screen?.name ?? ''} placeholder={t.screenPick} error={fault?.field === 'screen' ? fault.words : undefined}
            choices={screens.map((one) => ({ value: one.id, label: one.name, help: `${nameOf(sites, one.site) || t.noSite}, ${one.device ? t.hasPlayer : t.noPlayerYet}` }))}
            onChange={(value) => {
              setId(value);
              setFault(null);
            }} />
          {screen?.device && <Notice tone="warn"><p>{t.replaceWarn(screen.name)}</p></Notice>}
        </> : <>
          <TextField label={t.name} required help={t.nameHelp} value={fresh.name} error={fault?.field === 'name' ? fault.words : undefined} onChange={(name) => setFresh({ ...fresh, name })} />
          <SelectField label={t.site} value={fresh.site} placeholder={t.noSite} choices={sites.map((one) => ({ value: one.id, label: one.name }))} onChange={(site) => setFresh({ ...fresh, site })} />
          <div class="sc-pair">
            <NumberField label={t.diagonal} unit="cm" help={t.diagonalHelp(Math.round((fresh.diagonal ?? 0) / 2.54))} value={fresh.diagonal} onChange={(diagonal) => setFresh({ ...fresh, diagonal })} />
            <NumberField label={t.distance} unit="m" step={0.5} help={t.distanceHelp} value={fresh.distance} onChange={(distance) => setFresh({ ...fresh, distance })} />
          </div>
        </>}
        {fault?.field === '' && <Notice tone="bad"><p>{fault.words}</p></Notice>}
        <div><Button type="submit" kind="primary" icon="link" busy={busy}>{mode === 'old' && screen?.device ? t.approveReplace : t.approve}</Button></div>
      </form>
    </Card>
  );
}

function Done({ id, again }: { id: string; again: () => void }) {
  const loaded = useLoad(() => get<Screen>(at`/screens/${id}`), [id], 2000);
  return (
    <Show of={loaded}>
      {(screen) => {
        const here = screen.presence === 'ok' && !!screen.device && screen.device.last_seen_ms >= screen.device.enrolled_ms;
        return <>
          <PageHead title={t.doneTitle(screen.name)} back={{ to: '/screens', label: t.back }} />
          <div class="sc-enrol">
            <div role="status"><Notice tone={here ? 'good' : 'info'}><p>{here ? t.doneHere : t.doneWait}</p></Notice></div>
            <NowFrame screen={screen} width={640} ratio={16 / 9} />
            <div class="actions"><LinkButton kind="primary" to={`/screens/${id}`}>{t.open}</LinkButton><Button onClick={again}>{t.again}</Button></div>
          </div>
        </>;
      }}
    </Show>
  );
}
