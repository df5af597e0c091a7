import { texts } from '../../lib/i18n.ts';

export const t = texts({
  title: 'Connexion', user: 'Compte', password: 'Mot de passe', send: 'Se connecter',
  againTitle: 'Votre session a pris fin', againText: 'Reconnectez-vous pour continuer : ce que vous avez saisi est toujours là.',
}, {
  title: 'Log in', user: 'Account', password: 'Password', send: 'Log in',
  againTitle: 'Your session has ended', againText: 'Log in again to go on: what you typed is still here.',
});
