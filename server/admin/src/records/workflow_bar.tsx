// The way of a record from draft to archive, as buttons: what this person may do next, the likeliest
// first. Kinds: reviewed (content), published in one step (playlists, rules), direct (screens, groups,
// sites: saved is done).
import type { RecordState } from 'api-types';
import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { ApiError, ask, at } from '../lib/api.ts';
import { may, session } from '../lib/session.ts';
import { Button, type ButtonKind } from '../ui/button.tsx';
import { askReason, confirm } from '../ui/dialog.tsx';
import { Badge, Notice, toast, type Tone } from '../ui/feedback.tsx';
import type { IconName } from '../ui/icon.tsx';
import { Menu, type MenuItem } from '../ui/menu.tsx';
import type { Editor } from './editor.ts';
import { t } from './workflow_texts.ts';

export type Step = 'submit' | 'withdraw' | 'approve' | 'return' | 'publish' | 'archive' | 'discard' | 'revive' | 'cancel' | 'delete';
type State = Partial<RecordState>;

const TONES: Record<string, Tone> = { draft: 'neutral', submitted: 'warn', approved: 'info', published: 'good', archived: 'neutral' };

// In lists too. A published record with a working copy tells both.
export const StateBadge = ({ state }: { state: State }) => {
  const now = state.state ?? 'draft';
  return state.live && state.working_copy
    ? <><Badge tone="good">{t.states.published}</Badge> <Badge tone={TONES[now]}>{t.changing(t.states[now]!)}</Badge></>
    : <Badge tone={TONES[now]} icon={now === 'published' ? 'check' : undefined}>{t.states[now]}</Badge>;
};

export interface KindOfRecord {
  plural: string; // "portraits"
  reviewed?: boolean; // goes through approval
  write?: string; // permission to write: "write", "publish", "operate"
  cancels?: boolean; // events
}

// What may be done with a record in that state by the one who is logged in (server/records/workflow_states.c).
export function possibleSteps({ reviewed = true, write = 'write', cancels }: KindOfRecord, state: State): Step[] {
  const now = state.state ?? 'draft', live = !!state.live, me = session.get()?.user;
  const copy = now === 'draft' || now === 'submitted' || now === 'approved';
  const steps: [Step, boolean][] = [
    ['approve', now === 'submitted' && may('validate') && state.editor !== me],
    ['publish', now === (reviewed ? 'approved' : 'draft') && may('publish')],
    ['submit', reviewed && now === 'draft' && may(write)],
    ['revive', now === 'archived' && may(write)],
    ['return', reviewed && (now === 'submitted' || now === 'approved') && may('validate')],
    ['withdraw', reviewed && now === 'submitted' && may(write) && state.editor === me], // by who submitted it, mostly its editor
    ['discard', copy && live && may(write)],
    ['cancel', !!cancels && live && may(write)],
    ['archive', now !== 'archived' && may('publish')],
    ['delete', copy && !live && may(write)],
  ];
  return steps.filter(([, possible]) => possible).map(([step]) => step);
}

// One step of one record. Nobody is asked: see askStep.
export const takeStep = (plural: string, id: string, step: Step, etag: string, reason?: string) =>
  ask(step === 'delete' ? 'DELETE' : 'POST', step === 'delete' ? at`/${plural}/${id}` : at`/${plural}/${id}/${step}`,
    { etag, body: reason ? { reason } : undefined });

// Asks whether it is meant, or why; null: no. The reason of "return", else ''.
export async function askStep(step: Step, title: string): Promise<string | null> {
  const yes = async (heading: string, text: string) =>
    ((await confirm({ title: heading, text, action: t.steps[step]!, kind: 'danger' })) ? '' : null);
  switch (step) {
    case 'return': return askReason({ title: t.returnTitle, text: t.returnText, action: t.steps.return!, reason: t.reason });
    case 'archive': return yes(t.archiveTitle(title), t.archiveText);
    case 'discard': return yes(t.discardTitle, t.discardText);
    case 'cancel': return yes(t.cancelTitle(title), t.cancelText);
    case 'delete': return yes(t.deleteTitle(title), t.deleteText);
    default: return '';
  }
}

const ICONS: Partial<Record<Step, IconName>> = {
  submit: 'approval', withdraw: 'close', approve: 'check', return: 'left', publish: 'screen', archive: 'download', discard: 'close', revive: 'refresh', cancel: 'close', delete: 'trash',
};
const FORWARD: Step[] = ['approve', 'publish', 'submit', 'revive'];
const BESIDE: Step[] = ['return', 'withdraw'];

export interface WorkflowBarProps<T> extends KindOfRecord {
  editor: Editor<T>;
  id: string | null;
  title: string; // of the record, for questions
  onGone: () => void; // it was deleted
  more?: MenuItem[]; // the page's own: duplicate…
  direct?: boolean; // no workflow: save and delete only
  children?: ComponentChildren; // before the buttons
}

export function WorkflowBar<T>(props: WorkflowBarProps<T>) {
  const { editor, id, title, onGone, more = [], direct, plural, write = 'write' } = props;
  const [busy, setBusy] = useState('');
  const latest = useRef(editor);
  latest.current = editor;
  const state = editor.state;
  const archived = state?.state === 'archived';
  // What is typed makes it a draft as soon as it is saved, which its next step does first.
  const next = editor.dirty && !archived ? { ...state, state: 'draft' as const } : state;
  const steps = direct ? (id && may(write) ? ['delete' as const] : []) : state ? possibleSteps(props, next!) : [];
  const mayWrite = may(write) && !archived;

  const run = async (step: Step) => {
    const words = direct && step === 'delete'
      ? ((await confirm({ title: t.deleteTitle(title), text: t.deleteDirect, action: t.steps.delete!, kind: 'danger' })) ? '' : null)
      : await askStep(step, title);
    if (words === null) return;
    setBusy(step);
    try {
      if (latest.current.dirty && (step === 'submit' || step === 'publish')) {
        if (!(await latest.current.save())) return;
        await new Promise((drawn) => setTimeout(drawn, 50)); // the new tag comes with the next drawing
      }
      await takeStep(plural, id!, step, latest.current.etag, words || undefined);
      toast(t.done[step]!);
      if (step === 'delete') onGone();
      else if (step === 'discard') latest.current.giveUp();
      else await latest.current.reload();
    } catch (problem) {
      if (problem instanceof ApiError && problem.status === 412) {
        await latest.current.reload();
        latest.current.refuse(new ApiError(412, t.stale));
      } else {
        latest.current.refuse(problem);
      }
    } finally {
      setBusy('');
    }
  };
  const button = (step: Step, kind: ButtonKind) => (
    <Button key={step} kind={kind} icon={ICONS[step]} busy={busy === step} onClick={() => run(step)}>{t.steps[step]}</Button>
  );
  const forward = steps.filter((step) => FORWARD.includes(step));
  const menu: MenuItem[] = [...more, ...steps.filter((step) => !FORWARD.includes(step) && !BESIDE.includes(step))
    .map((step) => ({ label: t.steps[step]!, icon: ICONS[step], danger: step === 'delete' || step === 'cancel' || step === 'archive', run: () => { run(step); } }))];
  const saveFirst = id === null || editor.dirty;
  return (
    <section class="workflow no-print" aria-label={t.actions}>
      <div class="workflow-state">
        {state && !direct && <StateBadge state={state} />}
        <span class="soft" role="status">{editor.saving ? t.saving : editor.dirty ? t.unsaved : id ? t.allSaved : ''}</span>
      </div>
      <div class="actions">
        {props.children}
        {steps.filter((step) => BESIDE.includes(step)).map((step) => button(step, 'plain'))}
        {forward.map((step, i) => button(step, saveFirst || i > 0 ? 'plain' : 'primary'))}
        {mayWrite && (saveFirst || forward.length === 0) && (
          <Button kind={saveFirst ? 'primary' : 'plain'} busy={editor.saving} disabled={!saveFirst} onClick={() => editor.save()} aria-keyshortcuts="Control+S">
            {id === null ? t.create : t.save}
          </Button>
        )}
        {menu.length > 0 && <Menu label={t.more} items={menu} />}
      </div>
    </section>
  );
}

// Why it was sent back, whom it waits for, why it cannot be changed: above the form.
export function WorkflowNotices({ state, write = 'write' }: { state: State | null; write?: string }) {
  if (!state) return null;
  const me = session.get()?.user;
  const told = !may(write) ? t.waitsRole
    : state.state === 'submitted' ? (may('validate') && state.editor === me ? t.waitsOther : may('validate') ? '' : t.waits)
    : state.state === 'approved' && !may('publish') ? t.waitsPublish
    : state.state === 'archived' ? t.archivedNote : '';
  return <>
    {state.state === 'draft' && state.reason && <Notice tone="warn" title={t.returned(state.reviewer ?? '')}><p>{state.reason}</p></Notice>}
    {told && <Notice><p>{told}</p></Notice>}
  </>;
}
