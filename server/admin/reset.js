// A new password by an administrator's link. The link's token stands after the #: browsers keep it
// to themselves, no log on the way sees it.

import { lang, text } from './texts.js';

const byId = (id) => document.getElementById(id);
const token = location.hash.slice(1);

async function call(method, body) {
  const response = await fetch(`/api/v1/password-resets/${encodeURIComponent(token)}`, {
    method,
    headers: { 'Accept-Language': lang, ...(body && { 'Content-Type': 'application/json' }) },
    body: body && JSON.stringify(body),
  });
  if (response.ok) return response.status === 204 ? null : response.json();
  const problem = await response.json().catch(() => ({ detail: response.statusText }));
  throw Object.assign(new Error(problem.detail), { status: response.status });
}

function words(problem) {
  return problem.status ? problem.message : text.offline;
}

async function look() {
  if (!token) {
    byId('whose').textContent = text.resetNoLink;
    return;
  }
  try {
    const { user } = await call('GET');
    byId('whose').textContent = text.resetWhose(user);
    byId('user').value = user;
    byId('reset-form').hidden = false;
    byId('password').focus();
  } catch (problem) {
    byId('whose').textContent = words(problem);
  }
}

byId('reset-form').addEventListener('submit', async (event) => {
  event.preventDefault();
  const form = event.target;
  const button = form.querySelector('button');
  byId('error').textContent = '';
  if (form.password.value !== form.again.value) {
    byId('error').textContent = text.resetDiffer;
    form.again.select();
    return;
  }
  button.disabled = true;
  try {
    await call('POST', { password: form.password.value });
    form.hidden = true;
    byId('whose').textContent = '';
    byId('done').textContent = text.resetDone;
    byId('leave').hidden = false;
    history.replaceState(null, '', location.pathname);
  } catch (problem) {
    byId('error').textContent = words(problem);
    form.password.select();
  }
  button.disabled = false;
});

document.documentElement.lang = lang;
for (const element of document.querySelectorAll('[data-text]'))
  element.textContent = text[element.dataset.text];
look();
