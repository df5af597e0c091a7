// What a record was: who changed what, when; earlier versions can be made the working copy again.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { at, ask, get, type Page } from '../lib/api.ts';
import { formatAgo, formatInstant } from '../lib/dates.ts';
import { useLoad } from '../lib/load.ts';
import { useNames } from '../lib/names.ts';
import { may } from '../lib/session.ts';
import { Button } from '../ui/button.tsx';
import { confirm } from '../ui/dialog.tsx';
import { Empty, Notice, Show, toast } from '../ui/feedback.tsx';
import { fieldLabel, fieldWords, plainWords } from './fields.tsx';
import { t } from './workflow_texts.ts';

export interface Change {
  field: string; // "photo.credit"
  before: unknown;
  after: unknown;
}

export interface Revision {
  revision: number;
  time_ms: number;
  user: string; // '': an import or the command line
  action: string;
  reason: string;
  record: Record<string, unknown>;
}

type Telling = {
  labelOf?: (field: string) => string;
  show?: (field: string, value: unknown) => ComponentChildren;
};

const UNTOLD = new Set(['id', 'state', 'live', 'working_copy', 'author', 'editor', 'reviewer', 'reason', 'created_ms', 'updated_ms', 'date_maj', 'code_insee', 'in_metropole', 'naf_label']);
const plainObject = (v: unknown): v is Record<string, unknown> => !!v && typeof v === 'object' && !Array.isArray(v);

// In which fields two documents differ; groups are looked into.
function changesBetween(before: Record<string, unknown>, after: Record<string, unknown>, path = ''): Change[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((name): Change[] => {
    const field = path + name, a = before[name] ?? null, b = after[name] ?? null;
    if ((!path && UNTOLD.has(name)) || JSON.stringify(a) === JSON.stringify(b)) return [];
    if (plainObject(a) || plainObject(b)) return changesBetween(plainObject(a) ? a : {}, plainObject(b) ? b : {}, `${field}.`);
    return (a ?? '') === '' && (b ?? '') === '' ? [] : [{ field, before: a, after: b }];
  });
}

// The words that went and that came, of two texts (longest common subsequence).
function compareWords(before: string, after: string): ['same' | 'del' | 'ins', string][] {
  const a = before.split(/(\s+)/), b = after.split(/(\s+)/);
  if (a.length * b.length > 250000) return [['del', before], ['ins', after]];
  const common = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      common[i]![j] = a[i] === b[j] ? common[i + 1]![j + 1]! + 1 : Math.max(common[i + 1]![j]!, common[i]![j + 1]!);
    }
  }
  const parts: ['same' | 'del' | 'ins', string][] = [];
  const add = (what: 'same' | 'del' | 'ins', word: string) => {
    const last = parts[parts.length - 1];
    last?.[0] === what ? (last[1] += word) : parts.push([what, word]);
  };
  for (let i = 0, j = 0; i < a.length || j < b.length;) {
    if (i < a.length && a[i] === b[j]) { add('same', a[i++]!); j++; }
    else if (j >= b.length || (i < a.length && common[i + 1]![j]! >= common[i]![j + 1]!)) add('del', a[i++]!);
    else add('ins', b[j++]!);
  }
  return parts;
}

const Told = ({ side, before, after }: { side: 'del' | 'ins'; before: string; after: string }) => <>
  {compareWords(before, after).map(([what, words], i) =>
    (what === 'same' ? words : what !== side ? null : side === 'del' ? <del key={i}>{words}</del> : <ins key={i}>{words}</ins>))}
</>;

// Field by field, what was and what is; in texts the words that changed are marked.
export function Differences({ items, labelOf = fieldLabel, show = fieldWords, caption }: Telling & { items: Change[]; caption?: string }) {
  const cell = (change: Change, side: 'del' | 'ins') => {
    const before = plainWords(change.field, change.before), after = plainWords(change.field, change.after);
    const value = side === 'del' ? change.before : change.after;
    const told = typeof change.before === 'string' && typeof change.after === 'string' && before && after && !/media$/.test(change.field)
      ? <Told side={side} before={before} after={after} /> : show(change.field, value);
    return told === '' || told === null ? <span class="soft">{t.empty}</span> : told;
  };
  return (
    <div class="table-wrap">
      <table class="differences cards">
        <caption class={caption ? undefined : 'unseen'}>{caption ?? t.changedFields}</caption>
        <thead><tr><th scope="col">{t.field}</th><th scope="col">{t.before}</th><th scope="col">{t.after}</th></tr></thead>
        <tbody>
          {items.map((change) => (
            <tr key={change.field}>
              <th scope="row">{labelOf(change.field)}</th>
              <td data-label={t.before}>{cell(change, 'del')}</td>
              <td data-label={t.after}>{cell(change, 'ins')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

// Between what is published and the working copy.
export function PublishedDifferences({ plural, id, etag, ...telling }: Telling & { plural: string; id: string; etag: string }) {
  const loaded = useLoad((signal) => get<Page<Change>>(at`/${plural}/${id}/difference`, {}, signal), [plural, id, etag]);
  return (
    <Show of={loaded} lines={2}>
      {({ items }) => {
        const told = items.filter(({ field }) => !UNTOLD.has(field));
        return told.length ? <Differences items={told} caption={t.published} {...telling} /> : <p class="soft">{t.same}</p>;
      }}
    </Show>
  );
}

// write: the permission that restoring asks for. etag: of the record now; the history is read anew
// when it changes.
export function History({ plural, id, etag, write = 'write', onRestored, ...telling }: Telling & {
  plural: string; id: string; etag: string; write?: string; onRestored: () => void;
}) {
  const [older, setOlder] = useState<Revision[]>([]);
  const [next, setNext] = useState<string | null | undefined>(undefined);
  const [fault, setFault] = useState('');
  const page = (after: string, signal?: AbortSignal) => get<Page<Revision>>(at`/${plural}/${id}/history`, { limit: 20, after }, signal);
  const newest = useLoad(async (signal) => {
    const data = await page('', signal);
    setOlder([]);
    setNext(data.next);
    return data;
  }, [plural, id, etag]);
  const nameOf = useNames();
  const restore = async (one: Revision) => {
    if (!(await confirm({ title: t.restoreTitle, text: t.restoreText(formatInstant(one.time_ms, undefined, 'long')), action: t.restoreThis }))) return;
    setFault('');
    try {
      await ask('POST', at`/${plural}/${id}/restore`, { etag, body: { revision: one.revision } });
      toast(t.done.restore!);
      onRestored();
    } catch (problem) {
      setFault((problem as Error).message);
    }
  };
  return (
    <Show of={newest}>
      {(first) => {
        const all = [...first.items, ...older];
        if (!all.length) return <Empty icon="history" title={t.none}>{t.noneText}</Empty>;
        return (
          <div class="stack">
            {fault && <Notice tone="bad"><p>{fault}</p></Notice>}
            <ol class="history">
              {all.map((one, i) => {
                const before = all[i + 1];
                const changes = before ? changesBetween(before.record, one.record) : [];
                return (
                  <li key={one.revision}>
                    <p class="history-line">
                      <strong>{one.user ? nameOf(one.user) : t.system}</strong> {t.told[one.action] ?? one.action}{' '}
                      <time dateTime={new Date(one.time_ms).toISOString()} title={formatAgo(one.time_ms)} class="soft">{formatInstant(one.time_ms, undefined, 'long')}</time>
                    </p>
                    {one.reason && <blockquote>{one.reason}</blockquote>}
                    <div class="row">
                      {changes.length > 0 ? (
                        <details>
                          <summary>{t.changes(changes.length)} : {changes.slice(0, 3).map(({ field }) => (telling.labelOf ?? fieldLabel)(field)).join(', ')}{changes.length > 3 && '…'}</summary>
                          <Differences items={changes} {...telling} />
                        </details>
                      ) : before && (one.action === 'edit' || one.action === 'restore') && <span class="soft">{t.unchanged}</span>}
                      {i === 0 ? <span class="soft">{t.current}</span>
                        : may(write) && (changes.length > 0 || !before) && changesBetween(one.record, all[0]!.record).length > 0 && (
                          <Button small icon="history" onClick={() => restore(one)}
                            aria-label={`${t.restoreThis} : ${formatInstant(one.time_ms)}`}>{t.restoreThis}</Button>
                        )}
                    </div>
                  </li>
                );
              })}
            </ol>
            {next && <Button onClick={async () => {
              const more = await page(next);
              setOlder([...older, ...more.items]);
              setNext(more.next);
            }}>{t.older}</Button>}
          </div>
        );
      }}
    </Show>
  );
}
