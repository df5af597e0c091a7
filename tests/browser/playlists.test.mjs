// Point 4: a playlist is composed, looked at and filmed, with the keyboard alone and with the mouse.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axe, hasFocus, login, look, pressOn, site, tabTo, typeInto } from './harness.mjs';

const here = await site();

const rows = (page) => page.getByRole('list', { name: 'Contenu, dans l’ordre' }).getByRole('listitem');
const names = async (page) => (await rows(page).locator('.pl-words strong').allTextContents()).map((one) => one.trim());
const frames = (page) => page.getByRole('list', { name: 'Pellicule' }).getByRole('listitem');
const button = (page, name, exact = true) => page.getByRole('button', { name, exact });

async function savedEntries(page, id) {
  const answer = await page.context().request.get(`/api/v1/playlists/${id}`);
  assert.equal(answer.status(), 200, await answer.text());
  return (await answer.json()).entries;
}

test('a playlist is made with the keyboard alone', async (t) => {
  const page = await here.page(t);
  await login(page, 'paul');
  await page.goto('/admin/playlists');
  await page.getByRole('link', { name: 'Nouvelle playlist' }).waitFor();
  await pressOn(page, page.getByRole('link', { name: 'Nouvelle playlist' }));
  await page.getByRole('heading', { name: 'Nouvelle playlist', level: 1 }).waitFor();
  await axe(page);
  await typeInto(page, page.getByLabel('Nom de la playlist'), 'Matin au théâtre');
  await pressOn(page, button(page, 'Ajouter les portraits publiés'));
  await rows(page).first().waitFor();
  await hasFocus(page, button(page, 'Modifier : Portraits publiés'));
  await page.keyboard.press('Enter');
  await typeInto(page, page.getByLabel('Combien au plus'), '2');
  await pressOn(page, button(page, 'Valider'));
  await page.getByText('2 au plus').waitFor();

  // A written slide: what is missing is said by its field, and nothing typed is lost.
  await pressOn(page, button(page, 'Ajouter'), { back: true });
  await pressOn(page, page.getByRole('button', { name: /^Citation/ }));
  await typeInto(page, page.getByRole('textbox', { name: 'Citation' }), 'Réparer, c’est déjà transmettre.');
  await pressOn(page, button(page, 'Ajouter à la playlist'));
  await hasFocus(page, page.getByRole('textbox', { name: 'Nom', exact: true }));
  await page.getByText('À remplir').waitFor();
  await page.keyboard.type('Zoé Lefèvre');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.deepEqual(await names(page), ['Portraits publiés', 'Réparer, c’est déjà transmettre.']);

  // A record, found by typing.
  await pressOn(page, button(page, 'Ajouter'), { back: true });
  await pressOn(page, page.getByRole('button', { name: /^Une annonce/ }));
  await tabTo(page, page.getByRole('combobox', { name: 'Laquelle ?' }));
  await page.keyboard.type('béné');
  await page.getByRole('dialog').getByRole('option').first().waitFor();
  await page.waitForFunction(() => document.querySelector('dialog [role=combobox]').getAttribute('aria-activedescendant'));
  await page.keyboard.press('Enter');
  await pressOn(page, button(page, 'Ajouter à la playlist'));
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.equal((await names(page)).length, 3);

  // Up, twice: the focus stays on the button, the place is told.
  const name = (await names(page))[2];
  await pressOn(page, button(page, `Monter : ${name}`));
  await page.getByText(`${name} : position 2 sur 3`).waitFor({ state: 'attached' });
  await hasFocus(page, button(page, `Monter : ${name}`));
  await page.keyboard.press('Enter');
  assert.deepEqual((await names(page))[0], name);
  await hasFocus(page, button(page, `Monter : ${name}`));

  // What it shows, in that order, with its length.
  await page.getByText(/pour 4 diapositives/).waitFor();
  assert.equal(await frames(page).count(), 4);
  await frames(page).last().scrollIntoViewIfNeeded(); // pictures come when they are in sight
  await page.waitForFunction(() => document.querySelectorAll('.pl-strip .frame.good').length > 0);
  await frames(page).first().getByRole('img', { name: /^1\. Merci aux bénévoles.*, 9 s$/ }).waitFor();

  await pressOn(page, button(page, 'Créer le brouillon'));
  await page.waitForURL('**/admin/playlists/matin-au-theatre');
  const entries = await savedEntries(page, 'matin-au-theatre');
  assert.deepEqual(entries.map((one) => one.source ?? one.slide.template), ['announcement', 'portraits', 'quote']);
  assert.equal(entries[1].count, 2);
  await pressOn(page, button(page, 'Publier'));
  await page.getByText('Tout est enregistré').waitFor();
  await page.getByText('Publié', { exact: true }).waitFor();
});

test('entries are dragged, removed and put back; changes survive a reload', async (t) => {
  const page = await here.page(t);
  await login(page);
  await page.goto('/admin/playlists/astuce-journee');
  await rows(page).first().waitFor();
  await page.getByText(/pour \d+ diapositives/).waitFor();
  const before = await names(page);
  const handle = rows(page).nth(1).locator('.pl-handle');
  await handle.evaluate((one) => one.scrollIntoView({ block: 'center' })); // else the bar below may cover the rows
  await handle.hover();
  await page.mouse.down();
  for (const row of [2, 3]) await rows(page).nth(row).locator('.pl-words').hover();
  await page.mouse.up();
  await page.waitForFunction((was) => document.querySelectorAll('.pl-words strong')[3]?.textContent.trim() === was, before[1]);
  const moved = await names(page);
  assert.deepEqual(moved.slice(0, 4), [before[0], before[2], before[3], before[1]]);

  await button(page, `Retirer : ${moved[0]}`).click();
  assert.equal(await rows(page).count(), before.length - 1);
  await hasFocus(page, button(page, `Retirer : ${moved[1]}`));
  await button(page, 'Remettre').click();
  assert.equal(await rows(page).count(), before.length);
  assert.equal((await names(page))[0], moved[0]);

  await page.waitForTimeout(400);
  await page.reload();
  await page.getByText('Vos changements non enregistrés ont été retrouvés.').waitFor();
  await page.waitForFunction((was) => document.querySelectorAll('.pl-words strong')[3]?.textContent.trim() === was, before[1]);
  assert.deepEqual((await savedEntries(page, 'astuce-journee')).map((one) => one.source).slice(0, 3), ['portraits', 'events', 'agenda'], 'not saved before somebody says so');
});

test('its length is set against how long people wait, and a film is made', async (t) => {
  const page = await here.page(t);
  await login(page);
  await page.goto('/admin/playlists/new');
  await page.getByLabel('Nom de la playlist').fill('Deux portraits');
  await button(page, 'Ajouter les portraits publiés').click();
  await button(page, 'Modifier : Portraits publiés').click();
  await page.getByLabel('Combien au plus').fill('2');
  await page.getByLabel('Durée de chacune').fill('3');
  await button(page, 'Valider').click();
  await page.getByText('Une boucle dure 6 s').waitFor();
  await page.getByLabel('Les gens attendent en moyenne').fill('1');
  await page.getByText('Qui attend aussi longtemps voit toute la boucle, 10 fois.').waitFor();
  await page.getByRole('radio', { name: 'Carré' }).check({ force: true });
  await page.waitForFunction(() => document.querySelector('.pl-strip .frame')?.style.aspectRatio.startsWith('1'));
  await button(page, 'Voir en film').click();
  await page.getByRole('progressbar').waitFor();
  const link = page.getByRole('link', { name: 'Télécharger le film' });
  await link.waitFor({ timeout: 90000 });
  const film = await page.context().request.get(await link.getAttribute('href'));
  assert.equal(film.headers()['content-type'], 'video/mp4');
  assert.equal((await film.body()).subarray(4, 8).toString(), 'ftyp');
  await button(page, 'Modifier : Portraits publiés').click();
  await page.getByLabel('Durée de chacune').fill('4');
  await button(page, 'Valider').click();
  await page.getByText('La playlist a changé depuis ce film.').waitFor();
});

test('somebody who may only read sees the playlist and cannot change it', async (t) => {
  const page = await here.page(t);
  await login(page, 'ines');
  await page.goto('/admin/playlists');
  assert.equal(await page.getByRole('link', { name: 'Nouvelle playlist' }).count(), 0);
  await page.getByRole('link', { name: 'Astuce : la journée' }).click();
  await rows(page).first().waitFor();
  assert.equal(await page.getByRole('button', { name: /^Monter/ }).count(), 0);
  assert.ok(await page.getByLabel('Nom de la playlist').isDisabled());
});

test('the pages look as they should', async (t) => {
  const page = await here.page(t);
  await login(page);
  await page.goto('/admin/playlists');
  await page.getByRole('link', { name: 'Astuce : la journée' }).waitFor();
  await look(page, 'playlists-list');
  await page.goto('/admin/playlists/astuce-journee');
  await page.waitForFunction(() => document.querySelectorAll('.pl-strip .frame.good').length > 5);
  await look(page, 'playlists-editor');
  await button(page, 'Ajouter').click();
  await look(page, 'playlists-add', { full: false });
  await page.getByRole('button', { name: /^Événements à venir/ }).click();
  await look(page, 'playlists-entry', { full: false });
  await page.keyboard.press('Escape');
  await page.goto('/admin/playlists/new');
  await page.getByText('Rien à montrer pour l’instant').waitFor();
  await look(page, 'playlists-new');
});
