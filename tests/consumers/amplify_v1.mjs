#!/usr/bin/env node
// amplify_v1.mjs FILE…: runs the transformer of Amplify's version 1 over
// GraphQL files with its directives. Exit 0: all accepted; 1: some refused; 2:
// usage.
import fs from 'node:fs';
import { versionOneFaults } from './transformer_v1.mjs';

const files = process.argv.slice(2);
if (files.length === 0) {
  console.error('usage: amplify_v1.mjs FILE…');
  process.exit(2);
}

let refused = 0;
for (const file of files) {
  const found = versionOneFaults(fs.readFileSync(file, 'utf8'));
  console.log(found.length ? `refused (version 1) ${file}` : `accepted (version 1) ${file}`);
  for (const fault of found) console.log(`  ${fault}`);
  refused += found.length ? 1 : 0;
}
process.exit(refused ? 1 : 0);
