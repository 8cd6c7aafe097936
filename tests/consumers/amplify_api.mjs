#!/usr/bin/env node
// amplify_api.mjs FOLDER…: compiles each folder's AMPLIFY_TYPES.graphql with
// Amplify's own transformer and compares the API with the AMPLIFY_API.graphql
// beside it, as parsed documents: the same definitions, fields, arguments,
// types, directives and descriptions, in whatever order. The file's second
// line says the strategy and the default authorization. Each difference is
// printed by its coordinate. Exit 0: all equal; 1: some differ, or are
// refused; 2: usage.
import fs from 'node:fs';
import path from 'node:path';
import { authorizations, compile, faults, graphql, strategies } from './transformer.mjs';

const folders = process.argv.slice(2);
if (folders.length === 0) {
  console.error('usage: amplify_api.mjs FOLDER…');
  process.exit(2);
}

/**
 * What a document says, by coordinate: `Contact`, `Contact.email`,
 * `Query.getContact(id:)`, each with all that stands there but its members.
 */
function facts(text) {
  const found = new Map();
  const say = (coordinate, parts) => {
    if (found.has(coordinate)) throw new Error(`${coordinate} is defined twice`);
    found.set(coordinate, parts.filter(Boolean).join(' '));
  };
  const about = (node) => [
    ...(node.directives ?? []).map(graphql.print).sort(),
    node.description && JSON.stringify(node.description.value),
  ];
  for (const node of graphql.parse(text).definitions) {
    const name = node.name?.value ?? node.kind;
    // The transformer parks its own settings in an input of this name, which
    // it takes out of what it deploys.
    if (name === 'Amplify') continue;
    const interfaces = (node.interfaces ?? []).map(graphql.print);
    const roots = (node.operationTypes ?? []).map(graphql.print).sort();
    say(name, [node.kind, ...interfaces, ...roots, ...about(node)]);
    for (const field of [...(node.fields ?? []), ...(node.values ?? [])]) {
      const coordinate = `${name}.${field.name.value}`;
      const byDefault = field.defaultValue && graphql.print(field.defaultValue);
      say(coordinate, [field.type && graphql.print(field.type), byDefault, ...about(field)]);
      for (const argument of field.arguments ?? []) {
        const byDefault = argument.defaultValue && graphql.print(argument.defaultValue);
        say(`${coordinate}(${argument.name.value}:)`, [graphql.print(argument.type), byDefault, ...about(argument)]);
      }
    }
  }
  return found;
}

/** A line for each difference between the compiled API and ours. */
function differences(compiled, ours) {
  const lines = [];
  for (const coordinate of [...new Set([...compiled.keys(), ...ours.keys()])].sort()) {
    const [theirs, here] = [compiled.get(coordinate), ours.get(coordinate)];
    if (here === undefined) lines.push(`${coordinate} is missing: ${theirs}`);
    else if (theirs === undefined) lines.push(`${coordinate} is too much: ${here}`);
    else if (theirs !== here) lines.push(`${coordinate} is ${here}, and Amplify's is ${theirs}`);
  }
  return lines;
}

/** The strategy and the default authorization that an API was made for. */
function settings(api) {
  const [, strategy, authorization] = /^# .*; strategy: (\w+); default authorization: (\w+)$/m.exec(api) ?? [];
  if (!strategies.includes(strategy) || !(authorization in authorizations)) {
    throw new Error('its second line does not say the strategy and the default authorization');
  }
  return [strategy, authorization];
}

let differing = 0;
for (const folder of folders) {
  let lines;
  let what = '';
  try {
    const types = fs.readFileSync(path.join(folder, 'AMPLIFY_TYPES.graphql'), 'utf8');
    const api = fs.readFileSync(path.join(folder, 'AMPLIFY_API.graphql'), 'utf8');
    what = settings(api).join(', ');
    const compiled = compile(types, ...settings(api));
    lines = [...faults(compiled).map((fault) => `refused: ${fault}`), ...differences(facts(compiled), facts(api))];
  } catch (error) {
    lines = [`${error.name}: ${error.message}`];
  }
  console.log(`${lines.length ? 'differs' : 'equal'} (${what}) ${folder}`);
  for (const line of lines) console.log(`  ${line}`);
  differing += lines.length ? 1 : 0;
}
process.exit(differing ? 1 : 0);
