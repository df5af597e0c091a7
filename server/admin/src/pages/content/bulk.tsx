// The same change of many records, one after the other: what became of each is told, and it can be
// stopped.
import { useEffect, useRef, useState } from 'preact/hooks';
import { ask, at, getTagged, put } from '../../lib/api.ts';
import { addDays, today } from '../../lib/dates.ts';
import { may } from '../../lib/session.ts';
import { sectorChoices } from '../../records/fields.tsx';
import { possibleSteps, type Step } from '../../records/workflow_bar.tsx';
import { t as steps } from '../../records/workflow_texts.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Badge, Progress } from '../../ui/feedback.tsx';
import { CheckField, DateField, SelectField } from '../../ui/field.tsx';
import { titleOf, type AnyRecord, type Kind, type Values } from './kinds.ts';
import { t } from './texts.ts';

export type BulkAction = Step | 'until' | 'sector';
const OFFERED: Step[] = ['publish', 'submit', 'approve', 'archive', 'revive'];

export function bulkActions(kind: Kind, records: AnyRecord[]): BulkAction[] {
  const possible = new Set(records.flatMap((one) => possibleSteps({ plural: kind.plural }, one)));
  return [...OFFERED.filter((step) => possible.has(step)), ...(may('write') && kind.ends ? ['until' as const] : []), ...(may('write') && kind.sectors ? ['sector' as const] : [])];
}

export const bulkLabel = (action: BulkAction) => (action === 'until' ? t.setUntil : action === 'sector' ? t.setSector : steps.steps[action]!);

interface Outcome {
  state: 'wait' | 'good' | 'bad' | 'same';
  words: string;
}

export function BulkDialog({ kind, action, records, onClose }: { kind: Kind; action: BulkAction; records: AnyRecord[]; onClose: (changed: string[]) => void }) {
  const [until, setUntil] = useState(addDays(today(), 28));
  const [sector, setSector] = useState('');
  const [submit, setSubmit] = useState(true);
  const [outcomes, setOutcomes] = useState<Outcome[] | null>(null);
  const [running, setRunning] = useState(false);
  const stop = useRef(false);
  const end = useRef<HTMLParagraphElement>(null);
  const edits = action === 'until' || action === 'sector';
  const label = bulkLabel(action);

  const change = (record: Values): Values => (action === 'until' ? { until }
    : kind.sectors === 'secteurs' ? { secteurs: [sector, ...((record.secteurs ?? []) as string[]).filter((one) => one !== sector)] } : { sector });
  const one = async (id: string): Promise<Outcome> => {
    const path = at`/${kind.plural}/${id}`;
    const { data, etag } = await getTagged<Values>(path);
    if (!edits) {
      if (!possibleSteps({ plural: kind.plural }, data).includes(action)) return { state: 'bad', words: `${label} ${t.impossible}` };
      await ask('POST', `${path}/${action}`, { etag });
      return { state: 'good', words: steps.done[action]! };
    }
    const changes = change(data);
    if (Object.entries(changes).every(([field, to]) => JSON.stringify(data[field]) === JSON.stringify(to))) return { state: 'same', words: t.unchangedBulk };
    await put(path, Object.fromEntries(kind.fields.map((field) => [field, changes[field] ?? data[field]])), { etag });
    if (!submit) return { state: 'good', words: t.fine };
    const now = await getTagged<Values>(path);
    await ask('POST', `${path}/submit`, { etag: now.etag });
    return { state: 'good', words: steps.done.submit! };
  };
  const run = async () => {
    const results: Outcome[] = records.map(() => ({ state: 'wait', words: t.untouched }));
    setRunning(true);
    for (let i = 0; i < records.length && !stop.current; i++) {
      try {
        results[i] = await one(records[i]!.id);
      } catch (problem) {
        results[i] = { state: 'bad', words: (problem as Error).message };
      }
      setOutcomes([...results]);
    }
    setRunning(false);
  };
  const done = outcomes?.filter((one) => one.state !== 'wait').length ?? 0;
  const bad = outcomes?.filter((one) => one.state === 'bad').length ?? 0;
  const over = !!outcomes && !running;
  useEffect(() => { if (over) end.current?.focus(); }, [over]);
  const close = () => onClose(records.filter((_, i) => outcomes?.[i]?.state === 'good').map((record) => record.id));
  return (
    <Dialog wide={!!outcomes} title={t.bulkTitle(label, records.length)} stubborn={running} onClose={close} actions={
      running ? <Button onClick={() => { stop.current = true; }}>{t.stop}</Button>
        : over ? <Button kind="primary" onClick={close}>{t.closeBulk}</Button>
        : <Button kind={action === 'archive' ? 'danger' : 'primary'} disabled={(action === 'sector' && !sector) || (action === 'until' && !until)} onClick={run}>{edits ? t.applyTo(records.length) : label}</Button>
    }>
      {!outcomes && !running && <>
        {action === 'until' && <DateField label={t.setUntil} value={until} min={today()} onChange={setUntil} />}
        {action === 'sector' && <SelectField label={t.setSector} value={sector} choices={sectorChoices} placeholder="—" onChange={setSector} />}
        {edits && <CheckField label={t.askToo} help={t.askTooHelp} value={submit} onChange={setSubmit} />}
        {action === 'archive' && <p>{steps.archiveText}</p>}
        <ul class="ct-names">{records.map((record) => <li key={record.id}>{titleOf(kind, record)}</li>)}</ul>
      </>}
      {(outcomes || running) && <>
        <Progress value={done / records.length} label={t.running(done, records.length)} />
        <p ref={end} tabIndex={-1} role="status">{running ? t.running(done, records.length) : `${t.outcome(done - bad, bad)}${stop.current && done < records.length ? ` ${t.stopped}` : ''}`}</p>
        <ul class="ct-outcomes">
          {records.map((record, i) => {
            const outcome = outcomes?.[i];
            return (
              <li key={record.id}>
                <strong>{titleOf(kind, record)}</strong>
                <span>{outcome && outcome.state !== 'wait' && <><Badge tone={outcome.state === 'bad' ? 'bad' : outcome.state === 'good' ? 'good' : 'neutral'} icon={outcome.state === 'bad' ? 'alert' : 'check'}>
                  {outcome.state === 'bad' ? t.refused : t.fine}</Badge> {outcome.words}</>}</span>
              </li>
            );
          })}
        </ul>
      </>}
    </Dialog>
  );
}
