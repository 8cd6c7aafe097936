#!/usr/bin/env node
// amplify_gen2.mjs FOLDER…: type-checks each folder's amplify/data/resource.ts
// (`strict`), runs it, has Amplify's schema builder make GraphQL of it and
// Amplify's transformer compile that, and compares it with the
// AMPLIFY_TYPES.graphql beside it: the same types, fields, nullability, keys,
// indexes, relations and rules. Each difference must be one that a finding at
// the end of the file names, and each finding of that kind a difference.
// Exit 0: all as they should be; 1: some are not; 2: usage.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';
import { compile, faults, graphql } from './transformer.mjs';

const folders = process.argv.slice(2);
if (folders.length === 0) {
  console.error('usage: amplify_gen2.mjs FOLDER…');
  process.exit(2);
}

const here = path.dirname(fileURLToPath(import.meta.url));
const backend = path.join(here, 'amplify_backend.mjs');
const resource = (folder) => path.resolve(folder, 'amplify/data/resource.ts');

/** What `tsc --noEmit --strict` says, by file. All are checked at once. */
function typeFaults(files) {
  const program = ts.createProgram(files, {
    strict: true,
    noEmit: true,
    noUnusedLocals: true,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    skipLibCheck: true,
    types: [],
    paths: { '@aws-amplify/backend': [path.join(here, 'amplify_backend.d.mts')] },
  });
  const found = new Map(files.map((file) => [file, []]));
  for (const fault of ts.getPreEmitDiagnostics(program)) {
    const message = ts.flattenDiagnosticMessageText(fault.messageText, '\n');
    const line = fault.file ? fault.file.getLineAndCharacterOfPosition(fault.start).line + 1 : 0;
    const own = found.get(fault.file?.fileName) ?? found.get(files[0]);
    own.push(`${fault.file?.fileName ?? ''}:${line}: TS${fault.code}: ${message}`);
  }
  return found;
}

/** The GraphQL that the schema builder makes of a resource. */
async function built(text) {
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'schemacast-gen2-'));
  try {
    const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
    const script = ts
      .transpileModule(text, { compilerOptions: options })
      .outputText.replace(/(from\s+)'@aws-amplify\/backend'/, (_, from) => from + JSON.stringify(pathToFileURL(backend).href));
    const file = path.join(outdir, 'resource.mjs');
    fs.writeFileSync(file, script);
    const { data } = await import(pathToFileURL(file).href);
    return data.schema.transform().schema;
  } finally {
    fs.rmSync(outdir, { recursive: true, force: true });
  }
}

const literal = (node) => (node === undefined ? undefined : graphql.print(node));
const argument = (directive, name) => directive.arguments.find((own) => own.name.value === name)?.value;

/** An authorization rule with what Amplify takes where nothing is said. */
function rule(node) {
  const parts = Object.fromEntries(node.fields.map((field) => [field.name.value, literal(field.value)]));
  if (parts.allow === 'owner') parts.ownerField ??= '"owner"';
  if (parts.allow === 'public') parts.provider ??= 'apiKey';
  return JSON.stringify(Object.entries(parts).sort());
}

/** What types say, by coordinate: `Contact @model queries`, `Contact.email`, `Contact.email @index "a"`. */
function facts(text) {
  const found = new Map();
  const say = (coordinate, what) => {
    if (found.has(coordinate)) throw new Error(`${coordinate} is said twice`);
    found.set(coordinate, what);
  };
  const directives = (coordinate, node) => {
    for (const directive of node.directives) {
      const name = directive.name.value;
      const own = `${coordinate} @${name}`;
      if (name === 'auth') {
        argument(directive, 'rules').values.forEach((node) => say(`${own} ${rule(node)}`, 'allowed'));
      } else if (name === 'model') {
        say(own, '');
        for (const part of directive.arguments) say(`${own} ${part.name.value}`, literal(part.value));
      } else {
        const parts = directive.arguments.map((part) => [part.name.value, literal(part.value)]);
        // One that says nothing is what is taken without it.
        const said = parts.filter(([, value]) => value !== '[]');
        say(name === 'index' ? `${own} ${literal(argument(directive, 'name'))}` : own, JSON.stringify(said.sort()));
      }
    }
  };
  for (const node of graphql.parse(text).definitions) {
    const name = node.name.value;
    say(name, node.kind);
    directives(name, node);
    if (node.values) say(`${name} values`, node.values.map((value) => value.name.value).join(' '));
    for (const field of node.fields ?? []) {
      say(`${name}.${field.name.value}`, literal(field.type));
      directives(`${name}.${field.name.value}`, field);
    }
  }
  return found;
}

/** The findings of this target at the end of a resource. */
function findings(text) {
  return [...text.matchAll(/^\/\/ (GEN\d{3}) (.*)$/gm)].map(([, code, rest]) => ({ code, rest }));
}

/** Which finding a difference must have; undefined for one that may not be. */
function excuse(coordinate, types, own, enums) {
  const [, name] = coordinate.split(/[ .]/, 1).concat(/ @(\w+)/.exec(coordinate)?.[1]);
  if (name === undefined && types && own) {
    const bare = types.replace(/[![\]]/g, '');
    if (own.replace('!', '') === 'String' && (bare === 'AWSJSON' || enums.has(bare)) && types.endsWith('!') === own.endsWith('!')) return 'GEN001';
    if (/\.(createdAt|updatedAt)$/.test(coordinate) && types === `${own}!`) return 'GEN004';
  }
  if (types && own === undefined) {
    if (name === 'index') return 'GEN002';
    if (name === 'default') return 'GEN003';
    if (name === 'validate') return 'GEN007';
  }
  if (/ @model timestamps$/.test(coordinate)) return 'GEN005';
  if (/ @model (queries|mutations|subscriptions)$/.test(coordinate)) return 'GEN006';
  return undefined;
}

/** A line for each difference that no finding names, and for each finding that names none. */
function differences(types, own, named) {
  const lines = [];
  const enums = new Set([...types].filter(([, kind]) => kind === 'EnumTypeDefinition').map(([name]) => name));
  const excused = new Map();
  for (const coordinate of [...new Set([...types.keys(), ...own.keys()])].sort()) {
    const [theirs, ours] = [types.get(coordinate), own.get(coordinate)];
    if (theirs === ours) continue;
    const code = excuse(coordinate, theirs, ours, enums);
    const line = `${coordinate} is ${ours ?? 'missing'}, and ${theirs ?? 'not there'} in AMPLIFY_TYPES.graphql`;
    if (code) excused.set(code, [...(excused.get(code) ?? []), line]);
    else lines.push(line);
  }
  // A renaming of operations may be to what they are called anyway.
  for (const code of ['GEN001', 'GEN002', 'GEN003', 'GEN004', 'GEN005', 'GEN006', 'GEN007']) {
    const [found, said] = [excused.get(code) ?? [], named.filter((finding) => finding.code === code)];
    const isExact = !['GEN005', 'GEN006'].includes(code);
    if (isExact ? found.length !== said.length : said.length > 0 && found.length === 0) {
      lines.push(`${said.length} findings ${code}, and ${found.length} differences`, ...found.map((line) => `  ${line}`));
    }
    if (code === 'GEN005' && found.length > 0 && said.length === 0) {
      // What Amplify would add stands in the type already: nothing is lost.
      const types = found.map((line) => line.split(' ', 1)[0]);
      lines.push(...types.filter((type) => !['createdAt', 'updatedAt'].every((name) => own.has(`${type}.${name}`))));
    }
  }
  return lines;
}

async function check(folder) {
  const text = fs.readFileSync(resource(folder), 'utf8');
  const named = findings(text);
  let graph = await built(text);
  const lines = [];
  const accepted = faults(compile(graph, 'dynamodb'));
  lines.push(...accepted.map((fault) => `refused: ${fault}`));
  for (const { rest } of named.filter((finding) => finding.code === 'GEN008')) {
    const [, old, now] = /: `(\w+)` is `(\w+)`, for /.exec(rest);
    if (!new RegExp(`\\b${now}\\b`).test(graph)) lines.push(`nothing is called ${now}`);
    graph = graph.replaceAll(new RegExp(`\\b${now}\\b`, 'g'), old);
  }
  const types = facts(fs.readFileSync(path.join(folder, 'AMPLIFY_TYPES.graphql'), 'utf8'));
  lines.push(...differences(types, facts(graph), named));
  return lines;
}

const types = typeFaults(folders.map(resource));
let wrong = 0;
for (const folder of folders) {
  const lines = [...types.get(resource(folder))];
  try {
    lines.push(...(await check(folder)));
  } catch (error) {
    lines.push(`${error.name}: ${error.message}`);
  }
  console.log(`${lines.length ? 'wrong' : 'as it should be'} ${folder}`);
  for (const line of lines) console.log(`  ${line}`);
  wrong += lines.length ? 1 : 0;
}
process.exit(wrong ? 1 : 0);
