// The records of one kind: found by words and filters, page by page, changed many at a time.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { FoundAnswer, SiteRecord } from 'api-types';
import { at, get, getAll, url, type Page } from '../../lib/api.ts';
import { daysBetween, formatAgo, formatDay, today } from '../../lib/dates.ts';
import { fold } from '../../lib/i18n.ts';
import { useLoad, useSettled } from '../../lib/load.ts';
import { useNames } from '../../lib/names.ts';
import { setQuery } from '../../lib/router.ts';
import { may } from '../../lib/session.ts';
import { sectorChoices, sectorLabel } from '../../records/fields.tsx';
import { StateBadge } from '../../records/workflow_bar.tsx';
import { t as steps } from '../../records/workflow_texts.ts';
import { Button, Link, LinkButton } from '../../ui/button.tsx';
import { Badge, Empty, Show } from '../../ui/feedback.tsx';
import { Icon } from '../../ui/icon.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { Card, PageHead } from '../../ui/page.tsx';
import { BulkDialog, bulkActions, bulkLabel, type BulkAction } from './bulk.tsx';
import { titleOf, type AnyRecord, type Kind } from './kinds.ts';
import { t } from './texts.ts';
import { whenWords } from './when.tsx';

const PER_PAGE = 25;
const SOON_DAYS = 7;
const NO_SITES: SiteRecord[] = [];

interface Filters {
  q: string;
  state: string;
  sector: string;
  commune: string;
  site: string;
}

// Words are the search engine's, which knows nothing of some filters: these are applied to what it finds.
async function findByWords(kind: Kind, { q, state, sector, commune, site }: Filters, after: string, signal: AbortSignal): Promise<Page<AnyRecord>> {
  const items: AnyRecord[] = [];
  let next: string | null = after;
  do {
    const found: Page<FoundAnswer> = await get('/search', { q, kind: kind.kind, limit: PER_PAGE, after: next }, signal);
    const records = await Promise.all(found.items.filter((one) => !state || one.state === state).map((one) =>
      get<AnyRecord>(at`/${kind.plural}/${one.id}`, {}, signal).catch(() => null)));
    for (const one of records) {
      if (one && (!site || one.site === site) && (!sector || one.sector === sector || one.secteurs?.includes(sector)) && (!commune || fold(one.commune ?? '') === fold(commune))) items.push(one);
    }
    next = found.next;
  } while (next && items.length < PER_PAGE);
  return { items, next };
}

function Ends({ until }: { until: string }) {
  const left = daysBetween(today(), until);
  return <>{formatDay(until, 'medium')}{left < 0 ? <> <Badge>{t.ended}</Badge></> : left <= SOON_DAYS && <> <Badge tone="warn" icon="clock">{t.endsSoon}</Badge></>}</>;
}

function Row({ kind, record, nameOf, selected, onSelect }: { kind: Kind; record: AnyRecord; nameOf: (site: string) => string; selected: boolean; onSelect: (on: boolean) => void }) {
  const called = useNames();
  const name = titleOf(kind, record) || record.id, picture = kind.picturePath(record);
  const beside = kind.plural === 'portraits' ? record.quote : kind.plural === 'announcements' ? record.text : kind.plural === 'organisations' ? record.resume : record.place;
  const where = [record.commune, record.site && nameOf(record.site)].filter(Boolean).join(' · ');
  return (
    <tr aria-selected={selected}>
      <td class="ct-select"><input type="checkbox" aria-label={t.select(name)} checked={selected} onChange={(event) => onSelect(event.currentTarget.checked)} /></td>
      <th scope="row">
        <div class="ct-name">
          {kind.picture && (picture ? <img class="thumb" src={url(`/media/${picture}/thumbnail`)} alt="" width="72" height="54" loading="lazy" /> : <span class="thumb ct-none"><Icon name="media" /></span>)}
          <div><Link to={`/${kind.plural}/${encodeURIComponent(record.id)}`}>{name}</Link>{beside && <small class="ct-beside">{beside}</small>}</div>
        </div>
      </th>
      <td data-label={t.state}><span class="ct-states"><StateBadge state={record} /></span></td>
      {kind.ends && <td data-label={t.ends}>{record.until && <Ends until={record.until} />}</td>}
      {kind.plural === 'events' && <td data-label={t.dates}>{whenWords(record.when)}</td>}
      {kind.sectors && <td data-label={t.sector}>{kind.sectors === 'sector' ? sectorLabel(record.sector ?? '') : (record.secteurs ?? []).slice(0, 2).map(sectorLabel).join(', ')}</td>}
      {(kind.commune || kind.plural === 'announcements') && <td data-label={t.where}>{where || (kind.commune ? '' : t.network)}</td>}
      <td data-label={t.edited} class="ct-edited">{record.updated_ms > 0 ? <>{formatAgo(record.updated_ms)}{record.editor && <small>{called(record.editor)}</small>}</> : <span class="soft">{t.imported1}</span>}</td>
    </tr>
  );
}

// What is looked for: choices stand in the address at once, words when somebody stops typing.
function useFilters(query: URLSearchParams) {
  const [q, setQ] = useState(query.get('q') ?? '');
  const [commune, setCommune] = useState(query.get('commune') ?? '');
  const filters: Filters = {
    q: useSettled(q.trim(), 200), commune: useSettled(commune.trim(), 300),
    state: query.get('state') ?? '', sector: query.get('sector') ?? '', site: query.get('site') ?? '',
  };
  useEffect(() => setQuery({ q: filters.q, commune: filters.commune }), [filters.q, filters.commune]);
  const clear = () => {
    setQ('');
    setCommune('');
    setQuery({ q: '', state: '', sector: '', commune: '', site: '' });
  };
  return { filters, any: Object.values(filters).some(Boolean), q, setQ, commune, setCommune, clear };
}

function FilterForm({ kind, sites, of: { filters, any, q, setQ, commune, setCommune, clear } }: { kind: Kind; sites: SiteRecord[]; of: ReturnType<typeof useFilters> }) {
  return (
    <form class="ct-filters" role="search" aria-label={t.filters} onSubmit={(event) => event.preventDefault()}>
      <TextField label={t.searchIn} type="search" value={q} onChange={setQ} class="ct-wide" />
      <SelectField label={t.state} value={filters.state} placeholder={t.allStates} choices={Object.entries(steps.states).map(([value, label]) => ({ value, label }))} onChange={(state) => setQuery({ state })} />
      {kind.sectors && <SelectField label={t.sector} value={filters.sector} placeholder={t.allSectors} choices={sectorChoices} onChange={(sector) => setQuery({ sector })} />}
      {kind.commune && <TextField label={t.commune} value={commune} onChange={setCommune} />}
      <SelectField label={t.site} value={filters.site} placeholder={t.allSites} choices={sites.map((one) => ({ value: one.id, label: one.name }))} onChange={(site) => setQuery({ site })} />
      {any && <Button kind="quiet" icon="close" onClick={clear}>{t.clearFilters}</Button>}
    </form>
  );
}

function Table({ kind, items, sites, selected, onSelect }: {
  kind: Kind; items: AnyRecord[]; sites: SiteRecord[]; selected: Map<string, AnyRecord>; onSelect: (records: AnyRecord[], on: boolean) => void;
}) {
  const siteName = useMemo(() => new Map(sites.map((one) => [one.id, one.name])), [sites]);
  return (
    <div class="table-wrap">
      <table class="cards">
        <caption class="unseen">{t.back[kind.plural]}</caption>
        <thead>
          <tr>
            <th scope="col" class="ct-select"><input type="checkbox" aria-label={t.selectAll} checked={items.length > 0 && items.every((one) => selected.has(one.id))} onChange={(event) => onSelect(items, event.currentTarget.checked)} /></th>
            <th scope="col">{t.name}</th><th scope="col">{t.state}</th>
            {kind.ends && <th scope="col">{t.ends}</th>}
            {kind.plural === 'events' && <th scope="col">{t.dates}</th>}
            {kind.sectors && <th scope="col">{t.sector}</th>}
            {(kind.commune || kind.plural === 'announcements') && <th scope="col">{t.where}</th>}
            <th scope="col">{t.edited}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((record) => <Row key={record.id} kind={kind} record={record} nameOf={(site) => siteName.get(site) ?? site} selected={selected.has(record.id)} onSelect={(on) => onSelect([record], on)} />)}
        </tbody>
      </table>
    </div>
  );
}

export function ListPage({ kind, query }: { kind: Kind; query: URLSearchParams }) {
  const words = t.kinds[kind.plural];
  const search = useFilters(query);
  const { filters: { q, ...choices }, any, clear } = search;
  const key = JSON.stringify(search.filters);
  const [pages, setPages] = useState({ key, keys: [''] });
  const keys = pages.key === key ? pages.keys : ['']; // of the pages up to this one
  const after = keys[keys.length - 1]!;
  const loaded = useLoad((signal) => (q.length > 1 ? findByWords(kind, search.filters, after, signal)
    : get<Page<AnyRecord>>(`/${kind.plural}`, { limit: PER_PAGE, after, ...choices }, signal)), [kind.plural, key, after]);
  const sites = useLoad(() => getAll<SiteRecord>('/sites'), []).data ?? NO_SITES;
  const [selected, setSelected] = useState<Map<string, AnyRecord>>(new Map());
  const [bulk, setBulk] = useState<BulkAction | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const select = (records: AnyRecord[], on: boolean) => {
    const next = new Map(selected);
    for (const one of records) on ? next.set(one.id, one) : next.delete(one.id);
    setSelected(next);
  };
  const turn = (to: string[]) => {
    setPages({ key, keys: to });
    list.current?.scrollIntoView({ block: 'start' });
  };
  const chosen = [...selected.values()];
  const fresh = may('write') && <LinkButton to={`/${kind.plural}/new`} kind="primary" icon="plus">{words.fresh}</LinkButton>;
  return (
    <>
      <PageHead title={t.back[kind.plural]} about={words.about} actions={fresh} />
      <div class="stack">
        <FilterForm kind={kind} sites={sites} of={search} />
        <div ref={list}>
          <Show of={loaded}>
            {({ items, next }) => (items.length === 0 && keys.length === 1 ? (
              any ? <Empty icon="search" title={t.noneFound} action={<Button onClick={clear}>{t.clearFilters}</Button>}>{t.noneFoundText}</Empty>
                : <Empty icon={kind.kind as 'portrait'} title={words.none} action={fresh}>{words.why}</Empty>
            ) : (
              <Card class="ct-list">
                <Table kind={kind} items={items} sites={sites} selected={selected} onSelect={select} />
                {(keys.length > 1 || next) && (
                  <nav class="split" aria-label={t.pages}>
                    <Button icon="left" disabled={keys.length === 1} onClick={() => turn(keys.slice(0, -1))}>{t.previous}</Button>
                    <span role="status">{t.pageNumber(keys.length)}</span>
                    <Button icon="right" disabled={!next} onClick={() => next && turn([...keys, next])}>{t.next}</Button>
                  </nav>
                )}
              </Card>
            ))}
          </Show>
        </div>
      </div>
      {chosen.length > 0 && (
        <section class="workflow" aria-label={t.selection}>
          <strong role="status">{t.selected(chosen.length)}</strong>
          <div class="actions">
            {bulkActions(kind, chosen).map((action) => <Button key={action} onClick={() => setBulk(action)}>{bulkLabel(action)}</Button>)}
            <Button kind="quiet" icon="close" onClick={() => setSelected(new Map())}>{t.unselect}</Button>
          </div>
        </section>
      )}
      {bulk && <BulkDialog kind={kind} action={bulk} records={chosen} onClose={(changed) => {
        setBulk(null);
        if (!changed.length) return;
        setSelected(new Map(chosen.filter((one) => !changed.includes(one.id)).map((one) => [one.id, one])));
        loaded.reload();
      }} />}
    </>
  );
}
