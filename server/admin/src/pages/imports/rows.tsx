// Each row's fate: what would change, field by field, and why not.
import { useEffect, useState } from 'preact/hooks';
import { at, get, type Page } from '../../lib/api.ts';
import { lang, number } from '../../lib/i18n.ts';
import { Button, Link } from '../../ui/button.tsx';
import { Badge, Trouble, Waiting } from '../../ui/feedback.tsx';
import { Choices } from '../../ui/field.tsx';
import { FATE_TONES, type Row, told, type Whole } from './model.ts';
import { t } from './texts.ts';

const FILTERS = ['created', 'changed', 'rejected', 'warned', 'merged', 'unchanged', 'kept'] as const;

export function Rows({ one }: { one: Whole }) {
  const [fate, setFate] = useState('');
  const [page, setPage] = useState<{ items: Row[]; next: string | null }>();
  const [problem, setProblem] = useState<Error>();
  const load = async (after: string, before: Row[]) => {
    try {
      const more = await get<Page<Row>>(at`/imports/${one.id}/rows`, { fate, after, limit: 50 });
      setPage({ items: [...before, ...more.items], next: more.next });
      setProblem(undefined);
    } catch (error) { setProblem(error as Error); }
  };
  useEffect(() => {
    setPage(undefined);
    void load('', []);
  }, [fate, one.id, one.state]);
  const name = (field: string) => {
    const top = field.split('.')[0];
    return one.fields.find((f) => f.field === field)?.label ?? t.more_fields[field] ?? t.more_fields[top] ?? field;
  };
  const undoable = one.state === 'applied' || one.state === 'undone';
  return (
    <>
      <Choices label={t.filter} hideLabel value={fate} onChange={setFate} choices={[
        { value: '', label: `${t.everything} (${number(one.counts.rows)})` },
        ...FILTERS.filter((f) => one.counts[f]).map((f) => ({ value: f as string, label: `${t.fates[f]} (${number(one.counts[f])})` }))]} />
      {problem && <Trouble error={problem} retry={() => load('', [])} />}
      {!page ? <Waiting lines={6} /> : page.items.length === 0 ? <p>{t.noRows}</p> : (
        <div class="table-wrap"><table class="cards im-rows">
          <thead><tr><th scope="col" class="num">{t.line}</th><th scope="col">{t.record}</th><th scope="col">{t.destiny}</th><th scope="col">{t.details}</th></tr></thead>
          <tbody>
            {page.items.map((row) => (
              <tr key={row.number}>
                <td class="num" data-label={t.line}>{row.line}</td>
                <th scope="row">{undoable && row.record && row.undo !== 'removed' ? <Link to={`/${one.kind}/${encodeURIComponent(row.record)}`}>{row.title || row.record}</Link>
                  : row.title || <em>{t.untitled}</em>}</th>
                <td><Badge tone={FATE_TONES[row.fate]}>{t.fate[row.fate]}</Badge>
                  {row.undo && <Badge tone={row.undo === 'kept' || row.undo === 'partly' ? 'warn' : 'neutral'}>{t.undo_[row.undo]}</Badge>}</td>
                <td><Details row={row} name={name} /></td>
              </tr>
            ))}
          </tbody>
        </table></div>
      )}
      {page?.next && <p><Button onClick={() => load(page.next!, page.items)}>{t.more}</Button></p>}
    </>
  );
}

function Details({ row, name }: { row: Row; name: (field: string) => string }) {
  const changes = row.changes.filter((change) => told(change.before) !== told(change.after));
  const list = (
    <dl class="im-changes">
      {changes.map((change) => (
        <div key={change.field}>
          <dt>{name(change.field)}</dt>
          {row.fate === 'changed' && <dd><span class="unseen">{t.was} : </span><del>{told(change.before) || t.emptyValue}</del></dd>}
          <dd><span class="unseen">{t.is} : </span>{told(change.after) || <em>{t.emptyValue}</em>}</dd>
        </div>
      ))}
    </dl>
  );
  return (
    <div class="im-details">
      {row.undo_reason && <p>{row.undo_reason}</p>}
      {row.notes.map((note, i) => (
        <p key={i} class={note.severity === 'rejected' ? 'im-bad' : 'im-warn'}>{note.field && <strong>{name(note.field)} : </strong>}{lang === 'fr' ? note.fr : note.en}</p>
      ))}
      {changes.length > 0 && (row.fate === 'changed' && changes.length < 4 ? list
        : <details><summary>{t.nChanges(number(changes.length))}</summary>{list}</details>)}
    </div>
  );
}
