// Files that partners send: dropped, mapped, rehearsed, applied, undone.
import { useState } from 'preact/hooks';
import type { PageProps } from '../../app/pages.ts';
import { ask, get, type Page as Pages } from '../../lib/api.ts';
import { formatInstant } from '../../lib/dates.ts';
import { number } from '../../lib/i18n.ts';
import { useLoad } from '../../lib/load.ts';
import { useNames } from '../../lib/names.ts';
import { navigate } from '../../lib/router.ts';
import { Button, Link } from '../../ui/button.tsx';
import { DropZone } from '../../ui/drop_zone.tsx';
import { Badge, Empty, Notice, Show, Waiting } from '../../ui/feedback.tsx';
import { Card, PageHead } from '../../ui/page.tsx';
import { type Import, STATE_TONES, type Whole } from './model.ts';
import { One } from './one.tsx';
import { t } from './texts.ts';

export default function Imports({ path }: PageProps) {
  return path[0] ? <One key={path[0]} id={path[0]} /> : <List />;
}

const resultOf = ({ counts: c, state }: Import) =>
  state === 'mapped' ? '' : (['created', 'changed', 'rejected'] as const).filter((k) => c[k])
    .map((k) => `${t.fates[k]} : ${number(c[k])}`).join(' · ') || `${t.fates.unchanged} : ${number(c.unchanged)}`;

function List() {
  const [busy, setBusy] = useState('');
  const [problem, setProblem] = useState<Error>();
  const [most, setMost] = useState(20);
  const past = useLoad((signal) => get<Pages<Import>>('/imports', { limit: most }, signal), [most]);
  const nameOf = useNames();
  const send = async ([file]: File[]) => {
    setBusy(file.name);
    setProblem(undefined);
    try {
      const answer = await ask('POST', '/imports', { query: { name: file.name }, body: file,
        headers: { 'Content-Type': 'application/octet-stream' } });
      navigate(`/imports/${((await answer.json()) as Whole).id}`);
    } catch (error) {
      setProblem(error as Error);
      setBusy('');
    }
  };
  return (
    <>
      <PageHead title={t.title} about={t.about} />
      <div class="im-stack">
        {problem && <Notice tone="bad" title={t.refused}><p>{problem.message}</p></Notice>}
        <Card title={t.drop}>
          {busy ? <div><p>{t.sending} : <strong>{busy}</strong></p><Waiting lines={2} /></div>
            : <DropZone accept=".csv,.txt,.tsv,.xlsx,.ics" onFiles={send} help={t.help} />}
        </Card>
        <Show of={past}>
          {({ items, next }) => (items.length === 0
            ? <Empty icon="import" title={t.none}>{t.noneAbout}</Empty>
            : (
              <Card title={t.past}>
                <div class="table-wrap"><table class="cards">
                  <thead><tr><th scope="col">{t.file}</th><th scope="col">{t.when}</th><th scope="col">{t.by}</th><th scope="col">{t.state}</th><th scope="col">{t.result}</th></tr></thead>
                  <tbody>
                    {items.map((one) => (
                      <tr key={one.id}>
                        <th scope="row"><Link to={`/imports/${one.id}`}>{one.name || one.id}</Link><small class="im-soft">{t.kinds[one.kind]}</small></th>
                        <td data-label={t.when}>{formatInstant(one.created_ms)}</td>
                        <td data-label={t.by}>{nameOf(one.user)}</td>
                        <td data-label={t.state}><Badge tone={STATE_TONES[one.state]}>{t.states[one.state]}</Badge></td>
                        <td data-label={t.result}>{resultOf(one)}</td>
                      </tr>
                    ))}
                  </tbody>
                </table></div>
                {next && <p><Button onClick={() => setMost(Math.min(200, most * 2))}>{t.more}</Button></p>}
              </Card>
            ))}
        </Show>
      </div>
    </>
  );
}
