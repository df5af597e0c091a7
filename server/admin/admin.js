// The admin page: what every screen shows, who asks to be enrolled, what went wrong. Talks to
// /api/v1 of the server it came from, and to nobody else.

const TEXTS = {
  fr: {
    skip: 'Aller au contenu', logout: 'Se déconnecter', loginTitle: 'Connexion', user: 'Compte',
    password: 'Mot de passe', login: 'Se connecter', todayTitle: 'Aujourd’hui',
    enrolmentsTitle: 'Un écran demande à rejoindre Vitrine',
    enrolmentsHelp: 'Comparez le code et l’empreinte avec ceux qu’il affiche, puis dites de quel écran il s’agit.',
    screensTitle: 'Ce que montrent les écrans', travel: 'À cet instant', now: 'Maintenant',
    faultsTitle: 'Incidents', noFaults: 'Aucun incident signalé.', when: 'Quand', screen: 'Écran',
    what: 'Quoi', asScreen: 'C’est l’écran', approve: 'Accepter', refuse: 'Refuser',
    fingerprint: (f) => `Empreinte : ${f}`,
    choose: 'Choisissez…', replaces: (n) => `${n} (remplace son lecteur)`,
    machine: (e) => `${e.width_px} × ${e.height_px} — ${e.software}`,
    counts: (c) => [plural(c.organisations, 'organisation'), plural(c.portraits, 'portrait'),
      plural(c.events, 'événement'), plural(c.announcements, 'annonce'),
      plural(c.playlists, 'playlist')].join(' · '),
    seen: (ago) => `En ligne, vu ${ago}`, silent: (ago) => `Silencieux depuis ${ago}`,
    never: 'Pas encore de lecteur', showing: (t) => `À l’écran : ${t}`,
    until: (t) => `, jusqu’à ${t}`, nothing: 'Rien de programmé : page d’accueil',
    travelling: (t) => `Aperçu du ${t}. Les écrans, eux, continuent.`, kiosk: 'borne tactile',
    secondsAgo: 'à l’instant', minutes: (n) => `${n} min`, hours: (n) => `${n} h`,
    days: (n) => plural(n, 'jour'), ago: (t) => `il y a ${t}`,
    offline: 'Le serveur ne répond pas. Nouvel essai dans quelques secondes.',
    frameAlt: (s, t) => `Image de l’écran ${s}${t ? ` : ${t}` : ''}`, noFrame: 'Image indisponible',
    tooMany: (s) => `Trop d’essais. Réessayez dans ${s} secondes.`,
  },
  en: {
    skip: 'Skip to content', logout: 'Log out', loginTitle: 'Log in', user: 'Account',
    password: 'Password', login: 'Log in', todayTitle: 'Today',
    enrolmentsTitle: 'A screen asks to join Vitrine',
    enrolmentsHelp: 'Compare code and fingerprint with those it shows, then say which screen it is.',
    screensTitle: 'What the screens show', travel: 'At this time', now: 'Now',
    faultsTitle: 'Faults', noFaults: 'No fault reported.', when: 'When', screen: 'Screen',
    what: 'What', asScreen: 'It is the screen', approve: 'Accept', refuse: 'Refuse',
    fingerprint: (f) => `Fingerprint: ${f}`, choose: 'Choose…',
    replaces: (s) => `${s} (replaces its player)`,
    machine: (e) => `${e.width_px} × ${e.height_px} — ${e.software}`,
    counts: (c) => [plural(c.organisations, 'organisation'), plural(c.portraits, 'portrait'),
      plural(c.events, 'event'), plural(c.announcements, 'announcement'),
      plural(c.playlists, 'playlist')].join(' · '),
    seen: (ago) => `Online, seen ${ago}`, silent: (ago) => `Silent for ${ago}`,
    never: 'No player yet', showing: (t) => `On screen: ${t}`, until: (t) => `, until ${t}`,
    nothing: 'Nothing is planned: welcome page',
    travelling: (t) => `Preview of ${t}. The screens themselves go on.`, kiosk: 'touch kiosk',
    secondsAgo: 'just now', minutes: (n) => `${n} min`, hours: (n) => `${n} h`,
    days: (n) => plural(n, 'day'), ago: (t) => `${t} ago`,
    offline: 'The server does not answer. Trying again in a few seconds.',
    frameAlt: (s, t) => `Picture of the screen ${s}${t ? `: ${t}` : ''}`, noFrame: 'No picture',
    tooMany: (s) => `Too many tries. Try again in ${s} seconds.`,
  },
};
const lang = (navigator.languages ?? [navigator.language])
  .map((tag) => tag.slice(0, 2)).find((tag) => tag in TEXTS) ?? 'fr';
const text = TEXTS[lang];
const REFRESH_MS = 10000;
const SILENT_MS = 180000;

const byId = (id) => document.getElementById(id);
function plural(n, word) {
  return `${n.toLocaleString(lang)} ${word}${n > 1 || (n === 0 && lang === 'en') ? 's' : ''}`;
}

function fillTexts(root) {
  for (const element of root.querySelectorAll('[data-text]'))
    element.textContent = text[element.dataset.text];
}

async function call(method, path, body) {
  const response = await fetch(`/api/v1${path}`, {
    method,
    headers: { 'Accept-Language': lang, ...(body && { 'Content-Type': 'application/json' }) },
    body: body && JSON.stringify(body),
  });
  if (response.ok) return response.status === 204 ? null : response.json();
  const problem = await response.json().catch(() => ({ detail: response.statusText }));
  const retry = Number(response.headers.get('Retry-After'));
  throw Object.assign(new Error(response.status === 429 && retry ? text.tooMany(retry) : problem.detail),
    { status: response.status });
}

function duration(ms) {
  if (ms < 3600000) return text.minutes(Math.max(1, Math.round(ms / 60000)));
  if (ms < 86400000) return text.hours(Math.round(ms / 3600000));
  return text.days(Math.round(ms / 86400000));
}

function showHealth(element, screen, now) {
  const seen = screen.device?.last_seen_ms;
  element.className = 'health';
  if (!screen.device) {
    element.classList.add('waiting');
    element.textContent = text.never;
  } else if (now - seen > SILENT_MS) {
    element.classList.add('silent');
    element.textContent = text.silent(duration(now - seen));
  } else {
    const ago = now - seen < 60000 ? text.secondsAgo : text.ago(duration(now - seen));
    element.textContent = text.seen(ago);
  }
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
  const { screens, now_ms: now } = await call('GET', '/screens');
  const list = byId('screen-list');
  const at = chosenInstant();
  byId('travelling').textContent = at
    ? text.travelling(at.toLocaleString(lang, { dateStyle: 'full', timeStyle: 'short' })) : '';
  for (const screen of screens) {
    let card = list.querySelector(`[data-id="${CSS.escape(screen.id)}"]`);
    if (!card) {
      card = byId('screen-card').content.cloneNode(true).firstElementChild;
      card.dataset.id = screen.id;
      list.append(card);
      sight.observe(card);
    }
    card.querySelector('h3').textContent = screen.kiosk
      ? `${screen.name} (${text.kiosk})` : screen.name;
    showHealth(card.querySelector('.health'), screen, now);
    card.querySelector('.showing').textContent = at ? '' : showing(screen);
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
    decide('approve', { screen: select.value, fingerprint: enrolment.fingerprint });
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
  const { faults } = await call('GET', '/faults');
  const names = new Map(screens.map((screen) => [screen.id, screen.name]));
  const body = byId('fault-table').tBodies[0];
  body.replaceChildren(...faults.map((fault) => {
    const row = document.createElement('tr');
    for (const cell of [new Date(fault.time_ms).toLocaleString(lang),
      names.get(fault.screen) ?? fault.screen, `${fault.code} — ${fault.detail}`])
      row.insertCell().textContent = cell;
    return row;
  }));
  byId('fault-table').hidden = faults.length === 0;
  byId('no-faults').hidden = faults.length > 0;
}

let timer = 0;

async function refresh() {
  clearTimeout(timer);
  try {
    byId('counts').textContent = text.counts(await call('GET', '/summary'));
    const screens = await showScreens();
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

function showLogin() {
  clearTimeout(timer);
  byId('today').hidden = true;
  document.querySelector('.who').hidden = true;
  byId('login').hidden = false;
  byId('user').focus();
}

function showToday(session) {
  byId('who').textContent = session.user;
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
    showToday(session);
  } catch (problem) {
    byId('login-error').textContent = problem.status ? problem.message : text.offline;
    form.password.select();
  }
  button.disabled = false;
});
byId('logout').addEventListener('click', async () => {
  await call('DELETE', '/session').catch(() => {});
  showLogin();
});
byId('at').addEventListener('change', refresh);
byId('travel').addEventListener('submit', (event) => event.preventDefault());
byId('now').addEventListener('click', () => { byId('at').value = ''; refresh(); });

document.documentElement.lang = lang;
fillTexts(document);
call('GET', '/session').then(showToday, showLogin);
