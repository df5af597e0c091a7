// The server's API: JSON, ETags, problems (RFC 9457). A session that has ended asks for the password
// again over the page and goes on where it was.
import { lang, texts } from './i18n.ts';

const t = texts({
  offline: 'Le serveur ne répond pas. Vérifiez la connexion ; rien n’est perdu sur cette page.',
  busy: (s: number) => `Le serveur est occupé. Réessayez dans ${s} s.`,
  strange: (s: number) => `Le serveur a répondu d’une façon inattendue (${s}).`,
}, {
  offline: 'The server does not answer. Check the connection; nothing on this page is lost.',
  busy: (s) => `The server is busy. Try again in ${s} s.`,
  strange: (s) => `The server answered in an unexpected way (${s}).`,
});

export class ApiError extends Error {
  constructor(
    public status: number, // 0: no answer
    message: string,
    public field = '', // "photo.credit": where the fault is
  ) {
    super(message);
  }
}

export interface Asked {
  query?: Record<string, string | number | boolean | undefined | null>;
  body?: unknown; // sent as JSON; a Blob as it is
  etag?: string;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export interface Page<T> {
  items: T[];
  next: string | null;
}

let csrf = '';
export const setCsrf = (token: string) => { csrf = token; };

// Set by the application: resolves when somebody has logged in again.
let again: (() => Promise<void>) | undefined;
export const onSessionLost = (ask: () => Promise<void>) => { again = ask; };

export function url(path: string, query: Asked['query'] = {}) {
  const words = Object.entries(query).filter(([, v]) => v !== undefined && v !== null && v !== '')
    .map(([k, v]) => `${k}=${encodeURIComponent(String(v))}`);
  return `/api/v1${path}${words.length ? `?${words.join('&')}` : ''}`;
}

// The pieces of a path, escaped: at`/portraits/${id}`
export const at = (parts: TemplateStringsArray, ...values: (string | number)[]) =>
  String.raw({ raw: parts }, ...values.map((v) => encodeURIComponent(v)));

async function problemOf(response: Response) {
  const retry = Number(response.headers.get('Retry-After'));
  const problem = await response.json().catch(() => null);
  if (!problem?.detail && retry) return new ApiError(response.status, t.busy(retry));
  return new ApiError(response.status, problem?.detail ?? t.strange(response.status), problem?.field);
}

export async function ask(method: string, path: string, asked: Asked = {}): Promise<Response> {
  const blob = asked.body instanceof Blob;
  const send = () => fetch(url(path, asked.query), {
    method,
    signal: asked.signal,
    headers: {
      'Accept-Language': lang,
      ...(method !== 'GET' && csrf && { 'X-CSRF-Token': csrf }),
      ...(asked.body !== undefined && !blob && { 'Content-Type': 'application/json' }),
      ...(asked.etag && { 'If-Match': asked.etag }),
      ...asked.headers,
    },
    body: blob ? (asked.body as Blob) : asked.body === undefined ? undefined : JSON.stringify(asked.body),
  }).catch((problem) => {
    if (asked.signal?.aborted) throw problem;
    throw new ApiError(0, t.offline);
  });
  let response = await send();
  if (response.status === 401 && again && !path.startsWith('/session')) {
    await again();
    response = await send();
  }
  if (!response.ok) throw await problemOf(response);
  return response;
}

async function json<T>(response: Response): Promise<T> {
  return response.status === 204 || response.headers.get('Content-Length') === '0'
    ? (null as T) : response.json();
}

export const get = async <T>(path: string, query?: Asked['query'], signal?: AbortSignal) =>
  json<T>(await ask('GET', path, { query, signal }));
export const post = async <T = unknown>(path: string, body?: unknown, asked: Asked = {}) =>
  json<T>(await ask('POST', path, { ...asked, body }));
export const put = async <T = unknown>(path: string, body?: unknown, asked: Asked = {}) =>
  json<T>(await ask('PUT', path, { ...asked, body }));
export const del = async (path: string, asked: Asked = {}) => { await ask('DELETE', path, asked); };

// A record with the tag that its next change must name.
export async function getTagged<T>(path: string, query?: Asked['query']) {
  const response = await ask('GET', path, { query });
  return { data: await json<T>(response), etag: response.headers.get('ETag') ?? '' };
}
export async function sendTagged<T>(method: 'POST' | 'PUT' | 'PATCH', path: string, body?: unknown, etag?: string) {
  const response = await ask(method, path, { body, etag });
  return { data: await json<T>(response), etag: response.headers.get('ETag') ?? '' };
}

// Every page of a list, up to `most` items.
export async function getAll<T>(path: string, query: Asked['query'] = {}, most = 2000) {
  const items: T[] = [];
  for (let after: string | null = ''; after !== null && items.length < most;) {
    const page: Page<T> = await get(path, { limit: 200, ...query, after });
    items.push(...page.items);
    after = page.next;
  }
  return items;
}
