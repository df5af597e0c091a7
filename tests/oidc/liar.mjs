// A provider that lies as it is told: GET /lie/NAME says how, from then on. Usage:
// node liar.mjs PORT CLIENT_ID CLIENT_SECRET
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { createServer } from 'node:http';

const [port, client, secret] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const rsa = (bits = 2048) => generateKeyPairSync('rsa', { modulusLength: bits });
const ec = (curve = 'P-256') => generateKeyPairSync('ec', { namedCurve: curve });
const keys = { r: rsa(), e: ec(), weak: rsa(1024), enc: rsa(), other: rsa(), next: rsa() };
const published = { r: {}, e: {}, weak: {}, enc: { use: 'enc' } };
const jwk = (name, more) => ({ ...keys[name].publicKey.export({ format: 'jwk' }), kid: name, ...more });

let lie = 'nothing';
let nonce = '';
let asked = {};

const encode = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
function make(header, claims, key) {
  const text = `${encode(header)}.${encode(claims)}`;
  if (header.alg === 'none') return `${text}.`;
  if (header.alg.startsWith('HS'))
    return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
  return `${text}.${sign('sha256', text, { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

const now = () => Math.floor(Date.now() / 1000);
const claims = (change) => ({ iss: issuer, sub: 'lea', aud: client, exp: now() + 300, iat: now(), nonce, ...change });
const r = (change, header) => make({ alg: 'RS256', kid: 'r', ...header }, claims(change), keys.r.privateKey);
const by = (name, header) => make({ alg: 'RS256', kid: name, ...header }, claims(), keys[name].privateKey);
const pem = () => keys.r.publicKey.export({ type: 'spki', format: 'pem' });
const swap = (token, part, change) => {
  const parts = token.split('.');
  parts[part] = change(parts[part]);
  return parts.join('.');
};

const tokens = {
  nothing: () => r(),
  'es256': () => by('e', { alg: 'ES256' }),
  'audiences with party': () => r({ aud: [client, 'other'], azp: client }),
  'clock a little off': () => r({ iat: now() + 30, exp: now() - 30 }),
  'no kid': () => make({ alg: 'ES256' }, claims(), keys.e.privateKey),
  'new key': () => by('next'),

  'alg none': () => make({ alg: 'none' }, claims()),
  'alg None, kid': () => make({ alg: 'none', kid: 'r' }, claims()),
  'no alg': () => swap(r(), 0, () => encode({ kid: 'r' })),
  'hs256 by public key': () => make({ alg: 'HS256', kid: 'r' }, claims(), pem()),
  'hs256 by modulus': () => make({ alg: 'HS256', kid: 'r' }, claims(), Buffer.from(jwk('r').n, 'base64url')),
  'hs256 by client secret': () => make({ alg: 'HS256' }, claims(), secret),
  'hs256 as rs256': () => swap(make({ alg: 'HS256', kid: 'r' }, claims(), pem()), 0, () => encode({ alg: 'RS256', kid: 'r' })),
  'rs512': () => {
    const text = `${encode({ alg: 'RS512', kid: 'r' })}.${encode(claims())}`;
    return `${text}.${sign('sha512', text, keys.r.privateKey).toString('base64url')}`;
  },
  'es256 by an RSA key': () => r({}, { alg: 'ES256' }),
  'rs256 by an EC key': () => by('e'),
  'weak key': () => by('weak'),
  'key for encryption': () => by('enc'),
  'own key in the header': () => make({ alg: 'RS256', kid: 'x', jwk: jwk('other') }, claims(), keys.other.privateKey),
  'own key by address': () => make({ alg: 'RS256', kid: 'x', jku: `${issuer}/own-keys` }, claims(), keys.other.privateKey),
  'another key under the name': () => make({ alg: 'RS256', kid: 'r' }, claims(), keys.other.privateKey),
  'critical extension': () => r({}, { crit: ['b64'], b64: true }),
  'payload changed': () => swap(r(), 1, () => encode(claims({ sub: 'admin' }))),
  'signature changed': () => swap(r(), 2, (s) => (s[0] === 'A' ? 'B' : 'A') + s.slice(1)),
  'no signature': () => swap(r(), 2, () => ''),
  'two parts': () => r().split('.').slice(0, 2).join('.'),
  'not a token': () => 'bonjour',
  'claims are no object': () => make({ alg: 'RS256', kid: 'r' }, '[1]', keys.r.privateKey),
  'claims twice': () => make({ alg: 'RS256', kid: 'r' }, JSON.stringify(claims()).replace('"sub"', '"sub":"admin","sub"'), keys.r.privateKey),

  'another issuer': () => r({ iss: 'https://ailleurs.example' }),
  'issuer with a slash': () => r({ iss: `${issuer}/` }),
  'another audience': () => r({ aud: 'other' }),
  'audience longer': () => r({ aud: `${client}-x` }),
  'no audience': () => r({ aud: undefined }),
  'audiences without party': () => r({ aud: [client, 'other'] }),
  'audiences of others': () => r({ aud: ['other', 'third'], azp: client }),
  'another party': () => r({ azp: 'other' }),
  'expired': () => r({ exp: now() - 120, iat: now() - 400 }),
  'no expiry': () => r({ exp: undefined }),
  'expiry as text': () => r({ exp: String(now() + 300) }),
  'old': () => r({ iat: now() - 4000 }),
  'from the future': () => r({ iat: now() + 300 }),
  'not yet': () => r({ nbf: now() + 300 }),
  'another nonce': () => r({ nonce: 'x'.repeat(64) }),
  'no nonce': () => r({ nonce: undefined }),
  'nobody': () => r({ sub: undefined }),
  'nobody, empty': () => r({ sub: '' }),
  'a number': () => r({ sub: 7 }),
};

function answerToken(response) {
  if (lie === 'token 500') return response.writeHead(500).end('oh');
  if (lie === 'token elsewhere') return response.writeHead(302, { Location: `${issuer}/token2` }).end();
  if (lie === 'token too long') return response.writeHead(200).end(Buffer.alloc(2 << 20, 32));
  if (lie === 'token no JSON') return response.writeHead(200).end('<html>');
  if (lie === 'no ID token') return response.writeHead(200).end('{"access_token":"x"}');
  return response.writeHead(200, { 'Content-Type': 'application/json' })
    .end(JSON.stringify({ token_type: 'Bearer', access_token: 'x', id_token: tokens[lie]() }));
}

createServer((request, response) => {
  const url = new URL(request.url, issuer);
  const json = (value) => response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
  asked[url.pathname] = (asked[url.pathname] ?? 0) + 1;
  request.resume();
  if (url.pathname.startsWith('/lie/')) {
    lie = decodeURIComponent(url.pathname.slice(5));
    if (lie === 'new key') published.next = {};
    return json({});
  }
  if (url.pathname === '/lies') return json(Object.keys(tokens));
  if (url.pathname === '/asked') return json(asked);
  if (url.pathname === '/.well-known/openid-configuration')
    return json({ issuer, authorization_endpoint: `${issuer}/auth?tenant=1`, token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/keys`, authorization_response_iss_parameter_supported: true });
  if (url.pathname === '/keys')
    return json({ keys: Object.entries(published).map(([name, more]) => jwk(name, more)) });
  if (url.pathname === '/own-keys') return json({ keys: [jwk('other', { kid: 'x' })] });
  if (url.pathname === '/auth') {
    const back = new URL(url.searchParams.get('redirect_uri'));
    nonce = url.searchParams.get('nonce');
    back.searchParams.set('state', url.searchParams.get('state'));
    if (lie === 'refusal') back.searchParams.set('error', 'access_denied');
    else back.searchParams.set('code', 'c');
    if (lie === 'answer of another') back.searchParams.set('iss', 'https://ailleurs.example');
    else if (lie !== 'answer of nobody') back.searchParams.set('iss', issuer);
    return response.writeHead(303, { Location: back.href }).end();
  }
  if (url.pathname.startsWith('/token')) return answerToken(response);
  return response.writeHead(404).end();
}).listen(Number(port), '127.0.0.1', () => console.log('ready'));
