// Brings the script of the reader's language: chosen before (src/lib/i18n.ts), else the browser's.
const chosen = localStorage.getItem('vitrine.lang') ?? navigator.language;
if (chosen.startsWith('en')) import('/admin/desk-en.js');
else import('/admin/desk-fr.js');
