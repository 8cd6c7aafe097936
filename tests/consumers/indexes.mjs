// firebase-tools' own reading of firestore.indexes.json, and what only the
// server would refuse.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { FirestoreApi } = require('firebase-tools/lib/firestore/api.js');

/** Everything that is wrong with a file of indexes. */
export function indexFaults(text) {
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
