// One media: what it is, what it shows, where it is used, another in its place.
import { useState } from 'preact/hooks';
import { recordPlace } from '../../app/pages.ts';
import { ApiError, at, del, getTagged, sendTagged } from '../../lib/api.ts';
import { formatDuration, formatInstant } from '../../lib/dates.ts';
import { useDraft } from '../../lib/drafts.ts';
import { bytes } from '../../lib/i18n.ts';
import { useLoad } from '../../lib/load.ts';
import { navigate } from '../../lib/router.ts';
import { may, session } from '../../lib/session.ts';
import type { MediaItem } from '../../lib/upload.ts';
import { MediaDialog } from '../../records/media_picker.tsx';
import { t as shared } from '../../records/media_texts.ts';
import { Button, Link } from '../../ui/button.tsx';
import { confirm } from '../../ui/dialog.tsx';
import { Notice, Progress, Show, toast } from '../../ui/feedback.tsx';
import { TextArea, TextField } from '../../ui/field.tsx';
import { Card, PageHead } from '../../ui/page.tsx';
import { t } from './texts.ts';

export interface Whole extends MediaItem {
  uses: { kind: string; id: string; title: string }[];
}

interface Tagged {
  data: Whole;
  etag: string;
}

function Preview({ media }: { media: Whole }) {
  const one = (role: string) => media.renditions.find((rendition) => rendition.role === role);
  const original = `/media/${media.sha256}`, alt = media.alt || media.name || '';
  if (media.state !== 'ready') return null;
  if (media.kind === 'picture') return <img class="md-whole" src={(one('screen') ?? one('large'))?.url ?? original} alt={alt} />;
  if (media.kind === 'film') {
    return <video class="md-whole" controls preload="metadata" muted src={one('film')?.url ?? original} poster={one('poster')?.url} aria-label={alt} />;
  }
  const pages = media.renditions.filter((rendition) => rendition.role === 'page');
  return pages.length ? (
    <ol class="md-pages">{pages.map((page) => (
      <li key={page.page}><figure><img src={page.url} alt={t.page(page.page)} loading="lazy" width={page.width} height={page.height} /><figcaption>{t.page(page.page)}</figcaption></figure></li>
    ))}</ol>
  ) : <p class="soft">{t.noPreview}</p>;
}

function Facts({ media }: { media: Whole }) {
  const facts: [string, string][] = [
    [t.kind, shared.kinds[media.kind!]], [t.type, media.type],
    [t.dims, media.width ? `${media.width} × ${media.height} px` : ''],
    [t.length, media.length_ms ? formatDuration(media.length_ms) : ''], [t.pages, media.kind === 'pages' || media.kind === 'slides' ? String(media.pages) : ''],
    [t.size, bytes(media.size)],
    [t.versions, media.renditions.length ? t.versionsOf(media.renditions.length) : ''],
    [t.added, `${formatInstant(media.created_ms)}${media.author ? ` · ${t.by(media.author)}` : ''}`],
  ];
  return (
    <Card title={t.facts}>
      <dl class="md-facts">{facts.filter(([, value]) => value).map(([label, value]) => <div key={label}><dt>{label}</dt><dd>{value}</dd></div>)}</dl>
      <p><a class="button plain" href={`/api/v1/media/${media.sha256}/original`} download>{t.download}</a></p>
    </Card>
  );
}

type Words = { name: string; alt: string; credit: string };
const wordsOf = (media: Whole): Words => ({ name: media.name ?? '', alt: media.alt ?? '', credit: media.credit ?? '' });

function Describe({ tagged, onSaved, mine }: { tagged: Tagged; onSaved: (next: Tagged) => void; mine: boolean }) {
  const { data, etag } = tagged;
  const [form, setForm, forget] = useDraft<Words>(`media.${data.sha256}`, wordsOf(data));
  const [fault, setFault] = useState<ApiError | null>(null);
  const [theirs, setTheirs] = useState<Whole | null>(null);
  const [busy, setBusy] = useState(false);
  const dirty = JSON.stringify(form) !== JSON.stringify(wordsOf(data));
  const labels: Record<keyof Words, string> = { name: t.name, alt: t.alt, credit: t.credit };
  const save = async () => {
    setBusy(true);
    setFault(null);
    try {
      const response = await sendTagged<Whole>('PATCH', at`/media/${data.sha256}`, form, etag);
      forget();
      setTheirs(null);
      onSaved(response);
      toast(t.saved);
    } catch (problem) {
      if (!(problem instanceof ApiError)) throw problem;
      if (problem.status === 412) {
        const now = await getTagged<Whole>(at`/media/${data.sha256}`);
        setTheirs(now.data);
        onSaved(now);
      } else setFault(problem);
    }
    setBusy(false);
  };
  const errorOf = (field: keyof Words) => (fault?.field === field ? fault.message : undefined);
  return (
    <Card title={t.words}>
      <form class="stack" onSubmit={(event) => {
        event.preventDefault();
        save();
      }}>
        {theirs && <Notice tone="warn"><p>{t.stale}</p>{(Object.keys(labels) as (keyof Words)[]).filter((field) => (theirs[field] ?? '') !== form[field])
          .map((field) => <p key={field}>{t.theirs(labels[field], theirs[field] ?? '')}</p>)}</Notice>}
        {fault && !(fault.field in labels) && <Notice tone="bad"><p>{fault.message}</p></Notice>}
        <TextField label={t.name} help={t.nameHelp} value={form.name} onChange={(name) => setForm({ ...form, name })} error={errorOf('name')} required disabled={!mine} />
        {data.kind !== 'captions' && <TextArea rows={3} label={t.alt} help={t.altHelp} value={form.alt} onChange={(alt) => setForm({ ...form, alt })} error={errorOf('alt')} disabled={!mine} />}
        <TextField label={t.credit} help={t.creditHelp} value={form.credit} onChange={(credit) => setForm({ ...form, credit })} error={errorOf('credit')} disabled={!mine} />
        {mine && <div class="actions"><Button kind="primary" type="submit" busy={busy} disabled={!dirty}>{t.save}</Button></div>}
      </form>
    </Card>
  );
}

function Uses({ media, mine, onReplace }: { media: Whole; mine: boolean; onReplace: () => void }) {
  return (
    <Card title={t.uses} actions={mine && media.state === 'ready' && <Button small icon="refresh" onClick={onReplace}>{t.replace}</Button>}>
      {media.uses.length ? <>
        <ul class="md-uses">{media.uses.map((use) => (
          <li key={use.kind + use.id}>
            <span class="soft">{t.kinds[use.kind] ?? use.kind}</span>{' '}
            {use.kind === 'layout' || use.kind === 'template' ? use.title : <Link to={recordPlace(use.kind, use.id)}>{use.title || use.id}</Link>}
          </li>
        ))}</ul>
        {mine && <p class="help">{t.replaceHelp}</p>}
      </> : <p class="soft">{t.noUse}</p>}
    </Card>
  );
}

function View({ tagged, onChange, reload }: { tagged: Tagged; onChange: (next: Tagged) => void; reload: () => void }) {
  const { data: media, etag } = tagged;
  const bound = session.get()?.sites ?? [];
  const mine = may('write') && (!bound.length || bound.includes(media.site));
  const [choosing, setChoosing] = useState(false);
  const [problem, setProblem] = useState('');
  const refused = (error: unknown) => {
    if (!(error instanceof ApiError)) throw error;
    setProblem(error.message);
    if (error.status === 412) reload();
  };
  const replace = async (by: MediaItem) => {
    setChoosing(false);
    if (!(await confirm({ title: t.replaceAsk(media.name ?? '', by.name ?? ''), text: t.replaceText(media.uses.length), action: t.replaceGo }))) return;
    setProblem('');
    try {
      await sendTagged('POST', at`/media/${media.sha256}/replace`, { with: by.sha256 }, etag);
      toast(t.replaced);
      navigate(`/media/${by.sha256}`);
    } catch (error) { refused(error); }
  };
  const remove = async () => {
    if (!(await confirm({ title: t.removeTitle(media.name ?? ''), text: t.removeText, action: t.remove, kind: 'danger' }))) return;
    setProblem('');
    try {
      await del(at`/media/${media.sha256}`, { etag });
      toast(t.removed);
      navigate('/media');
    } catch (error) { refused(error); }
  };
  const why = media.uses.length ? t.inUse(media.uses.length) : media.state === 'processing' ? t.busy : '';
  return <>
    <PageHead title={media.name ?? ''} back={{ to: '/media', label: t.back }} about={`${shared.kinds[media.kind!]} · ${shared.about(media.width, media.height, media.size)}`} />
    <div class="stack">
      {problem && <Notice tone="bad"><p>{problem}</p></Notice>}
      {media.state === 'refused' ? <Notice tone="bad" title={t.why}><p>{media.reason}</p></Notice>
        : media.state !== 'ready' ? <Notice><p>{media.state === 'processing' ? t.preparing(media.progress) : t.waits}</p><Progress value={media.progress / 100} label={t.preparing(media.progress)} /></Notice>
          : media.reason && <Notice title={t.note}><p>{media.reason}</p></Notice>}
      <div class="md-item">
        <div class="stack">
          <Card title={t.preview}><Preview media={media} /></Card>
          <Uses media={media} mine={mine} onReplace={() => setChoosing(true)} />
        </div>
        <div class="stack">
          <Describe tagged={tagged} onSaved={onChange} mine={mine} />
          <Facts media={media} />
          {mine && <Card title={t.remove}>
            {why ? <p class="soft">{why}</p> : <p><Button kind="danger" icon="trash" onClick={remove}>{t.remove}</Button></p>}
          </Card>}
        </div>
      </div>
    </div>
    {choosing && <MediaDialog kinds={[media.kind!]} site={media.site} title={t.replaceTitle} onClose={() => setChoosing(false)} onChoose={replace} />}
  </>;
}

export function Item({ sha256 }: { sha256: string }) {
  const [waits, setWaits] = useState(false);
  const load = useLoad(async () => {
    const tagged = await getTagged<Whole>(at`/media/${sha256}`);
    setWaits(tagged.data.state === 'received' || tagged.data.state === 'processing');
    return tagged;
  }, [sha256], waits ? 1500 : 0);
  return <Show of={load}>{(tagged) => <View tagged={tagged} onChange={load.set} reload={load.reload} />}</Show>;
}
