// Roles in plain words, from the one that may least.
import { texts } from '../../lib/i18n.ts';

export const ROLES = ['reader', 'contributor', 'validator', 'publisher', 'site_operator', 'administrator'] as const;
export type Role = (typeof ROLES)[number];

const words = texts({
  reader: ['Lecture', 'Voit tout, ne change rien.'],
  contributor: ['Rédaction', 'Écrit des contenus et demande leur approbation.'],
  validator: ['Validation', 'Écrit, et approuve ou renvoie ce que d’autres ont écrit.'],
  publisher: ['Publication', 'Écrit, approuve et met à l’écran.'],
  site_operator: ['Exploitation des écrans', 'Rattache, règle et surveille les écrans. N’écrit pas de contenus.'],
  administrator: ['Administration', 'Tout ce qui précède, et les comptes et réglages.'],
}, {
  reader: ['Reading', 'Sees everything, changes nothing.'],
  contributor: ['Writing', 'Writes content and asks for approval.'],
  validator: ['Validation', 'Writes, and approves or sends back what others wrote.'],
  publisher: ['Publication', 'Writes, approves and puts on screen.'],
  site_operator: ['Running screens', 'Enrols, sets up and watches screens. Writes no content.'],
  administrator: ['Administration', 'All of the above, and accounts and settings.'],
});

export const roleName = (role: string) => words[role as Role]?.[0] ?? role;
export const roleHelp = (role: Role) => words[role][1];
