// An emergency as it is begun in a hurry, on a telephone: two steps with the real picture, a second
// person where many screens are reached, the end, and the neutral slide.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axe, hasFocus, login, look, pressOn, shot, site, typeInto } from './harness.mjs';

const here = await site();
for (const person of ['paul', 'nadia']) here.command('user', 'alert', person, 'oui');

const running = async (page) => (await (await page.context().request.get('/api/v1/emergencies')).json()).emergencies;

test('one site: two steps on a telephone, the real picture, a countdown, and the end', async (t) => {
  const page = await here.page(t, { narrow: true });
  await login(page, 'paul');
  await page.goto('/admin/emergency');
  await page.getByText('Aucune urgence en cours.').waitFor();
  await look(page, 'emergency-what');
  // Nothing said yet: the errors stand by the fields, and the focus goes there.
  await page.getByRole('button', { name: 'Vérifier' }).click();
  await page.getByText('Écrivez le message.').waitFor();
  await hasFocus(page, page.getByRole('textbox', { name: 'Message' }));
  await page.getByRole('button', { name: 'Évacuation' }).click();
  assert.equal(await page.getByRole('textbox', { name: 'Message' }).inputValue(), 'Évacuez le bâtiment');
  await page.getByRole('checkbox', { name: /Créapolis 2 écrans/ }).check();
  await page.getByText('Ce message paraîtra sur 2 écrans.').waitFor();
  // A reload loses nothing.
  await page.waitForTimeout(400);
  await page.reload();
  await page.getByText('Ce message paraîtra sur 2 écrans.').waitFor();
  await page.getByRole('button', { name: 'Vérifier' }).click();
  await hasFocus(page, page.getByRole('heading', { name: 'Vérifiez avant de diffuser' }));
  const picture = page.getByRole('img', { name: /Image exacte sur Créapolis.*Évacuez le bâtiment/ }).first();
  await picture.waitFor();
  assert.ok(await picture.evaluate((one) => one.decode().then(() => one.naturalWidth > 300)));
  await page.getByText('2 écrans ne répondent pas').waitFor(); // no player behind them here
  await look(page, 'emergency-check');
  assert.equal((await running(page)).length, 0, 'nothing is shown before the last button');
  await page.getByRole('button', { name: 'Diffuser sur 2 écrans' }).click();
  const card = page.getByRole('article', { name: 'Évacuez le bâtiment' });
  await card.getByText(/encore 59 min/).waitFor();
  await look(page, 'emergency-running');
  // Everybody sees it on every page.
  const other = await here.page(t);
  await login(other, 'ines');
  await other.goto('/admin/screens');
  await other.getByRole('region', { name: 'Urgence' }).getByText(/en cours sur 2 écrans\s: «\sÉvacuez le bâtiment\s»/).waitFor();
  await look(other, 'emergency-banner');
  await other.getByRole('link', { name: 'Voir et agir' }).click();
  await other.getByText('Votre compte n’a pas le droit d’urgence').waitFor();
  assert.equal(await other.getByRole('button', { name: 'Terminer maintenant' }).count(), 0);
  await axe(other);
  // The screen shows it.
  const screen = await (await page.context().request.get('/api/v1/screens/creapolis-hall')).json();
  assert.equal(screen.now.title, 'Évacuez le bâtiment');

  await card.getByRole('button', { name: 'Terminer maintenant' }).click();
  await axe(page);
  await page.getByRole('dialog').getByRole('button', { name: 'Terminer maintenant' }).click();
  await page.getByText('Aucune urgence en cours.').waitFor();
  assert.equal((await running(page)).length, 0);
});

test('everywhere: by keyboard, and nothing shows before a second person confirms', async (t) => {
  const page = await here.page(t);
  await login(page, 'paul');
  await page.goto('/admin/emergency');
  await typeInto(page, page.getByRole('textbox', { name: 'Message' }), 'Ligne M1 interrompue');
  await typeInto(page, page.getByRole('textbox', { name: 'Précision' }), 'Prenez les bus de remplacement.');
  await page.getByRole('radio', { name: 'Des sites' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.getByText('Ce message paraîtra sur 4 écrans.').waitFor();
  await pressOn(page, page.getByRole('button', { name: 'Vérifier' }));
  await page.getByText(/une seconde personne doit confirmer \(.*nadia.*\)/).waitFor();
  await page.getByRole('img', { name: /Image exacte/ }).nth(1).waitFor();
  await look(page, 'emergency-check-all');
  await pressOn(page, page.getByRole('button', { name: 'Demander la confirmation' }));
  const mine = page.getByRole('article', { name: 'Ligne M1 interrompue' });
  await mine.getByText(/Votre demande attend .*nadia/).waitFor();
  assert.equal(await mine.getByRole('button', { name: 'Confirmer et diffuser' }).count(), 0, 'nobody confirms their own');
  assert.equal((await running(page)).length, 0);

  const second = await here.page(t, { narrow: true });
  await login(second, 'nadia');
  await second.goto('/admin/');
  await second.getByRole('region', { name: 'Urgence' }).getByText('Une urgence attend votre confirmation : « Ligne M1 interrompue »').waitFor();
  await shot(second, 'emergency-banner-waits', { full: false });
  await second.getByRole('link', { name: 'Voir et agir' }).click();
  const asked = second.getByRole('article', { name: 'Ligne M1 interrompue' });
  await asked.getByRole('img', { name: /Image exacte/ }).first().waitFor();
  await look(second, 'emergency-confirm');
  await asked.getByRole('button', { name: 'Confirmer et diffuser' }).click();
  await second.getByRole('dialog').getByRole('button', { name: 'Confirmer et diffuser' }).click();
  await second.getByRole('region', { name: 'En cours' }).getByText(/sur 4 écrans/).waitFor();
  assert.equal((await running(second)).length, 1);

  // One person is enough for the neutral slide, which ends it.
  await second.getByRole('button', { name: 'Mettre l’image neutre' }).click();
  await second.getByRole('dialog').getByRole('button', { name: 'Mettre l’image neutre' }).click();
  await second.getByRole('article', { name: 'Image neutre sur tous les écrans' }).waitFor();
  await look(second, 'emergency-safe');
  await second.getByRole('button', { name: 'Rendre leur programme aux écrans' }).click();
  await second.getByText('Aucune urgence en cours.').waitFor();
});

test('bound to one site: what reaches others is told, and its buttons are not offered; a double tap asks once', async (t) => {
  const chief = await here.page(t);
  const { csrf } = await login(chief);
  const { request } = chief.context();
  const account = await request.get('/api/v1/users/omar');
  const kept = await account.json();
  const headers = { Origin: chief.origin, 'X-CSRF-Token': csrf };
  const changed = await request.put('/api/v1/users/omar', { headers: { ...headers, 'If-Match': account.headers().etag ?? '*' },
    data: { name: 'omar', role: kept.role, sites: ['creapolis'], alert: true, display: kept.display, email: kept.email, active: true } });
  assert.ok(changed.ok(), await changed.text());
  const asker = await here.page(t);
  const asking = await login(asker, 'paul');
  const asked = await asker.context().request.post('/api/v1/emergencies', { headers: { Origin: asker.origin, 'X-CSRF-Token': asking.csrf },
    data: { title: 'Tempête', text: '', minutes: 15, everywhere: true } });
  assert.equal(asked.status(), 202);

  const page = await here.page(t, { narrow: true });
  await login(page, 'omar');
  await page.goto('/admin/emergency');
  const card = page.getByRole('article', { name: 'Tempête' });
  await card.getByText(/d’autres sites que les vôtres/).waitFor();
  assert.equal(await card.getByRole('button').count(), 0);
  assert.equal(await page.getByRole('region', { name: 'Urgence', exact: true }).count(), 0, 'no banner calls who may not confirm');
  await axe(page);
  // Only their own screens are offered.
  await page.getByRole('checkbox', { name: /Créapolis 2 écrans/ }).waitFor();
  assert.equal(await page.getByRole('checkbox').count(), 1);

  await page.getByRole('button', { name: 'Évacuation' }).click();
  await page.getByRole('checkbox', { name: /Créapolis 2 écrans/ }).check();
  await page.getByRole('button', { name: 'Vérifier' }).dblclick();
  await page.getByRole('heading', { name: 'Vérifiez avant de diffuser' }).waitFor();
  for (const name of ['Modifier', 'Diffuser sur 2 écrans']) {
    // The second click of two, wherever the first one was.
    await page.getByRole('button', { name }).dispatchEvent('click', { detail: 2 });
  }
  await page.getByRole('heading', { name: 'Vérifiez avant de diffuser' }).waitFor();
  assert.equal((await running(page)).length, 0, 'a double tap on the first step begins nothing');
  await page.getByRole('button', { name: 'Diffuser sur 2 écrans' }).dblclick();
  const own = page.getByRole('article', { name: 'Évacuez le bâtiment' });
  await own.getByRole('button', { name: 'Terminer maintenant' }).dblclick();
  assert.equal((await running(page)).length, 1, 'nothing ends, and nothing begins twice, by a double tap');
  assert.equal(await page.getByRole('dialog').count(), 1);
  await page.getByRole('dialog').getByRole('button', { name: 'Terminer maintenant' }).click();
  await own.waitFor({ state: 'detached' });
  await asker.context().request.delete(`/api/v1/emergencies/${(await asked.json()).id}`, { headers: { Origin: asker.origin, 'X-CSRF-Token': asking.csrf } });
});

test('a machine whose clock is wrong counts down by the server’s', async (t) => {
  const page = await here.page(t);
  const { csrf } = await login(page, 'paul');
  await page.addInitScript(() => {
    const real = Date.now;
    Date.now = () => real() - 7200000;
  });
  const { request } = page.context(), headers = { Origin: page.origin, 'X-CSRF-Token': csrf };
  const asked = await request.post('/api/v1/emergencies', { headers, data: { title: 'Horloge', text: '', minutes: 30, screens: ['creapolis-hall'] } });
  assert.ok(asked.ok(), await asked.text());
  await page.goto('/admin/emergency');
  await page.getByRole('article', { name: 'Horloge' }).getByText(/encore (29 min|30 min)/).waitFor();
  await page.goto('/admin/screens');
  await page.getByRole('region', { name: 'Urgence' }).getByText(/Se termine dans (29|30) minutes/).waitFor();
  await request.delete(`/api/v1/emergencies/${(await asked.json()).id}`, { headers });
});
