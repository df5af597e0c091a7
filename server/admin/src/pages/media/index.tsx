// The media library: everything that was sent, and files on their way. /media/<sha256>: one of them.
import { useEffect, useState } from 'preact/hooks';
import type { PageProps } from '../../app/pages.ts';
import { get, getAll, type Page as ListPage } from '../../lib/api.ts';
import { formatInstant } from '../../lib/dates.ts';
import { bytes } from '../../lib/i18n.ts';
import { useLoad, useSettled } from '../../lib/load.ts';
import { setQuery } from '../../lib/router.ts';
import { may, session } from '../../lib/session.ts';
import { startUploads, useUploads, type MediaItem } from '../../lib/upload.ts';
import { acceptOf, Thumb, type MediaKind } from '../../records/media_picker.tsx';
import { t as shared } from '../../records/media_texts.ts';
import { UploadList } from '../../records/upload_list.tsx';
import { Button, Link } from '../../ui/button.tsx';
import { DropZone } from '../../ui/drop_zone.tsx';
import { Badge, Empty, Show } from '../../ui/feedback.tsx';
import { Choices, SelectField, TextField } from '../../ui/field.tsx';
import { PageHead } from '../../ui/page.tsx';
import { Item } from './item.tsx';
import { t } from './texts.ts';

const KINDS: MediaKind[] = ['picture', 'film', 'pages', 'slides', 'captions'];

export function State({ media }: { media: MediaItem }) {
  if (media.state === 'ready') return null;
  return media.state === 'refused' ? <Badge tone="bad" icon="alert">{t.states.refused}</Badge>
    : <Badge tone="info" icon="clock">{t.states[media.state!]}{media.state === 'processing' && ` ${media.progress} %`}</Badge>;
}

const measure = (one: MediaItem) => (one.pages && (one.kind === 'pages' || one.kind === 'slides') ? `${one.pages} p.` : one.width ? `${one.width} × ${one.height}` : '');

function Grid({ items }: { items: MediaItem[] }) {
  return (
    <ul class="md-grid">
      {items.map((one) => (
        <li key={one.sha256}>
          <Link to={`/media/${one.sha256}`} class="md-tile">
            <Thumb media={one} />
            <span class="md-name">{one.name}</span>
            <small>{shared.kinds[one.kind!]} · {measure(one) || bytes(one.size)}</small>
            <State media={one} />
          </Link>
        </li>
      ))}
    </ul>
  );
}

function List({ items }: { items: MediaItem[] }) {
  return (
    <div class="table-wrap">
      <table class="cards">
        <thead><tr><th scope="col">{t.name}</th><th scope="col">{t.kind}</th><th scope="col">{t.dims}</th><th scope="col" class="num">{t.size}</th><th scope="col">{t.added}</th><th scope="col">{t.state}</th></tr></thead>
        <tbody>
          {items.map((one) => (
            <tr key={one.sha256}>
              <th scope="row"><Link to={`/media/${one.sha256}`}>{one.name}</Link></th>
              <td data-label={t.kind}>{shared.kinds[one.kind!]}</td>
              <td data-label={t.dims}>{measure(one) || '–'}</td>
              <td data-label={t.size} class="num">{bytes(one.size)}</td>
              <td data-label={t.added}>{formatInstant(one.created_ms)}</td>
              <td data-label={t.state}>{one.state === 'ready' ? t.states.ready : <State media={one} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

// Whose the files are to be: somebody bound to one site has no choice.
function useSites() {
  const bound = session.get()?.sites ?? [];
  const sites = useLoad(() => getAll<{ id: string; name: string }>('/sites'), []);
  const list = (sites.data ?? []).filter((one) => !bound.length || bound.includes(one.id))
    .map((one) => ({ value: one.id, label: one.name }));
  return bound.length ? list : [{ value: '', label: t.network }, ...list];
}

function Send() {
  const sites = useSites();
  const uploads = useUploads();
  const [site, setSite] = useState(session.get()?.sites[0] ?? '');
  return (
    <section class="stack" aria-label={t.send}>
      <DropZone multiple label={t.send} accept={acceptOf(KINDS)} onFiles={(files) => startUploads(files, site)} help={shared.formats} />
      {sites.length > 1 && <SelectField class="md-site" label={t.site} value={site} onChange={setSite} choices={sites} />}
      <UploadList list={uploads} />
    </section>
  );
}

function Library({ query }: { query: URLSearchParams }) {
  const [words, setWords] = useState(query.get('q') ?? '');
  const q = useSettled(words, 200);
  const kind = query.get('kind') ?? '', state = query.get('state') ?? '', list = query.get('look') === 'list';
  const [found, setFound] = useState<ListPage<MediaItem>>({ items: [], next: null });
  const [count, setCount] = useState(48);
  const arrived = useUploads().filter((one) => one.media).map((one) => `${one.key}${one.state}`).join();
  useEffect(() => setQuery({ q }), [q]);
  const unsettled = found.items.some((one) => one.state === 'received' || one.state === 'processing');
  const load = useLoad(async (signal) => {
    let all: ListPage<MediaItem> = { items: [], next: '' };
    while (all.next !== null && all.items.length < count) {
      const page: ListPage<MediaItem> = await get('/media', { q, kind, state, limit: 48, after: all.next }, signal);
      all = { items: [...all.items, ...page.items], next: page.next };
    }
    setFound(all);
    return all;
  }, [q, kind, state, count, arrived], unsettled ? 2000 : 0);
  const filtered = !!(q || kind || state);
  return <>
    <div class="md-filters" role="search" aria-label={t.filters}>
      <TextField label={t.search} type="search" value={words} onChange={setWords} input={{ placeholder: t.searchHint }} />
      <SelectField label={t.kind} value={kind} onChange={(value) => setQuery({ kind: value })} placeholder={t.all}
        choices={KINDS.map((one) => ({ value: one as string, label: shared.kinds[one] }))} />
      <SelectField label={t.state} value={state} onChange={(value) => setQuery({ state: value })} placeholder={t.all}
        choices={Object.entries(t.states).map(([value, label]) => ({ value, label }))} />
      <Choices label={t.look} value={list ? 'list' : 'grid'} onChange={(look) => setQuery({ look: look === 'list' ? look : '' })}
        choices={[{ value: 'grid', label: t.grid }, { value: 'list', label: t.list }]} />
    </div>
    <Show of={load} lines={6}>{() => <>
      <p class="soft" role="status">{t.results(found.items.length, found.next !== null)}</p>
      {found.items.length ? list ? <List items={found.items} /> : <Grid items={found.items} />
        : filtered ? <Empty icon="search" title={t.noneTitle} action={<Button onClick={() => {
          setWords('');
          setQuery({ q: '', kind: '', state: '' });
        }}>{t.reset}</Button>}>{t.none}</Empty>
          : <Empty icon="media" title={t.emptyTitle}>{t.empty}</Empty>}
      {found.next !== null && <p><Button busy={load.loading} onClick={() => setCount(found.items.length + 48)}>{t.more}</Button></p>}
    </>}</Show>
  </>;
}

export default function Page({ path, query }: PageProps) {
  if (path[0]) return <Item key={path[0]} sha256={path[0]} />;
  return (
    <>
      <PageHead title={t.title} about={t.about} />
      <div class="stack">
        {may('write') && <Send />}
        <Library query={query} />
      </div>
    </>
  );
}
