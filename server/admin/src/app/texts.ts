import { texts } from '../lib/i18n.ts';

export const t = texts({
  skip: 'Aller au contenu', nav: 'Navigation', menu: 'Menu', account: 'Compte', logout: 'Se déconnecter', language: 'English',
  myAccount: 'Mon compte', search: 'Rechercher', searchHint: 'Un nom, un titre, une commune…', searchNone: 'Rien ne correspond.',
  alert: 'Urgence', notFound: 'Page introuvable',
  notFoundText: 'L’adresse est peut-être ancienne, ou mal copiée.', home: 'Revenir à Aujourd’hui',
  denied: 'Votre rôle ne permet pas d’ouvrir cette page', deniedText: 'Demandez à une personne qui administre Vitrine si vous en avez besoin.',
  groups: { content: 'Contenus', diffusion: 'Diffusion', follow: 'Suivi', admin: 'Administration' },
  pages: {
    today: 'Aujourd’hui', portraits: 'Portraits', events: 'Événements', announcements: 'Annonces', organisations: 'Annuaire', media: 'Médiathèque',
    playlists: 'Playlists', programming: 'Programmation', screens: 'Écrans', approvals: 'Approbations', imports: 'Imports', emergency: 'Urgence',
    figures: 'Chiffres', people: 'Personnes', sites: 'Sites et groupes', audit: 'Journal', settings: 'Réglages', account: 'Mon compte', search: 'Recherche',
  },
  kinds: { organisation: 'Fiche', portrait: 'Portrait', event: 'Événement', announcement: 'Annonce', playlist: 'Playlist', rule: 'Programmation', screen: 'Écran', group: 'Groupe', site: 'Site', media: 'Média' },
}, {
  skip: 'Skip to content', nav: 'Navigation', menu: 'Menu', account: 'Account', logout: 'Log out', language: 'Français',
  myAccount: 'My account', search: 'Search', searchHint: 'A name, a title, a town…', searchNone: 'Nothing matches.',
  alert: 'Emergency', notFound: 'Page not found',
  notFoundText: 'The address may be old, or badly copied.', home: 'Back to Today',
  denied: 'Your role does not open this page', deniedText: 'Ask a person who administers Vitrine if you need it.',
  groups: { content: 'Content', diffusion: 'On screens', follow: 'Follow-up', admin: 'Administration' },
  pages: {
    today: 'Today', portraits: 'Portraits', events: 'Events', announcements: 'Announcements', organisations: 'Directory', media: 'Media library',
    playlists: 'Playlists', programming: 'Programming', screens: 'Screens', approvals: 'Approvals', imports: 'Imports', emergency: 'Emergency',
    figures: 'Figures', people: 'People', sites: 'Sites and groups', audit: 'Log', settings: 'Settings', account: 'My account', search: 'Search',
  },
  kinds: { organisation: 'Record', portrait: 'Portrait', event: 'Event', announcement: 'Announcement', playlist: 'Playlist', rule: 'Programming', screen: 'Screen', group: 'Group', site: 'Site', media: 'Media' },
});
