// A partner's file from the drop to the records and back: columns, rehearsal, result, undo.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { axe, login, look, site } from './harness.mjs';

const here = await site();

const LIST = `Partenaires 2026;;;;;
N° SIRET;Raison sociale;Ville;CP;Adresse mail;Remarque
39359706700023;Les Jardins d’Essai;Rouen;76000;bonjour@jardins.example;à rappeler
3935970670002;Trop court;Rouen;76000;;
;Sans clé;Rouen;76000;;
39359706700023;Les Jardins bis;Rouen;76000;;
`;

const file = (name, text) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
const button = (page, name) => page.getByRole('button', { name });

async function drop(page, one) {
  await page.goto('/admin/imports');
  await page.getByRole('heading', { level: 1, name: 'Imports' }).waitFor();
  await page.locator('input[type=file]').setInputFiles(one);
  await page.getByRole('heading', { level: 1, name: one.name ?? '' }).waitFor();
}

test('an administrator imports a list, sees each row’s fate, applies and undoes it', async (t) => {
  const page = await here.page(t);
  await login(page);
  await page.goto('/admin/imports');
  await page.getByRole('heading', { name: 'Aucun import pour l’instant' }).waitFor();
  await look(page, 'imports-empty');
  await drop(page, file('partenaires.csv', LIST));

  assert.equal(await page.getByLabel('Champ pour « N° SIRET »').inputValue(), 'siret', 'the title above the header was passed over');
  assert.equal(await page.getByLabel('Champ pour « Adresse mail »').inputValue(), 'courriel');
  assert.equal(await page.getByLabel('Champ pour « Remarque »').inputValue(), '', 'what is not known is left out');
  await look(page, 'imports-columns');

  // Without a key the records would not be found again.
  await page.getByLabel('Champ pour « N° SIRET »').selectOption('');
  page.allowed.push(/400/);
  await button(page, 'Répéter l’import').click();
  await page.getByText('il faut une colonne SIRET').waitFor();
  await page.getByLabel('Champ pour « N° SIRET »').selectOption('siret');
  await page.getByLabel('Nom de la source').fill('adress');
  await page.getByLabel('Publier tout de suite').check();
  await button(page, 'Répéter l’import').click();

  await page.getByRole('heading', { name: 'Ce que l’import ferait' }).waitFor();
  const row = (name) => page.getByRole('row').filter({ hasText: name });
  await row('Les Jardins d’Essai').getByText('créée').waitFor();
  await row('Trop court').getByText('13 chiffres au lieu de 14').waitFor();
  await row('Les Jardins bis').getByText('même SIRET qu’à la ligne 3').waitFor();
  await look(page, 'imports-rehearsal');
  await page.getByRole('radio', { name: 'Refusées (2)' }).check();
  await row('Les Jardins d’Essai').waitFor({ state: 'detached' });
  await row('Sans clé').waitFor();
  assert.equal((await page.request.get('/api/v1/organisations/siret-39359706700023')).status(), 404, 'nothing changed yet');

  await button(page, 'Appliquer (1)').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Appliquer' }).click();
  await page.getByRole('heading', { name: 'Ce que l’import a fait' }).waitFor();
  const record = await page.request.get('/api/v1/organisations/siret-39359706700023');
  assert.equal((await record.json()).state, 'published');
  await look(page, 'imports-applied');
  await page.reload(); // it is found again where it was
  await button(page, 'Annuler l’import').click();
  await axe(page);
  await page.getByRole('dialog').getByRole('button', { name: 'Annuler l’import' }).click();
  await page.getByText('Fiches remises comme avant : 1').waitFor();
  assert.equal((await page.request.get('/api/v1/organisations/siret-39359706700023')).status(), 404);
  await page.goto('/admin/imports');
  await page.getByRole('row').filter({ hasText: 'partenaires.csv' }).getByText('Annulé').waitFor();
  await look(page, 'imports-list');
});

test('changes are shown field by field', async (t) => {
  const page = await here.page(t);
  await login(page);
  const demo = readFileSync(join(here.root, 'assets/demo/annuaire.csv'), 'utf8');
  const lines = demo.split('\n');
  const name = lines[1].split(';')[lines[0].split(';').indexOf('nom')];
  await drop(page, file('annuaire.csv', demo.replace(name, `${name} (nouveau nom)`)));
  await page.getByText('Format reconnu : vitrine').waitFor();
  await page.getByLabel('Publier tout de suite').check();
  await button(page, 'Répéter l’import').click();
  await page.getByRole('heading', { name: 'Ce que l’import ferait' }).waitFor();
  await page.getByRole('radio', { name: 'Modifiées (1)' }).check();
  const row = page.getByRole('row').filter({ hasText: '(nouveau nom)' });
  assert.equal(await row.locator('del').textContent(), name);
  await look(page, 'imports-changes');
});

test('a contributor imports drafts from an agenda, with the keyboard', async (t) => {
  const page = await here.page(t);
  await login(page, 'lea');
  const ics = readFileSync(join(here.root, 'assets/demo/evenements.ics'), 'utf8').replaceAll('UID:', 'UID:essai-');
  await drop(page, { name: 'agenda.ics', mimeType: 'text/calendar', buffer: Buffer.from(ics) });
  assert.equal(await page.getByLabel('Publier tout de suite').count(), 0, 'publishing at once is not hers');
  await button(page, 'Répéter l’import').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Ce que l’import ferait' }).waitFor();
  await button(page, /^Appliquer/).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Appliquer' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Ce que l’import a fait' }).waitFor();
  const waiting = await (await page.request.get('/api/v1/events?state=submitted&limit=200')).json();
  assert.ok(waiting.items.some((one) => one.id.startsWith('essai-')), 'they wait for somebody’s approval');
});

test('what is no table is refused in words, and nothing is lost', async (t) => {
  const page = await here.page(t);
  page.allowed.push(/400/);
  await login(page);
  await page.goto('/admin/imports');
  await page.locator('input[type=file]').setInputFiles({ name: 'plaquette.csv', mimeType: 'text/csv', buffer: Buffer.from('%PDF-1.7\n') });
  await page.getByRole('alert').getByText('PDF').waitFor();
  await look(page, 'imports-refused');
});
