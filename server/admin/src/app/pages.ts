// The table of pages: first word of the path, where it stands in the navigation, who may open it, and
// the folder it comes from.
import type { ComponentType } from 'preact';
import type { IconName } from '../ui/icon.tsx';
import { t } from './texts.ts';

export interface PageProps {
  name: string; // the path's first word: "portraits"
  path: string[]; // the words after it
  query: URLSearchParams;
}

export interface PageEntry {
  name: keyof typeof t.pages;
  icon: IconName;
  group: '' | 'content' | 'diffusion' | 'follow' | 'admin' | null; // null: not in the navigation
  permission: string; // "session": whoever is logged in
  load: () => Promise<{ default: ComponentType<PageProps> }>;
}

const content = () => import('../pages/content/index.tsx');
const people = () => import('../pages/people/index.tsx');

export const pages: readonly PageEntry[] = [
  { name: 'today', icon: 'today', group: '', permission: 'read', load: () => import('../pages/today/index.tsx') },
  { name: 'portraits', icon: 'portrait', group: 'content', permission: 'read', load: content },
  { name: 'events', icon: 'event', group: 'content', permission: 'read', load: content },
  { name: 'announcements', icon: 'announcement', group: 'content', permission: 'read', load: content },
  { name: 'organisations', icon: 'organisation', group: 'content', permission: 'read', load: content },
  { name: 'media', icon: 'media', group: 'content', permission: 'read', load: () => import('../pages/media/index.tsx') },
  { name: 'imports', icon: 'import', group: 'content', permission: 'write', load: () => import('../pages/imports/index.tsx') },
  { name: 'playlists', icon: 'playlist', group: 'diffusion', permission: 'read', load: () => import('../pages/playlists/index.tsx') },
  { name: 'programming', icon: 'calendar', group: 'diffusion', permission: 'read', load: () => import('../pages/programming/index.tsx') },
  { name: 'screens', icon: 'screen', group: 'diffusion', permission: 'read', load: () => import('../pages/screens/index.tsx') },
  { name: 'approvals', icon: 'approval', group: 'follow', permission: 'read', load: () => import('../pages/approvals/index.tsx') },
  { name: 'figures', icon: 'chart', group: 'follow', permission: 'read', load: () => import('../pages/figures/index.tsx') },
  { name: 'people', icon: 'people', group: 'admin', permission: 'people', load: people },
  { name: 'sites', icon: 'place', group: 'admin', permission: 'operate', load: () => import('../pages/sites/index.tsx') },
  { name: 'audit', icon: 'log', group: 'admin', permission: 'audit', load: () => import('../pages/audit/index.tsx') },
  { name: 'settings', icon: 'settings', group: 'admin', permission: 'settings', load: () => import('../pages/settings/index.tsx') },
  { name: 'emergency', icon: 'alert', group: null, permission: 'read', load: () => import('../pages/emergency/index.tsx') },
  { name: 'account', icon: 'people', group: null, permission: 'session', load: () => import('../pages/account/index.tsx') },
  { name: 'search', icon: 'search', group: null, permission: 'read', load: () => import('../pages/content/search.tsx') },
];

// Where a record of a kind is edited.
export function recordPlace(kind: string, id: string) {
  const folder: Record<string, string> = {
    rule: 'programming/rules', group: 'sites/groups', site: 'sites', media: 'media', user: 'people',
  };
  return `/${folder[kind] ?? `${kind}s`}/${encodeURIComponent(id)}`;
}
