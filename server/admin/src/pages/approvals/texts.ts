import { plural, texts } from '../../lib/i18n.ts';

export const t = texts({
  about: 'Ce que d’autres ont écrit, et qui ne paraît à l’écran qu’après avoir été relu.', views: 'Ce qui attend',
  mine: 'À moi de décider', others: 'Attend quelqu’un d’autre', what: 'Quoi', who: 'Demandé par', since: 'Depuis',
  none: 'Rien n’attend votre approbation', noneText: 'Quand une personne demande l’approbation d’un portrait, d’un événement, d’une annonce ou d’une fiche, cela paraît ici. Personne n’approuve ce qu’il a écrit lui-même.', noneOthers: 'Rien n’attend quelqu’un d’autre', home: 'Revenir à Aujourd’hui', toMine: 'Voir ce qui m’attend',
  begin: 'Commencer par la plus ancienne', back: 'Approbations', place: (n: number, of: number) => `${n} sur ${of}`, askedBy: (who: string, when: string) => `Demandé par ${who} ${when}`,
  changes: (n: number) => plural(n, 'champ modifié', 'champs modifiés'), first: 'Première publication', firstText: 'Rien n’est encore publié : voici tout ce qui paraîtra.', differs: 'Ce qui change', nothing: 'Rien ne diffère de la version publiée.',
  pictures: 'À l’écran', before: 'Avant', after: 'Après', wide: 'écran large', upright: 'écran debout', pictureOf: (when: string, size: string, title: string) => `${when}, ${size} : ${title}`, drawing: 'Images en préparation…', noPicture: 'Pas d’image : ', fits: (field: string, n: number) => `${field} : ${plural(n, 'caractère')} de trop`,
  decide: 'Votre décision', approve: 'Approuver', approvePublish: 'Approuver et publier', sendBack: 'Renvoyer…', later: 'Suivante', open: 'Ouvrir la fiche',
  approved: (title: string) => `« ${title} » approuvé`, published: (title: string) => `« ${title} » approuvé et publié`, returned: (title: string) => `« ${title} » renvoyé`,
  notPublished: (why: string) => `Approuvé, mais pas publié : ${why}`,
  gone: 'Cette demande n’attend plus', goneText: 'Quelqu’un a déjà décidé, ou la demande a été retirée.', next: 'Passer à la suivante',
  notMine: 'Une autre personne doit décider : vous avez écrit une partie de ce texte, ou votre rôle ne le permet pas.', stale: 'La fiche vient de changer : relisez-la avant de décider.', alsoHere: (who: string) => `${who} relit aussi cette fiche.`,
}, {
  about: 'What others wrote, and what shows on screens only after it was read.', views: 'What waits',
  mine: 'For me to decide', others: 'Waits for somebody else', what: 'What', who: 'Asked by', since: 'Since',
  none: 'Nothing waits for your approval', noneText: 'When somebody asks for the approval of a portrait, an event, an announcement or a directory record, it stands here. Nobody approves what they wrote themselves.', noneOthers: 'Nothing waits for somebody else', home: 'Back to Today', toMine: 'See what waits for me',
  begin: 'Begin with the oldest', back: 'Approvals', place: (n, of) => `${n} of ${of}`, askedBy: (who, when) => `Asked by ${who} ${when}`,
  changes: (n) => plural(n, 'changed field'), first: 'First publication', firstText: 'Nothing is published yet: this is all that will show.', differs: 'What changes', nothing: 'Nothing differs from the published version.',
  pictures: 'On screens', before: 'Before', after: 'After', wide: 'wide screen', upright: 'upright screen', pictureOf: (when, size, title) => `${when}, ${size}: ${title}`, drawing: 'Pictures are being drawn…', noPicture: 'No picture: ', fits: (field, n) => `${field}: ${plural(n, 'character')} too many`,
  decide: 'Your decision', approve: 'Approve', approvePublish: 'Approve and publish', sendBack: 'Send back…', later: 'Next', open: 'Open the record',
  approved: (title) => `“${title}” approved`, published: (title) => `“${title}” approved and published`, returned: (title) => `“${title}” sent back`,
  notPublished: (why) => `Approved, but not published: ${why}`,
  gone: 'This no longer waits', goneText: 'Somebody has decided already, or the request was withdrawn.', next: 'Go to the next one',
  notMine: 'Somebody else has to decide: you wrote a part of this text, or your role does not allow it.', stale: 'The record has just changed: read it again before you decide.', alsoHere: (who) => `${who} reads this too.`,
});
