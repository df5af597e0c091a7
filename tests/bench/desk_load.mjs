// How long the desk takes to open, from the address to what it tells of: desk_load.mjs URL TIMES, a
// browser without cache each time. Prints the median and the longest in ms, the median of the first
// words on the page, and the kilobytes that came.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const { chromium } = createRequire(join(root, 'build/npm/browser/package.json'))('playwright-core');
const [url, times] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });

async function once() {
  const context = await browser.newContext({ locale: 'fr-FR', viewport: { width: 1440, height: 900 }, baseURL: url });
  const answer = await context.request.post('/api/v1/session',
    { data: { user: 'admin', password: 'vitrine-demonstration' }, headers: { Origin: url } });
  if (!answer.ok()) throw new Error(await answer.text());
  const page = await context.newPage();
  await page.goto('/admin/', { waitUntil: 'commit' });
  // Today's heading, and the screens under it, named: no more grey bars.
  const ready = await page.waitForFunction(() => document.querySelector('h1') && document.querySelector('main .frame, main table, main .empty')
    && !document.querySelector('.waiting') && performance.now(), null, { polling: 'raf' });
  const at = await ready.jsonValue();
  const [first, bytes] = await page.evaluate(() => [performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
    performance.getEntries().reduce((all, one) => all + (/\/admin\//.test(one.name) ? one.transferSize ?? 0 : 0), 0)]);
  await context.close();
  return { at, first, bytes };
}

const runs = [];
await once(); // the browser's own start
for (let i = 0; i < Number(times); i += 1) runs.push(await once());
await browser.close();
const sorted = (key) => runs.map((one) => one[key]).sort((a, b) => a - b);
const middle = (key) => sorted(key)[Math.floor(runs.length / 2)];
console.log(middle('at').toFixed(0), sorted('at').at(-1).toFixed(0), middle('first').toFixed(0), (middle('bytes') / 1000).toFixed(0));
