// The figures: plays that players report, found again in charts, in tables and in files.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { axe, login, look, shot, site } from './harness.mjs';

const here = await site();
const HOUR = 3600000, DAY = 24 * HOUR;
const today = Math.floor(Date.now() / DAY) * DAY;

async function player(screen) {
  const ask = async (challenge) => {
    const body = execFileSync(join(here.build, 'tests/http/enrolment_request'), [join(here.data, `key-${screen}`), challenge]);
    const answer = await fetch(`${here.url}/player/v1/enrolment`, { method: 'POST', body, headers: { 'Content-Type': 'application/json' } });
    return answer.json();
  };
  const { challenge } = await ask('');
  here.command('screen', 'approve', here.command('screen', 'pending').split(/\s/)[0], '--as', screen, '--replace');
  const { token } = await ask(challenge);
  return async (records) => {
    const answer = await fetch(`${here.url}/player/v1/reports`, { method: 'POST', body: JSON.stringify({ boot: 'b'.repeat(32), records }),
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` } });
    assert.equal(answer.status, 200, await answer.text());
  };
}

before(async () => {
  const organisations = [['demo-seconde-rive', 'La Seconde Rive'], ['demo-bocaux-robec', 'Les Bocaux du Robec']];
  for (const [screen, shift] of [['actipolis-accueil', 0], ['creapolis-borne', 1]]) {
    const report = await player(screen);
    const records = [];
    for (let day = 1; day <= 12; day += 1) {
      for (let i = 0; i < 20 + ((day * 7 + shift * 5) % 11); i += 1) {
        const [organisation, title] = organisations[i % 3 === 0 ? 1 : 0];
        const from = today - day * DAY + 9 * HOUR + i * 600000;
        records.push({ sequence: records.length + 1, time_ms: from + 300000, kind: 'play', slide: `portrait-${organisation}`, title, subject: organisation, organisation,
          playlist: 'portraits', rule: 'portraits-jour', zone: 'main', manifest: '1-1', from_ms: from, until_ms: from + 300000 });
      }
      if (shift) {
        records.push({ sequence: records.length + 1, time_ms: today - day * DAY + 12 * HOUR, kind: 'counters', hour_ms: today - day * DAY + 10 * HOUR, sessions: 2 + (day % 4), lists: 4, searches: 1,
          languages: { en: 1 }, modes: { large: 1 }, sheets: { 'demo-seconde-rive': 2, 'demo-bocaux-robec': 1 } });
      }
    }
    await report(records);
  }
});

async function open(t, address) {
  const page = await here.page(t);
  await login(page);
  await page.goto(address);
  return page;
}
const chart = (page, title) => page.getByRole('region', { name: title });

test('what was shown, of whom and when', async (t) => {
  const page = await open(t, '/admin/figures');
  await chart(page, 'Temps d’écran par structure').getByRole('img', { name: /La Seconde Rive/ }).waitFor();
  await chart(page, 'Temps d’écran dans le temps').getByRole('img').waitFor();
  await look(page, 'figures');

  // The table behind the chart, by the keyboard.
  const ranking = chart(page, 'Temps d’écran par structure').first();
  await ranking.getByRole('button', { name: 'Voir le tableau' }).focus();
  await page.keyboard.press('Enter');
  await ranking.getByRole('row', { name: /La Seconde Rive.* h/ }).waitFor();
  await axe(page);
  await shot(page, 'figures-table');

  // One of them, then by place; the address tells it all.
  await page.getByRole('combobox', { name: 'Seulement' }).fill('bocaux');
  await page.getByRole('option', { name: /Bocaux du Robec/ }).click();
  await page.waitForURL(/only=demo-bocaux-robec/);
  await ranking.getByRole('row', { name: /La Seconde Rive/ }).waitFor({ state: 'detached' });
  await page.getByRole('radio', { name: 'Écran' }).check();
  await page.waitForURL(/by=screen/);
  await page.getByRole('img', { name: /Temps d’écran par écran/ }).or(page.getByRole('row', { name: /Actipolis/ })).first().waitFor();

  const link = page.getByRole('link', { name: 'CSV' });
  const [file] = await Promise.all([page.waitForEvent('download'), link.click()]);
  assert.equal(file.suggestedFilename(), 'diffusion.csv');
  await page.goto('/admin/figures?period=7');
  await chart(page, 'Temps d’écran dans le temps').getByRole('img').waitFor();
});

test('weeks and months without any are told too', async (t) => {
  const page = await open(t, '/admin/figures');
  const day = (n) => new Date(today - n * DAY).toISOString().slice(0, 10);
  for (const [from, least] of [[60, 9], [200, 7]]) {
    await page.goto(`/admin/figures?period=own&from=${day(from)}&until=${day(1)}`);
    const through = chart(page, 'Temps d’écran dans le temps').first();
    await through.getByRole('button', { name: 'Voir le tableau' }).click();
    await through.getByRole('row').nth(least).waitFor();
    const answer = await page.context().request.get(`/api/v1/reports/exposure?by=site&from=${day(from)}&until=${day(1)}&grain=${from > 120 ? 'month' : 'week'}`);
    const shown = new Set((await answer.json()).items.map((one) => one.from)).size;
    const rows = await through.locator('tbody tr').evaluateAll((all) => all.map((row) => row.cells[1].textContent.trim()));
    assert.equal(rows.filter((one) => !/^0\b/.test(one)).length, shown, 'what was shown stands in its weeks');
    assert.ok(rows.length > shown);
  }
});

test('kiosks', async (t) => {
  const page = await open(t, '/admin/figures/kiosks');
  await chart(page, 'Fiches les plus ouvertes').getByRole('img', { name: /La Seconde Rive|Seconde Rive 24/ }).waitFor();
  await look(page, 'figures-kiosks');
});

test('the yearly report, on the screen and on paper', async (t) => {
  const page = await open(t, '/admin/figures/annual');
  await page.getByRole('heading', { name: /^Bilan \d{4} de la diffusion/ }).waitFor();
  await chart(page, 'Temps d’écran par mois').getByRole('img').waitFor();
  await look(page, 'figures-annual');
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Tableur (XLSX)' }).click()]);
  assert.equal(file.suggestedFilename(), 'bilan-annuel.xlsx');
  await page.setViewportSize({ width: 800, height: 1100 });
  await page.emulateMedia({ media: 'print' });
  await page.getByText(/^Établi le .* par Vitrine/).waitFor();
  assert.equal(await page.getByRole('navigation', { name: 'Navigation' }).isVisible(), false);
  await shot(page, 'figures-print');
});

test('nothing yet: the page says what will be here', async (t) => {
  const page = await open(t, '/admin/figures?period=own&from=2024-01-01&until=2024-01-31');
  await page.getByRole('heading', { name: 'Aucune diffusion pour cette période' }).waitFor();
  await look(page, 'figures-empty');
});
