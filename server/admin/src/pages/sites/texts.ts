import { plural, texts } from '../../lib/i18n.ts';

export const t = texts({
  about: 'Un site est un lieu où se trouvent des écrans. Un groupe réunit des écrans, où qu’ils soient, pour les programmer ensemble.',
  sites: 'Sites', groups: 'Groupes', addSite: 'Ajouter un site', addGroup: 'Ajouter un groupe', newSite: 'Nouveau site', newGroup: 'Nouveau groupe',
  noSites: 'Pas encore de site', noSitesText: 'Un site dit où se trouvent les écrans, et permet de confier un lieu à quelqu’un.',
  noGroups: 'Pas encore de groupe', noGroupsText: '« Bornes tactiles », « Halls d’accueil » : un groupe se programme en une fois.',
  name: 'Nom', commune: 'Commune', address: 'Adresse', latitude: 'Latitude', longitude: 'Longitude', accent: 'Couleur des bornes', accentHelp: 'Celle de ce qui appelle le doigt, sur les bornes de ce site.', accents: { '': 'Jaune (habituelle)', '#7FE3C4': 'Vert d’eau', '#8FD3FF': 'Bleu ciel', '#FFB199': 'Corail', '#E3C4FF': 'Lilas', '#C9E265': 'Vert tendre' } as Record<string, string>, screens: 'Écrans', count: (n: number) => plural(n, 'écran'), none: 'aucun écran',
  members: 'Écrans du groupe', membersHelp: 'Cochez ceux qui en font partie.', siteScreens: 'Écrans de ce site', siteNone: 'Aucun écran n’est à ce site. Le site d’un écran se choisit sur la page de l’écran.',
  save: 'Enregistrer', create: 'Créer', remove: 'Supprimer', removeTitle: (n: string) => `Supprimer « ${n} » ?`, removeText: 'Cela ne peut pas être défait. Les écrans restent.', removed: 'Supprimé', saved: 'Écrans du groupe enregistrés',
  identify: 'Faire dire aux écrans lesquels ils sont', identified: 'Demandé : chaque écran le dit pendant une minute',
}, {
  about: 'A site is a place where screens are. A group brings screens together, wherever they are, to programme them at once.',
  sites: 'Sites', groups: 'Groups', addSite: 'Add a site', addGroup: 'Add a group', newSite: 'New site', newGroup: 'New group',
  noSites: 'No site yet', noSitesText: 'A site tells where screens are, and lets you entrust a place to somebody.',
  noGroups: 'No group yet', noGroupsText: '“Touch kiosks”, “Entrance halls”: a group is programmed at once.',
  name: 'Name', commune: 'Town', address: 'Address', latitude: 'Latitude', longitude: 'Longitude', accent: 'Colour of the kiosks', accentHelp: 'Of what calls for a touch, on the kiosks of this site.', accents: { '': 'Yellow (usual)', '#7FE3C4': 'Sea green', '#8FD3FF': 'Sky blue', '#FFB199': 'Coral', '#E3C4FF': 'Lilac', '#C9E265': 'Soft green' }, screens: 'Screens', count: (n) => plural(n, 'screen'), none: 'no screen',
  members: 'Screens of the group', membersHelp: 'Tick those that belong to it.', siteScreens: 'Screens of this site', siteNone: 'No screen is at this site. A screen’s site is chosen on the screen’s page.',
  save: 'Save', create: 'Create', remove: 'Delete', removeTitle: (n) => `Delete “${n}”?`, removeText: 'This cannot be undone. The screens stay.', removed: 'Deleted', saved: 'Screens of the group saved',
  identify: 'Let the screens say which they are', identified: 'Asked: each screen says it for a minute',
});
