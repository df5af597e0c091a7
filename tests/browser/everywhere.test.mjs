// Every page and every state that opens over one, held to what one page's test would not say of another:
// room at 320 px and with more space between letters, targets, the keyboard's way, words that only the
// program knows; and axe where something stands over the page.
import assert from 'node:assert/strict';
import test from 'node:test';
import { WIDE, axe, fits, hasFocus, login, settled, shot, site } from './harness.mjs';

const here = await site();

const PLACES = ['/', '/portraits', '/portraits/portrait-aiguille-drap', '/events', '/events/new',
  '/announcements', '/organisations', '/organisations/demo-aiguille-drap', '/media', '/imports', '/playlists',
  '/playlists/astuce-journee', '/playlists/new', '/programming?screen=astuce-theatre-des-arts&view=week',
  '/programming?screen=astuce-theatre-des-arts&view=month', '/programming?screen=astuce-theatre-des-arts&view=list', '/programming/rules',
  '/programming/rules/matin-astuce', '/programming/gaps', '/programming/travel?screen=astuce-theatre-des-arts', '/screens', '/screens?view=map',
  '/screens/creapolis-hall', '/screens/creapolis-hall?tab=settings', '/screens/enrol', '/approvals', '/emergency', '/figures', '/people', '/people/lea',
  '/sites', '/sites/creapolis', '/sites/groups/pepinieres', '/audit', '/settings', '/account', '/search?q=drap', '/nowhere'];

const AT_ONCE = 4; // most of the time a page waits for its server
const PHONE_320 = { width: 320, height: 640 }; // 1280 px at 400 %

// What WCAG's 1.4.12 lets readers ask for.
const SPACED = '* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; } p { margin-bottom: 2em !important; }';

// Controls smaller than 24 px, but for links within a sentence and what stands unseen.
const small = (page) => page.evaluate(() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [role=option], [tabindex="0"]')]
  .filter((one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !one.closest('.unseen, svg, p, small'))
  .map((one) => ({ one, box: (one.matches('[type=checkbox], [type=radio]') && one.closest('label, .check, .choice') || one).getBoundingClientRect() }))
  .filter(({ one, box }) => box.width > 1 && box.right > 0 && (box.width < 23.5 || box.height < 23.5) && !(one.matches('a:not([class])') && getComputedStyle(one).display === 'inline'))
  .map(({ one, box }) => `${one.outerHTML.slice(0, 100)} ${Math.round(box.width)} × ${Math.round(box.height)}`));

// Steps through the page by Tab: each stop is seen, and nothing stands over it.
async function walk(page) {
  const hidden = [];
  for (let i = 0; i < 60; i += 1) {
    await page.keyboard.press('Tab');
    const told = await page.evaluate(async () => {
      await new Promise((drawn) => { requestAnimationFrame(() => requestAnimationFrame(drawn)); });
      const one = document.activeElement;
      if (one === document.body) return 'end';
      const face = one.matches('.segments input, .chips input, .unseen') ? one.nextElementSibling : one;
      const box = face.getBoundingClientRect();
      if (box.bottom <= 1 || box.top >= innerHeight - 1) return `out of the window: ${one.outerHTML.slice(0, 120)}`;
      const points = [[.5, .5], [.1, .2], [.9, .8], [.1, .8], [.9, .2]].map(([x, y]) => [box.left + box.width * x, box.top + box.height * y]);
      const seen = points.some(([x, y]) => {
        const top = document.elementFromPoint(x, y);
        return top && (face.contains(top) || top.contains(one) && !top.matches('.bar, .workflow, .ap-decision'));
      });
      return seen ? '' : `under something: ${one.outerHTML.slice(0, 120)}`;
    });
    if (told === 'end') break;
    if (told) hidden.push(told);
  }
  return hidden;
}

async function open(page, place) {
  await page.goto(`/admin${place}`);
  await page.locator('main h1').first().waitFor();
  await page.locator('main .waiting').first().waitFor({ state: 'detached' });
  await settled(page);
}

// What is wrong with one place, in a line each; `ids` are words that only the program knows.
async function troublesOf(page, place, ids) {
  const wrong = [];
  await page.setViewportSize(WIDE);
  await open(page, place);
  const words = await page.evaluate(() => document.body.innerText);
  const raw = [...ids.filter((id) => words.includes(id)), ...words.match(/\b20\d\d-\d\d-\d\d\b|\b\w+_\w+\b|\bundefined\b|\bnull\b|\bNaN\b/g) ?? []];
  if (raw.length) wrong.push(`${place}: says ${raw.join(', ')}`);
  for (const one of await walk(page)) wrong.push(`${place}: ${one}`);
  await page.setViewportSize(PHONE_320);
  await page.waitForFunction(() => document.querySelector('.bar').getBoundingClientRect().right <= 320);
  await settled(page);
  await fits(page).catch((error) => wrong.push(`${place}: ${error.message}`));
  for (const one of await small(page)) wrong.push(`${place}: small: ${one}`);
  await page.evaluate((css) => { // as a reader's own sheet: the CSP refuses a style element
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = [sheet];
  }, SPACED);
  await fits(page).catch((error) => wrong.push(`${place}, spaced: ${error.message}`));
  return wrong;
}

test('every page has room, reach and plain words', async (t) => {
  const pages = await Promise.all(Array.from({ length: AT_ONCE }, () => here.page(t)));
  for (const page of pages) {
    page.allowed.push(/404/);
    await login(page);
  }
  const { request } = pages[0].context();
  const ids = [];
  for (const kind of ['screens', 'playlists', 'portraits', 'rules', 'sites', 'groups']) {
    const { items } = await (await request.get(`/api/v1/${kind}?limit=200`)).json();
    ids.push(...items.map((one) => one.id).filter((id) => id.includes('-')));
  }
  assert.ok(ids.length > 20);
  const wrong = [];
  const left = [...PLACES];
  await Promise.all(pages.map(async (page) => {
    while (left.length) wrong.push(...await troublesOf(page, left.shift(), ids));
  }));
  assert.equal(wrong.length, 0, wrong.join('\n'));
});

// Name, where, and what opens it; then Escape closes it, and the focus is where it was.
const OVER = [
  ['account-menu', '/', (page) => page.getByRole('button', { name: /^Compte/ }), '.menu-list'],
  ['notices', '/', (page) => page.locator('.bell').first(), '.bell-panel'],
  ['navigation', '/', (page) => page.locator('.nav-toggle'), '.nav-open .nav', { narrow: true }],
  ['playlist-add', '/playlists/astuce-journee', (page) => page.getByRole('button', { name: 'Ajouter', exact: true }).first(), 'dialog[open]'],
  ['record-menu', '/portraits/portrait-aiguille-drap', (page) => page.locator('.workflow .menu button').first(), '.workflow .menu-list'],
  ['enlarged', '/portraits/portrait-aiguille-drap', (page) => page.locator('.ct-picture').first(), 'dialog[open]'],
];

test('what opens over a page is reached, named, closed by Escape, and gives the focus back', async (t) => {
  await Promise.all([false, true].map(async (narrow) => {
    const page = await here.page(t, { narrow });
    await login(page);
    for (const [name, place, opener, shown, only] of OVER) {
      if (only && only.narrow !== narrow) continue;
      await open(page, place);
      const button = opener(page);
      await button.focus();
      await page.keyboard.press('Enter');
      await page.locator(shown).first().waitFor();
      await axe(page);
      await fits(page);
      const { x, width } = await page.locator(shown).first().boundingBox();
      assert.ok(x >= 0 && x + width <= page.viewportSize().width, `${name} stands out of the window: ${x}, ${width} wide`);
      await shot(page, `over-${name}`, { full: false });
      await page.keyboard.press('Escape');
      await page.locator(shown).first().waitFor({ state: 'hidden' });
      await hasFocus(page, button);
    }
    await open(page, '/');
    await page.keyboard.press('/');
    await page.keyboard.type('drap');
    await page.getByRole('option').first().waitFor();
    await page.keyboard.press('ArrowDown');
    await axe(page);
    await shot(page, 'over-search', { full: false });
  }));
});

test('the tour covers neither its page’s name nor what it tells of', async (t) => {
  await Promise.all([false, true].map(async (narrow) => {
    const page = await here.page(t, { narrow });
    await login(page, narrow ? 'lea' : 'ines', { tour: true });
    await page.goto('/admin/');
    for (let step = 1; step <= 3; step += 1) {
      await page.getByRole('region', { name: new RegExp(`étape ${step}`) }).waitFor();
      await settled(page);
      await axe(page);
      await shot(page, `over-tour-${step}`, { full: false });
      const over = await page.evaluate(() => {
        const box = document.querySelector('.tour').getBoundingClientRect();
        return ['main .page-title', '.tour-target'].filter((selector) => {
          const words = document.createRange();
          words.selectNodeContents(document.querySelector(selector));
          const one = words.getBoundingClientRect();
          return box.left < one.right && box.right > one.left && box.top < one.bottom && box.bottom > one.top;
        });
      });
      assert.deepEqual(over, [], `step ${step} at ${page.viewportSize().width} px`);
      if (step < 3) await page.getByRole('button', { name: 'Suivant' }).click();
    }
  }));
});
