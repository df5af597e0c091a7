// Point 7: what waits is read and decided by the keyboard alone, one after the other; who wrote it
// learns of it at the bell; two people on one record see each other.
import assert from 'node:assert/strict';
import test from 'node:test';
import { axe, hasFocus, login, look, pressOn, shot, site, tabTo, typeInto } from './harness.mjs';

const here = await site();

// By the API: what a test needs before it begins.
async function api(page, session, method, path, data, etag) {
  const answer = await page.context().request.fetch(`/api/v1${path}`, { method, data,
    headers: { Origin: page.origin, 'X-CSRF-Token': session.csrf, ...(etag && { 'If-Match': etag }) } });
  assert.ok(answer.ok(), `${method} ${path}: ${await answer.text()}`);
  return answer;
}

async function submit(page, session, plural, document) {
  const made = await api(page, session, 'POST', `/${plural}`, document);
  await api(page, session, 'POST', `/${plural}/${document.id}/submit`, undefined, made.headers().etag);
}

const announcement = (id, title) => ({ id, title, text: 'Place du marché, dès 10 h.', pictogram: 'info', severity: 'info',
  from: '2026-01-01', until: '2029-12-31' });

test('the queue is decided by keyboard: sent back with a reason, then approved; the author is told', async (t) => {
  const author = await here.page(t);
  const lea = await login(author, 'lea');
  await submit(author, lea, 'announcements', announcement('ap-marche', 'Marché solidaire de Noël'));
  await submit(author, lea, 'announcements', announcement('ap-ateliers', 'Ateliers de réparation'));
  const old = await api(author, lea, 'GET', '/portraits?limit=1&state=published');
  const portrait = (await old.json()).items[0];
  const read = await api(author, lea, 'GET', `/portraits/${portrait.id}`);
  const record = await read.json();
  const form = Object.fromEntries(['id', 'organisation', 'leader_name', 'leader_role', 'quote', 'short_title', 'story', 'photo', 'url', 'from', 'until', 'sector']
    .filter((name) => name in record).map((name) => [name, record[name]]));
  const edited = await api(author, lea, 'PUT', `/portraits/${portrait.id}`, { ...form, quote: 'Réparer, c’est déjà partager.' }, read.headers().etag);
  await api(author, lea, 'POST', `/portraits/${portrait.id}/submit`, undefined, edited.headers().etag);

  const page = await here.page(t);
  await login(page, 'nadia');
  await page.goto('/admin/approvals');
  await page.getByRole('heading', { level: 1, name: 'Approbations' }).waitFor();
  await page.getByRole('rowheader', { name: /Marché solidaire de Noël/ }).waitFor();
  assert.equal(await page.getByRole('row').count(), 4);
  await look(page, 'approvals-queue');

  await pressOn(page, page.getByRole('link', { name: 'Commencer par la plus ancienne' }));
  const heading = (name) => page.getByRole('heading', { level: 1, name });
  await heading('Marché solidaire de Noël').waitFor();
  await hasFocus(page, heading('Marché solidaire de Noël'));
  await page.getByRole('cell', { name: 'Place du marché, dès 10 h.' }).waitFor();
  await page.getByRole('img', { name: 'Après, écran large : Marché solidaire de Noël' }).waitFor();
  await page.waitForFunction(() => [...document.querySelectorAll('.ap-pair img')].length === 2 &&
    [...document.querySelectorAll('.ap-pair img')].every((one) => one.naturalWidth > 100));
  await look(page, 'approvals-first');

  await pressOn(page, page.getByRole('button', { name: 'Renvoyer…' }));
  await page.getByRole('dialog').waitFor();
  await axe(page);
  await typeInto(page, page.getByLabel(/Que faut-il changer/), 'La date manque.');
  await pressOn(page, page.getByRole('dialog').getByRole('button', { name: 'Renvoyer avec un motif' }));
  await page.getByText('« Marché solidaire de Noël » renvoyé').waitFor();

  await heading('Ateliers de réparation').waitFor();
  await pressOn(page, page.getByRole('button', { name: 'Approuver', exact: true }));
  await heading(record.leader_name).waitFor();
  const row = page.getByRole('row', { name: /^Citation/ });
  await row.waitFor();
  assert.ok(await row.locator('ins').count() > 0 || (await row.textContent()).includes('Réparer, c’est déjà partager.'));
  await page.getByRole('img', { name: `Avant, écran large : ${record.leader_name}` }).waitFor();
  await page.getByRole('img', { name: `Après, écran debout : ${record.leader_name}` }).waitFor();
  // However far one has read, the decision is at hand.
  await page.mouse.wheel(0, 5000);
  const bar = page.getByRole('region', { name: 'Votre décision' });
  await page.waitForFunction(() => scrollY > 0 || document.documentElement.scrollHeight <= innerHeight);
  assert.ok((await bar.boundingBox()).y >= 0);
  await look(page, 'approvals-change');
  await pressOn(page, page.getByRole('button', { name: 'Approuver', exact: true }));
  await page.getByText('Rien n’attend votre approbation').first().waitFor();
  await look(page, 'approvals-empty');

  await author.goto('/admin/');
  const bell = author.getByRole('button', { name: /^Notifications : / });
  await bell.waitFor({ timeout: 30000 });
  await pressOn(author, bell);
  await author.getByRole('link', { name: /nadia vous renvoie « Marché solidaire de Noël » : .*La date manque/ }).waitFor();
  await author.getByRole('link', { name: /nadia a approuvé « Ateliers de réparation »/ }).waitFor();
  await axe(author);
  await shot(author, 'notices', { full: false });
  await pressOn(author, author.getByRole('link', { name: /nadia vous renvoie/ }));
  await author.waitForURL('**/admin/announcements/ap-marche');
});

test('what somebody else decided meanwhile is told, and nobody decides on their own words', async (t) => {
  const author = await here.page(t);
  const paul = await login(author, 'paul');
  await submit(author, paul, 'announcements', announcement('ap-double', 'Collecte de jouets'));
  await author.goto('/admin/approvals/announcement/ap-double');
  await author.getByText('Une autre personne doit décider').waitFor();
  assert.equal(await author.getByRole('button', { name: 'Approuver', exact: true }).count(), 0);

  const page = await here.page(t);
  const nadia = await login(page, 'nadia');
  await page.goto('/admin/approvals/announcement/ap-double');
  await page.getByText(/paul relit aussi cette fiche/).waitFor();
  const approve = page.getByRole('button', { name: 'Approuver', exact: true });
  await approve.waitFor();
  await author.getByText(/nadia relit aussi cette fiche/).waitFor({ timeout: 20000 });
  const read = await api(page, nadia, 'GET', '/announcements/ap-double');
  await api(page, nadia, 'POST', '/announcements/ap-double/return', { reason: 'Trop court' }, read.headers().etag);
  await approve.click();
  await page.getByText('Cette demande n’attend plus').waitFor();
});

test('an approved announcement is published in the same move by who may', async (t) => {
  const author = await here.page(t);
  await submit(author, await login(author, 'lea'), 'announcements', announcement('ap-direct', 'Repas partagé'));
  const page = await here.page(t);
  await login(page, 'paul');
  await page.goto('/admin/approvals/announcement/ap-direct');
  const button = page.getByRole('button', { name: 'Approuver et publier' });
  await tabTo(page, button);
  await page.keyboard.press('Enter');
  await page.getByText('« Repas partagé » approuvé et publié').waitFor();
  const state = await page.context().request.get('/api/v1/announcements/ap-direct');
  assert.equal((await state.json()).state, 'published');
});
