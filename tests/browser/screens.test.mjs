// Screens as an operator meets them: finding one in trouble, the map, a new player that comes with
// its code, what may be asked of it, and how it is described.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { axe, hasFocus, login, look, pressOn, site, tabTo, WIDE } from './harness.mjs';

const here = await site();
const { command } = here;

// A real player, without a window; it shows its code in its log as on its screen.
async function player(t) {
  const folder = mkdtempSync(join(tmpdir(), 'vitrine-player-'));
  const child = spawn(join(here.build, 'vitrine-player'),
    ['--server', here.url, '--state', folder, '--backend', 'surface', '--windowed', '1280x720'],
    { env: { ...process.env, SDL_VIDEODRIVER: 'dummy', LSAN_OPTIONS: `suppressions=${join(here.root, 'tests/lsan.supp')}` }, stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (piece) => { log += piece; });
  t.after(async () => {
    if (child.exitCode === null) {
      await new Promise((done) => {
        child.on('exit', done);
        child.kill('SIGTERM');
      });
    }
    rmSync(folder, { recursive: true, force: true });
  });
  for (let i = 0; i < 300; i += 1) {
    const code = /event=enrolment_code .*code=([0-9A-Z-]+)/.exec(log)?.[1];
    if (code) return { code, child };
    await new Promise((done) => setTimeout(done, 100));
  }
  return assert.fail(`no code: ${log}`);
}

test('a screen is found by its name, its site and its state', async (t) => {
  const page = await here.page(t);
  await login(page);
  await page.goto('/admin/screens');
  await page.getByRole('heading', { name: 'Écrans', level: 1 }).waitFor();
  const cards = page.getByRole('heading', { level: 2 });
  await page.getByRole('status').getByText('4 écrans').or(page.getByText('4 écrans', { exact: true })).first().waitFor();
  // The pictures are the real frames.
  const frame = page.getByRole('img', { name: /Ce que montre Créapolis – hall/ });
  await frame.waitFor();
  await page.waitForFunction((one) => one.complete && one.naturalWidth > 100, await frame.elementHandle());
  await look(page, 'screens-list');

  await page.getByRole('searchbox', { name: 'Chercher un écran' }).fill('theatre arts');
  await page.getByText('1 sur 4 écrans').waitFor();
  assert.match(await cards.first().textContent(), /Théâtre des Arts/);
  await page.reload();
  assert.equal(await page.getByRole('searchbox', { name: 'Chercher un écran' }).inputValue(), 'theatre arts', 'the filter stands in the address');
  await page.getByRole('searchbox', { name: 'Chercher un écran' }).fill('zzz');
  await page.getByRole('button', { name: 'Retirer les filtres' }).click();
  await page.getByLabel('Groupe').selectOption({ label: 'Pépinières d’entreprises' });
  await page.getByRole('region', { name: /Pour les \d écrans de «\sPépinières/ }).getByRole('button', { name: 'Identifier' }).click();
  await page.getByText(/Demande envoyée à \d écrans/).waitFor();
});

test('the map is walked by keyboard, and its list is the same', async (t) => {
  const page = await here.page(t);
  await login(page);
  await page.goto('/admin/screens?view=map');
  const map = page.getByRole('group', { name: 'Carte des sites' });
  await map.waitFor();
  assert.equal(await map.locator('path.sc-commune').count(), 71);
  const points = map.getByRole('button');
  assert.ok(await points.count() >= 2);
  await look(page, 'screens-map');
  const theatre = map.getByRole('button', { name: /Théâtre des Arts/ });
  await pressOn(page, theatre);
  await hasFocus(page, page.getByRole('heading', { name: 'Sites et écrans' }));
  await page.getByRole('link', { name: 'Astuce – Théâtre des Arts' }).waitFor();
  await page.getByRole('button', { name: 'Réduire' }).click();
  await page.getByRole('button', { name: 'Vers le nord' }).click();
  await axe(page);
  await page.getByRole('button', { name: 'Voir toute la carte' }).click();
  await page.getByRole('button', { name: 'Tous les sites' }).click();
  for (const name of ['Actipolis – accueil', 'Créapolis – hall d’entrée']) await page.getByRole('link', { name }).waitFor();
});

test('a player that comes is enrolled by its code and its fingerprint, and looked after', { timeout: 150000 }, async (t) => {
  const page = await here.page(t);
  await login(page);
  const { code } = await player(t);
  const pending = JSON.parse(await (await page.context().request.get('/api/v1/enrolments')).text()).enrolments.find((one) => one.code === code);

  await page.goto('/admin/screens');
  await page.getByText('1 lecteur attend d’être rattaché.').waitFor();
  await page.getByRole('link', { name: 'Rattacher un écran' }).click();
  const field = page.getByRole('textbox', { name: 'Code affiché par l’écran' });
  // What is mistyped is kept, and the error says what to do.
  await field.fill('AB');
  await page.getByRole('button', { name: 'Chercher ce lecteur' }).click();
  await page.getByText('Un code compte huit lettres et chiffres').waitFor();
  assert.equal(await field.inputValue(), 'AB');
  await field.fill('zzzz zzzz');
  await page.getByRole('button', { name: 'Chercher ce lecteur' }).click();
  await page.getByText('vérifiez que le lecteur est branché').waitFor();
  await look(page, 'enrol-code');
  await field.fill(code.toLowerCase().replace('-', ''));
  await field.press('Enter');
  for (const part of pending.fingerprint.split('-')) await page.getByText(part, { exact: true }).waitFor();
  await look(page, 'enrol-fingerprint');
  await page.getByRole('button', { name: 'Oui, ce sont les mêmes' }).click();
  await page.getByRole('button', { name: 'Rattacher', exact: true }).click();
  await page.getByText('Choisissez l’écran.').waitFor();
  await page.getByRole('radio', { name: 'Un nouvel écran' }).check({ force: true });
  await page.getByLabel('Nom', { exact: false }).first().fill('Innopolis – accueil');
  await page.getByLabel('Site', { exact: true }).selectOption({ label: 'Innopolis' });
  await page.getByLabel('Diagonale').fill('102');
  await look(page, 'enrol-screen');
  await page.getByRole('button', { name: 'Rattacher', exact: true }).click();
  await page.getByRole('heading', { name: '« Innopolis – accueil » est rattaché' }).waitFor();
  await page.getByText('Il répond et reçoit son programme.').waitFor({ timeout: 60000 });
  await look(page, 'enrol-done');

  // The machine behind it answers: a picture of what it really shows.
  await page.getByRole('link', { name: 'Voir l’écran' }).click();
  await page.getByText('Le lecteur répond (').waitFor();
  await page.getByRole('button', { name: 'Demander une capture' }).first().click();
  const picture = page.getByRole('img', { name: 'Capture de Innopolis – accueil' });
  await picture.waitFor({ timeout: 45000 });
  await picture.scrollIntoViewIfNeeded();
  await page.waitForFunction((one) => one.complete && one.naturalWidth > 100, await picture.elementHandle());
  await page.getByRole('list', { name: 'Commandes' }).getByText('fait').first().waitFor();
  await page.getByRole('button', { name: 'Identifier' }).click();
  await page.getByText(/affiche le numéro \d+/).waitFor();
  await look(page, 'screen-now');

  await page.getByRole('link', { name: 'Défauts' }).click();
  await page.getByText('Aucun défaut').first().waitFor();
  await page.getByRole('link', { name: 'Maintenant' }).click();
  await page.getByRole('button', { name: 'Révoquer le lecteur' }).click();
  const sure = page.getByRole('dialog');
  await axe(page);
  await sure.getByRole('button', { name: 'Révoquer le lecteur' }).click();
  await page.getByText('Aucun lecteur n’est attaché à cet écran.').waitFor();
});

test('nobody restarts a screen by mistake', async (t) => {
  const page = await here.page(t);
  await login(page);
  const { code } = await player(t);
  command('screen', 'approve', code, '--as', 'creapolis-hall');
  await page.goto('/admin/screens/creapolis-hall');
  await page.getByText('Le lecteur répond (').waitFor();
  assert.ok(await page.getByRole('button', { name: 'Redémarrer' }).isVisible());
  await page.getByRole('button', { name: 'Redémarrer' }).click();
  await axe(page);
  await page.getByRole('dialog').getByRole('button', { name: 'Annuler' }).click();
});

test('hours, size and distance are described, and what cannot be read from there is told', async (t) => {
  const page = await here.page(t);
  await login(page);
  await page.goto('/admin/screens/creapolis-hall?tab=settings');
  const distance = page.getByLabel('Distance des gens');
  await distance.waitFor();
  const told = page.getByRole('region', { name: 'Lisibilité' });
  await told.getByRole('table').waitFor();
  await distance.fill('12');
  await told.getByText(/À 12 m ce texte est trop petit/).waitFor();
  await told.getByText('trop petit', { exact: true }).first().waitFor();
  await page.getByText(/contenus? publiés? n.y tien|contenus publiés y tiennent/).waitFor();
  // Hours, by keyboard alone.
  await tabTo(page, page.getByRole('radio', { name: 'Toujours allumé' }), { back: true });
  await page.keyboard.press('ArrowRight');
  const monday = page.getByLabel('Lundi, De');
  await tabTo(page, monday);
  await page.keyboard.type('0730');
  await pressOn(page, page.getByRole('button', { name: 'Recopier lundi jusqu’à vendredi' }));
  assert.equal(await page.getByLabel('Vendredi, De').inputValue(), '07:30');
  await pressOn(page, page.getByRole('button', { name: 'Ajouter des heures (Samedi)' }), { back: true });
  // Where nothing lies under the bar at the bottom, then as it is seen.
  await page.setViewportSize({ width: 1440, height: 2600 });
  await axe(page);
  await page.setViewportSize(WIDE);
  await look(page, 'screen-settings', { axe: { rules: { 'target-size': { enabled: false } } } });
  // What is typed survives a reload.
  await page.reload();
  await page.getByText('Vos changements non enregistrés ont été retrouvés.').waitFor();
  assert.equal(await page.getByLabel('Lundi, De').inputValue(), '07:30');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('Enregistré', { exact: true }).first().waitFor();
  const saved = await (await page.context().request.get('/api/v1/screens/creapolis-hall')).json();
  assert.equal(saved.viewing_distance_mm, 12000);
  assert.deepEqual(saved.opening, [{ days: ['mo', 'tu', 'we', 'th', 'fr'], from: '07:30', until: '19:00' },
    { days: ['sa'], from: '08:00', until: '19:00' }, { holidays: true, closed: true }]);
  await page.getByRole('link', { name: 'Historique' }).click();
  await page.getByText('admin').first().waitFor();
  await look(page, 'screen-history');
});

test('who may only read is shown everything and given nothing to press', async (t) => {
  const page = await here.page(t);
  await login(page, 'ines');
  await page.goto('/admin/screens');
  await page.getByRole('link', { name: /Théâtre des Arts/ }).click();
  await page.getByRole('region', { name: 'Santé' }).waitFor();
  for (const name of ['Redémarrer', 'Demander une capture', 'Révoquer le lecteur']) {
    assert.equal(await page.getByRole('button', { name }).count(), 0, name);
  }
  await page.getByRole('link', { name: 'Réglages' }).click();
  assert.ok(await page.getByLabel('Nom').isDisabled());
});
