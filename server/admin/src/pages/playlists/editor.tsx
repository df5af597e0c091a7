// One playlist: its entries in order, moved by dragging or by buttons, beside what they show.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { SiteRecord } from 'api-types';
import { getAll } from '../../lib/api.ts';
import { formatDuration } from '../../lib/dates.ts';
import { useLoad } from '../../lib/load.ts';
import { usePresence } from '../../lib/presence.ts';
import { navigate } from '../../lib/router.ts';
import { may } from '../../lib/session.ts';
import { useEditor, type Editor } from '../../records/editor.ts';
import { ConflictDialog, EditorNotices, EditorOpening, useSaveKey } from '../../records/editor_parts.tsx';
import { History } from '../../records/history.tsx';
import { WorkflowBar, WorkflowNotices } from '../../records/workflow_bar.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { Badge, Empty, toast } from '../../ui/feedback.tsx';
import { CheckField, SelectField, TextField } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Card, PageHead, Tabs } from '../../ui/page.tsx';
import { slug } from '../content/kinds.ts';
import { kindOf, nameOf, settingsInWords, tidy, type Entry } from './entries.ts';
import { EntryDialog, KindDialog } from './entry_dialog.tsx';
import { PreviewPane, useTrial, type Size, type Trial } from './preview.tsx';
import { t } from './texts.ts';

export interface Playlist {
  format?: 1;
  title: string;
  strip: boolean;
  transition?: string;
  transition_ms?: number;
  entries: Entry[];
}
const FIELDS = ['format', 'title', 'strip', 'transition', 'transition_ms', 'entries'] as const;
const blankPlaylist = (): Playlist => ({ format: 1, title: '', strip: true, transition: 'fade', entries: [] });

// The keys of rows: an entry keeps its own while it is moved or changed.
const keys = new WeakMap<Entry, number>();
let lastKey = 0;
function keyOf(entry: Entry) {
  if (!keys.has(entry)) keys.set(entry, ++lastKey);
  return keys.get(entry)!;
}

interface RowProps {
  entry: Entry;
  index: number;
  count: number;
  name: string;
  about: string;
  given: Trial['entries'][number] | undefined;
  disabled: boolean;
  over: boolean;
  onMove: (to: number) => void;
  onEdit: () => void;
  onRemove: () => void;
  onMark: (on: boolean) => void;
  drag: { start: () => void; over: () => void; drop: () => void; end: () => void };
}

function Row({ entry, index, count, name, about, given, disabled, over, onMove, onEdit, onRemove, onMark, drag }: RowProps) {
  const kind = kindOf(entry);
  return (
    <li class={`pl-entry ${over ? 'over' : ''}`} data-key={keyOf(entry)} onMouseEnter={() => onMark(true)} onMouseLeave={() => onMark(false)} onFocusCapture={() => onMark(true)} onBlurCapture={() => onMark(false)}
      onDragOver={(event) => {
        event.preventDefault();
        drag.over();
      }} onDrop={(event) => {
        event.preventDefault();
        drag.drop();
      }}>
      {!disabled && (
        <span class="pl-handle" title={t.drag} draggable onDragEnd={drag.end} onDragStart={(event) => {
          event.dataTransfer!.effectAllowed = 'move';
          event.dataTransfer!.setData('text/plain', name);
          event.dataTransfer!.setDragImage(event.currentTarget.parentElement!, 12, 24);
          drag.start();
        }}><Icon name="drag" /></span>
      )}
      <span class="pl-number" aria-hidden="true">{index + 1}</span>
      <span class="pl-icon"><Icon name={kind.icon} /></span>
      <div class="pl-words">
        <p><strong>{name}</strong>{kind.group !== 'source' && name !== t.kinds[kind.name] && <span class="soft"> {t.kinds[kind.name]}</span>}</p>
        {about && <p class="soft">{about}</p>}
      </div>
      <span class="pl-given">{given && (given.slides ? <>{t.slides(given.slides)} <span class="soft">{formatDuration(given.total_ms)}</span></> : <Badge tone="warn" icon="alert">{t.nothing}</Badge>)}</span>
      {!disabled && (
        <span class="pl-buttons">
          <IconButton icon="up" small data-do="up" label={t.up(name)} aria-disabled={index === 0 || undefined} onClick={() => index > 0 && onMove(index - 1)} />
          <IconButton icon="down" small data-do="down" label={t.down(name)} aria-disabled={index === count - 1 || undefined} onClick={() => index < count - 1 && onMove(index + 1)} />
          <IconButton icon="edit" small data-do="edit" label={t.change(name)} onClick={onEdit} />
          <IconButton icon="trash" small data-do="remove" label={t.remove(name)} onClick={onRemove} />
        </span>
      )}
    </li>
  );
}

interface Dialog { at: number | null; entry?: Entry } // at null: a new one

// The entries' order, by buttons and by dragging: what is done is said, and the focus follows the entry.
function useOrder(editor: Editor<Playlist>, titleOf: (i: number) => string | undefined) {
  const { entries } = editor.value;
  const dragged = useRef<{ from: number; to: number } | null>(null);
  const [over, setOver] = useState<number | null>(null);
  const [told, setTold] = useState('');
  const [called, setCalled] = useState<Record<number, string>>({}); // names of entries that were just chosen
  const list = useRef<HTMLOListElement>(null);
  const focus = useRef<{ key: number; what: string } | null>(null);
  useEffect(() => {
    const wanted = focus.current;
    if (!wanted) return;
    focus.current = null;
    list.current?.querySelector<HTMLElement>(`[data-key="${wanted.key}"] [data-do="${wanted.what}"]`)?.focus();
  });

  const nameAt = (i: number) => nameOf(entries[i]!, called[keyOf(entries[i]!)] ?? titleOf(i));
  const move = (from: number, to: number, what: string) => {
    const next = [...entries], [moving] = next.splice(from, 1);
    next.splice(to, 0, moving!);
    const name = nameAt(from);
    setCalled({ ...called, ...Object.fromEntries(entries.map((one, i) => [keyOf(one), nameAt(i)])) });
    focus.current = { key: keyOf(moving!), what };
    editor.set({ entries: next });
    setTold(t.moved(name, to + 1, next.length));
  };
  const remove = (at: number) => {
    const gone = entries[at]!, name = nameAt(at), next = entries.filter((_, i) => i !== at), neighbour = next[Math.min(at, next.length - 1)];
    if (neighbour) focus.current = { key: keyOf(neighbour), what: 'remove' };
    else setTimeout(() => document.querySelector<HTMLElement>('.pl-add')?.focus());
    editor.set({ entries: next });
    toast(t.removed(name), 'neutral', { label: t.undo, run: () => editor.set({ entries: [...next.slice(0, at), gone, ...next.slice(at)] }) });
  };
  const put = (at: number | null, entry: Entry, name: string) => {
    if (at !== null) keys.set(entry, keyOf(entries[at]!));
    if (name) setCalled({ ...called, [keyOf(entry)]: name });
    editor.set({ entries: at === null ? [...entries, entry] : entries.map((one, i) => (i === at ? entry : one)) });
    focus.current = { key: keyOf(entry), what: 'edit' };
    if (at === null) setTold(t.moved(nameOf(entry, name), entries.length + 1, entries.length + 1));
  };
  const drag = (to: { from: number; to: number } | null) => {
    dragged.current = to;
    setOver(to && to.from !== to.to ? to.to : null);
  };
  const drop = () => {
    const held = dragged.current;
    drag(null);
    if (held && held.from !== held.to) move(held.from, held.to, 'edit');
  };
  const dragging = (i: number) => ({
    start: () => drag({ from: i, to: i }), over: () => dragged.current && dragged.current.to !== i && drag({ ...dragged.current, to: i }), drop, end: () => drag(null),
  });
  return { list, told, over, nameAt, move, remove, put, dragging };
}

export function EditorPage({ id, view, blank = blankPlaylist(), draft }: { id: string | null; view: string; blank?: Playlist; draft?: string }) {
  const editor = useEditor<Playlist>({
    plural: 'playlists', id, fields: FIELDS, blank, draft, makeId: (value) => slug(value.title) || 'playlist',
    onCreated: (made) => navigate(`/playlists/${encodeURIComponent(made)}`, true),
  });
  const sites = useLoad(() => getAll<SiteRecord>('/sites'), []);
  const others = usePresence('playlist', id, editor.dirty);
  const [size, setSize] = useState<Size>('16:9');
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const [marked, setMarked] = useState<number | null>(null);
  const { entries } = editor.value;
  const disabled = !may('publish') || editor.state?.state === 'archived';
  const playlist = useMemo(() => ({ ...tidy({ ...editor.value, entries: [] }), strip: editor.value.strip, entries: entries.map(tidy), ...(id && { id }) }), [editor.value, id]);
  const { trial, error, asking } = useTrial(playlist, size, !editor.loading && !editor.failed && entries.length > 0);
  const shown = entries.length > 0 ? trial : undefined;

  const { list, told, over, nameAt, move, remove, put, dragging } = useOrder(editor, (i) => (shown && !asking ? shown.items.find((one) => one.entry === i)?.title : undefined));
  useSaveKey(() => !disabled && (!id || editor.dirty) && editor.save());

  const back = { to: '/playlists', label: t.title };
  if (editor.failed || editor.loading) return <><PageHead title={t.one} back={back} /><EditorOpening editor={editor} back={back} /></>;

  const siteName = (site: string) => sites.data?.find((one) => one.id === site)?.name ?? site;

  const title = id ? editor.base.title || t.one : t.fresh;
  const place = `/playlists/${encodeURIComponent(id ?? '')}`;
  const add = !disabled && <Button class="pl-add" icon="plus" onClick={() => setDialog({ at: null })}>{t.add}</Button>;
  return (
    <>
      <PageHead title={title} back={back}>
        {id && <Tabs label={t.views} tabs={[{ to: place, label: t.edit, here: view === '', icon: 'edit' }, { to: `${place}?view=history`, label: t.history, here: view === 'history', icon: 'history' }]} />}
      </PageHead>
      <div class="stack">
        <EditorNotices editor={editor} others={others} />
        <WorkflowNotices state={editor.state} write="publish" />
      </div>
      {view === 'history' && id ? <Card><History plural="playlists" id={id} etag={editor.etag} onRestored={editor.reload} /></Card> : (
        <div class="pl-sides">
          <div class="stack">
            <Card title={t.settings}>
              <TextField label={t.titleField} help={t.titleHelp} required value={editor.value.title} error={editor.errorOf('title')} disabled={disabled} onChange={(words) => editor.set({ title: words })} />
              <div class="pl-pair">
                <SelectField label={t.transition} value={editor.value.transition ?? 'fade'} disabled={disabled} choices={Object.entries(t.transitions).map(([value, label]) => ({ value, label }))}
                  onChange={(transition) => editor.set({ transition })} />
                <CheckField label={t.strip} value={editor.value.strip} disabled={disabled} onChange={(strip) => editor.set({ strip })} />
              </div>
            </Card>
            <Card title={t.entries} actions={entries.length > 0 && add}>
              {entries.length === 0 ? (
                <Empty icon="playlist" title={t.emptyTitle} action={!disabled && <div class="actions">
                  <Button kind="primary" icon="plus" onClick={() => put(null, { source: 'portraits' }, '')}>{t.addFirst}</Button>{add}
                </div>}>{t.emptyText}</Empty>
              ) : <>
                <p class="help">{t.entriesHelp}</p>
                <ol class="pl-entries" ref={list} aria-label={t.entries}>
                  {entries.map((entry, i) => (
                    <Row key={keyOf(entry)} entry={entry} index={i} count={entries.length} name={nameAt(i)} about={settingsInWords(entry, siteName)} disabled={disabled}
                      given={!asking ? shown?.entries[i] : undefined} over={over === i}
                      onMove={(to) => move(i, to, to < i ? 'up' : 'down')} onEdit={() => setDialog({ at: i, entry })} onRemove={() => remove(i)} onMark={(on) => setMarked(on ? i : null)}
                      drag={dragging(i)} />
                  ))}
                </ol>
              </>}
              {editor.errorOf('entries') && <p class="error"><Icon name="alert" size={16} />{editor.errorOf('entries')}</p>}
            </Card>
          </div>
          <PreviewPane playlist={playlist} title={editor.value.title} size={size} setSize={setSize} trial={shown} error={entries.length ? error : undefined} asking={asking} marked={marked} />
        </div>
      )}
      <p class="unseen" role="status">{told}</p>
      <WorkflowBar editor={editor} plural="playlists" reviewed={false} write="publish" id={id} title={title} onGone={() => navigate('/playlists')}
        more={id && may('publish') ? [{ label: t.duplicate, icon: 'copy', run: () => navigate(`/playlists/new?from=${encodeURIComponent(id)}`) }] : []} />
      <ConflictDialog editor={editor} labelOf={(field) => ({ title: t.titleField, entries: t.entries, strip: t.strip, transition: t.transition } as Record<string, string>)[field] ?? field}
        show={(field, value) => (field === 'entries' ? (value as Entry[]).map((one) => nameOf(one)).join(', ') : undefined)} />
      {dialog && !dialog.entry && dialog.at === null && <KindDialog onClose={() => setDialog(null)} onChoose={(kind) => setDialog({ at: null, entry: kind.blank() })} />}
      {dialog?.entry && <EntryDialog entry={dialog.entry} fresh={dialog.at === null} name={dialog.at === null || !kindOf(dialog.entry).record ? '' : nameAt(dialog.at)} sites={sites.data ?? []} onDone={(entry, name) => {
        put(dialog.at, entry, name);
        setDialog(null);
      }} onClose={() => setDialog(null)} />}
    </>
  );
}
