#!/usr/bin/env node
// adversarial.mjs PROGRAM OUT [NAME…]: generates from each hostile manifest of
// adversarial/ into OUT with both of Amplify's strategies and with the
// directives of version 1, and has Amplify's transformers and firebase-tools
// read the result. A manifest's first line says
// what is expected: `# expect: accepted`, or a list of finding codes, of
// `exit N` and of "words" that the error names. Exit 0: all is as expected; 1:
// something is not; 2: usage.
import fs from 'node:fs';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { amplifyFaults, strategies } from './transformer.mjs';
import { versionOneFaults } from './transformer_v1.mjs';
import { indexFaults } from './indexes.mjs';

const [program, out, ...wanted] = process.argv.slice(2);
if (!program || !out) {
  console.error('usage: adversarial.mjs PROGRAM OUT [NAME…]');
  process.exit(2);
}
const folder = path.join(import.meta.dirname, 'adversarial');
const names = fs.readdirSync(folder)
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => path.basename(file, '.yaml'))
  .filter((name) => wanted.length === 0 || wanted.includes(name))
  .sort();
if (names.length === 0) {
  console.error(`no such manifest in ${folder}`);
  process.exit(2);
}

/** What is tried: the settings of each, and what reads the types. */
const attempts = [
  ...strategies.map((strategy) => ({
    name: strategy,
    settings: [`amplify.strategy=${strategy}`],
    faults: (types) => amplifyFaults(types, strategy),
  })),
  { name: 'version-1', settings: ['amplify.directives=v1'], faults: versionOneFaults },
];

/** What a manifest's first line expects. */
function expectation(text) {
  const line = text.split('\n', 1)[0];
  const said = /^# expect: (.+)$/.exec(line)?.[1];
  if (!said) return { fault: 'its first line is not `# expect: …`' };
  const expected = { exit: 0, codes: [], words: [] };
  for (const part of said === 'accepted' ? [] : said.split(', ')) {
    const exit = /^exit (\d+)$/.exec(part)?.[1];
    const words = /^"(.+)"$/.exec(part)?.[1];
    if (exit) expected.exit = Number(exit);
    else if (words) expected.words.push(words);
    else if (/^[A-Z]{3}\d{3}$/.test(part)) expected.codes.push(part);
    else return { fault: `\`${part}\` of its first line is no expectation` };
  }
  return expected;
}

/** Generates with some settings; the faults, and the codes of the findings. */
function generated(name, attempt, expected) {
  const into = path.join(out, name, attempt.name);
  fs.rmSync(into, { recursive: true, force: true });
  const run = spawnSync(program, [
    'generate', '--manifest', path.join(folder, `${name}.yaml`), '--out', into, '--output', 'json',
    '--target', 'amplify,firestore,models,inventory', ...attempt.settings.flatMap((setting) => ['--set', setting]),
  ], { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (run.error) return { faults: [run.error.message], codes: [] };
  if (run.status !== expected.exit) {
    return { faults: [`exit ${run.status}, not ${expected.exit}: ${run.stderr.trim()}`], codes: [] };
  }
  const faults = expected.words.filter((words) => !run.stderr.includes(words)).map((words) => `its error says no \`${words}\``);
  if (run.status !== 0) return { faults, codes: [] };
  const codes = JSON.parse(run.stdout).flatMap((outcome) => outcome.findings).map((finding) => finding.code.id);
  const read = (file) => fs.readFileSync(path.join(into, file), 'utf8');
  faults.push(...attempt.faults(read('AMPLIFY_TYPES.graphql')).map((fault) => `Amplify: ${fault}`));
  if (attempt === attempts[0]) faults.push(...indexFaults(read('firestore.indexes.json')));
  return { faults, codes };
}

let wrong = 0;
for (const name of names) {
  const expected = expectation(fs.readFileSync(path.join(folder, `${name}.yaml`), 'utf8'));
  const faults = [];
  if (expected.fault) faults.push(expected.fault);
  else {
    const found = new Set();
    for (const attempt of attempts) {
      const { faults: here, codes } = generated(name, attempt, expected);
      faults.push(...here.map((fault) => `${attempt.name}: ${fault}`));
      codes.forEach((code) => found.add(code));
    }
    faults.push(...expected.codes.filter((code) => !found.has(code)).map((code) => `there is no finding ${code}`));
  }
  console.log(`${faults.length === 0 ? 'as expected' : 'WRONG'} ${name}`);
  for (const fault of faults) console.log(`  ${fault}`);
  wrong += faults.length === 0 ? 0 : 1;
}
console.log(`${names.length - wrong} of ${names.length} are as expected`);
process.exit(wrong === 0 ? 0 : 1);
