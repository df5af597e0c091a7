// People, sites and groups, and the log, as an administrator keeps them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { login, look, pressOn, site, typeInto } from './harness.mjs';

const here = await site();

const open = async (t, path, user = 'admin') => {
  const page = await here.page(t);
  await login(page, user);
  await page.goto(`/admin${path}`);
  return page;
};

test('somebody is added by keyboard alone, gets a link, and comes in by it', async (t) => {
  const page = await open(t, '/people');
  await page.getByRole('table').waitFor();
  await look(page, 'people');
  await pressOn(page, page.getByRole('link', { name: 'Ajouter une personne' }));
  await typeInto(page, page.getByLabel('Compte', { exact: true }), 'zoe');
  await typeInto(page, page.getByLabel('Nom', { exact: false }).first(), 'Zoé Bernard');
  await typeInto(page, page.getByLabel('Adresse de courriel'), 'zoe@ville.example');
  await look(page, 'person-new');
  await pressOn(page, page.getByRole('button', { name: 'Créer le compte' }));
  await page.getByRole('heading', { level: 1, name: 'Zoé Bernard' }).waitFor();
  await look(page, 'person');
  await page.getByRole('button', { name: 'Faire un lien' }).click();
  const dialog = page.getByRole('dialog', { name: 'Le lien à donner' });
  const link = await dialog.getByLabel('Lien pour choisir un mot de passe').inputValue();
  assert.match(link, /\/admin\/reset#\S{20,}/);
  await look(page, 'person-link', { full: false });
  await page.keyboard.press('Escape');

  const zoe = await here.page(t);
  await zoe.goto(`/admin/reset${link.slice(link.indexOf('#'))}`);
  await zoe.getByText('Pour le compte zoe.').waitFor();
});

test('a role is explained, changed, and takes effect; what is refused is said by its field', async (t) => {
  const page = await open(t, '/people/lea');
  const validation = page.getByRole('radio', { name: /Validation/ });
  await validation.check();
  await page.getByRole('combobox', { name: 'Sites' }).click();
  await page.getByRole('option').first().click();
  await page.getByLabel('Peut lancer un message d’urgence').check();
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('Enregistré', { exact: true }).waitFor();
  await page.reload();
  assert.ok(await validation.isChecked());
  await page.getByLabel('Identifiant chez le fournisseur').fill('sub-de-lea');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.locator('.wrong', { hasText: 'fournisseur d’identité' }).waitFor();
  assert.equal(await page.getByLabel('Identifiant chez le fournisseur').inputValue(), 'sub-de-lea');
  await look(page, 'person-wrong');
});

test('two people change one account: both see it, and nothing is lost', async (t) => {
  const mine = await open(t, '/people/paul'), theirs = await open(t, '/people/paul');
  await mine.getByLabel('Nom', { exact: false }).first().fill('Paul Petit');
  await theirs.getByLabel('Nom', { exact: false }).first().fill('Paul Grand');
  await theirs.getByLabel('Adresse de courriel').fill('grand@ville.example');
  await theirs.getByRole('button', { name: 'Enregistrer' }).click();
  await theirs.getByText('Enregistré', { exact: true }).waitFor();
  await mine.getByRole('button', { name: 'Enregistrer' }).click();
  const dialog = mine.getByRole('dialog', { name: /Quelqu’un d’autre/ });
  await dialog.getByText('Paul Grand').waitFor();
  await look(mine, 'person-conflict', { full: false });
  await dialog.getByRole('button', { name: 'Enregistrer ce choix' }).click();
  await mine.getByRole('heading', { level: 1, name: 'Paul Petit' }).waitFor();
  assert.equal(await mine.getByLabel('Adresse de courriel').inputValue(), 'grand@ville.example');
});

test('an account is closed and opened again', async (t) => {
  const page = await open(t, '/people/ines');
  await page.getByRole('button', { name: 'Fermer le compte' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Fermer le compte' }).click();
  await page.getByRole('button', { name: 'Rouvrir le compte' }).waitFor();
  await page.goto('/admin/people');
  await page.getByRole('table').waitFor();
  assert.equal(await page.getByRole('link', { name: 'ines' }).count(), 0);
  await page.getByLabel('Montrer aussi les comptes fermés').check();
  await page.getByRole('link', { name: 'ines' }).click();
  await page.getByRole('button', { name: 'Rouvrir le compte' }).click();
  await page.getByRole('button', { name: 'Fermer le compte' }).waitFor();
  await page.goto('/admin/people?q=personne-de-ce-nom');
  await page.getByRole('heading', { name: 'Personne ne correspond' }).waitFor();
  await look(page, 'people-none');
});

test('a site and a group are made, and the group gets its screens', async (t) => {
  const page = await open(t, '/sites');
  await page.getByRole('heading', { level: 2, name: 'Groupes' }).waitFor();
  await look(page, 'sites');
  await page.getByRole('link', { name: 'Ajouter un site' }).click();
  await page.getByLabel('Nom').fill('Hôtel des Sociétés savantes');
  await page.getByLabel('Commune').fill('Rouen');
  await page.getByRole('button', { name: 'Créer' }).click();
  await page.getByRole('heading', { level: 1, name: 'Hôtel des Sociétés savantes' }).waitFor();
  await look(page, 'site');
  await page.goto('/admin/sites/groups/new');
  await page.getByLabel('Nom').fill('Halls d’accueil');
  await page.getByRole('button', { name: 'Créer' }).click();
  await page.getByRole('heading', { level: 1, name: 'Halls d’accueil' }).waitFor();
  const members = page.getByRole('region', { name: 'Écrans du groupe' });
  await members.getByRole('checkbox').first().check();
  await members.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('Écrans du groupe enregistrés').waitFor();
  await look(page, 'group');
  await page.reload();
  assert.ok(await members.getByRole('checkbox').first().isChecked());
  await page.getByRole('button', { name: 'Supprimer' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Annuler' }).click();
});

test('the log says who did what, leads to it, and leaves as a table', async (t) => {
  const page = await open(t, '/audit');
  await page.getByRole('table').waitFor();
  await look(page, 'audit');
  await page.getByLabel('Quoi', { exact: true }).selectOption({ label: 'Compte' });
  await page.getByRole('link', { name: 'zoe' }).first().waitFor();
  const waiting = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Télécharger (CSV)' }).click();
  const table = readFileSync(await (await waiting).path(), 'utf8');
  assert.match(table, /"admin";"user\.create";"zoe"/);
  await page.getByRole('link', { name: 'zoe' }).first().click();
  await page.getByRole('heading', { level: 1, name: 'Zoé Bernard' }).waitFor();
  await page.goto('/admin/audit?subject=rien-de-tel');
  await page.getByRole('heading', { name: 'Rien de tel' }).waitFor();
  await look(page, 'audit-none');
});

test('who may not keep people is told so', async (t) => {
  const page = await open(t, '/people', 'nadia');
  await page.getByRole('heading', { name: 'Votre rôle ne permet pas d’ouvrir cette page' }).waitFor();
  await look(page, 'people-denied');
});
