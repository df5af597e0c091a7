// Numbers beside entries of the navigation: how much waits there. Pages and notices keep them.
import { createStore } from '../lib/store.ts';
import type { PageEntry } from './pages.ts';

export const badges = createStore<Partial<Record<PageEntry['name'], number>>>({});
export const setBadge = (page: PageEntry['name'], count: number) => {
  if ((badges.get()[page] ?? 0) !== count) badges.set({ ...badges.get(), [page]: count });
};
