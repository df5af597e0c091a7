// Draws the user guide's pictures anew (./dev guide): docs/guide/<name>.jpg, of a real server with the
// demonstration content, as docs/guide.md shows them.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { login, settled, site } from './harness.mjs';

const SIZE = { width: 1200, height: 780 };
const MOST_BYTES = 90000;

const here = await site();
const folder = join(here.root, 'docs/guide');
mkdirSync(folder, { recursive: true });

async function picture(page, name) {
  await settled(page);
  await page.locator('.waiting').first().waitFor({ state: 'detached', timeout: 20000 });
  await page.waitForFunction(() => ![...document.querySelectorAll('.frame.wait')].some((one) => one.getBoundingClientRect().top < innerHeight && one.querySelector('img')),
    null, { timeout: 20000 });
  await page.waitForFunction(() => !/se dessinent? ?…|en préparation…/.test(document.querySelector('main')?.innerText ?? ''), null, { timeout: 20000 });
  await page.waitForTimeout(300); // pictures fade in
  for (let quality = 84; ; quality -= 8) {
    const bytes = await page.screenshot({ type: 'jpeg', quality, animations: 'disabled' });
    if (bytes.length <= MOST_BYTES) {
      writeFileSync(join(folder, `${name}.jpg`), bytes);
      return;
    }
    assert.ok(quality > 40, `${name} does not fit in ${MOST_BYTES} bytes`);
  }
}

// Something of everybody's day: texts that wait for approval, people with names.
async function live(t) {
  const page = await here.page(t);
  const ask = async (session, method, path, data, etag) => {
    const answer = await page.context().request.fetch(`/api/v1${path}`, { method, data,
      headers: { Origin: page.origin, 'X-CSRF-Token': session.csrf, ...(etag && { 'If-Match': etag }) } });
    assert.ok(answer.ok(), `${method} ${path}: ${await answer.text()}`);
    return answer;
  };
  const admin = await login(page);
  for (const [name, display] of [['ines', 'Inès Roy'], ['lea', 'Léa Martin'], ['nadia', 'Nadia Benali'], ['paul', 'Paul Lefèvre'], ['omar', 'Omar Diallo']]) {
    const held = await ask(admin, 'GET', `/users/${name}`);
    const { role, sites, alert, email, active, oidc_subject } = await held.json();
    await ask(admin, 'PUT', `/users/${name}`, { name, role, sites, alert, email, active, oidc_subject, display }, held.headers().etag);
  }
  const lea = await login(page, 'lea');
  for (const [id, title, text] of [['marche-de-noel', 'Marché solidaire de Noël', 'Samedi 12 décembre, place du Vieux-Marché, dès 10 h.'],
    ['atelier-velo-hiver', 'Réparez votre vélo avant l’hiver', 'Chaque mercredi, l’atelier prête ses outils.']]) {
    const made = await ask(lea, 'POST', '/announcements', { id, title, text, pictogram: 'info', severity: 'info', from: '2026-01-01', until: '2029-12-31' });
    await ask(lea, 'POST', `/announcements/${id}/submit`, undefined, made.headers().etag);
  }
}

// Name, where, and what is done there before the picture is taken.
const PICTURES = [
  ['aujourdhui', '/'],
  ['portraits', '/portraits'],
  ['portrait', '/portraits/portrait-aiguille-drap'],
  ['evenement', '/events', (page) => page.locator('main a[href*="/admin/events/"]:not([href$="/new"])').first().click()],
  ['annonces', '/announcements'],
  ['annuaire', '/organisations'],
  ['mediatheque', '/media'],
  ['imports', '/imports'],
  ['playlists', '/playlists'],
  ['playlist', '/playlists/astuce-journee'],
  ['programmation', '/programming?screen=astuce-theatre-des-arts&view=week'],
  ['regle', '/programming/rules/matin-astuce'],
  ['voyage', '/programming/travel?screen=astuce-theatre-des-arts'],
  ['ecrans', '/screens'],
  ['carte', '/screens?view=map'],
  ['ecran', '/screens/creapolis-hall'],
  ['approbations', '/approvals'],
  ['urgence', '/emergency'],
  ['chiffres', '/figures'],
  ['personnes', '/people'],
  ['personne', '/people/lea'],
  ['sites', '/sites'],
  ['journal', '/audit'],
  ['reglages', '/settings'],
  ['compte', '/account'],
];

test('the guide’s pictures', async (t) => {
  await live(t);
  const page = await here.page(t, { viewport: SIZE });
  await page.goto('/admin/');
  await page.getByLabel('Compte').waitFor();
  await picture(page, 'connexion');
  await login(page);
  for (const [name, place, first] of PICTURES) {
    await page.goto(`/admin${place}`);
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    if (first) {
      await settled(page);
      await first(page);
    }
    await picture(page, name);
  }
  const fresh = await here.page(t, { viewport: SIZE });
  await login(fresh, 'ines', { tour: true });
  await fresh.goto('/admin/');
  await fresh.getByRole('region', { name: /étape/ }).waitFor();
  await picture(fresh, 'visite');
});
