import { bytes, plural, texts } from '../lib/i18n.ts';

// Sentences of the server begin without a capital: they stand in others.
const sentence = (text: string) => text && text[0].toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? '' : '.');

export const t = texts({
  kinds: { picture: 'Image', film: 'Film', pages: 'PDF', slides: 'Présentation', captions: 'Sous-titres' },
  uploads: 'Envois', done: 'Envoyé', known: 'Déjà dans la médiathèque', open: 'Ouvrir',
  pause: 'Pause', pauseOf: (n: string) => `Pause : ${n}`, resume: 'Reprendre', resumeOf: (n: string) => `Reprendre : ${n}`,
  retry: 'Réessayer', retryOf: (n: string) => `Réessayer : ${n}`, cancelOf: (n: string) => `Annuler l’envoi de ${n}`, dismissOf: (n: string) => `Retirer ${n} de la liste`,
  sendingOf: (n: string) => `Envoi de ${n}`, preparingOf: (n: string) => `Préparation de ${n}`,
  refused: (why: string) => `Refusé. ${sentence(why)}`,
  states: {
    waiting: (_sent: string, _why: string) => 'Attend son tour.',
    sending: (sent: string, _why: string) => `${sent} envoyés.`,
    broken: (sent: string, why: string) => `Interrompu à ${sent} ; reprend tout seul. ${sentence(why)}`,
    paused: (sent: string, _why: string) => `En pause à ${sent}.`,
    lost: (sent: string, _why: string) => `Interrompu à ${sent}. Choisissez ou déposez de nouveau ce fichier : l’envoi reprendra là où il était.`,
    preparing: (_sent: string, _why: string) => 'Envoyé ; préparation pour les écrans…',
  },
  summary: (done: number, all: number) => `${plural(done, 'fichier envoyé', 'fichiers envoyés')} sur ${all}`,
  choose: 'Choisir dans la médiathèque', change: 'Changer', remove: 'Retirer', none: 'Aucun média choisi',
  title: 'Choisir un média', search: 'Rechercher un média', kind: 'Sorte', anyKind: 'Toutes', more: 'Afficher la suite', newOne: 'Envoyer un fichier', library: 'Médiathèque',
  nothing: 'Rien ne correspond dans la médiathèque. Envoyez un fichier ci-dessus.', wrongKind: 'Ce fichier est dans la médiathèque, mais il n’a pas sa place ici : il faut', unreadable: 'Ce média n’est plus dans la médiathèque.',
  formats: 'Images (JPEG, PNG, WebP, HEIC, TIFF), films (MP4, WebM), PDF, présentations (PPTX, ODP).',
  about: (w: number, h: number, size: number) => `${w ? `${w} × ${h} px · ` : ''}${bytes(size)}`,
}, {
  kinds: { picture: 'Picture', film: 'Film', pages: 'PDF', slides: 'Presentation', captions: 'Captions' },
  uploads: 'Uploads', done: 'Sent', known: 'Already in the library', open: 'Open',
  pause: 'Pause', pauseOf: (n) => `Pause: ${n}`, resume: 'Resume', resumeOf: (n) => `Resume: ${n}`,
  retry: 'Try again', retryOf: (n) => `Try again: ${n}`, cancelOf: (n) => `Cancel the upload of ${n}`, dismissOf: (n) => `Take ${n} off the list`,
  sendingOf: (n) => `Upload of ${n}`, preparingOf: (n) => `Preparation of ${n}`,
  refused: (why) => `Refused. ${sentence(why)}`,
  states: {
    waiting: () => 'Waits for its turn.',
    sending: (sent) => `${sent} sent.`,
    broken: (sent, why) => `Broken off at ${sent}; goes on by itself. ${sentence(why)}`,
    paused: (sent) => `Paused at ${sent}.`,
    lost: (sent) => `Broken off at ${sent}. Choose or drop this file again: it goes on where it was.`,
    preparing: () => 'Sent; being prepared for the screens…',
  },
  summary: (done, all) => `${plural(done, 'file')} of ${all} sent`,
  choose: 'Choose from the library', change: 'Change', remove: 'Remove', none: 'No media file chosen',
  title: 'Choose a media file', search: 'Search the media library', kind: 'Kind', anyKind: 'All', more: 'Show more', newOne: 'Send a file', library: 'Library',
  nothing: 'Nothing in the library matches. Send a file above.', wrongKind: 'This file is in the library, but has no place here: needed is', unreadable: 'This file is no longer in the library.',
  formats: 'Pictures (JPEG, PNG, WebP, HEIC, TIFF), films (MP4, WebM), PDF, presentations (PPTX, ODP).',
  about: (w, h, size) => `${w ? `${w} × ${h} px · ` : ''}${bytes(size)}`,
});
