// The programming as people plan: a rule with its conflicts before it is saved, the calendar by mouse and
// by keyboard, two people on one rule, empty hours, and any screen at any instant.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axe, fits, login, look, pressOn, shot, site, tabTo, typeInto } from './harness.mjs';

const here = await site();
const SCREEN = 'astuce-theatre-des-arts';

const person = async (t, name, options) => {
  const page = await here.page(t, options);
  await login(page, name);
  return page;
};
const button = (page, name) => page.getByRole('button', { name, exact: true });
const toast = (page, words) => page.locator('.toast', { hasText: words }).waitFor();
const words = (page) => page.getByRole('region', { name: 'En clair' }).locator('.pr-words');
const check = (page) => page.getByRole('region', { name: 'Avant d’enregistrer' });
const says = async (locator, text) => {
  await locator.filter({ hasText: text }).waitFor();
};
async function choose(page, label, typed, option) {
  await page.getByRole('combobox', { name: label, exact: true }).fill(typed);
  await page.getByRole('option', { name: option }).click();
}

test('a rule says what it will do before it is saved, then shows', async (t) => {
  const page = await person(t, 'paul');
  await page.goto('/admin/programming/rules');
  await look(page, 'programming-rules');
  await page.getByRole('link', { name: 'Nouvelle programmation' }).click();
  await page.getByLabel('Nom', { exact: true }).fill('Marchés de Noël');
  await choose(page, 'Playlist', 'ess', /Mois de l’ESS/);
  await choose(page, 'Groupes', 'astuce', /Réseau Astuce/);
  await page.getByLabel('Premier jour').fill('2026-12-01');
  await page.getByLabel('Dernier jour').fill('2027-01-31');
  await page.getByLabel('Quels jours').selectOption('weekly');
  for (const day of ['lundi', 'mercredi', 'jeudi', 'vendredi']) await page.getByRole('checkbox', { name: day }).uncheck();
  await page.getByRole('radio', { name: 'À certaines heures' }).check();
  await page.getByLabel('De', { exact: true }).fill('07:00');
  await page.getByLabel('À', { exact: true }).fill('09:00');
  await page.getByText('Jours fériés, vacances et exceptions').click();
  await page.getByLabel('Jours fériés', { exact: true }).selectOption('except');
  const without = page.getByRole('group', { name: 'Dates sans diffusion' });
  await without.getByLabel('Date à ajouter').fill('2026-12-22');
  await without.getByRole('button', { name: 'Ajouter' }).click();
  assert.match(await words(page).textContent(), /sauf jours fériés, sauf le 22 décembre 2026/);
  await without.getByRole('button', { name: 'Retirer le 22 décembre 2026' }).click();
  await page.getByRole('radio', { name: /^Prise d’écran/ }).check();
  assert.equal(await words(page).textContent(), 'tous les mardis de 7 h à 9 h, sauf jours fériés, du 1er décembre 2026 au 31 janvier 2027');
  await says(check(page), 'Elle s’affichera. 1 écran.');
  await says(check(page), 'mardi 1er décembre 2026, 7 h');
  await says(check(page), 'Ce qu’elle prend');
  await says(check(page), 'Astuce, trajets du matin');
  await look(page, 'programming-rule');

  await page.reload();
  assert.match(await words(page).textContent(), /tous les mardis de 7 h à 9 h/, 'what was typed survives a reload');
  await button(page, 'Créer le brouillon').click();
  await toast(page, 'Enregistré');
  await button(page, 'Publier').click();
  await toast(page, 'Publié');
  await page.goto(`/admin/programming?screen=${SCREEN}&view=week&day=2026-12-01`);
  const cell = page.getByRole('link', { name: /Marchés de Noël, Prise d’écran, mardi 1er décembre 2026, 7 h – 9 h/ });
  await cell.waitFor();
  await look(page, 'programming-week');
  await cell.click();
  await page.getByRole('heading', { level: 1, name: 'Marchés de Noël' }).waitFor();

  await button(page, 'Autres actions').click();
  await page.getByRole('menuitem', { name: 'Dupliquer' }).click();
  await page.getByRole('heading', { level: 1, name: 'Nouvelle programmation' }).waitFor();
  assert.equal(await page.getByLabel('Nom', { exact: true }).inputValue(), 'Marchés de Noël (copie)');
  assert.match(await words(page).textContent(), /tous les mardis de 7 h à 9 h, sauf jours fériés/);
});

test('what will never show is said, with the reason', async (t) => {
  const page = await person(t, 'paul');
  await page.goto(`/admin/programming/rules/new?screen=${SCREEN}`);
  await choose(page, 'Playlist', 'ess', /Mois de l’ESS/);
  await page.getByLabel('Premier jour').fill('2020-01-01');
  await page.getByLabel('Dernier jour').fill('2020-12-31');
  await says(check(page), 'Elle ne s’affichera pas');
  await page.getByLabel('Quels jours').selectOption('other');
  await page.getByLabel('Règle de récurrence').fill('FREQ=HOURLY');
  await page.getByLabel('Nom', { exact: true }).fill('Impossible');
  await button(page, 'Créer le brouillon').click();
  await page.locator('.field.wrong').filter({ hasText: 'Règle de récurrence' }).waitFor();
  assert.equal(await page.getByLabel('Règle de récurrence').inputValue(), 'FREQ=HOURLY', 'errors keep what was typed');
  await axe(page);
});

test('drawing on the week begins a rule there', async (t) => {
  const page = await person(t, 'paul');
  await page.goto(`/admin/programming?screen=${SCREEN}&view=week&day=2027-02-02`);
  const column = page.locator('.pr-day').nth(1);
  await column.locator('.pr-piece').first().waitFor();
  await column.evaluate((one) => one.scrollIntoView({ block: 'end' }));
  const box = await column.boundingBox();
  await page.mouse.move(box.x + 40, box.y + box.height * (14 / 24));
  await page.mouse.down();
  await page.mouse.move(box.x + 40, box.y + box.height * (15 / 24), { steps: 4 });
  await page.mouse.move(box.x + 40, box.y + box.height * (16.5 / 24), { steps: 4 });
  await page.mouse.up();
  await page.getByRole('heading', { level: 1, name: 'Nouvelle programmation' }).waitFor();
  assert.equal(await words(page).textContent(), 'le 2 février 2027 de 14 h à 16 h 30');
});

test('the list plans by keyboard alone', async (t) => {
  const page = await person(t, 'paul');
  await page.goto(`/admin/programming?screen=${SCREEN}&view=list&day=2027-02-02`);
  await page.getByRole('row', { name: /mardi 2 février 2027/ }).first().waitFor();
  await look(page, 'programming-list');
  await pressOn(page, page.getByRole('link', { name: /Programmer ici\s: mardi 2 février 2027, 6 h 30 – 9 h 30/ }));
  await page.getByRole('heading', { level: 1, name: 'Nouvelle programmation' }).waitFor();
  await typeInto(page, page.getByLabel('Nom', { exact: true }), 'Chandeleur');
  await tabTo(page, page.getByRole('combobox', { name: 'Playlist', exact: true }));
  await page.keyboard.type('journee');
  await page.getByRole('option').first().waitFor();
  await page.keyboard.press('Enter');
  assert.notEqual(await page.getByRole('combobox', { name: 'Playlist', exact: true }).inputValue(), '');
  await tabTo(page, page.getByLabel('Quels jours'));
  await page.keyboard.press('End');
  await page.keyboard.press('Home');
  await tabTo(page, page.getByRole('radio', { name: /^Campagne/ }));
  await page.keyboard.press('ArrowDown');
  assert.ok(await page.getByRole('radio', { name: /^Prise d’écran/ }).isChecked());
  assert.equal(await words(page).textContent(), 'le 2 février 2027 de 6 h 30 à 9 h 30');
  await page.keyboard.press('Control+s');
  await toast(page, 'Enregistré');
  await page.getByRole('heading', { level: 1, name: 'Chandeleur' }).waitFor();
  await pressOn(page, button(page, 'Publier'));
  await toast(page, 'Publié');
  await page.goto(`/admin/programming?screen=${SCREEN}&view=list&day=2027-02-02`);
  await page.getByRole('row', { name: /mardi 2 février 2027 6 h 30 – 9 h 30 Chandeleur/ }).waitFor();
});

test('two people on one rule lose nothing', async (t) => {
  const paul = await person(t, 'paul'), admin = await person(t, 'admin');
  for (const page of [paul, admin]) {
    await page.goto('/admin/programming/rules/matin-astuce');
    await page.getByLabel('Nom', { exact: true }).waitFor();
  }
  await paul.getByLabel('Nom', { exact: true }).fill('Matin, par Paul');
  await button(paul, 'Enregistrer').click();
  await toast(paul, 'Enregistré');
  await admin.getByLabel('Dernier jour').fill('2029-12-31');
  await admin.getByLabel('Nom', { exact: true }).fill('Matin, par l’administration');
  await button(admin, 'Enregistrer').click();
  const dialog = admin.getByRole('dialog');
  await says(dialog, 'Matin, par Paul');
  await axe(admin);
  await dialog.getByRole('radio', { name: /^L’autre/ }).check();
  await dialog.getByRole('button', { name: 'Enregistrer ce choix' }).click();
  await toast(admin, 'Enregistré');
  assert.equal(await admin.getByLabel('Nom', { exact: true }).inputValue(), 'Matin, par Paul');
  assert.equal(await admin.getByLabel('Dernier jour').inputValue(), '2029-12-31');
});

test('a group’s month, its empty hours, and the way to fill them', async (t) => {
  const page = await person(t, 'paul');
  await page.goto('/admin/programming?group=pepinieres&view=month&day=2026-11-24');
  await page.getByLabel('Programme', { exact: true }).waitFor();
  await page.getByRole('link', { name: /Mois de l’ESS 2026/ }).first().waitFor();
  await look(page, 'programming-month');
  await page.goto('/admin/programming/gaps');
  await page.getByRole('heading', { name: 'Aucune heure vide' }).waitFor();
  await page.goto('/admin/programming/rules/base-actipolis-accueil');
  await button(page, 'Autres actions').click();
  await page.getByRole('menuitem', { name: 'Archiver' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Archiver' }).click();
  await toast(page, 'Archivé');
  await page.goto('/admin/programming/gaps');
  const card = page.getByRole('region', { name: 'Actipolis – accueil' });
  await card.waitFor();
  await look(page, 'programming-gaps');
  await card.getByRole('link', { name: /^Programmer Actipolis/ }).first().click();
  await page.getByRole('heading', { level: 1, name: 'Nouvelle programmation' }).waitFor();
  await page.getByRole('button', { name: 'Retirer Actipolis – accueil' }).waitFor();
});

test('time travel by keyboard: the frame and why', async (t) => {
  const page = await person(t, 'ines');
  await page.goto(`/admin/programming/travel?screen=${SCREEN}&at=${Date.parse('2026-11-24T08:00:00+01:00')}`);
  const picture = page.locator('.frame img');
  await page.locator('.frame.good').waitFor();
  const why = page.getByRole('region', { name: 'Pourquoi' });
  await says(why, 'mardi 24 novembre 2026, 8 h');
  await says(why.getByRole('listitem').filter({ hasText: 'trajets du matin' }).or(why.getByRole('listitem').filter({ hasText: 'Matin, par Paul' })), 'l’emporte');
  await look(page, 'programming-travel');
  const before = await picture.getAttribute('src');
  await tabTo(page, page.getByRole('slider', { name: /^Heure/ }));
  for (let i = 0; i < 3; i += 1) await page.keyboard.press('PageUp');
  await says(why, /mardi 24 novembre 2026, (1[0-9]|2[0-3]) h/);
  await page.waitForFunction((was) => document.querySelector('.frame img').getAttribute('src') !== was, before);
  await page.locator('.frame.good').waitFor();
  await tabTo(page, page.getByRole('slider', { name: /^Jour/ }), { back: true });
  await page.keyboard.press('ArrowRight');
  await says(why, 'mercredi 25 novembre 2026');
  await page.getByLabel('Date et heure').fill('2026-12-25T10:00');
  await says(why, 'Jour férié : Noël');
  const shown = await why.locator('.pr-seen').textContent();
  await pressOn(page, button(page, 'Diapositive suivante'));
  await page.waitForFunction((was) => document.querySelector('.pr-seen').textContent !== was, shown);
  assert.equal(await page.getByRole('link', { name: 'Nouvelle programmation' }).count(), 0, 'a reader does not plan');
});

test('rules are found by their words', async (t) => {
  const page = await person(t, 'ines');
  await page.goto('/admin/programming/rules');
  await page.getByRole('searchbox', { name: 'Rechercher' }).fill('lundi vendredi');
  await says(page.getByRole('status'), '1 programmation');
  await page.getByRole('searchbox', { name: 'Rechercher' }).fill('introuvable');
  await button(page, 'Effacer les filtres').click();
  await page.getByRole('row', { name: /Hall de Créapolis/ }).first().waitFor();
  await fits(page);
  await shot(page, 'programming-rules-all');
});

test('the hour that comes twice, screens of other zones, and closed places', async (t) => {
  const page = await here.page(t), { csrf } = await login(page, 'admin');
  const { request } = page.context();
  const send = async (method, path, data, etag) => {
    const answer = await request.fetch(`/api/v1${path}`, { method, data, headers: { Origin: page.origin, 'X-CSRF-Token': csrf, ...(etag && { 'If-Match': etag }) } });
    assert.ok(answer.ok(), `${method} ${path}: ${await answer.text()}`);
    return [await answer.json(), answer.headers().etag];
  };
  const [rule, etag] = await send('POST', '/rules', { title: 'Nuit courte', playlist: 'mois-de-l-ess', screens: [SCREEN], groups: [], class: 'takeover',
    from: '2026-10-01', until: '2027-12-31', hours: { from: '02:45', until: '04:00' }, ends: '2027-10-31T01:15:00Z' });
  await send('POST', `/rules/${rule.id}/publish`, {}, etag);
  await page.goto(`/admin/programming?screen=${SCREEN}&view=list&day=2027-10-31`);
  const sunday = page.getByRole('row', { name: /dimanche 31 octobre 2027/ });
  await sunday.first().waitFor();
  const hours = await sunday.evaluateAll((rows) => rows.map((row) => row.cells[1].textContent.replace(/\s/g, ' ')));
  assert.deepEqual(hours, ['0 h – 2 h 45', '2 h 45 – 3 h', '2 h – 2 h 15', '2 h 15 – 24 h']);
  await page.goto(`/admin/programming?screen=${SCREEN}&view=week&day=2027-10-31`);
  await page.locator('.pr-piece').first().waitFor();
  assert.equal(await page.locator('.pr-day').last().locator('.pr-piece:not(.pr-closed)').count(), 4);

  // A screen elsewhere, in a group with one from here: the whole week, by its own clock.
  const [hall] = await send('GET', '/screens/creapolis-hall');
  const form = Object.fromEntries(['site', 'width_px', 'height_px', 'diagonal_mm', 'viewing_distance_mm', 'bottom_edge_mm', 'kiosk', 'languages', 'layout'].map((name) => [name, hall[name]]));
  const always = [{ days: ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su'], from: '08:00', until: '18:00' }];
  await send('POST', '/screens', { ...form, id: 'ailleurs', name: 'Ailleurs', groups: ['pepinieres'], time_zone: 'Pacific/Auckland', opening: always });
  await page.goto('/admin/programming?group=pepinieres&view=list&day=2026-12-09');
  await page.getByLabel('Programme', { exact: true }).selectOption({ label: await page.getByLabel('Programme', { exact: true }).locator('option', { hasText: 'Ailleurs' }).textContent() });
  for (const day of ['lundi 7', 'dimanche 13']) {
    const rows = page.getByRole('row', { name: new RegExp(`${day} décembre 2026`) });
    await rows.first().waitFor();
    const cells = await rows.evaluateAll((list) => list.map((row) => row.cells[1].textContent.replace(/\s/g, ' ')));
    assert.ok(cells[0].startsWith('0 h –') && cells.at(-1).endsWith('– 24 h'), `${day}: ${cells.join(', ')}`);
  }
  // Closed: dark, and nothing else is said to show.
  await page.goto(`/admin/programming/travel?screen=ailleurs&at=${Date.parse('2026-12-09T23:00:00+13:00')}`);
  const why = page.getByRole('region', { name: 'Pourquoi' });
  await says(why, 'Le lieu est fermé');
  assert.equal(await why.locator('.pr-seen').count() + await why.getByText('Rien n’est programmé').count(), 0);
});
