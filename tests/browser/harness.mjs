// What browser tests stand on: a real server on a copy of the demonstration content, and Debian's
// chromium at the desk.
//
//   const here = await site();                     // the server ends with the file's tests
//   test('…', async (t) => {
//     const page = await here.page(t);             // 1440 px wide; { narrow: true }: 390 px
//     await login(page);                           // as admin; login(page, 'lea'): a contributor
//     await page.goto(`${here.url}/admin/people`);
//     await axe(page);                             // fails with what is wrong, in words
//     await shot(page, 'people-list');             // into $VITRINE_SHOTS, when that is set
//     await look(page, 'people-list');             // both, at 1440 and at 390 px, and that nothing overflows
//   });
//
// A page's test fails on errors in the console, on exceptions, on what the CSP refuses, on answers of
// 500 and more, and on requests to any other machine. People of the copy: admin, ines (reader), lea
// (contributor), nadia (validator), paul (publisher), omar (site operator), all with PASSWORD.
//
// VITRINE_BUILD=build/test node --test tests/browser/people.test.mjs   runs one by hand;
// VITRINE_DESK=source takes the desk from the working tree rather than from the server.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const require = createRequire(join(root, 'build/npm/browser/package.json'));
const { chromium } = require('playwright-core');
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const build = resolve(process.env.VITRINE_BUILD ?? join(root, 'build/test'));

export const PASSWORD = 'vitrine-demonstration';
export const WIDE = { width: 1440, height: 900 };
export const NARROW = { width: 390, height: 844 };

// Resolves with what the pattern's group held in a line of the program's output.
function lineOf(child, stream, pattern) {
  return new Promise((done, refuse) => {
    let text = '';
    child[stream].setEncoding('utf8');
    child[stream].on('data', (piece) => {
      text += piece;
      const found = pattern.exec(text);
      if (found) done(found[1]);
    });
    child.on('error', refuse);
    child.on('exit', (code) => refuse(new Error(`${child.spawnfile} ended with ${code}: ${text}`)));
  });
}

function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((done) => {
    child.on('exit', done);
    child.kill('SIGTERM');
  });
}

function prepared(folder) {
  if (process.env.VITRINE_SITE) return process.env.VITRINE_SITE;
  const made = join(folder, 'made');
  execFileSync('bash', [join(root, 'tests/browser/prepare.sh'), build, made], { stdio: ['ignore', 'ignore', 'inherit'] });
  return made;
}

// settings: the server's, { public_url: '…' }. args: further options of `serve`.
export async function site({ settings = {}, args = [] } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'vitrine-browser-'));
  const data = join(folder, 'data');
  cpSync(join(prepared(folder), 'data'), data, { recursive: true, preserveTimestamps: true });
  const config = join(folder, 'server.conf');
  // Several servers may run on one machine: none gives its measures.
  writeFileSync(config, Object.entries({ metrics_listen: '', ...settings }).map(([key, value]) => `${key} = ${value}\n`).join(''));
  const common = ['--data', data, '--config', config];
  const env = { ...process.env,
    LSAN_OPTIONS: `suppressions=${join(root, 'tests/lsan.supp')}` };
  const log = [];
  const start = async (address) => {
    const child = spawn(join(build, 'vitrine-server'), ['serve', ...common, '--listen', address, ...args],
      { env, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stderr.on('data', (piece) => log.push(String(piece)));
    const url = await lineOf(child, 'stdout', /(http:\/\/[^ /]*)\//).catch((problem) => {
      throw new Error(`${problem.message}\n${log.join('')}`);
    });
    return { child, url };
  };
  let server = await start('127.0.0.1:0');
  let desk = null;
  let url = server.url;
  if (process.env.VITRINE_DESK === 'source') {
    desk = spawn(process.execPath, [join(root, 'server/admin/build.mjs'), '--serve', server.url, '0'],
      { stdio: ['ignore', 'pipe', 'inherit'] });
    url = await lineOf(desk, 'stdout', /(http:\/\/[^ /]*)\//);
  }
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--lang=fr-FR', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'] });

  const here = {
    url, data, log,
    build, root, // where things are
    // vitrine-server COMMAND… on the same data; what it printed.
    command: (...words) => execFileSync(join(build, 'vitrine-server'), [...words, ...common], { env, encoding: 'utf8' }),
    // Stops the server, and starts it again at the same address.
    async stop() { await end(server.child); },
    async restart() {
      await end(server.child);
      server = await start(server.url.replace('http://', ''));
    },
    async page(t, { narrow = false, locale = 'fr-FR', ...context } = {}) {
      const own = await browser.newContext({ viewport: narrow ? NARROW : WIDE, locale, timezoneId: 'Europe/Paris',
        reducedMotion: 'reduce', baseURL: url, ...context });
      const page = await own.newPage();
      page.setDefaultTimeout(15000);
      page.origin = url;
      page.troubles = [];
      page.allowed = []; // patterns of troubles that the test wants
      watch(page, url);
      t.after(async () => {
        await own.close();
        const left = page.troubles.filter((one) => !page.allowed.some((pattern) => pattern.test(one)));
        assert.deepEqual(left, [], 'what the browser complained of');
      });
      return page;
    },
  };
  after(async () => {
    await browser.close();
    if (desk) await end(desk);
    const code = await end(server.child);
    rmSync(folder, { recursive: true, force: true });
    assert.ok(code === 0 || code === null, `the server ended with ${code}:\n${log.join('')}`);
  });
  return here;
}

function watch(page, url) {
  page.on('console', (message) => {
    if (message.type() !== 'error') return;
    // The browser's own word on answers of 400 and more; those that are troubles are told below.
    if (message.text().startsWith('Failed to load resource')) return;
    page.troubles.push(`console: ${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (problem) => page.troubles.push(`exception: ${problem.stack ?? problem}`));
  page.on('request', (request) => {
    if (/^https?:/.test(request.url()) && !request.url().startsWith(`${url}/`)) {
      page.troubles.push(`asked elsewhere: ${request.url()}`);
    }
  });
  page.on('response', (response) => {
    if (response.status() >= 500) page.troubles.push(`${response.status()}: ${response.url()}`);
  });
}

// By the API, so that what is tested begins at once (login.test.mjs goes by the form), and with the
// tour of the first day seen unless `tour`.
export async function login(page, user = 'admin', { password = PASSWORD, tour = false } = {}) {
  const { request } = page.context();
  const answer = await request.post('/api/v1/session', { data: { user, password }, headers: { Origin: page.origin } });
  assert.equal(answer.status(), 200, await answer.text());
  const session = await answer.json();
  if (!tour) {
    await request.put('/api/v1/session/tour', { data: { seen: true },
      headers: { Origin: page.origin, 'X-CSRF-Token': session.csrf } });
  }
  return session;
}

// What the page asked for has come, and fonts and pictures are there.
export async function settled(page) {
  await page.waitForLoadState('networkidle');
  await page.evaluate(async () => {
    await document.fonts.ready;
    await Promise.all([...document.images].filter((image) => image.loading !== 'lazy' || image.complete)
      .map((image) => image.decode().catch(() => {})));
  });
}

// `options` as axe takes them: { rules: { 'x': { enabled: false } } } with a reason beside it.
export async function axe(page, options = {}) {
  if (!await page.evaluate(() => 'axe' in window)) await page.evaluate(axeSource);
  const { violations } = await page.evaluate((given) => window.axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], ...given }), options);
  const words = violations.map(({ id, help, nodes }) => [`${id}: ${help}`, ...nodes.slice(0, 8).map((node) =>
    `    ${node.target.join(' ')}\n      ${node.html.slice(0, 160)}\n      ${node.failureSummary.replaceAll('\n', ' ')}`)].join('\n'));
  assert.equal(violations.length, 0, `axe on ${page.url()}:\n${words.join('\n')}`);
}

export async function shot(page, name, { full = true } = {}) {
  const folder = process.env.VITRINE_SHOTS;
  if (!folder) return;
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true });
  await settled(page);
  if (full) await page.evaluate(() => scrollTo(0, 0)); // bars that stick would stand in the middle
  await page.screenshot({ path: join(folder, `${name}-${page.viewportSize().width}.png`), fullPage: full, animations: 'disabled' });
}

// Nothing stands out of the window to the right, where only tables may be scrolled.
export async function fits(page) {
  const over = await page.evaluate(() => {
    const most = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= most) return [];
    return [...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > most + 1)
      .slice(0, 5).map((one) => `${one.tagName}.${one.className} ${one.textContent.slice(0, 40)}`);
  });
  assert.deepEqual(over, [], `wider than ${page.viewportSize().width} px: ${page.url()}`);
}

// The page as it stands, in a wide window and in a narrow one.
export async function look(page, name, options = {}) {
  const before = page.viewportSize();
  for (const size of [WIDE, NARROW]) {
    await page.setViewportSize(size);
    await settled(page);
    await fits(page);
    await axe(page, options.axe);
    await shot(page, name, options);
  }
  await page.setViewportSize(before);
}

// --- by keyboard alone ----------------------------------------------------------------------------

// Tabs until the focus is on what the locator finds; fails after `most` steps, telling where it went.
export async function tabTo(page, locator, { most = 80, back = false } = {}) {
  const been = [];
  for (let i = 0; i <= most; i += 1) {
    if (await locator.evaluate((one) => one === document.activeElement).catch(() => false)) return;
    await page.keyboard.press(back ? 'Shift+Tab' : 'Tab');
    been.push(await page.evaluate(() => {
      const one = document.activeElement;
      return `${one.tagName.toLowerCase()} ${(one.getAttribute('aria-label') ?? one.textContent ?? '').trim().slice(0, 30)}`;
    }));
  }
  assert.fail(`the keyboard does not reach ${locator}: ${been.join(' → ')}`);
}

// Tabs to a control and presses it.
export async function pressOn(page, locator, { key = 'Enter', ...options } = {}) {
  await tabTo(page, locator, options);
  await page.keyboard.press(key);
}

// Tabs to a field and types into it, over what stands there.
export async function typeInto(page, locator, text, options) {
  await tabTo(page, locator, options);
  await page.keyboard.press('Control+A');
  await page.keyboard.type(text);
}

// Waits until the focus is on what the locator finds, or in it; fails telling where it is instead.
export async function hasFocus(page, locator) {
  const holds = (one) => one === document.activeElement || one.contains(document.activeElement);
  for (const until = Date.now() + 5000; Date.now() < until; await page.waitForTimeout(50)) {
    if (await locator.evaluate(holds, null, { timeout: 1000 }).catch(() => false)) return;
  }
  const where = await page.evaluate(() => document.activeElement.outerHTML.slice(0, 120));
  assert.fail(`the focus is on ${where}, not on ${locator}`);
}
