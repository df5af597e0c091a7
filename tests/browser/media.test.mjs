// The media library as somebody works with it: files by the armful, lines that break, pages that are
// loaded again, and another picture in the place of one that is shown.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { noise } from './png.mjs';
import { axe, login, look, shot, site } from './harness.mjs';

const here = await site();
const folder = mkdtempSync(join(tmpdir(), 'vitrine-files-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function file(name, bytes) {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}
const picture = (name, width, height, seed = 1) => file(name, noise(width, height, seed));

const line = (page, name) => page.getByRole('list', { name: 'Envois' }).getByRole('listitem').filter({ hasText: name });
const choose = (page, paths) => page.locator('input').and(page.getByLabel('Envoyer des fichiers')).setInputFiles(paths);
const offsets = (page, to) => page.on('request', (request) => {
  if (request.method() === 'PATCH') to.push(Number(request.headers()['upload-offset']));
});

async function open(t, address = '/admin/media') {
  const page = await here.page(t);
  await login(page);
  await page.goto(address);
  return page;
}

test('many files at once, each with its end', async (t) => {
  const page = await open(t);
  await choose(page, [picture('halle.png', 320, 200), picture('atelier.png', 300, 300, 2), picture('marche.png', 200, 300, 3),
    file('dessin.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>'), file('vide.png', ''), file('vrai-texte.png', 'bonjour tout le monde')]);
  for (const name of ['halle.png', 'atelier.png', 'marche.png']) await line(page, name).getByText('Envoyé', { exact: true }).waitFor({ timeout: 40000 });
  await line(page, 'dessin.svg').getByText(/Refusé.*SVG ne sont pas pris\s; exportez celui-ci en PNG ou en PDF/).waitFor();
  await line(page, 'vide.png').getByText(/Ce fichier est vide/).waitFor();
  await line(page, 'vrai-texte.png').getByText(/Refusé.*ni une image/).waitFor();
  const library = page.getByRole('main');
  for (const name of ['halle.png', 'atelier.png']) await library.getByRole('link', { name: new RegExp(`^${name}`) }).waitFor();
  await look(page, 'media');
  await page.getByRole('button', { name: 'Retirer vide.png de la liste' }).click();
  assert.equal(await line(page, 'vide.png').count(), 0);

  // The same file again is known.
  await choose(page, [join(folder, 'halle.png')]);
  await page.getByText('Déjà dans la médiathèque').waitFor();

  await page.getByRole('searchbox', { name: 'Rechercher' }).fill('ateli');
  await page.getByText('1 média', { exact: true }).waitFor();
  await page.getByRole('radio', { name: 'Liste' }).check();
  await page.getByRole('row', { name: /atelier\.png Image 300 × 300/ }).waitFor();
  await axe(page);
  await page.getByRole('searchbox', { name: 'Rechercher' }).fill('introuvable');
  await page.getByRole('heading', { name: 'Aucun média ne correspond' }).waitFor();
  await page.getByRole('button', { name: 'Retirer les filtres' }).click();
  await page.getByRole('row', { name: /halle\.png/ }).waitFor();
});

test('files dropped on the page', async (t) => {
  const page = await open(t);
  await page.getByText('Déposez vos fichiers ici').waitFor();
  const bytes = [...noise(60, 40, 9)];
  const data = await page.evaluateHandle((content) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([new Uint8Array(content)], 'depose.png', { type: 'image/png' }));
    return transfer;
  }, bytes);
  const zone = page.locator('.drop');
  await zone.dispatchEvent('dragover', { dataTransfer: data });
  await zone.dispatchEvent('drop', { dataTransfer: data });
  await line(page, 'depose.png').getByText('Envoyé', { exact: true }).waitFor({ timeout: 30000 });
});

test('a line that breaks: it goes on where it was', async (t) => {
  const page = await open(t);
  const seen = [];
  offsets(page, seen);
  let pieces = 0, broken = true;
  await page.route('**/api/v1/uploads/*', (route) => {
    if (route.request().method() === 'PATCH') pieces += 1;
    return broken && pieces >= 2 ? route.abort('connectionreset') : route.continue();
  });
  await choose(page, [picture('grande.png', 1100, 900, 5)]);
  await line(page, 'grande.png').getByText(/Interrompu à .* reprend tout seul/).waitFor();
  await shot(page, 'media-broken');
  await axe(page);
  broken = false;
  await line(page, 'grande.png').getByText('Envoyé', { exact: true }).waitFor({ timeout: 45000 });
  assert.equal(seen.filter((offset) => offset === 0).length, 1, `the beginning was sent once: ${seen}`);
});

test('a pause, then a reload of the page: the same file goes on', async (t) => {
  const page = await open(t);
  const seen = [];
  offsets(page, seen);
  let held = true;
  await page.route('**/api/v1/uploads/*', async (route) => {
    if (held && route.request().method() === 'PATCH' && seen.length > 1) return undefined; // no answer comes
    return route.continue();
  });
  page.on('dialog', (dialog) => dialog.accept());
  const path = picture('affiche.png', 1000, 1000, 7);
  await choose(page, [path]);
  await line(page, 'affiche.png').getByText(/^26\d ko envoyés/).waitFor();
  await page.getByRole('button', { name: 'Pause : affiche.png' }).click();
  await line(page, 'affiche.png').getByText(/En pause à/).waitFor();
  await page.getByRole('button', { name: 'Reprendre : affiche.png' }).click();
  await line(page, 'affiche.png').getByText(/envoyés/).waitFor();
  await page.reload();
  await line(page, 'affiche.png').getByText(/Interrompu à 26\d ko. Choisissez ou déposez de nouveau ce fichier/).waitFor();
  await shot(page, 'media-lost');
  held = false;
  seen.length = 0;
  await choose(page, [path]);
  await line(page, 'affiche.png').getByText('Envoyé', { exact: true }).waitFor({ timeout: 45000 });
  assert.equal(seen[0], 262144, 'it went on where it was');
});

test('what is shown is replaced in all its places, and only then deleted', async (t) => {
  const page = await open(t);
  const { items } = await (await page.request.get('/api/v1/portraits?state=published')).json();
  const portrait = items[0];
  await page.goto(`/admin/media/${portrait.photo.media}`);
  await page.getByRole('heading', { level: 2, name: 'Où il sert' }).waitFor();
  const name = await page.getByRole('heading', { level: 1 }).textContent();
  await page.getByRole('link', { name: portrait.leader_name }).first().waitFor();
  assert.equal(await page.getByRole('button', { name: 'Supprimer' }).count(), 0);
  await page.getByText(/Ne peut pas être supprimé tant que/).waitFor();
  await page.getByLabel('Crédit').fill('Ana Petit');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('Enregistré', { exact: true }).waitFor();
  await look(page, 'media-item');

  await page.getByRole('button', { name: 'Remplacer' }).click();
  const dialog = page.getByRole('dialog', { name: 'Remplacer par…' });
  await dialog.getByRole('list', { name: 'Médiathèque' }).waitFor();
  await axe(page);
  await shot(page, 'media-replace', { full: false });
  await dialog.getByLabel('Envoyer un fichier').setInputFiles(picture('nouvelle.png', 900, 900, 11));
  const question = page.getByRole('dialog', { name: `Remplacer « ${name} » par « nouvelle.png » ?` });
  await question.waitFor({ timeout: 40000 });
  await question.getByRole('button', { name: 'Remplacer partout' }).click();
  await page.getByRole('heading', { level: 1, name: 'nouvelle.png' }).waitFor();
  await page.getByRole('link', { name: portrait.leader_name }).first().waitFor();
  const now = await (await page.request.get(`/api/v1/portraits/${portrait.id}`)).json();
  assert.ok(page.url().endsWith(now.photo.media));
  assert.equal(now.live, true);

  await page.goto(`/admin/media/${portrait.photo.media}`);
  await page.getByText(/Nulle part pour l’instant/).waitFor();
  await page.getByRole('button', { name: 'Supprimer' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Supprimer' }).click();
  await page.getByRole('heading', { level: 1, name: 'Médiathèque' }).waitFor();
  assert.equal((await page.request.get(`/api/v1/media/${portrait.photo.media}`)).status(), 404);
});
