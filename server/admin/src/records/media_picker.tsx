// A media of a record: shown as it is, and chosen from the library or sent.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useId } from '../lib/ids.ts';
import type { Page } from '../lib/api.ts';
import { ApiError, at, get } from '../lib/api.ts';
import { useLoad, useSettled } from '../lib/load.ts';
import { dropUpload, startUploads, useUploads, type MediaItem } from '../lib/upload.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { DropZone } from '../ui/drop_zone.tsx';
import { Notice, Show } from '../ui/feedback.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { Icon } from '../ui/icon.tsx';
import { t } from './media_texts.ts';
import { UploadList } from './upload_list.tsx';

export type MediaKind = MediaItem['kind'] & string;

// What a picker's file choice offers; the server decides by content.
const ACCEPT: Record<MediaKind, string> = {
  picture: 'image/jpeg,image/png,image/webp,image/gif,image/tiff,image/heic,image/avif,.heic,.heif,.tif,.tiff', film: 'video/mp4,video/webm,video/quicktime,.mkv,.m4v',
  pages: 'application/pdf', slides: '.pptx,.ppsx,.odp', captions: '.vtt',
};
export const acceptOf = (kinds: readonly MediaKind[]) => kinds.map((kind) => ACCEPT[kind]).join(',');

// Its small picture, or what stands for a file that has none.
export function Thumb({ media, alt = '' }: { media: MediaItem; alt?: string }) {
  const [bad, setBad] = useState(false);
  useEffect(() => setBad(false), [media.sha256, media.state]);
  const drawn = media.kind === 'picture' || media.renditions.some((one) => one.role === 'thumbnail');
  return (
    <span class="md-thumb">
      {drawn && !bad && media.state === 'ready'
        ? <img src={`/api/v1/media/${media.sha256}/thumbnail`} alt={alt} loading="lazy" decoding="async" onError={() => setBad(true)} />
        : <Icon name={media.kind === 'film' ? 'play' : media.kind === 'picture' ? 'media' : 'log'} size={36} />}
    </span>
  );
}

export function MediaDialog({ kinds, site, onChoose, onClose, title = t.title }: {
  kinds: readonly MediaKind[]; site?: string; title?: string; onChoose: (media: MediaItem) => void; onClose: () => void;
}) {
  const [words, setWords] = useState('');
  const [kind, setKind] = useState<MediaKind | ''>(kinds.length === 1 ? kinds[0] : '');
  const [found, setFound] = useState<{ items: MediaItem[]; next: string | null }>({ items: [], next: null });
  const [own, setOwn] = useState<number[]>([]);
  const q = useSettled(words, 200);
  const ask = (after: string, signal?: AbortSignal) =>
    get<Page<MediaItem>>('/media', { q, kind, state: 'ready', limit: 48, after }, signal);
  const page = useLoad(async (signal) => {
    const first = await ask('', signal);
    setFound(first);
    return first;
  }, [q, kind]);
  const uploads = useUploads().filter((one) => own.includes(one.key));
  const arrived = uploads.find((one) => one.state === 'done' && kinds.includes(one.media!.kind!));
  useEffect(() => {
    if (!arrived) return;
    dropUpload(arrived.key);
    onChoose(arrived.media!);
  }, [arrived]);
  const misplaced = uploads.some((one) => one.state === 'done' && !kinds.includes(one.media!.kind!));
  const items = found.items.filter((one) => kinds.includes(one.kind!));
  return (
    <Dialog wide title={title} onClose={onClose}>
      <DropZone label={t.newOne} accept={acceptOf(kinds)} onFiles={(files) => setOwn([...own, ...startUploads(files, site)])} />
      <UploadList list={uploads} />
      {misplaced && <Notice tone="warn"><p>{t.wrongKind} : {kinds.map((one) => t.kinds[one].toLowerCase()).join(', ')}.</p></Notice>}
      <div class="md-filters">
        <TextField label={t.search} type="search" value={words} onChange={setWords} />
        {kinds.length > 1 && <SelectField label={t.kind} value={kind} onChange={setKind} placeholder={t.anyKind}
          choices={kinds.map((one) => ({ value: one, label: t.kinds[one] }))} />}
      </div>
      <Show of={page}>{() => (items.length ? (
        <ul class="md-grid" aria-label={t.library}>
          {items.map((one) => (
            <li key={one.sha256}>
              <button type="button" class="md-tile" onClick={() => onChoose(one)}>
                <Thumb media={one} />
                <span class="md-name">{one.name}</span>
                <small>{t.kinds[one.kind!]} · {t.about(one.width, one.height, one.size)}</small>
              </button>
            </li>
          ))}
        </ul>
      ) : <p class="soft">{t.nothing}</p>)}</Show>
      {found.next && <Button onClick={async () => {
        const more = await ask(found.next!);
        setFound({ items: [...found.items, ...more.items], next: more.next });
      }}>{t.more}</Button>}
    </Dialog>
  );
}

// value: the media's hash, '' for none. onChange also gets the media itself, for its alt and credit.
export function MediaPicker({ label, value, onChange, kinds = ['picture'], site, help, error, disabled, required }: {
  label: string; value: string; onChange: (sha256: string, media: MediaItem | null) => void; kinds?: readonly MediaKind[];
  site?: string; help?: ComponentChildren; error?: string; disabled?: boolean; required?: boolean;
}) {
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState<MediaItem | null>(null);
  const id = useId();
  const load = useLoad(async (signal) => {
    if (!value || chosen?.sha256 === value) return chosen;
    const media = await get<MediaItem>(at`/media/${value}`, {}, signal)
      .catch((problem) => { if (problem instanceof ApiError && problem.status === 404) return null; throw problem; });
    setChosen(media);
    return media;
  }, [value]);
  const media = chosen?.sha256 === value ? chosen : null;
  return (
    <fieldset class={`field ${error ? 'wrong' : ''}`} aria-describedby={help || error ? id : undefined} disabled={disabled}>
      <legend>{label}{required && <span class="unseen"> *</span>}</legend>
      <div class="md-chosen">
        {media ? <><Thumb media={media} alt={media.alt ?? ''} /><p><strong>{media.name}</strong><br /><small>{t.about(media.width, media.height, media.size)}</small></p></>
          : <p class="soft">{!value ? t.none : load.error ? load.error.message : load.loading ? '…' : t.unreadable}</p>}
        <div class="actions">
          <Button icon="media" small disabled={disabled} onClick={() => setOpen(true)}>{value ? t.change : t.choose}</Button>
          {value && <Button kind="quiet" icon="trash" small disabled={disabled} onClick={() => onChange('', null)}>{t.remove}</Button>}
        </div>
      </div>
      {(help || error) && <p class={error ? 'error' : 'help'} id={id}>{error || help}</p>}
      {open && <MediaDialog kinds={kinds} site={site} onClose={() => setOpen(false)} onChoose={(one) => {
        setOpen(false);
        setChosen(one);
        onChange(one.sha256, one);
      }} />}
    </fieldset>
  );
}
