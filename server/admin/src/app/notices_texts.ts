import { plural, texts } from '../lib/i18n.ts';

export const t = texts({
  title: 'Notifications', bell: (n: number) => (n ? `Notifications : ${plural(n, 'nouvelle')}` : 'Notifications'), none: 'Rien de nouveau. Ce qui attend votre avis, et ce qui arrive à vos contenus, paraîtra ici.',
  fresh: 'Nouveau :', readAll: 'Tout marquer comme lu', choose: 'Choisir ce qui arrive aussi par courriel',
  told: {
    approval_wanted: (title: string, by: string) => `${by} demande votre approbation : « ${title} »`,
    approval_given: (title: string, by: string) => `${by} a approuvé « ${title} »`,
    sent_back: (title: string, by: string) => `${by} vous renvoie « ${title} » : `,
    emergency_waiting: (title: string, by: string) => `${by} demande de confirmer l’urgence « ${title} »`,
    screen_silent: (title: string, _by: string) => `L’écran « ${title} » ne répond plus depuis plus d’une heure`,
    ends_soon: (title: string, _by: string) => `« ${title} » quitte les écrans dans moins d’une semaine`,
  },
}, {
  title: 'Notices', bell: (n) => (n ? `Notices: ${n} new` : 'Notices'), none: 'Nothing new. What waits for you, and what becomes of what you write, will stand here.',
  fresh: 'New:', readAll: 'Mark all as read', choose: 'Choose what also comes by e-mail',
  told: {
    approval_wanted: (title, by) => `${by} asks for your approval: “${title}”`,
    approval_given: (title, by) => `${by} approved “${title}”`,
    sent_back: (title, by) => `${by} sent back “${title}”: `,
    emergency_waiting: (title, by) => `${by} asks to confirm the emergency “${title}”`,
    screen_silent: (title) => `The screen “${title}” has not answered for more than an hour`,
    ends_soon: (title) => `“${title}” leaves the screens in less than a week`,
  },
});
