// A real OpenID provider for tests: whoever types a name is that person. Usage:
// node provider.mjs PORT REDIRECT_URI FOLDER_OF_NODE_MODULES
import { generateKeyPairSync } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [port, redirect, modules] = process.argv.slice(2);
const at = createRequire(join(modules, 'node_modules', 'x.js')).resolve('oidc-provider');
const { default: Provider } = await import(pathToFileURL(at));

const key = (type, options, more) => ({
  ...generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' }), use: 'sig', ...more });

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    { client_id: 'vitrine', client_secret: 'un secret: avec % et espaces', redirect_uris: [redirect] },
    { client_id: 'vitrine-es', client_secret: 'autre', redirect_uris: [redirect],
      id_token_signed_response_alg: 'ES256' },
    { client_id: 'vitrine-public', token_endpoint_auth_method: 'none', redirect_uris: [redirect] },
  ],
  enabledJWA: { idTokenSigningAlgValues: ['RS256', 'ES256'] },
  jwks: { keys: [key('rsa', { modulusLength: 2048 }, { alg: 'RS256', kid: 'r' }),
    key('ec', { namedCurve: 'P-256' }, { alg: 'ES256', kid: 'e' })] },
  cookies: { keys: ['for tests'] },
  claims: { openid: ['sub'], email: ['email', 'email_verified'] },
  findAccount: (context, id) => ({ accountId: id, claims: () => ({ sub: id,
    email: `${id.replace('unverified-', '')}@ville.example`,
    email_verified: !id.startsWith('unverified-') }) }),
  pkce: { methods: ['S256'], required: () => true },
});
provider.listen(Number(port), '127.0.0.1', () => console.log('ready'));
