// How people are called: the server's records hold logins.
import { useEffect } from 'preact/hooks';
import { getAll } from './api.ts';
import { createStore, useStore } from './store.ts';

const names = createStore<Map<string, string> | null>(null);
let asked = false;

// Asked for once, by the first page that shows somebody; logins stand until then, and for who has no name.
export function useNames() {
  const known = useStore(names);
  useEffect(() => {
    if (asked) return;
    asked = true;
    getAll<{ user: string; name: string }>('/names').then((all) => names.set(new Map(all.map((one) => [one.user, one.name]))), () => { asked = false; });
  }, []);
  return (login: string) => known?.get(login) ?? login;
}
