import { useState } from 'preact/hooks';
import type { PageProps } from '../../app/pages.ts';
import { at, get, getAll } from '../../lib/api.ts';
import { formatAgo } from '../../lib/dates.ts';
import { compare, fold } from '../../lib/i18n.ts';
import { useLoad } from '../../lib/load.ts';
import { useNames } from '../../lib/names.ts';
import { may } from '../../lib/session.ts';
import { StateBadge } from '../../records/workflow_bar.tsx';
import { Button, Link, LinkButton } from '../../ui/button.tsx';
import { Empty, Show } from '../../ui/feedback.tsx';
import { TextField } from '../../ui/field.tsx';
import { Card, PageHead } from '../../ui/page.tsx';
import { EditorPage, type Playlist } from './editor.tsx';
import { kindOf, nameOf } from './entries.ts';
import { t } from './texts.ts';

type Kept = Playlist & { id: string; state: string; live: boolean; working_copy: boolean; updated_ms: number; editor?: string };

function List() {
  const loaded = useLoad(() => getAll<Kept>('/playlists'), []);
  const called = useNames();
  const [words, setWords] = useState('');
  const fresh = may('publish') && <LinkButton to="/playlists/new" kind="primary" icon="plus">{t.fresh}</LinkButton>;
  return (
    <>
      <PageHead title={t.title} about={t.about} actions={fresh} />
      <Show of={loaded}>
        {(all) => {
          const found = all.filter((one) => fold(one.title).includes(fold(words))).sort((a, b) => compare(a.title, b.title));
          if (!all.length) return <Empty icon="playlist" title={t.none} action={fresh}>{t.why}</Empty>;
          return (
            <div class="stack">
              {all.length > 8 && <TextField label={t.search} type="search" class="pl-search" value={words} onChange={setWords} />}
              {found.length === 0 ? <Empty icon="search" title={t.noneFound} action={<Button onClick={() => setWords('')}>{t.clear}</Button>} /> : (
                <Card>
                  <div class="table-wrap">
                    <table class="cards">
                      <caption class="unseen">{t.title}</caption>
                      <thead><tr><th scope="col">{t.name}</th><th scope="col">{t.content}</th><th scope="col">{t.state}</th><th scope="col">{t.edited}</th></tr></thead>
                      <tbody>
                        {found.map((one) => (
                          <tr key={one.id}>
                            <th scope="row"><Link to={`/playlists/${encodeURIComponent(one.id)}`}>{one.title}</Link></th>
                            <td data-label={t.content} class="pl-inside">{one.entries.map((entry) => nameOf(entry, t.kinds[kindOf(entry).name])).join(' · ')}</td>
                            <td data-label={t.state}><StateBadge state={one as object} /></td>
                            <td data-label={t.edited}>{one.updated_ms > 0 ? <>{formatAgo(one.updated_ms)}{one.editor && <> <small>{called(one.editor)}</small></>}</> : <span class="soft">{t.system}</span>}</td>
                          </tr>
                        ))}
                      </tbody>
                    </table>
                  </div>
                </Card>
              )}
            </div>
          );
        }}
      </Show>
    </>
  );
}

function Copy({ from }: { from: string }) {
  const source = useLoad((signal) => get<Kept>(at`/playlists/${from}`, {}, signal), [from]);
  return (
    <Show of={source}>
      {({ format, title, strip, transition, transition_ms, entries }) =>
        <EditorPage id={null} view="" draft={`copy.${from}`} blank={{ format, title: t.copyOf(title), strip, transition, transition_ms, entries }} />}
    </Show>
  );
}

export default function Page({ path, query }: PageProps) {
  const [id] = path;
  if (id === undefined) return <List />;
  if (id !== 'new') return <EditorPage key={id} id={id} view={query.get('view') ?? ''} />;
  const from = query.get('from');
  return from ? <Copy key={from} from={from} /> : <EditorPage key="new" id={null} view="" />;
}
