// What somebody types and has not saved yet survives a reload, a crash and a lost session: it is kept
// in this browser, by account, until it is saved or given up.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { session } from './session.ts';

const keyOf = (key: string) => `vitrine.draft.${session.get()?.user ?? ''}.${key}`;

export interface Draft<T> {
  value: T;
  etag: string; // of the record when the draft began
}

// Calls once when another window of this browser keeps a draft of the same thing; returns what ends the watch.
export function watchDraft(key: string, heard: () => void) {
  const watch = new AbortController();
  addEventListener('storage', (event) => {
    if (event.key !== keyOf(key) || !event.newValue) return;
    watch.abort();
    heard();
  }, { signal: watch.signal });
  return () => watch.abort();
}

// What the browser's store has no room for: it lives as long as the page, which asks before it goes.
const held = new Map<string, string>();
addEventListener('beforeunload', (event) => { if (held.size) event.preventDefault(); });

export function readDraft<T>(key: string): Draft<T> | null {
  try {
    return JSON.parse(held.get(keyOf(key)) ?? localStorage.getItem(keyOf(key)) ?? 'null');
  } catch {
    return null;
  }
}

export function writeDraft<T>(key: string, draft: Draft<T> | null) {
  const name = keyOf(key), text = JSON.stringify(draft);
  held.delete(name);
  try {
    if (draft) localStorage.setItem(name, text);
    else localStorage.removeItem(name);
  } catch {
    if (draft) held.set(name, text);
  }
}

// A form's value that outlives the page: [value, change, forget, whether it was found again].
export function useDraft<T>(key: string, initial: T): [T, (next: T) => void, () => void, boolean] {
  const [found] = useState(() => readDraft<T>(key));
  const [value, setValue] = useState<T>(found?.value ?? initial);
  const timer = useRef(0);
  const pending = useRef<T | null>(null);
  const flush = useCallback(() => {
    if (pending.current !== null) writeDraft(key, { value: pending.current, etag: '' });
    pending.current = null;
  }, [key]);
  useEffect(() => {
    addEventListener('pagehide', flush);
    return () => {
      removeEventListener('pagehide', flush);
      flush();
    };
  }, [flush]);
  const change = useCallback((next: T) => {
    setValue(next);
    pending.current = next;
    clearTimeout(timer.current);
    timer.current = setTimeout(flush, 250) as unknown as number;
  }, [flush]);
  const forget = useCallback(() => {
    clearTimeout(timer.current);
    pending.current = null;
    writeDraft(key, null);
  }, [key]);
  return [value, change, forget, found !== null];
}
