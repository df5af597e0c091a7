// A picture of a record: sent from here or chosen from the library, with the point that stays in view,
// its description, its credit and the consent of who is on it.
import { useEffect, useRef, useState } from 'preact/hooks';
import { at, url } from '../../lib/api.ts';
import { today } from '../../lib/dates.ts';
import { dropUpload, startUploads, useUploads, type MediaItem } from '../../lib/upload.ts';
import { fieldLabel } from '../../records/fields.tsx';
import { acceptOf, MediaDialog } from '../../records/media_picker.tsx';
import { UploadList } from '../../records/upload_list.tsx';
import { Button } from '../../ui/button.tsx';
import { DropZone } from '../../ui/drop_zone.tsx';
import { Notice } from '../../ui/feedback.tsx';
import { DateField, TextField } from '../../ui/field.tsx';
import type { Form } from './forms.tsx';
import { t } from './texts.ts';

const KINDS = ['picture'] as const;
const STEP = 0.01, BIG_STEP = 0.1;

// By pointer, or by the arrow keys (with Shift ten times as far).
function FocalPoint({ media, x, y, alt, onMove }: { media: string; x: number; y: number; alt: string; onMove: (x: number, y: number) => void }) {
  const box = useRef<HTMLDivElement>(null);
  const clip = (v: number) => Math.round(Math.min(1, Math.max(0, v)) * 100) / 100;
  const point = (event: PointerEvent) => {
    const { left, top, width, height } = box.current!.getBoundingClientRect();
    onMove(clip((event.clientX - left) / width), clip((event.clientY - top) / height));
  };
  const keyDown = (event: KeyboardEvent) => {
    const by = event.shiftKey ? BIG_STEP : STEP;
    const to = { ArrowLeft: [-by, 0], ArrowRight: [by, 0], ArrowUp: [0, -by], ArrowDown: [0, by] }[event.key];
    if (!to) return;
    event.preventDefault();
    onMove(clip(x + to[0]!), clip(y + to[1]!));
  };
  return (
    <div class="ct-focal-field">
      <div class="ct-focal" ref={box} role="slider" tabIndex={0} aria-label={t.focal} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(x * 100)}
        aria-valuetext={t.focalAt(Math.round(x * 100), Math.round(y * 100))} aria-describedby="ct-focal-help" onKeyDown={keyDown}
        onPointerDown={(event) => {
          box.current!.setPointerCapture(event.pointerId);
          point(event);
        }} onPointerMove={(event) => event.buttons === 1 && point(event)}>
        <img src={url(at`/media/${media}/thumbnail`)} alt={alt} draggable={false} />
        <span class="ct-focal-point" style={{ left: `${x * 100}%`, top: `${y * 100}%` }} />
      </div>
      <p class="help" id="ct-focal-help">{t.focalHelp} <span aria-hidden="true">({t.focalAt(Math.round(x * 100), Math.round(y * 100))})</span></p>
    </div>
  );
}

export function PictureFields({ form, path, focal, consent }: { form: Form; path: 'photo' | 'image'; focal?: boolean; consent?: boolean }) {
  const picture = form.value[path] ?? {};
  const [choosing, setChoosing] = useState(false);
  const [replacing, setReplacing] = useState(false);
  const [sending, setSending] = useState<number | null>(null);
  const upload = useUploads().find((one) => one.key === sending);
  const group = useRef<HTMLDivElement>(null);

  // What the library knows of it is offered where nothing is written yet.
  const take = (media: MediaItem) => {
    setChoosing(false);
    setReplacing(false);
    const now = form.value[path] ?? {};
    form.set(path, { ...now, media: media.sha256, alt: now.alt || media.alt || '', credit: now.credit || media.credit || '', ...(focal && { focal_x: 0.5, focal_y: 0.5 }) });
    setTimeout(() => group.current?.querySelector<HTMLElement>('[role=slider], input')?.focus());
  };
  useEffect(() => {
    if (upload?.state !== 'done' || !upload.media) return;
    take(upload.media);
    setSending(null);
    dropUpload(upload.key);
  }, [upload?.state]);

  const part = (name: string) => ({
    label: fieldLabel(`${path}.${name}`), value: picture[name] ?? '', error: form.error(`${path}.${name}`), disabled: form.disabled,
    onChange: (value: string) => form.set(`${path}.${name}`, value),
  });
  const wants = !picture.media || replacing;
  return (
    <div class="stack" ref={group}>
      {upload && <UploadList list={[upload]} />}
      {form.error(`${path}.media`) && <Notice tone="bad"><p>{form.error(`${path}.media`)}</p></Notice>}
      {picture.media && (focal
        ? <FocalPoint media={picture.media} x={picture.focal_x ?? 0.5} y={picture.focal_y ?? 0.5} alt={picture.alt ?? ''}
            onMove={(focal_x, focal_y) => form.disabled || form.set(path, { ...form.value[path], focal_x, focal_y })} />
        : <img class="ct-image" src={url(at`/media/${picture.media}/thumbnail`)} alt={picture.alt ?? ''} />)}
      {wants && (!upload || upload.state === 'refused') && !form.disabled && <DropZone accept={acceptOf(KINDS)} help={t.photoTypes} onFiles={(files) => setSending(startUploads(files)[0]!)} />}
      {!form.disabled && (
        <div class="actions">
          {picture.media && <Button small icon="upload" aria-expanded={replacing} onClick={() => setReplacing(!replacing)}>{t.replace}</Button>}
          <Button small icon="media" onClick={() => setChoosing(true)}>{t.fromLibrary}</Button>
          {picture.media && <Button small kind="quiet" icon="trash" onClick={() => form.set(path, { ...picture, media: '' })}>{t.removePhoto}</Button>}
        </div>
      )}
      {picture.media && <>
        <TextField {...part('alt')} help={t.altHelp} />
        <div class="ct-pair">
          <TextField {...part('credit')} help={t.creditHelp} />
          {consent && <DateField {...part('consent_date')} max={today()} help={t.consentHelp} />}
        </div>
      </>}
      {choosing && <MediaDialog kinds={KINDS} onChoose={take} onClose={() => setChoosing(false)} />}
    </div>
  );
}
