// Addresses below /admin. A page is its path's first word; the rest is the page's own.
import { createStore, useStore } from './store.ts';

const BASE = '/admin';

export interface Place {
  path: string[]; // ["portraits", "relais-vert"]
  query: URLSearchParams;
  turned: number; // how often somebody went to another page: not at the start, nor where it only changed its address
}

let turned = 0;

function decode(word: string) {
  try {
    return decodeURIComponent(word);
  } catch {
    return word; // a badly copied address: a page that there is not
  }
}

function read(): Place {
  const words = location.pathname.slice(BASE.length).split('/').filter(Boolean);
  return { path: words.map(decode), query: new URLSearchParams(location.search), turned };
}

const place = createStore<Place>(read());
export const usePlace = () => useStore(place);
export const getPlace = () => place.get();

addEventListener('popstate', () => {
  turned++;
  place.set(read());
});

// to: "/portraits/x?tab=history"
export const href = (to: string) => BASE + to;

export function navigate(to: string, replace = false) {
  history[replace ? 'replaceState' : 'pushState'](null, '', href(to));
  if (!replace) turned++;
  place.set(read());
  if (!replace) scrollTo(0, 0);
}

// Changes words of the query in place, without a step in the history; '' removes one.
export function setQuery(changes: Record<string, string>) {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) value ? query.set(name, value) : query.delete(name);
  const text = query.toString();
  history.replaceState(null, '', location.pathname + (text && `?${text}`));
  place.set(read());
}

// Links of the desk turn pages without loading them; everything else is the browser's.
addEventListener('click', (event) => {
  const link = (event.target as Element).closest?.('a');
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey ||
    event.shiftKey || event.altKey || link.target || link.hasAttribute('download')) return;
  if (link.origin !== location.origin || !link.pathname.startsWith(`${BASE}/`)) return;
  if (link.pathname === location.pathname && link.hash) return;
  event.preventDefault();
  navigate(link.pathname.slice(BASE.length) + link.search);
});
