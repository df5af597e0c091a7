import { plural, texts } from '../lib/i18n.ts';

export const t = texts({
  optional: 'facultatif',
  close: 'Fermer', cancel: 'Annuler', retry: 'Réessayer',
  loading: 'Chargement…', failed: 'Impossible d’afficher ceci',
  left: (n: number) => `encore ${plural(n, 'caractère')}`,
  over: (n: number) => `retirez ${plural(n, 'caractère')}`,
  noImage: 'Image indisponible',
  drop: 'Déposez vos fichiers ici', or: 'ou', choose: 'Choisissez des fichiers', choose1: 'Choisissez un fichier',
  noMatch: 'Rien ne correspond', found: (n: number) => `${plural(n, 'choix', 'choix')}`, remove: (s: string) => `Retirer ${s}`,
  clear: 'Effacer',
}, {
  optional: 'optional',
  close: 'Close', cancel: 'Cancel', retry: 'Try again',
  loading: 'Loading…', failed: 'This cannot be shown',
  left: (n) => `${plural(n, 'character')} left`,
  over: (n) => `remove ${plural(n, 'character')}`,
  noImage: 'Picture not available',
  drop: 'Drop your files here', or: 'or', choose: 'Choose files', choose1: 'Choose a file',
  noMatch: 'Nothing matches', found: (n) => plural(n, 'choice'), remove: (s) => `Remove ${s}`,
  clear: 'Clear',
});
