// Point 1: the real frames of every screen, trouble first in plain words, what waits, what ends, what
// has never been shown.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import test from 'node:test';
import { login, look, site } from './harness.mjs';

const here = await site();

const sql = (...statements) => execFileSync('python3', ['-c',
  'import sqlite3, sys\nwith sqlite3.connect(sys.argv[1], timeout=20) as db:\n for one in sys.argv[2:]: db.execute(one)',
  `${here.data}/vitrine.db`, ...statements]);

const day = (n) => Math.floor(Date.now() / 86400000) + n;

test('today shows the real frames, and what is to be looked at', async (t) => {
  sql(`UPDATE portraits SET until_day = ${day(3)} WHERE id = (SELECT min(id) FROM portraits WHERE state = 'published')`);
  const page = await here.page(t);
  await login(page, 'admin');
  const answer = page.waitForResponse(/\/api\/v1\/screens\?/); // what the page was told: slides move on
  await page.goto('/admin/');
  await page.getByRole('heading', { level: 1, name: 'Aujourd’hui' }).waitFor();
  const frames = page.getByRole('img', { name: /^Image de / });
  await frames.first().waitFor();
  const count = await frames.count();
  const screens = (await (await answer).json()).items;
  assert.equal(count, screens.filter((one) => one.now).length);
  for (let i = 0; i < count; i++) await frames.nth(i).scrollIntoViewIfNeeded();
  await page.waitForFunction(() => [...document.querySelectorAll('.td-shot img')].every((one) => one.naturalWidth >= 200));
  const now = screens.find((one) => one.now?.title && !one.opening?.length);
  assert.ok(now, 'a screen that is never dark');
  await page.getByRole('img', { name: `Image de ${now.name} : ${now.now.title}` }).waitFor();
  await page.getByRole('region', { name: 'Finit dans la semaine' }).getByText('dernier jour').first().waitFor();
  const never = page.getByRole('region', { name: 'Jamais montré' });
  assert.ok(await never.getByRole('link').count() > 0);
  await look(page, 'today');
});

test('a screen in trouble comes first, with what to do', async (t) => {
  const ms = Date.now();
  sql('INSERT INTO faults (number, screen, code, detail, opened_ms, last_ms, times, closed_ms, closed_by) ' +
    `SELECT coalesce((SELECT max(number) FROM faults), 0) + 1, max(id), 'storage', '', ${ms - 7200000}, ${ms}, 1, 0, '' FROM screens`);
  const page = await here.page(t);
  await login(page, 'omar');
  await page.goto('/admin/');
  const trouble = page.getByRole('region', { name: 'À réparer d’abord' });
  await trouble.waitFor();
  const name = await trouble.getByRole('link').first().textContent();
  assert.ok(/il y a 2 heures/.test(await trouble.textContent()), await trouble.textContent());
  assert.equal((await page.getByRole('list').locator('.td-name').first().textContent()), name);
  await look(page, 'today-trouble');
  await trouble.getByRole('link').first().click();
  await page.waitForURL('**/admin/screens/**');
});

test('a reader sees today without what is not theirs to decide', async (t) => {
  const page = await here.page(t);
  await login(page, 'ines');
  await page.goto('/admin/');
  await page.getByRole('heading', { name: 'À l’écran en ce moment' }).waitFor();
  assert.equal(await page.getByRole('region', { name: 'Attend votre approbation' }).count(), 0);
  assert.equal(await page.getByRole('link', { name: 'Rattacher un écran' }).count(), 0);
});
