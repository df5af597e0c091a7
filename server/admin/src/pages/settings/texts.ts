import { plural, texts } from '../../lib/i18n.ts';

export const t = texts({
  about: 'Ce qui vaut pour toute l’installation.', tabs: { days: 'Jours fériés', exposure: 'Exposition', mail: 'Courriel', installation: 'Installation', version: 'À propos' },
  // Holidays.
  daysText: 'Les règles « sauf jours fériés » et les horaires d’ouverture s’y réfèrent. Les onze jours nationaux sont déjà là ; ajoutez les vôtres.',
  national: 'Compter les jours fériés nationaux', own: 'Vos jours', ownNone: 'Aucun jour à vous pour l’instant : une fête locale, un pont de la mairie…',
  dayName: 'Nom', date: 'Date', yearly: 'Chaque année', addDay: 'Ajouter un jour', remove: (s: string) => `Retirer ${s || 'cette ligne'}`,
  without: 'Jours où l’on est ouvert quand même', withoutHelp: 'Par exemple un lundi de Pentecôte travaillé.', addWithout: 'Ajouter une date',
  school: 'Vacances scolaires', from: 'Du', until: 'Au', addSchool: 'Ajouter des vacances', easter: (n: number) => `${plural(n, 'jour')} après Pâques`,
  next: 'Les douze prochains mois', save: 'Enregistrer', saved: 'Enregistré', missing: 'Donnez un nom et une date à chaque ligne.',
  // Exposure.
  exposureText: 'Le temps d’écran dû à chaque structure de l’annuaire, par semaine, sur tout le réseau. « Chiffres » dit qui ne l’a pas.',
  minimum: 'Exposition minimale par structure', unit: 'minutes par semaine', minimumHelp: '0 : rien n’est dû.',
  // Mail.
  mailOff: 'Ce serveur n’envoie pas de courriel', mailOffText: 'Les notifications restent dans la cloche du bureau. Pour les envoyer aussi, réglez mail_server et mail_from (onglet Installation).',
  mailOn: (server: string) => `Envoyé par ${server}`, mailFrom: 'Expéditeur', mailWaiting: 'En attente', mailSent: 'Envoyés depuis le démarrage', mailLast: 'Dernier envoi', mailError: 'Dernier échec',
  mailNever: 'aucun', mailTest: 'M’envoyer un essai', mailTested: 'Le message d’essai est en route vers votre adresse', oldest: (when: string) => `le plus ancien ${when}`,
  // Installation.
  installationText: 'Ces réglages se donnent là où tourne le serveur ; ils ne se changent pas d’ici. Le serveur les relit quand il redémarre.',
  howFile: (file: string) => `Dans ${file}, une ligne « clé = valeur ».`, howNoFile: 'Dans /etc/vitrine/server.conf, une ligne « clé = valeur ».',
  howRest: 'Une variable (VITRINE_LISTEN) ou une option (--listen) l’emporte sur le fichier. « vitrine-server config --reference » les explique tous.',
  key: 'Réglage', value: 'Valeur', source: 'D’où', none: '(rien)', onlyGiven: 'Seulement ce qui a été réglé', fallback: 'défaut',
  // About.
  version: 'Version', since: 'En marche depuis', versionText: 'Vitrine affiche les structures de l’économie sociale et solidaire sur les écrans de la ville.',
  licence: 'Licences', licenceText: 'Vitrine est un logiciel libre ; son texte de licence est dans le fichier LICENSE du programme. Il s’appuie sur :',
  parts: ['Atkinson Hyperlegible Next, police du Braille Institute (SIL OFL 1.1)', 'Preact, dans cette page (MIT)', 'SQLite (domaine public), libmicrohttpd (LGPL), libcurl, OpenSSL (Apache 2.0), libsodium (ISC)', 'SDL (zlib), FFmpeg et libvips (LGPL), libical (MPL 2.0), libqrencode (LGPL), cJSON (MIT)'],
  api: 'Description de l’API (OpenAPI)',
}, {
  about: 'What holds for the whole installation.', tabs: { days: 'Public holidays', exposure: 'Exposure', mail: 'E-mail', installation: 'Installation', version: 'About' },
  daysText: 'Rules “except on public holidays” and opening hours go by them. The eleven national days are there already; add your own.',
  national: 'Count the national public holidays', own: 'Your days', ownNone: 'No day of yours yet: a local feast, a bridge day of the town hall…',
  dayName: 'Name', date: 'Date', yearly: 'Every year', addDay: 'Add a day', remove: (s) => `Remove ${s || 'this line'}`,
  without: 'Days that are open all the same', withoutHelp: 'A worked Whit Monday, say.', addWithout: 'Add a date',
  school: 'School holidays', from: 'From', until: 'Until', addSchool: 'Add holidays', easter: (n) => `${plural(n, 'day')} after Easter`,
  next: 'The next twelve months', save: 'Save', saved: 'Saved', missing: 'Give each line a name and a date.',
  exposureText: 'The time on screens that each organisation of the directory is due a week, on the whole network. “Figures” tells who goes short of it.',
  minimum: 'Minimum exposure of an organisation', unit: 'minutes a week', minimumHelp: '0: nothing is due.',
  mailOff: 'This server sends no e-mail', mailOffText: 'Notices stay under the desk’s bell. To send them too, set mail_server and mail_from (tab Installation).',
  mailOn: (server) => `Sent by ${server}`, mailFrom: 'Sender', mailWaiting: 'Waiting', mailSent: 'Sent since the start', mailLast: 'Last sent', mailError: 'Last failure',
  mailNever: 'none', mailTest: 'Send me a test', mailTested: 'The test message is on its way to your address', oldest: (when) => `the oldest ${when}`,
  installationText: 'These settings are given where the server runs; they cannot be changed from here. The server reads them again when it starts.',
  howFile: (file) => `In ${file}, a line “key = value”.`, howNoFile: 'In /etc/vitrine/server.conf, a line “key = value”.',
  howRest: 'A variable (VITRINE_LISTEN) or an option (--listen) overrides the file. “vitrine-server config --reference” explains them all.',
  key: 'Setting', value: 'Value', source: 'From', none: '(nothing)', onlyGiven: 'Only what has been set', fallback: 'default',
  version: 'Version', since: 'Running since', versionText: 'Vitrine shows the organisations of the social economy on the city’s screens.',
  licence: 'Licences', licenceText: 'Vitrine is free software; the text of its licence is in the program’s LICENSE file. It stands on:',
  parts: ['Atkinson Hyperlegible Next, a typeface of the Braille Institute (SIL OFL 1.1)', 'Preact, in this page (MIT)', 'SQLite (public domain), libmicrohttpd (LGPL), libcurl, OpenSSL (Apache 2.0), libsodium (ISC)', 'SDL (zlib), FFmpeg and libvips (LGPL), libical (MPL 2.0), libqrencode (LGPL), cJSON (MIT)'],
  api: 'Description of the API (OpenAPI)',
});
