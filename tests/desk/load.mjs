// Parts of the desk that need no page, for tests: load('lib/dates.ts').
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const { build } = createRequire(join(root, 'build/npm/admin/package.json'))('esbuild');

export async function load(path) {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'server/admin/src', path)], bundle: true, format: 'esm', target: 'es2022', write: false, logLevel: 'silent',
    define: { LANG: '"fr"' },
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}
