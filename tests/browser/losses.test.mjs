// What clumsy hands and bad luck do to words that are not saved yet: nothing is lost, nothing is made twice.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { login, site } from './harness.mjs';

const here = await site();
const open = async (t, who = 'admin') => {
  const page = await here.page(t);
  page.session = await login(page, who);
  return page;
};
const call = async (page, method, path, data, headers = {}) => {
  const answer = await page.context().request.fetch(`/api/v1${path}`, { method, data,
    headers: { Origin: page.origin, 'X-CSRF-Token': page.session.csrf, ...headers } });
  assert.ok(answer.ok(), `${method} ${path}: ${answer.status()} ${await answer.text()}`);
  return answer;
};
const draft = (page, title) => call(page, 'POST', '/announcements', { title, text: 'Un texte.', from: '2026-11-01', until: '2027-12-31', pictogram: 'info', severity: 'info' })
  .then((answer) => answer.json());
const announcements = async (page, title) => (await (await call(page, 'GET', '/announcements?limit=200')).json()).items.filter((one) => one.title === title);
const title = (page) => page.getByLabel('Titre', { exact: true });
const text = (page) => page.locator('textarea').first();
const saved = (page) => page.locator('.toast', { hasText: 'Enregistré' }).first().waitFor();

test('what is typed while it saves stays', async (t) => {
  const page = await open(t);
  const { id } = await draft(page, 'Pendant');
  await page.goto(`/admin/announcements/${id}`);
  await text(page).fill('Avant.');
  await page.route(`**/announcements/${id}`, async (route) => {
    if (route.request().method() === 'PUT') await new Promise((done) => setTimeout(done, 700));
    await route.continue();
  });
  await page.keyboard.press('Control+s');
  await text(page).fill('Avant, et pendant.');
  await saved(page);
  assert.equal(await text(page).inputValue(), 'Avant, et pendant.');
  await page.reload();
  await title(page).waitFor();
  assert.equal(await text(page).inputValue(), 'Avant, et pendant.');
});

test('an impatient hand makes one record', async (t) => {
  const page = await open(t);
  await page.goto('/admin/announcements/new');
  await title(page).fill('Une seule fois');
  await page.keyboard.press('Control+s');
  await page.keyboard.press('Control+s');
  await page.getByRole('button', { name: 'Créer', exact: true }).dblclick({ timeout: 2000 }).catch(() => {});
  await page.waitForURL(/announcements\/une-seule-fois/);
  await page.waitForLoadState('networkidle');
  assert.equal((await announcements(page, 'Une seule fois')).length, 1);
});

test('back at once after a key keeps it', async (t) => {
  const page = await open(t);
  const { id } = await draft(page, 'Retour');
  await page.goto('/admin/announcements');
  await page.getByRole('link', { name: /^Retour/ }).first().click();
  await text(page).fill('Tapé à l’instant.');
  await page.goBack();
  await page.getByRole('heading', { level: 1, name: /Annonces/ }).waitFor();
  await page.goForward();
  await title(page).waitFor();
  assert.equal(await text(page).inputValue(), 'Tapé à l’instant.', id);
});

test('a record that somebody else deleted gives its words back', async (t) => {
  const page = await open(t);
  const { id } = await draft(page, 'Effacée');
  await page.goto(`/admin/announcements/${id}`);
  await text(page).fill('Une heure de travail.');
  const other = await open(t);
  const { headers } = { headers: (await call(other, 'GET', `/announcements/${id}`)).headers() };
  await call(other, 'DELETE', `/announcements/${id}`, undefined, { 'If-Match': headers.etag });
  await page.keyboard.press('Control+s');
  await page.locator('.notice.bad').first().waitFor({ timeout: 4000 });
  await page.reload();
  await page.getByText(/a été supprimée/).first().waitFor({ timeout: 4000 });
  await page.goto('/admin/announcements/new');
  await title(page).waitFor({ timeout: 4000 });
  assert.equal(await text(page).inputValue(), 'Une heure de travail.');
});

test('the end of a session loses nothing, and is not somebody else’s beginning', async (t) => {
  const page = await open(t);
  const { id } = await draft(page, 'Session');
  await page.goto(`/admin/announcements/${id}`);
  await text(page).fill('Les mots de l’administratrice.');
  await call(page, 'DELETE', '/session');
  await page.keyboard.press('Control+s');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Mot de passe').fill('vitrine-demonstration');
  assert.ok(!await dialog.locator('[name=user]').isEditable());
  await dialog.getByRole('button', { name: 'Se connecter' }).click();
  await page.waitForTimeout(1500);
  const now = (await (await page.context().request.get('/api/v1/session')).json()).user;
  const record = await (await page.context().request.get(`/api/v1/announcements/${id}`)).json();
  assert.ok(now === 'admin' || record.text === 'Un texte.', `${now} saved the words of admin`);
});

test('a browser without room keeps words as long as the page, and asks before it goes', async (t) => {
  const page = await open(t);
  await page.addInitScript(() => {
    const real = Storage.prototype.setItem;
    Storage.prototype.setItem = function set(name, value) {
      if (name.startsWith('vitrine.draft.')) throw new DOMException('full', 'QuotaExceededError');
      real.call(this, name, value);
    };
  });
  const { id } = await draft(page, 'Plein');
  await page.goto('/admin/announcements');
  await page.getByRole('link', { name: /^Plein/ }).first().click();
  await text(page).fill('Sans place.');
  await page.getByRole('link', { name: 'Aujourd’hui' }).first().click();
  await page.getByRole('heading', { level: 1, name: 'Aujourd’hui' }).waitFor();
  await page.goBack();
  await title(page).waitFor();
  assert.equal(await text(page).inputValue(), 'Sans place.');
  let asked = 0;
  page.on('dialog', (dialog) => {
    asked += 1;
    dialog.accept();
  });
  await page.reload();
  assert.equal(asked, 1, 'it asks before the words go');
  await page.goto(`/admin/announcements/${id}`);
  await title(page).waitFor();
  await page.reload();
  assert.equal(asked, 1, 'with nothing to lose it does not ask');
});
