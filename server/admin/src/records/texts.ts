import { texts } from '../lib/i18n.ts';

export const t = texts({
  notThere: 'Il n’y a rien ici, ou plus.',
  conflictTitle: 'Quelqu’un d’autre a modifié cette fiche',
  conflictText: (who: string) => `${who || 'Une autre personne'} a enregistré pendant que vous écriviez. Vos autres changements sont gardés ; choisissez pour ceux-ci.`,
  mine: 'Le vôtre', theirs: 'L’autre', empty: '(vide)', keep: 'Enregistrer ce choix', later: 'Revenir au formulaire',
  merged: (who: string) => `Enregistré avec les changements de ${who || 'l’autre personne'}`,
  saved: 'Enregistré', moved: 'Cette fiche a été supprimée. Ce que vous aviez saisi vous attend dans une nouvelle fiche.',
  otherWindow: 'Ce formulaire est aussi rempli dans une autre fenêtre : un seul brouillon est gardé, le dernier tapé. Enregistrez l’un des deux d’abord.',
  restored: 'Vos changements non enregistrés ont été retrouvés.', discard: 'Les abandonner', discardTitle: 'Abandonner vos changements ?',
  discardText: 'Ce qui n’est pas enregistré sera perdu.',
  alsoHere: (names: string, n: number) => `${names} ${n > 1 ? 'ont' : 'a'} aussi cette fiche ouverte.`,
  alsoEditing: (names: string, n: number) => `${names} ${n > 1 ? 'modifient' : 'modifie'} aussi cette fiche. Vos changements ne s’écraseront pas : en cas de désaccord, Vitrine vous montrera les deux.`,
}, {
  notThere: 'There is nothing here, or no longer.',
  conflictTitle: 'Somebody else has changed this record',
  conflictText: (who) => `${who || 'Another person'} saved while you were writing. Your other changes are kept; choose for these.`,
  mine: 'Yours', theirs: 'Theirs', empty: '(empty)', keep: 'Save this choice', later: 'Back to the form',
  merged: (who) => `Saved together with the changes of ${who || 'the other person'}`,
  saved: 'Saved', moved: 'This record was deleted. What you typed waits for you in a new one.',
  otherWindow: 'This form is being filled in in another window too: one draft is kept, the last typed. Save one of them first.',
  restored: 'Your unsaved changes were found again.', discard: 'Discard them', discardTitle: 'Discard your changes?',
  discardText: 'What is not saved will be lost.',
  alsoHere: (names, n) => `${names} ${n > 1 ? 'have' : 'has'} this record open too.`,
  alsoEditing: (names, n) => `${names} ${n > 1 ? 'are' : 'is'} changing this record too. Nothing will be overwritten: where you disagree, Vitrine will show both.`,
});
