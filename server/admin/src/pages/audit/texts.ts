import { plural, texts } from '../../lib/i18n.ts';

export const t = texts({
  about: 'Qui a fait quoi, et quand. Rien ne s’efface d’ici.', who: 'Qui', anybody: 'Tout le monde', what: 'Quoi', anything: 'Tout', subject: 'Sur quoi',
  from: 'Du', until: 'Au', when: 'Quand', detail: 'Précisions', program: 'Vitrine', more: 'Afficher la suite', csv: 'Télécharger (CSV)', clear: 'Tout montrer', lines: (n: number) => plural(n, 'ligne'),
  none: 'Rien de tel', noneText: 'Aucune ligne du journal ne répond à ces critères.', filters: 'Chercher dans le journal',
  kinds: { portrait: 'Portrait', event: 'Événement', announcement: 'Annonce', organisation: 'Fiche', playlist: 'Playlist', rule: 'Programmation', screen: 'Écran', group: 'Groupe', site: 'Site', media: 'Média',
    user: 'Compte', login: 'Connexion', people: 'Règles des comptes', enrolment: 'Rattachement', emergency: 'Urgence', import: 'Import', fault: 'Incident', holidays: 'Jours fériés', exposure: 'Exposition' } as Record<string, string>,
  verbs: { create: 'créé', change: 'modifié', edit: 'modifié', save: 'enregistré', delete: 'supprimé', publish: 'publié', archive: 'archivé', submit: 'soumis', withdraw: 'repris', approve: 'approuvé', return: 'renvoyé', discard: 'brouillon abandonné',
    restore: 'restauré', revive: 'repris des archives', cancel: 'annulé', failed: 'refusée', code_failed: 'code refusé', password: 'mot de passe changé', reset_link: 'lien de mot de passe', second_factor_on: 'second facteur activé',
    second_factor_off: 'second facteur retiré', policy: 'changées', replace: 'remplacés', minimum: 'minimum changé', start: 'lancée', end: 'terminée', ask: 'demandée', confirm: 'confirmée', drop: 'abandonnée', refuse: 'refusé', revoke: 'retiré',
    close: 'fermé', apply: 'appliqué', undo: 'défait', describe: 'décrit', link: 'relié au compte de la ville' } as Record<string, string>,
  details: { password: 'par mot de passe', oidc: 'par le compte de la ville', '+alert': '· urgence', closed: '· compte fermé' } as Record<string, string>,
}, {
  about: 'Who did what, and when. Nothing is erased from here.', who: 'Who', anybody: 'Everybody', what: 'What', anything: 'Everything', subject: 'To what',
  from: 'From', until: 'Until', when: 'When', detail: 'Details', program: 'Vitrine', more: 'Show more', csv: 'Download (CSV)', clear: 'Show all', lines: (n) => plural(n, 'line'),
  none: 'Nothing found', noneText: 'No line of the log matches.', filters: 'Look in the log',
  kinds: { portrait: 'Portrait', event: 'Event', announcement: 'Announcement', organisation: 'Record', playlist: 'Playlist', rule: 'Programming', screen: 'Screen', group: 'Group', site: 'Site', media: 'Media',
    user: 'Account', login: 'Login', people: 'Rules for accounts', enrolment: 'Enrolment', emergency: 'Emergency', import: 'Import', fault: 'Fault', holidays: 'Public holidays', exposure: 'Exposure' },
  verbs: { create: 'created', change: 'changed', edit: 'changed', save: 'saved', delete: 'deleted', publish: 'published', archive: 'archived', submit: 'submitted', withdraw: 'taken back', approve: 'approved', return: 'sent back', discard: 'draft dropped',
    restore: 'restored', revive: 'taken from the archive', cancel: 'cancelled', failed: 'refused', code_failed: 'code refused', password: 'password changed', reset_link: 'password link', second_factor_on: 'second factor on',
    second_factor_off: 'second factor off', policy: 'changed', replace: 'replaced', minimum: 'minimum changed', start: 'started', end: 'ended', ask: 'asked for', confirm: 'confirmed', drop: 'dropped', refuse: 'refused', revoke: 'taken away',
    close: 'closed', apply: 'applied', undo: 'undone', describe: 'described', link: 'linked to the city account' },
  details: { password: 'by password', oidc: 'by the city account', '+alert': '· emergency', closed: '· account closed' },
});
