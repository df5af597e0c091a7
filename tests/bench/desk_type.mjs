// From a key pressed in a portrait's form to its new picture in both sizes on the page: desk_type.mjs URL TIMES.
// Prints the least, the median and the longest in ms, in a browser that stays open.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const { chromium } = createRequire(join(root, 'build/npm/browser/package.json'))('playwright-core');
const [url, times] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
const context = await browser.newContext({ locale: 'fr-FR', viewport: { width: 1440, height: 900 }, baseURL: url });
const answer = await context.request.post('/api/v1/session',
  { data: { user: 'admin', password: 'vitrine-demonstration' }, headers: { Origin: url } });
if (!answer.ok()) throw new Error(await answer.text());
const page = await context.newPage();
await page.goto('/admin/portraits/portrait-aiguille-drap');
await page.locator('.ct-picture img').nth(1).waitFor();
const field = page.getByLabel('Citation');

async function once(letter) {
  await page.waitForTimeout(1500); // what fits has been measured: nothing is on its way
  await page.evaluate(() => {
    const pictures = () => [...document.querySelectorAll('.ct-picture img')];
    const before = pictures().map((one) => one.src);
    window.drawn = new Promise((done) => {
      addEventListener('keydown', () => {
        const began = performance.now();
        const look = () => {
          const now = pictures();
          const there = now.length === before.length && now.every((one, i) => one.src !== before[i] && one.complete);
          requestAnimationFrame(there ? () => done(performance.now() - began) : look);
        };
        look();
      }, { once: true, capture: true });
    });
  });
  await field.press(letter);
  return page.evaluate(() => window.drawn);
}

await field.press('End');
const runs = [];
await once('a'); // the renderer's own start
for (let i = 0; i < Number(times); i += 1) runs.push(await once('bcdefghijk'[i % 10]));
await browser.close();
runs.sort((a, b) => a - b);
console.log([runs[0], runs[Math.floor(runs.length / 2)], runs.at(-1)].map((ms) => ms.toFixed(0)).join(' '));
