// The two steps: what and where, then the check with the real picture. What is typed survives a reload.
import { useEffect, useRef, useState } from 'preact/hooks';
import { reloadEmergencies, type Alerter } from '../../app/emergencies.ts';
import { ApiError, post } from '../../lib/api.ts';
import { useDraft } from '../../lib/drafts.ts';
import { session } from '../../lib/session.ts';
import { Button } from '../../ui/button.tsx';
import { Notice, toast } from '../../ui/feedback.tsx';
import { Choices, TextArea, TextField } from '../../ui/field.tsx';
import { Pickers } from '../../ui/picker.tsx';
import { healthOf, nameOf, type Fleet, type Screen } from '../screens/fleet.tsx';
import { Drawn, names } from './index.tsx';
import { t } from './texts.ts';

const TITLE_MAX = 120, TEXT_MAX = 400; // bytes (server/fleet/emergency.h)
const MINUTES = [15, 30, 60, 120, 240, 1440];

type Place = 'all' | 'sites' | 'groups' | 'screens';

interface Draft {
  title: string;
  text: string;
  place: Place;
  chosen: Record<'sites' | 'groups' | 'screens', string[]>;
  minutes: number;
}

const BLANK: Draft = { title: '', text: '', place: 'sites', chosen: { sites: [], groups: [], screens: [] }, minutes: 60 };

const size = (text: string) => new TextEncoder().encode(text).length;

function reached({ place, chosen }: Draft, { screens }: Fleet): Screen[] {
  if (place === 'all') return screens;
  return screens.filter((one) => (place === 'sites' ? chosen.sites.includes(one.site ?? '')
    : place === 'groups' ? one.groups.some((group) => chosen.groups.includes(group)) : chosen.screens.includes(one.id)));
}

// As the server decides it (emergency_reach): everywhere, several sites, several screens of none.
const needsSecond = (place: Place, screens: Screen[]) =>
  place === 'all' || new Set(screens.map((one) => one.site || '')).size > 1 || screens.filter((one) => !one.site).length > 1;

export function NewEmergency({ fleet, others }: { fleet: Fleet; others: Alerter[] }) {
  const bound = session.get()!.sites.length > 0;
  const [draft, setDraft, forget] = useDraft<Draft>('emergency', BLANK);
  const [step, setStep] = useState(1);
  const [faults, setFaults] = useState<Record<string, string>>({});
  const head = useRef<HTMLHeadingElement>(null);
  const first = useRef(true);
  useEffect(() => {
    if (!first.current) {
      head.current?.focus({ preventScroll: true });
      head.current?.scrollIntoView({ block: 'start' });
    }
    first.current = false;
  }, [step]);
  const screens = reached(draft, fleet);
  const set = (part: Partial<Draft>) => {
    setDraft({ ...draft, ...part });
    setFaults({});
  };
  const next = (event: Event) => {
    event.preventDefault();
    const found: Record<string, string> = {};
    if (!draft.title.trim()) found.title = t.titleMissing;
    else if (size(draft.title) > TITLE_MAX) found.title = t.tooLong;
    if (size(draft.text) > TEXT_MAX) found.text = t.tooLong;
    if (!screens.length) found.where = t.whereMissing;
    setFaults(found);
    if (!Object.keys(found).length) return setStep(2);
    setTimeout(() => (event.target as Element).querySelector<HTMLElement>('[aria-invalid]')?.focus());
  };
  return (
    <section class="em-card em-new" aria-label={t.start}>
      <header>
        <p class="em-step">{t.start} · {t.step(step)}</p>
        <h2 ref={head} tabIndex={-1}>{step === 1 ? t.what : t.check}</h2>
      </header>
      {step === 1 ? (
        <form class="stack" noValidate onSubmit={next}>
          <div class="em-quick" role="group" aria-label={t.quick}>
            {t.ready.map(([label, title, text]) => <Button key={label} onClick={() => set({ title: title!, text: text! })}>{label}</Button>)}
          </div>
          <TextField class="em-title" label={t.title} required help={t.titleHelp} value={draft.title} error={faults.title} room={{ used: size(draft.title), most: TITLE_MAX }} onChange={(title) => set({ title })} />
          <TextArea label={t.text} optional rows={3} help={t.textHelp} value={draft.text} error={faults.text} room={{ used: size(draft.text), most: TEXT_MAX }} onChange={(text) => set({ text })} />
          <Choices label={t.where} value={draft.place} onChange={(place) => set({ place })}
            choices={(['sites', 'groups', 'screens', ...(bound ? [] : ['all'])] as Place[]).map((value) => ({ value, label: t.places[value] }))} />
          {draft.place !== 'all' && <Where draft={draft} fleet={fleet} error={faults.where} onChange={set} />}
          <p class="em-reach" role="status"><strong>{t.reach(screens.length)}</strong></p>
          <Choices label={t.howLong} help={t.durationHelp} value={String(draft.minutes)} onChange={(minutes) => set({ minutes: Number(minutes) })}
            choices={MINUTES.map((n) => ({ value: String(n), label: t.durations[n]! }))} />
          <Button class="em-big" type="submit" kind="primary" icon="right">{t.next}</Button>
        </form>
      ) : <Check draft={draft} fleet={fleet} screens={screens} others={others} onBack={(field, words) => {
        setStep(1);
        setFaults(field ? { [field]: words } : {});
      }} onDone={() => {
        forget();
        setDraft(BLANK);
        forget();
        setStep(1);
      }} />}
    </section>
  );
}

function Where({ draft, fleet, error, onChange }: { draft: Draft; fleet: Fleet; error?: string; onChange: (part: Partial<Draft>) => void }) {
  const kind = draft.place as keyof Draft['chosen'];
  const list = kind === 'sites' ? fleet.sites.filter((site) => fleet.screens.some((one) => one.site === site.id)) : fleet[kind];
  const count = (id: string) => (kind === 'screens' ? nameOf(fleet.sites, fleet.screens.find((one) => one.id === id)?.site)
    : t.onScreens(fleet.screens.filter((one) => (kind === 'sites' ? one.site === id : one.groups.includes(id))).length));
  const choose = (values: string[]) => onChange({ chosen: { ...draft.chosen, [kind]: values } });
  if (list.length > 8) {
    return <Pickers label={t.pick[kind]} help={t.pickHelp} error={error} values={draft.chosen[kind]} nameOf={(id) => nameOf(list, id) || id}
      choices={list.map((one) => ({ value: one.id, label: one.name, help: count(one.id) }))} onChange={choose} />;
  }
  return (
    <fieldset class="em-places" aria-describedby={error ? 'em-places-error' : undefined}>
      <legend>{t.pick[kind]}</legend>
      {list.map((one) => (
        <label key={one.id}>
          <input type="checkbox" checked={draft.chosen[kind].includes(one.id)} aria-invalid={!!error || undefined}
            onChange={(event) => choose(event.currentTarget.checked ? [...draft.chosen[kind], one.id] : draft.chosen[kind].filter((id) => id !== one.id))} />
          <span>{one.name} <small>{count(one.id)}</small></span>
        </label>
      ))}
      {error && <p class="error" id="em-places-error">{error}</p>}
    </fieldset>
  );
}

function Check({ draft, fleet, screens, others, onBack, onDone }: {
  draft: Draft; fleet: Fleet; screens: Screen[]; others: Alerter[]; onBack: (field: string, words: string) => void; onDone: () => void;
}) {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState('');
  // The second click of two was meant for the step before, wherever these buttons stand.
  const once = (act: () => void) => (event: MouseEvent) => { if (event.detail < 2) act(); };
  const second = needsSecond(draft.place, screens);
  const sites = [...new Set(screens.map((one) => one.site || ''))];
  const able = others.filter((one) => !one.sites.length || sites.every((site) => one.sites.includes(site)));
  const deaf = screens.filter((one) => ['silent', 'none'].includes(healthOf(one))).length;
  const start = async () => {
    setBusy(true);
    setFault('');
    try {
      const answer = await post<{ waiting: boolean }>('/emergencies', {
        title: draft.title.trim(), text: draft.text.trim(), minutes: draft.minutes,
        ...(draft.place === 'all' ? { everywhere: true } : draft.place === 'groups' ? { groups: draft.chosen.groups } : { screens: screens.map((one) => one.id) }),
      });
      await reloadEmergencies();
      toast(answer.waiting ? t.askedNow : t.started);
      onDone();
      scrollTo(0, 0);
    } catch (problem) {
      const { field } = problem as ApiError;
      if (field === 'title' || field === 'text') return onBack(field, (problem as Error).message);
      setFault((problem as Error).message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div class="stack">
      <Drawn title={draft.title.trim()} text={draft.text.trim()} fleet={fleet} screens={screens.map((one) => one.id)} />
      <div class="em-facts">
        <details class="em-where"><summary><strong>{t.onScreens(screens.length)}</strong> {t.sites(sites.length)}</summary>
          <ul>{screens.map((one) => <li key={one.id}>{one.name}</li>)}</ul></details>
        <p>{t.lasts(t.durations[draft.minutes]!)}</p>
      </div>
      {deaf > 0 && <Notice tone="warn"><p>{t.deaf(deaf)}</p></Notice>}
      <Notice tone={second && !able.length ? 'bad' : 'info'}><p>{!second ? t.alone : able.length ? t.second(names(able)) : t.nobody}</p></Notice>
      {fault && <Notice tone="bad"><p>{fault}</p></Notice>}
      <div class="em-actions">
        <Button class="em-big" kind="danger" icon="alert" busy={busy} onClick={once(start)}>{second ? t.askSecond : t.go(screens.length)}</Button>
        <Button class="em-big" icon="left" onClick={once(() => onBack('', ''))}>{t.change}</Button>
      </div>
    </div>
  );
}
