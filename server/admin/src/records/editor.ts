// Editing one record: loaded with its tag, kept as a draft while somebody types, saved against the
// tag, and merged field by field when somebody else saved first.
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { RecordState } from 'api-types';
import { ApiError, at, getTagged, sendTagged } from '../lib/api.ts';
import { readDraft, watchDraft, writeDraft } from '../lib/drafts.ts';
import { toast } from '../ui/feedback.tsx';
import { t } from './texts.ts';

type Values = Record<string, any>;
type State = Partial<RecordState>;

export interface Conflict<T> {
  who: string;
  fields: (keyof T & string)[]; // in which both changed the same thing differently
  mine: T;
  theirs: T;
}

export interface Editor<T> {
  loading: boolean;
  failed: Error | undefined; // it could not be loaded
  value: T;
  base: T; // as it is on the server
  state: State | null; // null while it is new
  etag: string;
  dirty: boolean;
  restored: boolean; // what is here was typed before a reload
  saving: boolean;
  fault: ApiError | null; // why the last step was refused
  errorOf: (field: string) => string | undefined; // "photo.credit"; of a group too: "photo"
  set: (changes: Partial<T>) => void;
  save: () => Promise<boolean>;
  giveUp: () => void; // back to what is saved
  reload: () => Promise<void>; // after a step of the workflow; unsaved changes stay
  refuse: (problem: unknown) => void; // shows a problem of another step by its field
  conflict: Conflict<T> | null;
  resolve: (chosen: Partial<T> | null) => Promise<boolean>; // null: back to the form
}

export interface EditorOf<T> {
  plural: string; // "portraits"
  id: string | null; // null: a new one
  fields: readonly (keyof T & string)[]; // of the form: what is sent
  blank: T; // of a new one
  draft?: string; // key of a new one's draft; default: "new"
  makeId?: (value: T) => string; // a new one's id, from its words; a number follows when it is taken. Else the server makes one
  site?: string; // whose a new one is to be; default: one's only site, or the network
  onCreated?: (id: string) => void;
}

const same = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

const pick = <T,>(from: Values, fields: readonly string[]) =>
  Object.fromEntries(fields.filter((name) => from[name] !== undefined).map((name) => [name, from[name]])) as T;

// The fields that `mine` changed since `from`, over another version.
const over = <T extends object>(fields: readonly (keyof T & string)[], mine: T, from: T, other: T) => ({
  ...other, ...Object.fromEntries(fields.filter((f) => !same(mine[f], from[f])).map((f) => [f, mine[f]])),
}) as T;

// With an id of its words, or the next one that is free.
async function create(plural: string, site: string | undefined, body: Values, words?: string) {
  for (let n = 1; ; n++) {
    try {
      return await sendTagged<Values>('POST', site === undefined ? `/${plural}` : `/${plural}?site=${encodeURIComponent(site)}`,
        words ? { ...body, id: n > 1 ? `${words}-${n}` : words } : body);
    } catch (problem) {
      if (!words || n === 50 || !(problem instanceof ApiError) || problem.status !== 409) throw problem;
    }
  }
}

// Keeps what is typed in the browser's store, a quarter of a second later and when the page is left.
function useKeeping<T>(key: string, now: { current: { value: T; base: T; etag: string } }, ready: { current: boolean }, open: boolean) {
  const keep = useCallback(() => {
    const { value, base, etag } = now.current;
    if (ready.current) writeDraft(key, same(value, base) ? null : { value: { value, base }, etag });
  }, [key]);
  useEffect(() => {
    if (!open) return undefined;
    const timer = setTimeout(keep, 250);
    addEventListener('pagehide', keep);
    return () => {
      clearTimeout(timer);
      removeEventListener('pagehide', keep);
    };
  }, [now.current.value, now.current.base, open, keep]);
  useEffect(() => watchDraft(key, () => toast(t.otherWindow, 'warn')), [key]);
  useEffect(() => keep, [keep]); // what was typed a moment before leaving
}

export function useEditor<T extends object>({ plural, id, fields, blank, draft = 'new', makeId, site, onCreated }: EditorOf<T>): Editor<T> {
  const key = `${plural}.${id ?? draft}`;
  const [value, setValue] = useState<T>(blank);
  const [base, setBase] = useState<T>(blank);
  const [record, setRecord] = useState<{ state: State | null; etag: string }>({ state: null, etag: '' });
  const [status, setStatus] = useState<{ loading: boolean; failed?: Error; saving?: boolean }>({ loading: true });
  const [fault, setFault] = useState<ApiError | null>(null);
  const [conflict, setConflict] = useState<(Conflict<T> & { etag: string }) | null>(null);
  const [restored, setRestored] = useState(false);
  const now = useRef({ value, base, etag: record.etag });
  now.current = { value, base, etag: record.etag };
  const ready = useRef(false); // loaded: what is here may be kept
  const sending = useRef(false);

  const take = useCallback((data: Values, etag: string) => {
    const fresh = pick<T>(data, fields);
    setBase(fresh);
    setRecord({ state: data as State, etag });
    return fresh;
  }, []);

  const load = useCallback(async (keepChanges: boolean) => {
    if (id === null) return blank;
    const { data, etag } = await getTagged<Values>(at`/${plural}/${id}`);
    const before = now.current;
    const fresh = take(data, etag);
    if (keepChanges) setValue(over(fields, before.value, before.base, fresh));
    return fresh;
  }, [plural, id]);

  useEffect(() => {
    let here = true;
    ready.current = false;
    setStatus({ loading: true });
    setFault(null);
    load(false).then((fresh) => {
      if (!here) return;
      const kept = readDraft<{ value: T; base: T }>(key);
      if (kept && !same(kept.value.value, fresh)) {
        // What was typed, over what it was typed upon: the difference to now is settled when saving.
        setValue(kept.value.value);
        setBase(kept.value.base);
        if (kept.etag) setRecord((was) => ({ ...was, etag: kept.etag }));
        setRestored(true);
      } else {
        setValue(fresh);
        setBase(fresh);
        setRestored(false);
      }
      setStatus({ loading: false });
      ready.current = true;
    }, (failed) => {
      if (!here) return;
      const kept = readDraft<{ value: T; base: T }>(key);
      // Somebody deleted it: what was typed waits in the form of a new one.
      if (kept && failed instanceof ApiError && failed.status === 404 && !readDraft(`${plural}.${draft}`)) {
        writeDraft(`${plural}.${draft}`, { value: { value: kept.value.value, base: blank }, etag: '' });
        writeDraft(key, null);
        toast(t.moved, 'warn');
      }
      setStatus({ loading: false, failed });
    });
    return () => { here = false; };
  }, [key]);

  const dirty = useMemo(() => !same(value, base), [value, base]);
  useKeeping(key, now, ready, !status.loading && !status.failed);

  const set = useCallback((changes: Partial<T>) => {
    setValue((was) => ({ ...was, ...changes }));
    setFault((was) => (was && Object.keys(changes).some((f) => was.field === f || was.field.startsWith(`${f}.`) || was.field.startsWith(`${f}[`)) ? null : was));
  }, []);

  const refuse = useCallback((problem: unknown) => {
    if (!(problem instanceof ApiError)) throw problem;
    setFault(problem);
  }, []);

  // null: somebody has to choose.
  const settle = (mine: T, b: T, who: string, theirs: T, etag: string) => {
    const both = fields.filter((f) => !same(mine[f], b[f]) && !same(theirs[f], b[f]) && !same(mine[f], theirs[f]));
    if (both.length === 0) return over(fields, mine, b, theirs);
    setConflict({ who, fields: both, mine, theirs, etag });
    return null;
  };

  const send = async (mine: T, etag: string, told?: string): Promise<boolean> => {
    setStatus({ loading: false, saving: true });
    setFault(null);
    try {
      const { data, etag: next } = id === null ? await create(plural, site, pick(mine, fields), makeId?.(mine))
        : await sendTagged<Values>('PUT', at`/${plural}/${id}`, pick(mine, fields), etag);
      writeDraft(key, null);
      // What was typed while it was on its way stays.
      const fresh = take(data, next);
      now.current = { value: over(fields, now.current.value, mine, fresh), base: fresh, etag: next };
      setValue(now.current.value);
      setRestored(false);
      setStatus({ loading: false });
      toast(told ?? t.saved);
      if (id === null) onCreated?.(String(data.id));
      return true;
    } catch (problem) {
      setStatus({ loading: false });
      if (problem instanceof ApiError && problem.status === 412 && id !== null) {
        const there = await getTagged<Values>(at`/${plural}/${id}`).catch(refuse);
        if (!there) return false;
        const { data, etag: next } = there;
        const who = String((data as State).editor ?? '');
        const merged = settle(mine, now.current.base, who, pick<T>(data, fields), next);
        if (!merged) return false;
        return send(merged, next, t.merged(who));
      }
      refuse(problem);
      return false;
    }
  };

  // Ctrl+S and an impatient finger: one at a time.
  const sendOnce = async (mine: T, etag: string) => {
    if (sending.current) return false;
    sending.current = true;
    try {
      return await send(mine, etag);
    } finally {
      sending.current = false;
    }
  };

  return {
    loading: status.loading, failed: status.failed, value, base, state: id === null ? null : record.state, etag: record.etag,
    dirty, restored, saving: !!status.saving, fault, set, refuse, conflict,
    errorOf: (field) => (fault && (fault.field === field || fault.field.startsWith(`${field}.`) || fault.field.startsWith(`${field}[`)) ? fault.message : undefined),
    save: () => sendOnce(now.current.value, now.current.etag),
    giveUp: () => {
      writeDraft(key, null);
      setRestored(false);
      setFault(null);
      load(false).then(setValue, refuse);
    },
    reload: async () => { await load(true); },
    resolve: async (chosen) => {
      const held = conflict!;
      setConflict(null);
      if (!chosen) return false;
      const merged = { ...over(fields, held.mine, now.current.base, held.theirs), ...chosen };
      setValue(merged);
      return sendOnce(merged, held.etag);
    },
  };
}
