// The way in, as people meet it: password, telephone's code, a link for a new password, a session that
// ends, the tour of the first day.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { hasFocus, login, look, NARROW, PASSWORD, pressOn, shot, site, typeInto } from './harness.mjs';

const here = await site();

// The code that a telephone would show (RFC 6238) for a secret in base 32; `step`: 1 for the next one.
function telephone(secret, step = 0) {
  const bits = [...secret.replace(/[\s=]/g, '')].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const count = Buffer.alloc(8);
  count.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000) + step));
  const sum = createHmac('sha1', key).update(count).digest();
  return String((sum.readUInt32BE(sum[19] & 15) & 0x7fffffff) % 1000000).padStart(6, '0');
}

const enter = async (page, user, password = PASSWORD) => {
  await page.getByLabel('Compte').fill(user);
  await page.getByLabel('Mot de passe').fill(password);
  await page.getByRole('button', { name: 'Se connecter' }).click();
};

test('a wrong password says so and keeps the name; the right one opens the desk', async (t) => {
  const page = await here.page(t);
  await page.goto('/admin/portraits');
  await look(page, 'login');
  await enter(page, 'paul', 'pas celui-là');
  await page.getByRole('alert').waitFor();
  assert.equal(await page.getByLabel('Compte').inputValue(), 'paul');
  await look(page, 'login-wrong');
  await enter(page, 'paul');
  await page.getByRole('heading', { level: 1, name: 'Portraits' }).waitFor(); // where they wanted to go
});

test('the city’s login says on coming back what to do', async (t) => {
  const page = await here.page(t);
  await page.goto('/admin/?login=unknown');
  await page.getByText('Aucun compte n’est relié à votre identité').waitFor();
  await look(page, 'login-city');
  await enter(page, 'paul');
  await page.getByRole('heading', { level: 1, name: 'Aujourd’hui' }).waitFor();
  assert.equal(new URL(page.url()).search, '');
});

test('a telephone is set up, asked for at the next login, and a recovery code stands in for it', async (t) => {
  const page = await here.page(t);
  await login(page, 'nadia');
  await page.goto('/admin/account');
  await page.getByRole('button', { name: 'Activer le second facteur' }).click();
  await page.getByLabel('Votre mot de passe actuel').last().fill(PASSWORD);
  await page.getByRole('button', { name: 'Continuer' }).click();
  await page.getByRole('img', { name: /Code QR/ }).waitFor();
  const secret = await page.locator('.ac-secret').innerText();
  await look(page, 'second-factor');
  await page.getByLabel('Code affiché').fill('000000');
  await page.getByRole('button', { name: 'Activer', exact: true }).click();
  await page.locator('.error').waitFor();
  await page.getByLabel('Code affiché').fill(telephone(secret));
  await page.getByRole('button', { name: 'Activer', exact: true }).click();
  await page.getByRole('heading', { name: 'Vos codes de secours' }).waitFor();
  const codes = await page.locator('.ac-codes code').allInnerTexts();
  assert.equal(codes.length, 10);
  await look(page, 'recovery-codes');
  await page.getByRole('button', { name: 'Je les ai gardés' }).click();
  await page.getByText('Actif', { exact: true }).waitFor();

  const next = await here.page(t);
  await next.goto('/admin/');
  await enter(next, 'nadia');
  await next.getByLabel('Code', { exact: true }).waitFor();
  await hasFocus(next, next.getByLabel('Code', { exact: true }));
  await look(next, 'login-code');
  await next.getByLabel('Code', { exact: true }).fill(codes[0]);
  await next.getByRole('button', { name: 'Valider' }).click();
  await next.getByRole('heading', { level: 1, name: 'Aujourd’hui' }).waitFor();
});

test('administrators who are asked for a second factor do nothing before they have one', async (t) => {
  const page = await here.page(t);
  await login(page);
  await page.goto('/admin/people');
  await page.getByLabel('Demander un second facteur').click();
  await page.getByText('activez d’abord le vôtre', { exact: true }).waitFor();
  await page.goto('/admin/account');
  await page.getByRole('button', { name: 'Activer le second facteur' }).click();
  await page.getByLabel('Votre mot de passe actuel').last().fill(PASSWORD);
  await page.getByRole('button', { name: 'Continuer' }).click();
  const secret = await page.locator('.ac-secret').innerText();
  await page.getByLabel('Code affiché').fill(telephone(secret));
  await page.getByRole('button', { name: 'Activer', exact: true }).click();
  await page.getByRole('button', { name: 'Je les ai gardés' }).click();
  await page.goto('/admin/people');
  await page.getByLabel('Demander un second facteur').check();
  await page.getByText('Règle enregistrée').waitFor();

  here.command('user', 'role', 'omar', 'administrator');
  const other = await here.page(t);
  await other.goto('/admin/people');
  await enter(other, 'omar');
  await other.getByRole('heading', { level: 1, name: 'Un second facteur est demandé' }).waitFor();
  await look(other, 'second-factor-wanted');
  await page.getByLabel('Demander un second facteur').uncheck();
});

test('a link gives a new password once', async (t) => {
  const link = /https?:\S+\/admin\/reset#\S+/.exec(here.command('user', 'reset-link', 'ines'))?.[0]
    ?? here.command('user', 'reset-link', 'ines');
  const hash = link.slice(link.indexOf('#')).trim();
  const page = await here.page(t);
  await page.goto(`/admin/reset${hash}`);
  await page.getByText('Pour le compte ines.').waitFor();
  await page.getByLabel('Nouveau mot de passe').fill('une phrase assez longue');
  await page.getByLabel('Encore une fois').fill('une autre phrase assez longue');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('Les deux ne sont pas les mêmes.').waitFor();
  await look(page, 'reset');
  await page.getByLabel('Nouveau mot de passe').fill('court');
  await page.getByLabel('Encore une fois').fill('court');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText(/12|douze/i).first().waitFor();
  await page.getByLabel('Nouveau mot de passe').fill('une phrase assez longue');
  await page.getByLabel('Encore une fois').fill('une phrase assez longue');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('C’est fait').waitFor();
  await page.getByRole('link', { name: 'Se connecter' }).click();
  await enter(page, 'ines', 'une phrase assez longue');
  await page.getByRole('heading', { level: 1, name: 'Aujourd’hui' }).waitFor();

  const again = await here.page(t);
  await again.goto(`/admin/reset${hash}`);
  await again.getByRole('alert').waitFor();
  await look(again, 'reset-used');
});

test('a session that ends asks for the password over the page and loses nothing', async (t) => {
  const page = await here.page(t);
  await login(page, 'paul');
  await page.goto('/admin/account');
  const field = page.getByLabel('Nouveau mot de passe');
  await field.fill('ce que je tapais');
  await page.context().clearCookies();
  // Whatever asks next: a click, or the bell by itself.
  await page.getByLabel('Un contenu attend mon approbation').dispatchEvent('click');
  const dialog = page.getByRole('dialog', { name: 'Votre session a pris fin' });
  await dialog.waitFor();
  assert.equal(await dialog.getByLabel('Compte').inputValue(), 'paul');
  await dialog.getByLabel('Mot de passe').fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Se connecter' }).click();
  await dialog.waitFor({ state: 'detached' });
  assert.equal(await field.inputValue(), 'ce que je tapais');
});

test('the tour of the first day: three steps by keyboard, never over what it tells of, once', async (t) => {
  const page = await here.page(t);
  await login(page, 'lea', { tour: true });
  await page.goto('/admin/');
  for (const [n, target] of [[1, '.nav'], [2, '.quick'], [3, '.bar-end']]) {
    const step = page.getByRole('region', { name: `Visite guidée, étape ${n} sur 3` });
    await step.waitFor();
    const [mine, its] = [await step.boundingBox(), await page.locator(target).boundingBox()];
    assert.ok(mine.x >= its.x + its.width || mine.y >= its.y + its.height, `step ${n} covers ${target}`);
    await shot(page, `tour-${n}`, { full: false });
    await hasFocus(page, step);
    await pressOn(page, step.getByRole('button', { name: n < 3 ? 'Suivant' : 'C’est parti' }));
  }
  await page.setViewportSize(NARROW);
  await page.reload();
  await page.getByRole('heading', { level: 1, name: 'Aujourd’hui' }).waitFor();
  await page.waitForLoadState('networkidle');
  assert.equal(await page.getByRole('region', { name: /étape/ }).count(), 0);
  await page.goto('/admin/account');
  await page.getByRole('button', { name: 'Revoir la visite' }).click();
  await look(page, 'tour-narrow', { full: false });
  await page.keyboard.press('Escape');
  await page.getByRole('region', { name: /étape/ }).waitFor({ state: 'detached' });
  await hasFocus(page, page.getByRole('button', { name: 'Revoir la visite' }));
});

test('one’s password changes by keyboard alone; the old one no longer opens', async (t) => {
  const page = await here.page(t);
  await login(page, 'omar');
  await page.goto('/admin/account');
  await typeInto(page, page.getByLabel('Votre mot de passe actuel'), PASSWORD);
  await typeInto(page, page.getByLabel('Nouveau mot de passe'), 'un autre mot de passe');
  await typeInto(page, page.getByLabel('Encore une fois'), 'un autre mot de passe');
  await pressOn(page, page.getByRole('button', { name: 'Changer le mot de passe' }));
  await page.getByText('Mot de passe changé').waitFor();
  await look(page, 'account');
  const old = await (await here.page(t)).context().request.post('/api/v1/session', { data: { user: 'omar', password: PASSWORD }, headers: { Origin: page.origin } });
  assert.equal(old.status(), 403);
});
