// The table of pages: first word of the path, where it stands in the navigation, who may open it, and
// the folder it comes from.
import type { ComponentType } from 'preact';
import AccountPage from '../pages/account/index.tsx';
import ApprovalsPage from '../pages/approvals/index.tsx';
import AuditPage from '../pages/audit/index.tsx';
import ContentPage from '../pages/content/index.tsx';
import SearchPage from '../pages/content/search.tsx';
import EmergencyPage from '../pages/emergency/index.tsx';
import FiguresPage from '../pages/figures/index.tsx';
import ImportsPage from '../pages/imports/index.tsx';
import MediaPage from '../pages/media/index.tsx';
import PeoplePage from '../pages/people/index.tsx';
import PlaylistsPage from '../pages/playlists/index.tsx';
import ProgrammingPage from '../pages/programming/index.tsx';
import ScreensPage from '../pages/screens/index.tsx';
import SettingsPage from '../pages/settings/index.tsx';
import SitesPage from '../pages/sites/index.tsx';
import TodayPage from '../pages/today/index.tsx';
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
  Page: ComponentType<PageProps>;
}

export const pages: readonly PageEntry[] = [
  { name: 'today', icon: 'today', group: '', permission: 'read', Page: TodayPage },
  { name: 'portraits', icon: 'portrait', group: 'content', permission: 'read', Page: ContentPage },
  { name: 'events', icon: 'event', group: 'content', permission: 'read', Page: ContentPage },
  { name: 'announcements', icon: 'announcement', group: 'content', permission: 'read', Page: ContentPage },
  { name: 'organisations', icon: 'organisation', group: 'content', permission: 'read', Page: ContentPage },
  { name: 'media', icon: 'media', group: 'content', permission: 'read', Page: MediaPage },
  { name: 'imports', icon: 'import', group: 'content', permission: 'write', Page: ImportsPage },
  { name: 'playlists', icon: 'playlist', group: 'diffusion', permission: 'read', Page: PlaylistsPage },
  { name: 'programming', icon: 'calendar', group: 'diffusion', permission: 'read', Page: ProgrammingPage },
  { name: 'screens', icon: 'screen', group: 'diffusion', permission: 'read', Page: ScreensPage },
  { name: 'approvals', icon: 'approval', group: 'follow', permission: 'read', Page: ApprovalsPage },
  { name: 'figures', icon: 'chart', group: 'follow', permission: 'read', Page: FiguresPage },
  { name: 'people', icon: 'people', group: 'admin', permission: 'people', Page: PeoplePage },
  { name: 'sites', icon: 'place', group: 'admin', permission: 'operate', Page: SitesPage },
  { name: 'audit', icon: 'log', group: 'admin', permission: 'audit', Page: AuditPage },
  { name: 'settings', icon: 'settings', group: 'admin', permission: 'settings', Page: SettingsPage },
  { name: 'emergency', icon: 'alert', group: null, permission: 'read', Page: EmergencyPage },
  { name: 'account', icon: 'people', group: null, permission: 'session', Page: AccountPage },
  { name: 'search', icon: 'search', group: null, permission: 'read', Page: SearchPage },
];

// Where a record of a kind is edited.
export function recordPlace(kind: string, id: string) {
  const folder: Record<string, string> = {
    rule: 'programming/rules', group: 'sites/groups', site: 'sites', media: 'media', user: 'people',
  };
  return `/${folder[kind] ?? `${kind}s`}/${encodeURIComponent(id)}`;
}
