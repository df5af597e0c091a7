// Settings, as an administrator of the network finds and changes them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { login, look, site } from './harness.mjs';

const here = await site({ settings: { log_level: 'warn' } });

const open = async (t, path, user = 'admin') => {
  const page = await here.page(t);
  await login(page, user);
  await page.goto(`/admin${path}`);
  return page;
};

test('holidays: a day of one’s own counts from then on', async (t) => {
  const page = await open(t, '/settings');
  await page.getByText('Noël').first().waitFor();
  await look(page, 'settings-days');
  await page.getByRole('button', { name: 'Ajouter un jour' }).click();
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('Donnez un nom et une date').waitFor();
  await page.getByLabel('Nom').fill('Saint-Romain');
  await page.getByLabel('Date', { exact: true }).fill('2027-10-23');
  await page.getByLabel('Chaque année').check();
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('Enregistré', { exact: true }).waitFor();
  await page.getByRole('region', { name: 'Les douze prochains mois' }).getByText('Saint-Romain').waitFor();
  await look(page, 'settings-days-own');
  await page.getByRole('button', { name: 'Retirer Saint-Romain' }).click();
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByRole('region', { name: 'Les douze prochains mois' }).getByText('Saint-Romain').waitFor({ state: 'detached' });
});

test('the minimum exposure is kept', async (t) => {
  const page = await open(t, '/settings/exposure');
  const field = page.getByLabel('Exposition minimale par structure');
  await field.fill('12');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('Enregistré', { exact: true }).waitFor();
  await page.reload();
  await field.waitFor();
  assert.equal(await field.inputValue(), '12');
  await look(page, 'settings-exposure');
});

test('the installation tells its settings, where each comes from, and no secret', async (t) => {
  const page = await open(t, '/settings/installation');
  await page.getByRole('table').waitFor();
  const row = page.getByRole('row', { name: /log_level/ });
  assert.match(await row.innerText(), /warn[\s\S]*server\.conf/);
  await look(page, 'settings-installation');
  await page.getByLabel('Seulement ce qui a été réglé').check();
  assert.equal(await page.getByRole('row', { name: /upload_max_bytes/ }).count(), 0);
  await page.getByRole('link', { name: 'À propos' }).click();
  await page.getByText('Licences').waitFor();
  await look(page, 'settings-about');
});

test('mail that is not set up says what to do', async (t) => {
  const page = await open(t, '/settings/mail');
  await page.getByRole('heading', { name: 'Ce serveur n’envoie pas de courriel' }).waitFor();
  await look(page, 'settings-mail');
});

test('settings belong to administrators of the whole network', async (t) => {
  const page = await open(t, '/settings', 'paul');
  await page.getByRole('heading', { name: 'Votre rôle ne permet pas d’ouvrir cette page' }).waitFor();
  const answer = await page.context().request.get('/api/v1/settings');
  assert.equal(answer.status(), 403);
});
