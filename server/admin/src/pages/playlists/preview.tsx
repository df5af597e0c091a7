// What the playlist would show: a film strip in order, its length against how long people wait, and a
// film with the real transitions.
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, at, del, get, post } from '../../lib/api.ts';
import { formatDuration } from '../../lib/dates.ts';
import { number } from '../../lib/i18n.ts';
import { useSettled } from '../../lib/load.ts';
import { may } from '../../lib/session.ts';
import { Button } from '../../ui/button.tsx';
import { Notice, Progress, Trouble } from '../../ui/feedback.tsx';
import { Choices, NumberField } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Card, Frame } from '../../ui/page.tsx';
import { t } from './texts.ts';

export interface Item {
  entry: number;
  title: string;
  template: string;
  duration_ms: number;
  film: boolean;
  image: string;
}
export interface Trial {
  total_ms: number;
  count: number;
  items: Item[];
  entries: { slides: number; total_ms: number }[];
}
export type Size = '16:9' | '9:16' | '1:1';
const RATIOS: Record<Size, number> = { '16:9': 16 / 9, '9:16': 9 / 16, '1:1': 1 };
const SETTLE_MS = 250;
const DWELL_KEY = 'vitrine.dwell';

// The answer for the playlist as it stands; the last one stays while the next is on its way.
export function useTrial(playlist: unknown, size: Size, ready: boolean) {
  const key = useSettled(JSON.stringify({ playlist, size }), SETTLE_MS);
  const [state, setState] = useState<{ trial?: Trial; key?: string; error?: Error }>({});
  useEffect(() => {
    if (!ready) return undefined;
    const abort = new AbortController();
    const ask = () => post<Trial>('/playlists/preview', JSON.parse(key), { signal: abort.signal }).then(
      (trial) => setState({ trial, key }),
      (error) => {
        if (abort.signal.aborted) return;
        if (error instanceof ApiError && error.status === 503) setTimeout(ask, 1000);
        else setState((was) => ({ ...was, key, error }));
      });
    ask();
    return () => abort.abort();
  }, [key, ready]);
  return { trial: state.trial, error: state.error, asking: ready && state.key !== key };
}

function Dwell({ trial }: { trial: Trial }) {
  const [minutes, setMinutes] = useState<number | null>(() => Number(localStorage.getItem(DWELL_KEY)) || 5);
  const dwell = (minutes ?? 0) * 60000;
  let seen = 0;
  for (let left = dwell; seen < trial.items.length && left >= trial.items[seen]!.duration_ms; seen++) left -= trial.items[seen]!.duration_ms;
  return (
    <div class="pl-dwell">
      <NumberField label={t.dwell} value={minutes} min={1} max={240} step={1} unit={t.minutes} onChange={(value) => {
        setMinutes(value);
        if (value) localStorage.setItem(DWELL_KEY, String(value));
      }} />
      {dwell > 0 && trial.total_ms > 0 && (
        <p role="status">{dwell >= trial.total_ms ? t.dwellAll(number(dwell / trial.total_ms, 1)) : t.dwellSome(seen, trial.count)}</p>
      )}
    </div>
  );
}

interface Film {
  id: string;
  state: 'waiting' | 'making' | 'ready' | 'failed';
  progress: number;
  file: string | null;
  error: string | null;
}

function FilmMaker({ playlist, size, title }: { playlist: unknown; size: Size; title: string }) {
  const [film, setFilm] = useState<Film | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const [busy, setBusy] = useState(false);
  const made = useRef('');
  const now = JSON.stringify({ playlist, size });
  const under = film && (film.state === 'waiting' || film.state === 'making');
  useEffect(() => {
    if (!under) return undefined;
    const timer = setTimeout(() => get<Film>(at`/films/${film.id}`).then(setFilm, (problem) => {
      setFilm(null);
      setError(problem);
    }), 600);
    return () => clearTimeout(timer);
  }, [film]);
  const start = async () => {
    setBusy(true);
    setError(null);
    made.current = now;
    try {
      setFilm(await post<Film>('/films', JSON.parse(now)));
    } catch (problem) {
      setError(problem as Error);
    }
    setBusy(false);
  };
  const stop = () => {
    del(at`/films/${film!.id}`).catch(() => {});
    setFilm(null);
  };
  return (
    <Card title={t.film} level={3} class="pl-film">
      {film?.state !== 'ready' && <p class="soft">{t.filmText}</p>}
      {error && <Trouble error={error} />}
      {film?.state === 'failed' && <Notice tone="bad" title={t.filmFailed}><p>{film.error}</p></Notice>}
      {under && <>
        <p role="status">{film.state === 'waiting' ? t.waiting : t.making}</p>
        <Progress value={film.progress / 100} label={t.making} />
        <p><Button small icon="close" onClick={stop}>{t.giveUp}</Button></p>
      </>}
      {film?.state === 'ready' && <>
        {made.current !== now && <Notice tone="warn"><p>{t.filmOld}</p></Notice>}
        <video controls preload="metadata" src={film.file!} aria-label={t.filmReady} style={{ aspectRatio: String(RATIOS[JSON.parse(made.current).size as Size]) }} />
        <a class="button plain" href={film.file!} download={`${title || 'playlist'}.mp4`}><Icon name="download" />{t.download}</a>
      </>}
      {!under && may('write') && <p><Button icon="play" busy={busy} onClick={start}>{film?.state === 'ready' ? t.again : t.film}</Button></p>}
    </Card>
  );
}

export function PreviewPane({ playlist, title, size, setSize, trial, error, asking, marked }: {
  playlist: unknown; title: string; size: Size; setSize: (size: Size) => void; trial: Trial | undefined; error: Error | undefined; asking: boolean; marked: number | null;
}) {
  return (
    <aside class="pl-preview stack" aria-label={t.preview}>
      <Card>
        <div class="split">
          <p class="pl-length">{trial && !trial.count ? t.nothing : trial && <>{t.length} <strong>{formatDuration(trial.total_ms)}</strong> <span class="soft">{t.lengthOf(trial.count)}</span></>}</p>
          <Choices label={t.size} hideLabel value={size} onChange={setSize} choices={(['16:9', '9:16', '1:1'] as const).map((value) => ({ value, label: t.sizes[value]! }))} />
        </div>
        <p class="unseen" role="status">{asking ? t.asking : ''}</p>
        {error && <Trouble error={error} />}
        {trial && (
          <ol class={`pl-strip ${asking ? 'old' : ''}`} aria-label={t.strip1} tabIndex={0}>
            {trial.items.map((item, i) => (
              <li key={`${i}${item.image}`} class={item.entry === marked ? 'marked' : undefined}>
                <Frame src={item.image} ratio={RATIOS[size]} alt={t.frame(i + 1, item.title, Math.round(item.duration_ms / 1000))} />
                <p aria-hidden="true"><strong>{i + 1}</strong> <span>{item.title}</span> <span class="soft">{formatDuration(item.duration_ms)}</span></p>
              </li>
            ))}
            {trial.count > trial.items.length && <li class="soft">{t.more(trial.count - trial.items.length)}</li>}
          </ol>
        )}
        {trial && trial.count > 0 && <Dwell trial={trial} />}
      </Card>
      {trial && trial.count > 0 && <FilmMaker playlist={playlist} size={size} title={title} />}
    </aside>
  );
}
