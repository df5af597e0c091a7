// What the page says, in French and in English, and how it says numbers.

function plural(n, word, words = `${word}s`) {
  return `${n.toLocaleString(lang)} ${n > 1 || (n === 0 && lang === 'en') ? words : word}`;
}

function bytes(n, units) {
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(n, 1)) / 3));
  const value = n / 1000 ** power;
  return `${value.toLocaleString(lang, { maximumFractionDigits: value < 10 ? 1 : 0 })} ${units[power]}`;
}

const TEXTS = {
  fr: {
    skip: 'Aller au contenu', logout: 'Se déconnecter', loginTitle: 'Connexion', user: 'Compte',
    password: 'Mot de passe', login: 'Se connecter', todayTitle: 'Aujourd’hui',
    enrolmentsTitle: 'Un écran demande à rejoindre Vitrine',
    enrolmentsHelp: 'Comparez le code et l’empreinte avec ceux qu’il affiche, puis dites de quel écran il s’agit.',
    screensTitle: 'Ce que montrent les écrans', travel: 'À cet instant', now: 'Maintenant',
    faultsTitle: 'Incidents', noFaults: 'Aucun incident signalé.', when: 'Quand', screen: 'Écran',
    what: 'Quoi', asScreen: 'C’est l’écran', approve: 'Accepter', refuse: 'Refuser',
    fingerprint: (f) => `Empreinte : ${f}`,
    choose: 'Choisissez…', replaces: (n) => `${n} (remplace son lecteur)`,
    machine: (e) => `${e.width_px} × ${e.height_px} — ${e.software}`,
    counts: (c) => [plural(c.organisations, 'organisation'), plural(c.portraits, 'portrait'),
      plural(c.events, 'événement'), plural(c.announcements, 'annonce'),
      plural(c.playlists, 'playlist')].join(' · '),
    seen: (ago) => `En ligne, vu ${ago}`, silent: (ago) => `Silencieux depuis ${ago}`,
    never: 'Pas encore de lecteur', showing: (t) => `À l’écran : ${t}`,
    until: (t) => `, jusqu’à ${t}`, nothing: 'Rien de programmé : page d’accueil',
    travelling: (t) => `Aperçu du ${t}. Les écrans, eux, continuent.`, kiosk: 'borne tactile',
    secondsAgo: 'à l’instant', minutes: (n) => `${n} min`, hours: (n) => `${n} h`,
    days: (n) => plural(n, 'jour'), ago: (t) => `il y a ${t}`,
    offline: 'Le serveur ne répond pas. Nouvel essai dans quelques secondes.',
    frameAlt: (s, t) => `Image de l’écran ${s}${t ? ` : ${t}` : ''}`, noFrame: 'Image indisponible',
    tooMany: (s) => `Trop d’essais. Réessayez dans ${s} secondes.`,
    close: 'Fermer', cancel: 'Annuler', back: 'Revenir',
    photoAsk: 'Photo de l’écran', photoOf: (s) => `Photo : ${s}`, photoSee: (s) => `Voir la photo : ${s}`,
    photoWait: (s) => `Demandée, ${s} s…`, photoTaken: (t) => `Prise le ${t}`,
    photoNone: 'Rien reçu pour l’instant. La demande reste ouverte dix minutes.',
    stateGood: 'Le lecteur va bien', stateWatch: (list) => `À surveiller : ${list.join(', ')}`,
    stateNames: { temperature: 'Température', disk: 'Disque', memory: 'Mémoire', frames: 'Images',
      clock: 'Horloge', display: 'Écran', quarantined: 'Mises à l’écart', software: 'Version',
      uptime: 'En marche depuis' },
    stateWords: { temperature: 'température', disk: 'disque', frames: 'images perdues', clock: 'horloge',
      quarantined: 'diapositives mises à l’écart' },
    warm: (t) => `${t} °C`, hot: (t) => `${t} °C, c’est beaucoup`,
    disk: (free, size) => `${free} libres${size ? ` sur ${size}` : ''}`, memory: (m) => `${m} pour le lecteur`,
    bytes: (n) => bytes(n, ['o', 'ko', 'Mo', 'Go', 'To']),
    framesGood: 'Aucune image perdue', dropped: (n) => plural(n, 'image perdue', 'images perdues'),
    clocks: { kernel: 'À l’heure', machine: 'À l’heure, non synchronisée', server: 'À l’heure du serveur',
      memory: 'À l’heure, de mémoire', floor: 'Incertaine' },
    displays: { on: 'Allumé', off: 'Éteint', unknown: 'Inconnu' },
    quarantined: (n) => plural(n, 'diapositive', 'diapositives'),
    alertOpen: 'Message d’urgence', alertTitle: 'Message d’urgence', alertHead: 'Titre, lu de loin',
    alertText: 'Précisions (une ou deux phrases)', alertWhere: 'Où', alertLength: 'Pendant',
    alertNext: 'Continuer', alertGo: 'Afficher maintenant', alertEverywhere: 'Tous les écrans',
    alertGroup: (g) => `Groupe : ${g}`, alertNoPreview: 'L’aperçu apparaît ici.',
    alertSummary: (n, d) => `Ce message prendra ${n}, dès maintenant et pendant ${d}.`,
    alertEnds: 'Il se termine de lui-même, même sans réseau. On peut le terminer plus tôt.',
    alertAlt: (t) => `Aperçu : ${t}`, screens: (n) => plural(n, 'écran'),
    minutesLong: (n) => (n < 60 ? plural(n, 'minute') : plural(n / 60, 'heure')),
    emergenciesTitle: 'Urgence en cours', endNow: 'Terminer maintenant', endSure: 'Oui, terminer',
    emergencyWhere: (n, t) => `${n}, jusqu’au ${t}`,
  },
  en: {
    skip: 'Skip to content', logout: 'Log out', loginTitle: 'Log in', user: 'Account',
    password: 'Password', login: 'Log in', todayTitle: 'Today',
    enrolmentsTitle: 'A screen asks to join Vitrine',
    enrolmentsHelp: 'Compare code and fingerprint with those it shows, then say which screen it is.',
    screensTitle: 'What the screens show', travel: 'At this time', now: 'Now',
    faultsTitle: 'Faults', noFaults: 'No fault reported.', when: 'When', screen: 'Screen',
    what: 'What', asScreen: 'It is the screen', approve: 'Accept', refuse: 'Refuse',
    fingerprint: (f) => `Fingerprint: ${f}`, choose: 'Choose…',
    replaces: (s) => `${s} (replaces its player)`,
    machine: (e) => `${e.width_px} × ${e.height_px} — ${e.software}`,
    counts: (c) => [plural(c.organisations, 'organisation'), plural(c.portraits, 'portrait'),
      plural(c.events, 'event'), plural(c.announcements, 'announcement'),
      plural(c.playlists, 'playlist')].join(' · '),
    seen: (ago) => `Online, seen ${ago}`, silent: (ago) => `Silent for ${ago}`,
    never: 'No player yet', showing: (t) => `On screen: ${t}`, until: (t) => `, until ${t}`,
    nothing: 'Nothing is planned: welcome page',
    travelling: (t) => `Preview of ${t}. The screens themselves go on.`, kiosk: 'touch kiosk',
    secondsAgo: 'just now', minutes: (n) => `${n} min`, hours: (n) => `${n} h`,
    days: (n) => plural(n, 'day'), ago: (t) => `${t} ago`,
    offline: 'The server does not answer. Trying again in a few seconds.',
    frameAlt: (s, t) => `Picture of the screen ${s}${t ? `: ${t}` : ''}`, noFrame: 'No picture',
    tooMany: (s) => `Too many tries. Try again in ${s} seconds.`,
    close: 'Close', cancel: 'Cancel', back: 'Back',
    photoAsk: 'Picture of the screen', photoOf: (s) => `Picture: ${s}`, photoSee: (s) => `See the picture: ${s}`,
    photoWait: (s) => `Asked for, ${s} s…`, photoTaken: (t) => `Taken on ${t}`,
    photoNone: 'Nothing has come yet. The wish stays open for ten minutes.',
    stateGood: 'The player is well', stateWatch: (list) => `Needs a look: ${list.join(', ')}`,
    stateNames: { temperature: 'Temperature', disk: 'Disk', memory: 'Memory', frames: 'Frames',
      clock: 'Clock', display: 'Display', quarantined: 'Set aside', software: 'Version',
      uptime: 'Running for' },
    stateWords: { temperature: 'temperature', disk: 'disk', frames: 'dropped frames', clock: 'clock',
      quarantined: 'slides set aside' },
    warm: (t) => `${t} °C`, hot: (t) => `${t} °C, which is a lot`,
    disk: (free, size) => `${free} free${size ? ` of ${size}` : ''}`, memory: (m) => `${m} for the player`,
    bytes: (n) => bytes(n, ['B', 'kB', 'MB', 'GB', 'TB']),
    framesGood: 'No frame dropped', dropped: (n) => plural(n, 'frame dropped', 'frames dropped'),
    clocks: { kernel: 'Right', machine: 'Right, not synchronised', server: 'Set by the server',
      memory: 'Right, from memory', floor: 'Uncertain' },
    displays: { on: 'On', off: 'Off', unknown: 'Unknown' },
    quarantined: (n) => plural(n, 'slide'),
    alertOpen: 'Emergency message', alertTitle: 'Emergency message', alertHead: 'Title, read from afar',
    alertText: 'Details (a sentence or two)', alertWhere: 'Where', alertLength: 'For',
    alertNext: 'Continue', alertGo: 'Show now', alertEverywhere: 'All screens',
    alertGroup: (g) => `Group: ${g}`, alertNoPreview: 'The preview appears here.',
    alertSummary: (n, d) => `This message will take ${n}, from now on and for ${d}.`,
    alertEnds: 'It ends by itself, even without network. It can be ended sooner.',
    alertAlt: (t) => `Preview: ${t}`, screens: (n) => plural(n, 'screen'),
    minutesLong: (n) => (n < 60 ? plural(n, 'minute') : plural(n / 60, 'hour')),
    emergenciesTitle: 'Emergency', endNow: 'End now', endSure: 'Yes, end it',
    emergencyWhere: (n, t) => `${n}, until ${t}`,
  },
};
export const lang = (navigator.languages ?? [navigator.language])
  .map((tag) => tag.slice(0, 2)).find((tag) => tag in TEXTS) ?? 'fr';
export const text = TEXTS[lang];

export function duration(ms) {
  if (ms < 3600000) return text.minutes(Math.max(1, Math.round(ms / 60000)));
  if (ms < 86400000) return text.hours(Math.round(ms / 3600000));
  return text.days(Math.round(ms / 86400000));
}
