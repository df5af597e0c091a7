// Bundles the desk. Needs the packages of package-lock.json in build/npm/admin (./dev puts them there).
//
//   node build.mjs --out FILE.c        writes the bundle as the array page_files (server/api/embedded.h)
//   node build.mjs --check             types only
//   node build.mjs --size              how much each file weighs, gzipped
//   node build.mjs --serve URL [PORT]  bundles at each request for the page, and passes the rest on to
//                                      the server at URL: for working on pages without building C
//
// The same source gives the same bytes: names carry hashes of contents, nothing carries a time.
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync, constants } from 'node:zlib';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../..');
const modules = join(root, 'build/npm/admin');
const { build } = createRequire(join(modules, 'package.json'))('esbuild');

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
  js: 'text/javascript; charset=utf-8', svg: 'image/svg+xml', ttf: 'font/ttf' };

// [{ name, type, bytes }], index.html first.
async function bundle(minify) {
  const result = await build({
    absWorkingDir: here,
    entryPoints: ['src/main.tsx', 'src/style.css'],
    bundle: true, splitting: true, format: 'esm', target: 'es2022', minify, write: false,
    outdir: '/bundle', metafile: false, charset: 'utf8', legalComments: 'none', logLevel: 'silent',
    entryNames: '[name]-[hash]', chunkNames: 'part-[hash]', assetNames: '[name]-[hash]',
    loader: { '.ttf': 'file', '.svg': 'file' }, jsx: 'automatic', jsxImportSource: 'preact',
    nodePaths: [join(modules, 'node_modules')],
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  const files = result.outputFiles.map((file) => {
    const name = file.path.split('/').pop();
    return { name, type: TYPES[name.split('.').pop()], bytes: Buffer.from(file.contents) };
  }).sort((a, b) => (a.name < b.name ? -1 : 1));
  const named = (pattern) => files.find((file) => pattern.test(file.name)).name;
  const icon = readFileSync(join(here, 'favicon.svg'));
  files.push({ name: 'favicon.svg', type: TYPES.svg, bytes: icon });
  const html = readFileSync(join(here, 'index.html'), 'utf8')
    .replace('style.css', named(/^style-.*\.css$/)).replace('main.js', named(/^main-.*\.js$/));
  return [{ name: 'index.html', type: TYPES.html, bytes: Buffer.from(html) }, ...files];
}

const zip = (bytes) => gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION });

function toC(files) {
  const array = (name, bytes) => `static const unsigned char ${name}[] = {${bytes.join(',')}};\n`;
  const rows = files.map(({ name, type, bytes }, i) => {
    const sum = createHash('sha256').update(bytes).digest('hex');
    const kept = /-[A-Z0-9]{8}\.\w+$/.test(name);
    return `    {{"${name}", plain_${i}, ${bytes.length}, "${sum}"}, "${type}", packed_${i}, ${zip(bytes).length}, ${kept}},\n`;
  });
  return `#include "server/api/embedded.h"\n\n${files.map(({ bytes }, i) =>
    array(`plain_${i}`, bytes) + array(`packed_${i}`, zip(bytes))).join('')}
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
  http.createServer(async (request, response) => {
    const path = new URL(request.url, 'http://desk').pathname;
    if (path.startsWith('/admin')) {
      try {
        const files = await bundle(false);
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
  } else if (option === '--size') {
    let all = 0;
    for (const { name, bytes } of await bundle(true)) {
      const size = zip(bytes).length;
      all += size;
      console.log(`${String(size).padStart(8)}  ${name}`);
    }
    console.log(`${String(all).padStart(8)}  gzipped in all`);
  } else if (option === '--serve') {
    serve(value, Number(extra ?? 0));
  } else {
    throw new Error('build.mjs --out FILE.c | --check | --size | --serve URL [PORT]');
  }
} catch (problem) {
  complain(problem);
  process.exitCode = 1;
}
