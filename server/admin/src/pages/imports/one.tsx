// One import, at the step where it is.
import { useEffect, useRef, useState } from 'preact/hooks';
import { at, del, get, post } from '../../lib/api.ts';
import { formatInstant } from '../../lib/dates.ts';
import { bytes, number } from '../../lib/i18n.ts';
import { useLoad } from '../../lib/load.ts';
import { useNames } from '../../lib/names.ts';
import { navigate } from '../../lib/router.ts';
import { Button } from '../../ui/button.tsx';
import { confirm } from '../../ui/dialog.tsx';
import { Badge, Notice, Progress, Show, toast, Trouble } from '../../ui/feedback.tsx';
import { Card, PageHead } from '../../ui/page.tsx';
import { Columns } from './columns.tsx';
import { STATE_TONES, underWay, type Whole } from './model.ts';
import { Rows } from './rows.tsx';
import { t } from './texts.ts';

const STEP = { mapped: 1, rehearsing: 2, rehearsed: 2, applying: 3, applied: 3, undoing: 3, undone: 3 };

const Steps = ({ now }: { now: number }) => (
  <ol class="im-steps" aria-label={t.stepsLabel}>
    {t.steps.map((name, i) => (
      <li key={name} class={i < now ? 'past' : undefined} aria-current={i === now ? 'step' : undefined}>
        <span aria-hidden="true">{i < now ? '✓' : i + 1}</span>{name}{i < now && <span class="unseen"> ({t.done})</span>}
      </li>
    ))}
  </ol>
);

export function One({ id }: { id: string }) {
  const loaded = useLoad((signal) => get<Whole>(at`/imports/${id}`, undefined, signal), [id]);
  return (
    <Show of={loaded}>{(one) => <Shown key={one.id} one={one} set={loaded.set} reload={loaded.reload} />}</Show>
  );
}

function Shown({ one, set, reload }: { one: Whole; set: (one: Whole) => void; reload: () => void }) {
  const [problem, setProblem] = useState<Error>();
  const [mapping, setMapping] = useState(false);
  const body = useRef<HTMLDivElement>(null);
  const first = useRef(true);
  const busy = underWay(one);
  useEffect(() => {
    if (!busy) return undefined;
    const timer = setTimeout(reload, 400);
    return () => clearTimeout(timer);
  }, [one, busy]);
  // What a step brought is where the reader goes on.
  useEffect(() => {
    if (!first.current && !busy) body.current?.querySelector<HTMLElement>('h2')?.focus();
    first.current = false;
  }, [one.state, mapping]);
  const step = async (name: string) => {
    setProblem(undefined);
    setMapping(false);
    try {
      set(await post<Whole>(at`/imports/${one.id}/${name}`));
    } catch (error) {
      setProblem(error as Error);
      reload();
    }
  };
  const remove = async () => {
    if (!await confirm({ title: t.remove, text: t.removeText, action: t.remove, kind: 'danger' })) return;
    try {
      await del(at`/imports/${one.id}`);
      toast(t.removed);
      navigate('/imports');
    } catch (error) { setProblem(error as Error); }
  };
  const nameOf = useNames();
  const ofColumns = one.state === 'mapped' || (mapping && one.state === 'rehearsed');
  const c = one.counts;
  const work = c.created + c.changed;
  const apply = async () => (await confirm({ title: t.applyTitle, text: t.applyText(number(c.created), number(c.changed)), action: t.applyYes })) && step('apply');
  const undo = async () => (await confirm({ title: t.undoTitle, text: t.undoText, action: t.undoYes, kind: 'danger' })) && step('undo');
  const forget = !busy && one.state !== 'applied' && <Button kind="quiet" icon="close" onClick={remove}>{t.remove}</Button>;
  return (
    <>
      <PageHead title={one.name || t.title} back={{ to: '/imports', label: t.all }} actions={forget}
        about={<>{t.kinds[one.kind]} · {one.format.toUpperCase()} · {bytes(one.size)}{!!one.look.rows && ` · ${t.rows(number(one.look.rows))}`}</>}>
        <p><Badge tone={STATE_TONES[one.state]}>{t.states[one.state]}</Badge></p>
      </PageHead>
      <Steps now={ofColumns ? 1 : STEP[one.state]} />
      <div class="im-stack" ref={body}>
        {problem && <Trouble error={problem} />}
        {one.message && <Notice tone="bad" title={one.state === 'applied' ? t.halfway : t.failed}><p>{one.message}</p></Notice>}
        {busy && <Card><p role="status">{t.working[one.state as keyof typeof t.working]}</p><Progress value={one.progress / 100} label={t.working[one.state as keyof typeof t.working]} /></Card>}
        {ofColumns && <Columns one={one} set={set} onReady={() => step('rehearse')} />}
        {!busy && !ofColumns && (
          <Card>
            <div class="card-head">
              <h2 tabIndex={-1}>{one.state === 'rehearsed' ? t.would : t.did}</h2>
              <div class="actions">
                {one.state === 'rehearsed' && <Button onClick={() => setMapping(true)}>{t.change}</Button>}
                {one.state === 'rehearsed' && work > 0 && <Button kind="primary" icon="check" onClick={apply}>{t.apply(number(work))}</Button>}
                {one.state === 'applied' && work > 0 && <Button kind="danger" onClick={undo}>{t.undo}</Button>}
              </div>
            </div>
            {one.state === 'rehearsed' && !work && <Notice><p>{t.nothing}</p></Notice>}
            {one.applied_ms > 0 && <p>{t.appliedNote(nameOf(one.applied_by), formatInstant(one.applied_ms))}</p>}
            {one.state === 'undone' && <Notice tone={c.kept ? 'warn' : 'good'}><p>{t.undoneNote(number(c.undone), number(c.kept))}</p></Notice>}
            <Rows one={one} />
          </Card>
        )}
      </div>
    </>
  );
}
