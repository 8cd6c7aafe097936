#!/usr/bin/env node
// firestore.mjs FOLDER…: hands the firestore.indexes.json of each folder to
// firebase-tools, as `firebase deploy` reads it, and looks at what only the
// server would refuse. Exit 0: all accepted; 1: some refused; 2: usage.
import fs from 'node:fs';
import path from 'node:path';
import { indexFaults } from './indexes.mjs';

const folders = process.argv.slice(2);
if (folders.length === 0) {
  console.error('usage: firestore.mjs FOLDER…');
  process.exit(2);
}

let refused = 0;
for (const folder of folders) {
  const file = path.join(folder, 'firestore.indexes.json');
  const found = indexFaults(fs.readFileSync(file, 'utf8'));
  for (const fault of found) console.error(`${file}: ${fault}`);
  refused += found.length > 0 ? 1 : 0;
  console.log(`${found.length === 0 ? 'ok' : 'REFUSED'} ${file}`);
}
process.exit(refused === 0 ? 0 : 1);
