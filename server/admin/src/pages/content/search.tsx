// Everything that words find, of all kinds.
import type { FoundAnswer } from 'api-types';
import { useEffect, useState } from 'preact/hooks';
import { recordPlace, type PageProps } from '../../app/pages.ts';
import { t as app } from '../../app/texts.ts';
import { get, type Page } from '../../lib/api.ts';
import { useLoad, useSettled } from '../../lib/load.ts';
import { setQuery } from '../../lib/router.ts';
import { StateBadge } from '../../records/workflow_bar.tsx';
import { Button, Link } from '../../ui/button.tsx';
import { Badge, Empty, Show } from '../../ui/feedback.tsx';
import { Choices, TextField } from '../../ui/field.tsx';
import { Card, PageHead } from '../../ui/page.tsx';
import { t } from './texts.ts';

const KINDS = ['organisation', 'portrait', 'event', 'announcement', 'playlist', 'rule', 'screen', 'media'] as const;

export default function SearchPage({ query }: PageProps) {
  const [words, setWords] = useState(query.get('q') ?? '');
  const kind = query.get('kind') ?? '';
  const asked = useSettled(words.trim(), 150);
  const [more, setMore] = useState<FoundAnswer[]>([]);
  const [next, setNext] = useState<string | null>(null);
  useEffect(() => setQuery({ q: asked }), [asked]);
  useEffect(() => setWords((now) => (query.get('q') && query.get('q') !== now.trim() ? query.get('q')! : now)), [query.get('q')]);
  const ask = (after: string, signal?: AbortSignal) => get<Page<FoundAnswer>>('/search', { q: asked, kind, limit: 50, after }, signal);
  const found = useLoad(async (signal) => {
    if (asked.length < 2) return null;
    const page = await ask('', signal);
    setMore([]);
    setNext(page.next);
    return page.items;
  }, [asked, kind]);
  return (
    <>
      <PageHead title={t.search} about={t.searchAbout} />
      <div class="stack">
        <TextField label={t.searchLabel} type="search" value={words} onChange={setWords} class="ct-search" />
        <Choices label={t.in} value={kind} choices={[{ value: '', label: t.allKinds }, ...KINDS.map((value) => ({ value, label: app.kinds[value] }))]} onChange={(value) => setQuery({ kind: value })} />
        <Show of={found}>
          {(first) => {
            if (!first) return <Empty icon="search" title={t.begin}>{t.beginText}</Empty>;
            const all = [...first, ...more];
            if (!all.length) return <Empty icon="search" title={t.nothing(asked)} action={kind && <Button onClick={() => setQuery({ kind: '' })}>{t.allKinds}</Button>}>{t.nothingText}</Empty>;
            return (
              <Card>
                <p role="status" class="soft">{t.found(all.length, !!next)}</p>
                <ul class="ct-found">
                  {all.map((one) => (
                    <li key={`${one.kind} ${one.id}`}>
                      <div><Link to={recordPlace(one.kind, one.id)}>{one.title || one.id}</Link>{one.subtitle && <small>{one.subtitle}</small>}</div>
                      <span class="ct-states"><Badge>{app.kinds[one.kind as keyof typeof app.kinds] ?? one.kind}</Badge>{one.state && <StateBadge state={{ state: one.state as 'draft' }} />}</span>
                    </li>
                  ))}
                </ul>
                {next && <Button onClick={async () => {
                  const page = await ask(next);
                  setMore([...more, ...page.items]);
                  setNext(page.next);
                }}>{t.showMore}</Button>}
              </Card>
            );
          }}
        </Show>
      </div>
    </>
  );
}
