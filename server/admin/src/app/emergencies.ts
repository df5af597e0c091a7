// What takes screens just now, and what waits for a second person: asked for once for the whole desk.
import { useEffect } from 'preact/hooks';
import { ask } from '../lib/api.ts';
import { may, session } from '../lib/session.ts';
import { createStore, useStore } from '../lib/store.ts';

export interface Emergency {
  id: string;
  title: string;
  text: string;
  screens: string[];
  groups: string[];
  waiting: boolean;
  safe: boolean; // the neutral slide on all screens
  yours: boolean; // I may end it, or confirm what another asked for
  asked_by?: string;
  asked_ms?: number;
  lapses_ms?: number;
  from_ms?: number;
  until_ms?: number;
}

export interface Alerter {
  user: string;
  name: string;
  sites: string[];
}

export interface Emergencies {
  emergencies: Emergency[];
  waiting: Emergency[];
  alerters: Alerter[];
}

const store = createStore<{ data?: Emergencies; error?: Error }>({});
let ahead = 0;

// By the server's clock: emergencies end by it, and this machine's may be wrong.
export const serverNow = () => Date.now() + ahead;

export async function reloadEmergencies() {
  try {
    const answer = await ask('GET', '/emergencies');
    const date = Date.parse(answer.headers.get('Date') ?? '');
    // The header tells whole seconds: only what is more than its doubt is a wrong clock.
    if (date && Math.abs(date - Date.now()) > 2000) ahead = date - Date.now();
    else ahead = 0;
    store.set({ data: await answer.json() });
  } catch (problem) {
    store.set({ ...store.get(), error: problem as Error });
  }
}

// Asked again every `everyMs` while a component that uses it is there and the page is in sight.
export function useEmergencies(everyMs: number) {
  useEffect(() => {
    if (!may('read')) return undefined;
    const look = () => { if (!document.hidden) reloadEmergencies(); };
    look();
    const timer = setInterval(look, everyMs);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [everyMs]);
  return useStore(store);
}

export const mayConfirm = (one: Emergency) => one.yours && one.asked_by !== session.get()?.user;
