// What bundling does to the texts of the desk, so that nothing of it is left to do in the browser:
//   - texts(fr, en): the other language's argument goes.
//   - French takes its hard spaces, which nobody need type; of "label : value", written for both, English
//     loses the space.
//   - t.key: a plain sentence said in one place stands there; the rest become variables, whose names are
//     cut short, and those nobody says fall away. Keys would weigh as much as many a text.
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

// As the Imprimerie nationale wants it: thin before ; ! ?, wider before : and %, and inside « ».
const french = (text) => text.replace(/ (?=[;!?])/g, '\u202f').replace(/ (?=:(?:[\s'"`]|$)|[%»])|(?<=«) /g, '\u00a0');
const english = (text) => text.replace(/ (?=: |%)/g, '');

const patch = (source, changes) => changes.sort((a, b) => b.from - a.from)
  .reduce((text, { from, to, by }) => text.slice(0, from) + by + text.slice(to), source);

export function createTexts(ts, folder, lang) {
  const mine = lang === 'fr' ? 0 : 1;
  const files = new Map(); // path -> syntax tree
  const said = new Map(); // path of a table -> Map of key -> times, undefined where t goes about whole

  function walk(node, see) {
    see(node);
    ts.forEachChild(node, (child) => walk(child, see));
  }

  // Each `const NAME = texts(fr, en)` of a file.
  const tables = (file) => file.statements.flatMap((statement) => {
    const declared = ts.isVariableStatement(statement) ? statement.declarationList.declarations[0] : undefined;
    const call = declared?.initializer;
    return call && ts.isCallExpression(call) && call.expression.text === 'texts'
      ? [{ name: declared.name.text, statement, call, exported: !!statement.modifiers?.length }] : [];
  });

  // Each `import { t as NAME } from '…texts.ts'`.
  const imports = (file) => file.statements.flatMap((statement) => {
    const names = ts.isImportDeclaration(statement) && /texts\.ts$/.test(statement.moduleSpecifier.text)
      ? statement.importClause.namedBindings.elements : [];
    const t = names.find((one) => (one.propertyName ?? one.name).text === 't');
    return t ? [{ name: t.name.text, statement, others: names.filter((one) => one !== t),
      from: resolve(dirname(file.fileName), statement.moduleSpecifier.text) }] : [];
  });

  // Every NAME.key of a file; undefined where NAME stands for anything else too.
  function uses(file, name) {
    const found = [];
    let open = false;
    walk(file, (node) => {
      if (!ts.isIdentifier(node) || node.text !== name) return;
      const up = node.parent;
      if (ts.isPropertyAccessExpression(up) && up.expression === node) found.push(up);
      else if (ts.isQualifiedName(up) || ts.isPropertyAccessExpression(up) || ts.isImportSpecifier(up)) return;
      else if (ts.isPropertyAssignment(up) && up.name === node || ts.isJsxAttribute(up)) return;
      else if (!(ts.isVariableDeclaration(up) && up.parent.parent.parent === file)) open = true;
    });
    return open ? undefined : found;
  }

  function read() {
    files.clear();
    said.clear();
    for (const name of readdirSync(folder, { recursive: true }).filter((one) => /\.tsx?$/.test(one))) {
      const path = join(folder, name);
      files.set(path, ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022, true,
        name.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS));
    }
    const count = (path, found) => {
      if (!said.has(path)) said.set(path, new Map());
      if (!found) said.set(path, undefined);
      for (const { name } of found ?? []) said.get(path)?.set(name.text, (said.get(path).get(name.text) ?? 0) + 1);
    };
    for (const [path, file] of files) {
      for (const { name } of tables(file)) count(path, uses(file, name));
      for (const { name, from } of imports(file)) count(from, uses(file, name));
    }
  }

  // What becomes of the words in a piece of the source: all strings of texts(), of code templates and JSX alone.
  function typeset(node, inTexts) {
    const changes = [];
    const correct = lang === 'fr' ? french : english;
    const visit = (one) => {
      const prose = ts.isTemplateHead(one) || ts.isTemplateMiddleOrTemplateTail(one) || ts.isJsxText(one)
        || inTexts && ts.isStringLiteralLike(one);
      const from = ts.isJsxText(one) ? one.pos : one.getStart();
      if (prose) changes.push({ from, to: one.end, by: correct(one.getSourceFile().text.slice(from, one.end)) });
      if (inTexts || !ts.isCallExpression(one) || one.expression.text !== 'texts') ts.forEachChild(one, visit);
    };
    visit(node);
    return changes;
  }

  function set(node) {
    const start = node.getStart();
    return patch(node.getText(), typeset(node, true)
      .map(({ from, to, by }) => ({ from: from - start, to: to - start, by })));
  }

  const keysOf = (path) => tables(files.get(path)).find(({ name }) => name === 't')?.call.arguments[mine].properties;

  // The sentence that `key` of the table in `path` is, where one place alone says it.
  function only(path, key) {
    const text = keysOf(path).find((one) => one.name.text === key).initializer;
    return said.get(path)?.get(key) === 1 && ts.isStringLiteral(text) ? set(text) : undefined;
  }

  function load(path) {
    const file = files.get(path);
    const changes = typeset(file, false);
    const change = (node, by) => changes.push({ from: node.getStart(), to: node.end, by });
    for (const { name, statement, call, exported } of tables(file)) {
      const found = uses(file, name);
      const table = call.arguments[mine];
      if (name !== 't' || !found || !ts.isObjectLiteralExpression(table)) {
        change(call, set(table));
        continue;
      }
      const rows = table.properties.map(({ name: key, initializer }) => [key.text, set(initializer)]);
      change(statement, rows.map(([key, value]) => `const t_${key} = ${value};\n`).join('')
        + (exported ? `export { ${rows.map(([key]) => `t_${key} as ${key}`)} };` : ''));
      for (const use of found) change(use, only(path, use.name.text) ?? `t_${use.name.text}`);
    }
    for (const { name, statement, others, from } of imports(file)) {
      const source = statement.moduleSpecifier.getText();
      change(statement, `import * as ${name} from ${source};`
        + (others.length ? `import { ${others.map((one) => one.getText())} } from ${source};` : ''));
      for (const use of uses(file, name) ?? []) {
        const text = only(from, use.name.text);
        if (text) change(use, text);
      }
    }
    return patch(file.text, changes);
  }

  // "path: key" of each text that nothing says.
  function idle() {
    read();
    return [...said].flatMap(([path, times]) => (times ? keysOf(path) ?? [] : [])
      .filter(({ name }) => !times.has(name.text)).map(({ name }) => `${path}: ${name.text}`));
  }

  return {
    idle,
    plugin: {
      name: 'texts',
      setup({ onStart, onLoad }) {
        onStart(read);
        onLoad({ filter: /\/src\/.*\.tsx?$/ }, ({ path }) => ({ contents: load(path), loader: path.endsWith('x') ? 'tsx' : 'ts' }));
      },
    },
  };
}
