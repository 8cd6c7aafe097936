#!/usr/bin/env node
// firestore.mjs FOLDER…: hands the firestore.indexes.json of each folder to
// firebase-tools, as `firebase deploy` reads it, and looks at what only the
// server would refuse. Exit 0: all accepted; 1: some refused; 2: usage.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { FirestoreApi } = require('firebase-tools/lib/firestore/api.js');

const folders = process.argv.slice(2);
if (folders.length === 0) {
  console.error('usage: firestore.mjs FOLDER…');
  process.exit(2);
}

/** Everything that is wrong with a file of indexes. */
function faults(text) {
  const spec = JSON.parse(text);
  const api = new FirestoreApi();
  const copy = () => JSON.parse(text);
  const found = [];
  const attempt = (step) => {
    try {
      step();
    } catch (error) {
      found.push(`firebase-tools: ${error.message}`);
    }
  };
  attempt(() => api.validateSpec(copy()));
  attempt(() => api.validateSpec(api.upgradeOldSpec(copy())));
  attempt(() => copy().indexes.forEach((index) => FirestoreApi.processIndex(index)));
  return [...found, ...refusedByServer(spec)];
}

/** What firebase-tools sends on and the Admin API answers with 400. */
function refusedByServer(spec) {
  const found = [];
  const seen = new Set();
  for (const index of spec.indexes) {
    const name = `${index.collectionGroup} (${index.fields.map((field) => field.fieldPath).join(', ')})`;
    const isVector = index.fields.some((field) => field.vectorConfig);
    if (index.fields.length < 2 && !isVector) found.push(`${name}: an index of one field is automatic`);
    if (index.fields.length > 100) found.push(`${name}: more than 100 fields`);
    if (index.fields.filter((field) => field.arrayConfig).length > 1) found.push(`${name}: more than one array`);
    if (index.fields.slice(0, -1).some((field) => field.vectorConfig)) found.push(`${name}: the vector is not last`);
    for (const { fieldPath } of index.fields) {
      if (!/^([A-Za-z_][A-Za-z_0-9]*|`([^`\\]|\\.)+`)(\.([A-Za-z_][A-Za-z_0-9]*|`([^`\\]|\\.)+`))*$/.test(fieldPath)) {
        found.push(`${name}: ${fieldPath} is no path of a field`);
      }
    }
    if (/\/|^\.\.?$|^__.*__$/.test(index.collectionGroup) || Buffer.byteLength(index.collectionGroup) > 1500) {
      found.push(`${name}: no name of a collection`);
    }
    const key = JSON.stringify([index.collectionGroup, index.queryScope, index.fields]);
    if (seen.has(key)) found.push(`${name}: there twice`);
    seen.add(key);
  }
  return found;
}

let refused = 0;
for (const folder of folders) {
  const file = path.join(folder, 'firestore.indexes.json');
  const found = faults(fs.readFileSync(file, 'utf8'));
  for (const fault of found) console.error(`${file}: ${fault}`);
  refused += found.length > 0 ? 1 : 0;
  console.log(`${found.length === 0 ? 'ok' : 'REFUSED'} ${file}`);
}
process.exit(refused === 0 ? 0 : 1);
