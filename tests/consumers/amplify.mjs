#!/usr/bin/env node
// amplify.mjs STRATEGY FILE…: runs Amplify's own transformer over GraphQL
// files, with the strategy `dynamodb` or `postgres`, and validates the API that
// it compiles. Exit 0: all accepted; 1: some refused; 2: usage.
import fs from 'node:fs';
import { amplifyFaults, strategies } from './transformer.mjs';

const [strategy, ...files] = process.argv.slice(2);
if (!strategies.includes(strategy) || files.length === 0) {
  console.error('usage: amplify.mjs dynamodb|postgres FILE…');
  process.exit(2);
}

let refused = 0;
for (const file of files) {
  const found = amplifyFaults(fs.readFileSync(file, 'utf8'), strategy);
  console.log(found.length ? `refused (${strategy}) ${file}` : `accepted (${strategy}) ${file}`);
  for (const fault of found) console.log(`  ${fault}`);
  refused += found.length ? 1 : 0;
}
process.exit(refused ? 1 : 0);
