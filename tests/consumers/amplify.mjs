#!/usr/bin/env node
// amplify.mjs STRATEGY FILE…: runs Amplify's own transformer over GraphQL
// files, with the strategy `dynamodb` or `postgres`, and validates the API that
// it compiles. Exit 0: all accepted; 1: some refused; 2: usage.
import fs from 'node:fs';
import { compile, faults, strategies } from './transformer.mjs';

const [strategy, ...files] = process.argv.slice(2);
if (!strategies.includes(strategy) || files.length === 0) {
  console.error('usage: amplify.mjs dynamodb|postgres FILE…');
  process.exit(2);
}

/** What Amplify refuses in a schema; empty when it takes it. */
function refusals(schema) {
  try {
    return faults(compile(schema, strategy));
  } catch (error) {
    return [`${error.name}: ${error.message}`];
  }
}

let refused = 0;
for (const file of files) {
  const found = refusals(fs.readFileSync(file, 'utf8'));
  console.log(found.length ? `refused (${strategy}) ${file}` : `accepted (${strategy}) ${file}`);
  for (const fault of found) console.log(`  ${fault}`);
  refused += found.length ? 1 : 0;
}
process.exit(refused ? 1 : 0);
