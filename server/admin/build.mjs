// Bundles the desk. Needs the packages of package-lock.json in build/npm/admin (./dev puts them there).
//
//   node build.mjs --out FILE.c        writes the bundle as the array page_files (server/api/embedded.h)
//   node build.mjs --check             types, and texts that nothing says
//   node build.mjs --size              how much each file weighs as it is sent, and what a reader of one
//                                      language fetches in all
//   node build.mjs --serve URL [PORT]  bundles whenever the page itself is asked for, and passes the rest on to
//                                      the server at URL: for working on pages without building C
//
// One script a language (texts.mjs). One file is smaller than many, which are packed each by itself, and
// terser and zopfli pack it closest. Fonts are cut to what people type in both languages, with kerning and
// figures of one width; a name with other letters falls back to the system's.
// The same source gives the same bytes: names carry hashes of contents, nothing carries a time.
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTexts } from './texts.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../..');
const modules = join(root, 'build/npm/admin');
const fetchModule = createRequire(join(modules, 'package.json'));
const { build } = fetchModule('esbuild');

// The shapes of the API's answers and bodies, from its description.
function apiTypes() {
  const { components } = JSON.parse(readFileSync(join(root, 'docs/openapi.json'), 'utf8'));
  const type = (s) => {
    if (!s || typeof s !== 'object') return 'unknown';
    if (s.$ref) return s.$ref.split('/').pop();
    if (s.allOf) return s.allOf.map(type).join(' & ');
    if (s.oneOf) return s.oneOf.map(type).join(' | ');
    if ('const' in s) return JSON.stringify(s.const);
    if (s.enum) return s.enum.map((v) => JSON.stringify(v)).join(' | ') || 'never';
    // The server never writes null where it says so for bodies only.
    const types = [s.type ?? (s.properties ? 'object' : 'unknown')].flat().filter((name) => !(s.readOnly && name === 'null'));
    return types.map((name) => ({
      string: 'string', integer: 'number', number: 'number', boolean: 'boolean', null: 'null',
      array: `(${type(s.items)})[]`, object: s.properties ? object(s) : 'Record<string, unknown>',
    })[name] ?? 'unknown').join(' | ');
  };
  const object = (s) => `{ ${Object.entries(s.properties).map(([name, of]) =>
    `${JSON.stringify(name)}${s.required?.includes(name) ? '' : '?'}: ${type(of)};`).join(' ')} }`;
  const lines = Object.entries(components.schemas).map(([name, s]) => `export type ${name} = ${type(s)};`);
  mkdirSync(modules, { recursive: true });
  writeFileSync(join(modules, 'api-types.d.ts'), `${lines.join('\n')}\n`);
}

const TYPES = { html: 'text/html; charset=utf-8', css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8', svg: 'image/svg+xml', woff2: 'font/woff2' };

const LANGS = ['fr', 'en'];

const letters = (...ranges) => ranges.map(([from, to]) =>
  String.fromCodePoint(...Array.from({ length: to - from + 1 }, (_, i) => from + i))).join('');
const LETTERS = `${letters([0x20, 0x7e], [0xa0, 0xff])}ŒœŸ–—‘’‚“”„‹›•…€−→\u202f`;
const FEATURES = ['kern', 'tnum'];

const cutFonts = {
  name: 'cut-fonts',
  setup({ onLoad }) {
    const cut = fetchModule('subset-font');
    onLoad({ filter: /\.ttf$/ }, async ({ path }) => ({
      loader: 'file', contents: await cut(readFileSync(path), LETTERS, { targetFormat: 'woff2', keepFeatures: FEATURES, noHinting: true }),
    }));
  },
};

const OPTIONS = {
  absWorkingDir: here, bundle: true, format: 'esm', target: 'es2022', write: false, outdir: '/bundle',
  charset: 'utf8', legalComments: 'none', logLevel: 'silent', assetNames: '[name]-[hash]',
  nodePaths: [join(modules, 'node_modules')],
  // h(…) is shorter than the calls that JSX makes of itself.
  inject: ['jsx.js'], tsconfigRaw: { compilerOptions: { jsx: 'react', jsxFactory: 'h', jsxFragmentFactory: 'Fragment' } },
};

const sumOf = (bytes) => createHash('sha256').update(bytes).digest('hex');

const named = (file) => {
  const name = file.path.split('/').pop().replace(/\.ttf$/, '.woff2');
  return { name, type: TYPES[name.split('.').pop()], bytes: Buffer.from(file.contents) };
};

async function bundleStyle(minify) {
  const { outputFiles } = await build({ ...OPTIONS, minify, entryPoints: ['src/style.css'],
    entryNames: 'style-[hash]', plugins: [cutFonts] });
  return outputFiles.map(named).map((file) => (file.type === TYPES.css
    ? { ...file, bytes: Buffer.from(file.bytes.toString().replaceAll('.ttf', '.woff2')) } : file));
}

const textsOf = (lang) => createTexts(fetchModule('typescript'), join(here, 'src'), lang);

async function bundleScript(lang, minify) {
  const { outputFiles } = await build({ ...OPTIONS, minify, entryPoints: ['src/main.tsx'],
    plugins: [textsOf(lang).plugin], define: { LANG: JSON.stringify(lang) } });
  const plain = outputFiles[0].text;
  const text = minify ? (await fetchModule('terser').minify(plain, { module: true, ecma: 2020 })).code : plain;
  const bytes = Buffer.from(text);
  return { name: `desk-${lang}-${sumOf(bytes).slice(0, 8).toUpperCase()}.js`, type: TYPES.js, bytes, lang };
}

// [{ name, type, bytes, lang }], index.html first; lang: who fetches it, undefined for everybody.
async function bundle(minify) {
  const style = await bundleStyle(minify);
  const scripts = await Promise.all(LANGS.map((lang) => bundleScript(lang, minify)));
  const start = readFileSync(join(here, 'start.js'), 'utf8').replace(/desk-(\w\w)\.js/g,
    (_, lang) => scripts.find((script) => script.lang === lang).name);
  const html = readFileSync(join(here, 'index.html'), 'utf8')
    .replace('style.css', style.find((file) => file.type === TYPES.css).name);
  return [
    { name: 'index.html', type: TYPES.html, bytes: Buffer.from(html) },
    { name: 'start.js', type: TYPES.js, bytes: Buffer.from(start) },
    ...scripts, ...style.sort((a, b) => (a.name < b.name ? -1 : 1)),
    { name: 'favicon.svg', type: TYPES.svg, bytes: readFileSync(join(here, 'favicon.svg')) },
  ];
}

// As the server sends it; undefined for fonts, which are packed already.
function pack({ type, bytes }) {
  if (type === TYPES.woff2) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'desk-'));
  try {
    writeFileSync(join(folder, 'plain'), bytes);
    return execFileSync('zopfli', ['-c', join(folder, 'plain')], { maxBuffer: bytes.length + 1000 });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function toC(files) {
  const array = (name, bytes) => `static const unsigned char ${name}[] = {${bytes.join(',')}};\n`;
  const arrays = [];
  const rows = files.map((file, i) => {
    const { name, type, bytes } = file;
    const packed = pack(file);
    arrays.push(array(`plain_${i}`, bytes), ...(packed ? [array(`packed_${i}`, packed)] : []));
    const kept = /-[A-Z0-9]{8}\.\w+$/.test(name);
    return `    {{"${name}", plain_${i}, ${bytes.length}, "${sumOf(bytes)}"}, "${type}", ${packed ? `packed_${i}, ${packed.length}` : 'NULL, 0'}, ${kept}},\n`;
  });
  return `#include "server/api/embedded.h"\n\n${arrays.join('')}
const struct page_file page_files[] = {\n${rows.join('')}};\nconst size_t page_file_count = ${files.length};\n`;
}

function complain(problem) {
  for (const error of problem.errors ?? [{ text: String(problem) }]) {
    const at = error.location;
    console.error(`${at ? `${at.file}:${at.line}:${at.column}: ` : ''}${error.text}`);
  }
}

function serve(origin, port) {
  const target = new URL(origin);
  let latest = bundle(false);
  latest.catch(() => {});
  http.createServer(async (request, response) => {
    const path = new URL(request.url, 'http://desk').pathname;
    if (path.startsWith('/admin')) {
      try {
        if (!/\.\w+$/.test(path)) latest = bundle(false);
        const files = await latest;
        const file = files.find((one) => path === `/admin/${one.name}`) ?? files[0];
        response.writeHead(200, { 'Content-Type': file.type, 'Cache-Control': 'no-store' });
        response.end(file.bytes);
      } catch (problem) {
        complain(problem);
        response.writeHead(500, { 'Content-Type': 'text/plain; charset=utf-8' });
        response.end(problem.errors?.map((error) => error.text).join('\n') ?? String(problem));
      }
      return;
    }
    const headers = { ...request.headers, host: target.host };
    if (headers.origin) headers.origin = target.origin;
    const onward = http.request(target, { method: request.method, path: request.url, headers },
      (answer) => {
        response.writeHead(answer.statusCode, answer.headers);
        answer.pipe(response);
      });
    onward.on('error', (problem) => response.writeHead(502).end(String(problem)));
    request.pipe(onward);
  }).listen(port, '127.0.0.1', function listening() {
    console.log(`http://127.0.0.1:${this.address().port}/admin/`);
  });
}

const [option, value, extra] = process.argv.slice(2);
apiTypes();
try {
  if (option === '--out') {
    writeFileSync(value, toC(await bundle(true)));
  } else if (option === '--check') {
    execFileSync(process.execPath, [join(modules, 'node_modules/typescript/bin/tsc'), '-p', here],
      { stdio: 'inherit' });
    const idle = textsOf('fr').idle();
    if (idle.length) throw new Error(`Nothing says ${idle.join(', ')}`);
  } else if (option === '--size') {
    const files = (await bundle(true)).map((file) => ({ ...file, size: (pack(file) ?? file.bytes).length }));
    for (const { name, size } of files) console.log(`${String(size).padStart(8)}  ${name}`);
    const most = Math.max(...LANGS.map((lang) => files.filter((file) => (file.lang ?? lang) === lang)
      .reduce((sum, { size }) => sum + size, 0)));
    console.log(`${String(most).padStart(8)}  in all, for the longer of the languages`);
  } else if (option === '--serve') {
    serve(value, Number(extra ?? 0));
  } else {
    throw new Error('build.mjs --out FILE.c | --check | --size | --serve URL [PORT]');
  }
} catch (problem) {
  complain(problem);
  process.exitCode = 1;
}
