// The admin page: what every screen shows, who asks to be enrolled, what went wrong. Talks to
// /api/v1 of the server it came from, and to nobody else.

import { lang, text, duration } from './texts.js';

const REFRESH_MS = 10000;

const byId = (id) => document.getElementById(id);
function fillTexts(root) {
  for (const element of root.querySelectorAll('[data-text]'))
    element.textContent = text[element.dataset.text];
}

let csrf = ''; // of the session; every change carries it

async function call(method, path, body) {
  const response = await fetch(`/api/v1${path}`, {
    method,
    headers: { 'Accept-Language': lang, ...(method !== 'GET' && csrf && { 'X-CSRF-Token': csrf }),
      ...(body && { 'Content-Type': 'application/json' }) },
    body: body && JSON.stringify(body),
  });
  if (response.ok) return response.status === 204 ? null : response.json();
  const problem = await response.json().catch(() => ({ detail: response.statusText }));
  const retry = Number(response.headers.get('Retry-After'));
  throw Object.assign(new Error(response.status === 429 && retry ? text.tooMany(retry) : problem.detail),
    { status: response.status });
}

// Every page of a list.
async function callAll(path) {
  const items = [];
  for (let after = ''; after !== null;) {
    const page = await call('GET', `${path}?limit=200${after && `&after=${encodeURIComponent(after)}`}`);
    items.push(...page.items);
    after = page.next;
  }
  return items;
}

function showHealth(element, screen) {
  const quiet = screen.device?.quiet_ms;
  element.className = 'health';
  if (!screen.device) {
    element.classList.add('waiting');
    element.textContent = text.never;
  } else if (screen.presence !== 'ok') {
    element.classList.add('silent');
    element.textContent = text.silent(duration(quiet));
  } else {
    const ago = quiet < 60000 ? text.secondsAgo : text.ago(duration(quiet));
    element.textContent = text.seen(ago);
  }
}

const HOT_C = 75;
const DISK_LOW = 0.1;
const DROPPED_PART = 0.001;

// What a player last said of itself, in words: [name, words, whether somebody should look].
function stateFacts(screen) {
  const health = screen.health;
  const facts = [];
  const add = (name, words, watch = false) => facts.push({ name, words, watch });
  if ('temperature_c' in health) {
    const hot = health.temperature_c >= HOT_C;
    add('temperature', (hot ? text.hot : text.warm)(Math.round(health.temperature_c)), hot);
  }
  if ('disk_free' in health)
    add('disk', text.disk(text.bytes(health.disk_free), health.disk_size && text.bytes(health.disk_size)),
      health.disk_size > 0 && health.disk_free < health.disk_size * DISK_LOW);
  if ('memory' in health) add('memory', text.memory(text.bytes(health.memory)));
  if ('dropped' in health)
    add('frames', health.dropped ? text.dropped(health.dropped) : text.framesGood,
      health.dropped > (health.frames ?? 0) * DROPPED_PART && health.dropped > 10);
  if ('clock' in health) add('clock', text.clocks[health.clock] ?? health.clock, health.clock === 'floor');
  if ('display' in health) add('display', text.displays[health.display] ?? health.display);
  if (health.quarantined) add('quarantined', text.quarantined(health.quarantined), true);
  add('software', screen.device.software);
  add('uptime', duration(health.uptime_s * 1000));
  return facts;
}

function showState(details, screen) {
  details.hidden = !screen.device || !screen.health;
  if (details.hidden) return;
  const facts = stateFacts(screen);
  const watch = facts.filter((fact) => fact.watch).map((fact) => text.stateWords[fact.name]);
  details.classList.toggle('watch', watch.length > 0);
  details.querySelector('summary').textContent = watch.length ? text.stateWatch(watch) : text.stateGood;
  details.querySelector('dl').replaceChildren(...facts.flatMap((fact) => {
    const term = document.createElement('dt');
    const words = document.createElement('dd');
    term.textContent = text.stateNames[fact.name];
    words.textContent = fact.words;
    words.classList.toggle('watch', fact.watch);
    return [term, words];
  }));
}

const PHOTO_WAIT_S = 90;
const photos = new Map(); // screen id → { id, url } of the last one fetched
const photosAsked = new Set();

async function fetchPhoto(screen) {
  const known = photos.get(screen.id);
  const response = await fetch(`/api/v1/screens/${encodeURIComponent(screen.id)}/screenshot`,
    { cache: 'no-store', headers: known ? { 'If-None-Match': `"${known.id}"` } : {} }).catch(() => null);
  if (!response?.ok) return known;
  const photo = { id: response.headers.get('ETag').replaceAll('"', ''),
    url: URL.createObjectURL(await response.blob()) };
  if (known) URL.revokeObjectURL(known.url);
  photos.set(screen.id, photo);
  return photo;
}

function photoTime(screen, at) {
  return text.photoTaken(new Date(at)
    .toLocaleString(lang, { timeZone: screen.time_zone, dateStyle: 'long', timeStyle: 'short' }));
}

async function showPhoto(card, screen) {
  card.photo = screen;
  const thumb = card.querySelector('.thumb');
  card.querySelector('.ask').hidden = !may.look || !screen.device;
  if (!screen.screenshot || photosAsked.has(screen.id)) return;
  card.querySelector('.photo .note').textContent = photoTime(screen, screen.screenshot.received_ms);
  if (!card.inSight || photos.get(screen.id)?.id === screen.screenshot.id) return;
  const photo = await fetchPhoto(screen);
  if (!photo) return;
  thumb.firstElementChild.src = photo.url;
  thumb.setAttribute('aria-label', text.photoSee(screen.name));
  thumb.hidden = false;
}

function openPhoto(screen) {
  const dialog = byId('photo-dialog');
  const image = dialog.querySelector('img');
  dialog.querySelector('h2').textContent = text.photoOf(screen.name);
  image.src = photos.get(screen.id).url;
  image.alt = text.photoOf(screen.name);
  dialog.querySelector('.note').textContent = photoTime(screen, screen.screenshot.received_ms);
  dialog.showModal();
}

// A player answers within seconds when it is online: the page looks each second for a while.
async function askPhoto(card) {
  const screen = card.photo;
  const button = card.querySelector('.ask');
  const note = card.querySelector('.photo .note');
  button.disabled = true;
  photosAsked.add(screen.id);
  try {
    const wish = await call('POST', `/screens/${encodeURIComponent(screen.id)}/screenshot`);
    let photo;
    for (let s = 0; s < PHOTO_WAIT_S && photo?.id !== wish.id; s += 1) {
      note.textContent = text.photoWait(s);
      await new Promise((done) => { setTimeout(done, 1000); });
      photo = await fetchPhoto(screen);
    }
    note.textContent = photo?.id === wish.id ? '' : text.photoNone;
    if (photo?.id === wish.id) card.querySelector('.thumb img').src = photo.url;
    if (photo?.id === wish.id) card.querySelector('.thumb').hidden = false;
  } catch (problem) {
    note.textContent = problem.status ? problem.message : text.offline;
  }
  photosAsked.delete(screen.id);
  button.disabled = false;
  refresh();
}

function showing(screen) {
  if (!screen.now || !screen.now.title) return text.nothing;
  const until = screen.now.until_ms
    && text.until(new Date(screen.now.until_ms)
      .toLocaleTimeString(lang, { timeZone: screen.time_zone }));
  return text.showing(screen.now.title) + (until || '');
}

const pictures = new Map(); // screen id → object URL shown

// Drawing a frame costs the server a process: only cards in sight ask, two at a time.
const FRAMES_AT_ONCE = 2;
const waiting = new Set();
let drawing = 0;
const sight = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    target.inSight = isIntersecting;
    askFrame(target);
  }
}, { rootMargin: '200px' });

function askFrame(card) {
  if (!card.inSight || !card.frame) return;
  waiting.add(card);
  drawNext();
}

function drawNext() {
  for (const card of waiting) {
    if (drawing === FRAMES_AT_ONCE) return;
    waiting.delete(card);
    drawing += 1;
    showFrame(card, card.frame.screen, card.frame.at).finally(() => {
      drawing -= 1;
      drawNext();
    });
  }
}

async function showFrame(card, screen, at) {
  const image = card.querySelector('img');
  const caption = card.querySelector('figcaption');
  const query = at ? `?at=${encodeURIComponent(at.toISOString())}` : '';
  const response = await fetch(`/api/v1/screens/${encodeURIComponent(screen.id)}/frame${query}`)
    .catch(() => null);
  if (response?.status === 503) return; // others are drawn; the next refresh asks again
  if (!response?.ok) {
    caption.textContent = text.noFrame;
    return;
  }
  const url = URL.createObjectURL(await response.blob());
  caption.textContent = '';
  image.width = screen.width_px;
  image.height = screen.height_px;
  image.style.height = 'auto';
  image.style.width = 'auto';
  image.alt = text.frameAlt(screen.name, at ? '' : screen.now?.title);
  image.src = url;
  await image.decode().catch(() => {});
  if (pictures.has(screen.id)) URL.revokeObjectURL(pictures.get(screen.id));
  pictures.set(screen.id, url);
}

function chosenInstant() {
  const value = byId('at').value;
  return value ? new Date(value) : null;
}

async function showScreens() {
  const screens = await callAll('/screens');
  const groups = await callAll('/groups');
  fleet = { screens, groups };
  const list = byId('screen-list');
  const at = chosenInstant();
  byId('travelling').textContent = at
    ? text.travelling(at.toLocaleString(lang, { dateStyle: 'full', timeStyle: 'short' })) : '';
  for (const screen of screens) {
    let card = list.querySelector(`[data-id="${CSS.escape(screen.id)}"]`);
    if (!card) {
      card = byId('screen-card').content.cloneNode(true).firstElementChild;
      card.dataset.id = screen.id;
      fillTexts(card);
      const own = card;
      card.querySelector('.ask').addEventListener('click', () => askPhoto(own));
      card.querySelector('.thumb').addEventListener('click', () => openPhoto(own.photo));
      list.append(card);
      sight.observe(card);
    }
    card.querySelector('h3').textContent = screen.kiosk
      ? `${screen.name} (${text.kiosk})` : screen.name;
    showHealth(card.querySelector('.health'), screen);
    card.querySelector('.showing').textContent = at ? '' : showing(screen);
    showState(card.querySelector('.state'), screen);
    showPhoto(card, screen);
    card.frame = screen.published && { screen, at };
    askFrame(card);
  }
  return screens;
}

function enrolmentCard(enrolment, screens) {
  const card = byId('enrolment-card').content.cloneNode(true).firstElementChild;
  const select = card.querySelector('select');
  const error = card.querySelector('.error');
  fillTexts(card);
  card.dataset.code = enrolment.code + enrolment.fingerprint;
  card.querySelector('.code').textContent = enrolment.code;
  card.querySelector('.fingerprint').textContent = text.fingerprint(enrolment.fingerprint);
  card.querySelector('.machine').textContent = text.machine(enrolment);
  // Nothing is chosen beforehand: a click too fast would take a screen away from its player.
  const none = new Option(text.choose, '', true, true);
  none.disabled = true;
  select.required = true;
  select.append(none);
  for (const screen of screens)
    select.append(new Option(screen.device ? text.replaces(screen.name) : screen.name, screen.id));
  const replaces = () => Boolean(screens.find((screen) => screen.id === select.value)?.device);
  const decide = async (verb, body) => {
    for (const button of card.querySelectorAll('button')) button.disabled = true;
    try {
      await call('POST', `/enrolments/${encodeURIComponent(enrolment.code)}/${verb}`, body);
      card.remove();
      refresh();
    } catch (problem) {
      error.textContent = problem.message;
    }
    for (const button of card.querySelectorAll('button')) button.disabled = false;
  };
  card.querySelector('form').addEventListener('submit', (event) => {
    event.preventDefault();
    decide('approve', { screen: select.value, fingerprint: enrolment.fingerprint, replace: replaces() });
  });
  card.querySelector('button.quiet').addEventListener('click', () =>
    decide('refuse', { fingerprint: enrolment.fingerprint }));
  return card;
}

async function showEnrolments(screens) {
  const { enrolments } = await call('GET', '/enrolments');
  const pending = enrolments.filter((one) => one.state === 'pending');
  const list = byId('enrolment-list');
  const wanted = new Set(pending.map((one) => one.code + one.fingerprint));
  for (const card of [...list.children]) if (!wanted.has(card.dataset.code)) card.remove();
  const shown = new Set([...list.children].map((card) => card.dataset.code));
  for (const one of pending)
    if (!shown.has(one.code + one.fingerprint)) list.append(enrolmentCard(one, screens));
  byId('enrolments').hidden = pending.length === 0;
}

async function showFaults(screens) {
  const { items: faults } = await call('GET', '/faults?open=1');
  const names = new Map(screens.map((screen) => [screen.id, screen.name]));
  const body = byId('fault-table').tBodies[0];
  body.replaceChildren(...faults.map((fault) => {
    const row = document.createElement('tr');
    for (const cell of [new Date(fault.opened_ms).toLocaleString(lang),
      names.get(fault.screen) ?? fault.screen, [fault.title, fault.detail, fault.advice].filter(Boolean).join(' — ')])
      row.insertCell().textContent = cell;
    return row;
  }));
  byId('fault-table').hidden = faults.length === 0;
  byId('no-faults').hidden = faults.length > 0;
}

let fleet = { screens: [], groups: [] };

// The screens that an emergency addresses, by themselves or by a group of theirs.
function addressed({ everywhere, screens = [], groups = [] }) {
  return fleet.screens.filter((screen) => everywhere || screens.includes(screen.id)
    || screen.groups.some((group) => groups.includes(group)));
}

// Calls, and says on the card what went wrong.
async function actOn(card, button, method, path) {
  button.disabled = true;
  try {
    await call(method, path);
    refresh();
  } catch (problem) {
    card.querySelector('.error').textContent = problem.status ? problem.message : text.offline;
    button.disabled = false;
  }
}

function emergencyCard(one) {
  const card = byId('emergency-card').content.cloneNode(true).firstElementChild;
  const end = card.querySelector('.end');
  const confirm = card.querySelector('.confirm');
  const path = `/emergencies/${encodeURIComponent(one.id)}`;
  fillTexts(card);
  card.querySelector('h3').textContent = one.title;
  card.querySelector('.words').textContent = one.text;
  end.hidden = !may.alert;
  if (one.waiting) end.textContent = text.dropNow;
  // Nobody confirms what they asked for.
  confirm.hidden = !may.alert || !one.waiting || one.asked_by === may.user;
  confirm.addEventListener('click', () => actOn(card, confirm, 'POST', `${path}/confirm`));
  // Two clicks: one that slips ends nothing.
  end.addEventListener('click', () => {
    if (end.classList.contains('danger')) {
      actOn(card, end, 'DELETE', path);
      return;
    }
    end.classList.replace('quiet', 'danger');
    end.textContent = one.waiting ? text.dropSure : text.endSure;
  });
  return card;
}

function emergencyWords(one) {
  const places = addressed(one);
  const count = text.screens(places.length);
  const when = (ms, style) => new Date(ms).toLocaleString(lang, { timeZone: places[0]?.time_zone, ...style });
  return one.waiting ? text.emergencyWaits(count, one.asked_by, when(one.lapses_ms, { timeStyle: 'short' }))
    : text.emergencyWhere(count, when(one.until_ms, { dateStyle: 'long', timeStyle: 'short' }));
}

async function showEmergencies() {
  const { emergencies, waiting } = await call('GET', '/emergencies');
  const list = byId('emergency-list');
  const key = (one) => `${one.id} ${one.waiting}`;
  const cards = new Map([...list.children].map((card) => [card.dataset.key, card]));
  const all = [...emergencies, ...waiting];
  list.replaceChildren(...all.map((one) => {
    const card = cards.get(key(one)) ?? emergencyCard(one);
    card.dataset.key = key(one);
    card.querySelector('.where').textContent = emergencyWords(one);
    return card;
  }));
  byId('emergencies').hidden = all.length === 0;
}

const ALERT_MINUTES = [15, 30, 60, 120, 240, 480];
const PREVIEW_PAUSE_MS = 500;
const draft = { timer: 0, shown: '', url: '' };

function draftPlaces() {
  const [kind, id] = byId('alert-where').value.split(' ');
  if (kind === 'all') return { everywhere: true };
  return kind === 'group' ? { groups: [id] } : { screens: [id] };
}

// The real frame, of the first screen that will show it.
async function previewDraft() {
  const form = byId('alert-form');
  const figure = form.querySelector('figure');
  const body = { title: form.elements.title.value.trim(), text: form.elements.text.value.trim(),
    screen: addressed(draftPlaces())[0]?.id };
  const key = JSON.stringify(body);
  if (!body.title || !body.screen || key === draft.shown) return;
  const response = await fetch('/api/v1/emergencies/frame', { method: 'POST',
    headers: { 'Accept-Language': lang, 'Content-Type': 'application/json', 'X-CSRF-Token': csrf },
    body: key }).catch(() => null);
  if (response?.status === 503) {
    planPreview();
    return;
  }
  if (!response?.ok) {
    figure.querySelector('figcaption').textContent = text.noFrame;
    return;
  }
  if (draft.url) URL.revokeObjectURL(draft.url);
  draft.shown = key;
  draft.url = URL.createObjectURL(await response.blob());
  figure.querySelector('img').src = draft.url;
  figure.querySelector('img').alt = text.alertAlt(body.title);
  figure.querySelector('figcaption').textContent = '';
}

function planPreview() {
  clearTimeout(draft.timer);
  draft.timer = setTimeout(previewDraft, PREVIEW_PAUSE_MS);
}

function alertStep(confirm) {
  const form = byId('alert-form');
  byId('alert-write').hidden = confirm;
  byId('alert-confirm').hidden = !confirm;
  byId('alert-back').textContent = confirm ? text.back : text.cancel;
  byId('alert-next').textContent = confirm ? text.alertGo : text.alertNext;
  byId('alert-next').className = confirm ? 'danger' : '';
  form.querySelector('.error').textContent = '';
  if (confirm)
    form.querySelector('.summary').textContent = text.alertSummary(
      text.screens(addressed(draftPlaces()).length), text.minutesLong(Number(form.elements.minutes.value)));
  (confirm ? byId('alert-next') : form.elements.title).focus();
}

function openAlert() {
  const where = byId('alert-where');
  const form = byId('alert-form');
  form.reset();
  form.querySelector('figure img').removeAttribute('src');
  form.querySelector('figcaption').textContent = text.alertNoPreview;
  draft.shown = '';
  where.replaceChildren(new Option(text.alertEverywhere, 'all'),
    ...fleet.groups.map((group) => new Option(text.alertGroup(group.name), `group ${group.id}`)),
    ...fleet.screens.map((screen) => new Option(screen.name, `screen ${screen.id}`)));
  byId('alert-minutes').replaceChildren(...ALERT_MINUTES.map((n) =>
    new Option(text.minutesLong(n), n, n === 60, n === 60)));
  byId('alert-dialog').showModal();
  alertStep(false);
}

async function startAlert() {
  const form = byId('alert-form');
  const button = byId('alert-next');
  button.disabled = true;
  try {
    await call('POST', '/emergencies', { title: form.elements.title.value.trim(), text: form.elements.text.value.trim(),
      minutes: Number(form.elements.minutes.value), ...draftPlaces() });
    byId('alert-dialog').close();
    refresh();
  } catch (problem) {
    form.querySelector('.error').textContent = problem.status ? problem.message : text.offline;
  }
  button.disabled = false;
}

const may = { user: '', look: false, alert: false };
let timer = 0;

async function refresh() {
  clearTimeout(timer);
  try {
    byId('counts').textContent = text.counts(await call('GET', '/summary'));
    const screens = await showScreens();
    await showEmergencies();
    await showEnrolments(screens);
    await showFaults(screens);
    byId('trouble').textContent = '';
  } catch (problem) {
    if (problem.status === 401) {
      showLogin();
      return;
    }
    byId('trouble').textContent = problem.status ? problem.message : text.offline;
  }
  timer = setTimeout(refresh, REFRESH_MS);
}

// A code is wanted beside the password, or beside what the city's provider says.
function showCode(wanted) {
  byId('login-form').hidden = wanted;
  byId('code-form').hidden = !wanted;
  byId('login-title').textContent = wanted ? text.codeTitle : text.loginTitle;
  byId('city').hidden = wanted || !byId('city').href;
  (wanted ? byId('code') : byId('user')).focus();
}

function showLogin() {
  clearTimeout(timer);
  byId('today').hidden = true;
  document.querySelector('.who').hidden = true;
  byId('login').hidden = false;
  showCode(false);
}

// What the way back from the city's provider says: /admin/?login=late, or =code.
async function offerCity() {
  const said = new URLSearchParams(location.search).get('login');
  if (said) history.replaceState(null, '', location.pathname);
  const { oidc } = await call('GET', '/login').catch(() => ({}));
  if (oidc) {
    byId('city').textContent = text.city(oidc.label);
    byId('city').href = oidc.url;
  }
  showLogin();
  if (said === 'code') showCode(true);
  else if (said) byId('login-error').textContent = text.cityProblems[said] ?? text.cityProblems.trouble;
}

function showToday(session) {
  csrf = session.csrf;
  byId('who').textContent = session.display || session.user;
  may.user = session.user;
  may.look = session.permissions.includes('look');
  may.alert = session.permissions.includes('alert');
  byId('alert').hidden = !may.alert;
  document.querySelector('.who').hidden = false;
  byId('login').hidden = true;
  byId('today').hidden = false;
  refresh();
}

byId('login-form').addEventListener('submit', async (event) => {
  event.preventDefault();
  const form = event.target;
  const button = form.querySelector('button');
  byId('login-error').textContent = '';
  button.disabled = true;
  try {
    const session = await call('POST', '/session',
      { user: form.user.value.trim(), password: form.password.value });
    form.password.value = '';
    if (session.code_wanted) showCode(true);
    else showToday(session);
  } catch (problem) {
    byId('login-error').textContent = problem.status ? problem.message : text.offline;
    form.password.select();
  }
  button.disabled = false;
});
byId('code-form').addEventListener('submit', async (event) => {
  event.preventDefault();
  const form = event.target;
  const button = form.querySelector('button');
  byId('code-error').textContent = '';
  button.disabled = true;
  try {
    const session = await call('POST', '/session/code', { code: form.code.value.trim() });
    showToday(session);
    form.reset();
  } catch (problem) {
    if (problem.status === 401) {
      showLogin();
      byId('login-error').textContent = text.codeLate;
    } else {
      byId('code-error').textContent = problem.status ? problem.message : text.offline;
      form.code.select();
    }
  }
  button.disabled = false;
});
byId('logout').addEventListener('click', async () => {
  await call('DELETE', '/session').catch(() => {});
  showLogin();
});
byId('alert').addEventListener('click', openAlert);
byId('alert-form').addEventListener('input', planPreview);
byId('alert-back').addEventListener('click', () => {
  if (byId('alert-confirm').hidden) byId('alert-dialog').close();
  else alertStep(false);
});
byId('alert-form').addEventListener('submit', (event) => {
  event.preventDefault();
  if (!byId('alert-confirm').hidden) startAlert();
  else if (event.target.elements.title.value.trim()) alertStep(true);
  else event.target.elements.title.focus();
});
byId('at').addEventListener('change', refresh);
byId('travel').addEventListener('submit', (event) => event.preventDefault());
byId('now').addEventListener('click', () => { byId('at').value = ''; refresh(); });

document.documentElement.lang = lang;
fillTexts(document);
call('GET', '/session').then(showToday, offerCity);
