// Files on their way to the library (tus 1.0): in pieces, two at once, going on where they were after
// a pause, a broken line, or a reload of the page (then the file must be shown again: a browser forgets
// it). They belong to the page as a whole, and go on while one works elsewhere in the desk.
import type { MediaAnswer } from 'api-types';
import { useEffect } from 'preact/hooks';
import { ApiError, ask, at, get } from './api.ts';
import { readDraft, writeDraft } from './drafts.ts';
import { texts } from './i18n.ts';
import { createStore, useStore } from './store.ts';

const t = texts({
  empty: 'Ce fichier est vide. Vérifiez qu’il s’ouvre sur votre ordinateur.',
  unreadable: 'Ce fichier ne se lit plus : il a été déplacé, modifié, ou c’est un dossier. Choisissez-le de nouveau.',
}, {
  empty: 'This file is empty. Check that it opens on your computer.',
  unreadable: 'This file can no longer be read: it was moved or changed, or is a folder. Choose it again.',
});

export interface Rendition {
  role: string; // "screen", "thumbnail", "film", "poster", "page", …
  page: number;
  sha256: string;
  type: string;
  width: number;
  height: number;
  length_ms: number;
  size: number;
  url: string;
}

export interface MediaItem extends MediaAnswer {
  reason: string; // why it is refused, or what to know of it
  renditions: Rendition[];
}

export type UploadState = 'waiting' | 'sending'
  | 'broken' // the line is; it goes on by itself
  | 'paused'
  | 'lost' // begun before the page was loaded: wants its file
  | 'preparing' // all there; the server makes what screens show
  | 'done' | 'refused';

export interface Upload {
  key: number;
  name: string;
  size: number;
  state: UploadState;
  sent: number; // bytes
  progress: number; // 0 to 1, of the preparation
  reason: string; // why it is broken or refused, and what to do
  media: MediaItem | null;
  known: boolean; // the library had this very file already
}

interface Kept {
  id: string; // on the server
  name: string;
  size: number;
  modified: number;
  site: string;
}

type Job = Kept & { key: number; file: File | null; since: number; abort: AbortController };

const AT_ONCE = 2;
const PIECE_MIN = 256 * 1024, PIECE_MAX = 16 * 1024 * 1024;
const TUS = { 'Tus-Resumable': '1.0.0' };
const KEPT = 'uploads';

const uploads = createStore<Upload[]>([]);
const jobs = new Map<number, Job>();
let keys = 0;
let recalled = false;

const find = (key: number) => uploads.get().find((one) => one.key === key);
const change = (key: number, to: Partial<Upload>) =>
  uploads.set(uploads.get().map((one) => (one.key === key ? { ...one, ...to } : one)));

// --- what survives a reload ----------------------------------------------------------------------

const kept = () => readDraft<Kept[]>(KEPT)?.value ?? [];

// Another tab keeps its own in the same place: only this one is touched.
function keep(job: Job, on: boolean) {
  const { id, name, size, modified, site } = job;
  const others = kept().filter((one) => one.id !== id);
  const list = on && id ? [...others, { id, name, size, modified, site }] : others;
  writeDraft(KEPT, list.length ? { value: list, etag: '' } : null);
}

const offsetOf = async (id: string, signal?: AbortSignal) =>
  Number((await ask('HEAD', at`/uploads/${id}`, { headers: TUS, signal })).headers.get('Upload-Offset'));

async function recall() {
  if (recalled) return;
  recalled = true;
  for (const one of kept()) {
    const job: Job = { ...one, key: ++keys, file: null, since: Date.now(), abort: new AbortController() };
    try {
      const sent = await offsetOf(one.id);
      jobs.set(job.key, job);
      uploads.set([...uploads.get(), { key: job.key, name: one.name, size: one.size, state: 'lost', sent, progress: 0, reason: '', media: null, known: false }]);
    } catch (problem) {
      if (problem instanceof ApiError && problem.status === 404) keep(job, false);
    }
  }
}

// --- one file ------------------------------------------------------------------------------------

const base64 = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

async function begin(job: Job) {
  const response = await ask('POST', '/uploads', { signal: job.abort.signal,
    headers: { ...TUS, 'Upload-Length': String(job.size), 'Upload-Metadata': `filename ${base64(job.name)},site ${base64(job.site)}` } });
  job.id = (await response.json()).id;
  keep(job, true);
}

// How large a piece is follows from how long the last one took, about a second each: progress is seen,
// and a broken line costs little.
async function send(job: Job, went: () => void) {
  const { signal } = job.abort;
  if (!job.id) await begin(job);
  let sent = await offsetOf(job.id, signal);
  change(job.key, { state: 'sending', sent, reason: '' });
  for (let piece = PIECE_MIN; ;) {
    const part = job.file!.slice(sent, sent + piece);
    await part.slice(0, 1).arrayBuffer().catch(() => { throw new ApiError(400, t.unreadable); });
    const before = performance.now();
    const response = await ask('PATCH', at`/uploads/${job.id}`, { body: part, signal,
      headers: { ...TUS, 'Upload-Offset': String(sent), 'Content-Type': 'application/offset+octet-stream' } });
    const took = performance.now() - before;
    sent = Number(response.headers.get('Upload-Offset'));
    change(job.key, { sent });
    went();
    const media = response.headers.get('Vitrine-Media');
    if (media) return media;
    piece = Math.min(PIECE_MAX, Math.max(PIECE_MIN, took < 600 ? piece * 2 : took > 2000 ? piece / 2 : piece));
  }
}

// The line, or a server that is busy or starts anew; also somebody who wrote at another place of it.
const passing = ({ status }: ApiError, job: Job) =>
  status === 0 || status === 408 || status === 429 || (status >= 500 && status !== 507) || (status === 409 && !!job.id);

// Until the time is over or the line is back.
const rest = (ms: number, signal: AbortSignal) => new Promise<void>((resolve) => {
  const timer = setTimeout(done, ms);
  function done() {
    clearTimeout(timer);
    removeEventListener('online', done);
    signal.removeEventListener('abort', done);
    resolve();
  }
  addEventListener('online', done);
  signal.addEventListener('abort', done);
});

async function work(job: Job) {
  const { signal } = job.abort;
  for (let tries = 0; ;) {
    try {
      const media = await send(job, () => { tries = 0; });
      keep(job, false);
      change(job.key, { state: 'preparing', sent: job.size });
      pump();
      return await prepare(job, media);
    } catch (problem) {
      if (signal.aborted) return undefined;
      const told = problem instanceof ApiError ? problem : new ApiError(400, t.unreadable);
      if (told.status === 404 && job.id) { // it has waited too long, and is forgotten
        keep(job, false);
        job.id = '';
        change(job.key, { sent: 0 });
      } else if (passing(told, job)) {
        change(job.key, { state: 'broken', reason: told.message });
        await rest(Math.min(30000, 1000 * 2 ** tries++), signal);
        if (signal.aborted) return undefined;
      } else {
        change(job.key, { state: 'refused', reason: told.message });
        return pump();
      }
    }
  }
}

async function prepare(job: Job, sha256: string) {
  for (let wait = 300; !job.abort.signal.aborted; wait = Math.min(wait * 1.5, 3000)) {
    const media = await get<MediaItem>(at`/media/${sha256}`).catch(() => null);
    if (media?.state === 'refused') return change(job.key, { state: 'refused', reason: media.reason, media });
    if (media?.state === 'ready') {
      jobs.delete(job.key);
      return change(job.key, { state: 'done', media, known: media.created_ms < job.since - 1000 });
    }
    if (media) change(job.key, { progress: media.progress / 100, media });
    await rest(wait, job.abort.signal);
  }
}

function pump() {
  const list = uploads.get();
  let free = AT_ONCE - list.filter((one) => one.state === 'sending' || one.state === 'broken').length;
  for (const one of list) {
    if (one.state !== 'waiting' || free-- <= 0) continue;
    change(one.key, { state: 'sending' });
    work(jobs.get(one.key)!);
  }
}

// A closed window need not lose anything, but who closes it may want to wait.
addEventListener('beforeunload', (event) => {
  if (uploads.get().some((one) => one.state === 'sending' || one.state === 'broken' || one.state === 'waiting')) event.preventDefault();
});

// --- what pages do -------------------------------------------------------------------------------

// Every file of this visit, and those that earlier ones left unfinished; oldest first.
export function useUploads(): Upload[] {
  useEffect(() => { recall(); }, []);
  return useStore(uploads);
}

// Their keys. One that was left unfinished goes on where it was.
export function startUploads(files: File[], site = ''): number[] {
  const began = files.map((file) => {
    const lost = uploads.get().find((one) => one.state === 'lost' && one.name === file.name && one.size === file.size
      && jobs.get(one.key)!.modified === file.lastModified);
    if (lost) {
      jobs.get(lost.key)!.file = file;
      change(lost.key, { state: 'waiting' });
      return lost.key;
    }
    const key = ++keys;
    const { name, size, lastModified: modified } = file;
    jobs.set(key, { key, id: '', name, size, modified, site, file, since: Date.now(), abort: new AbortController() });
    uploads.set([...uploads.get(), { key, name, size, sent: 0, progress: 0, media: null, known: false,
      ...(size ? { state: 'waiting', reason: '' } : { state: 'refused', reason: t.empty }) }]);
    return key;
  });
  pump();
  return began;
}

export function pauseUpload(key: number) {
  jobs.get(key)?.abort.abort();
  change(key, { state: 'paused', reason: '' });
  pump();
}

// After a pause, or another try of what the server refused to begin.
export function resumeUpload(key: number) {
  const job = jobs.get(key);
  if (!job?.file) return;
  job.abort = new AbortController();
  change(key, { state: 'waiting', reason: '' });
  pump();
}

// Stops it, and takes it off the list; what had arrived is forgotten.
export function dropUpload(key: number) {
  const job = jobs.get(key), state = find(key)?.state;
  jobs.delete(key);
  uploads.set(uploads.get().filter((one) => one.key !== key));
  job?.abort.abort();
  if (job?.id && state !== 'preparing' && state !== 'done') {
    keep(job, false);
    ask('DELETE', at`/uploads/${job.id}`, { headers: TUS }).catch(() => {});
  }
  pump();
}

// "Réessayer" helps: it was refused before it was whole, and the file is at hand.
export const mayRetry = (one: Upload) => one.state === 'refused' && !one.media && one.size > 0 && !!jobs.get(one.key)?.file;
