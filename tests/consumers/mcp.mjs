#!/usr/bin/env node
// mcp.mjs PROGRAM PROJECT: drives `schemacast mcp` with the official MCP
// client: the whole chain of a project, on a copy of its files, then what that
// left behind. Exit 0: all as expected; 1: not.

import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';

const [program, project] = process.argv.slice(2);
if (!project) {
  console.error('usage: mcp.mjs PROGRAM PROJECT');
  process.exit(2);
}
const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const root = mkdtempSync(join(tmpdir(), 'schemacast-mcp-'));
for (const folder of ['manifests', 'generated']) cpSync(join(repository, folder), join(root, folder), { recursive: true });

// The configured database of whoever runs this is not to be touched.
const { DATABASE_URL, POSTGRES_URL, ...env } = process.env;

async function connect(...options) {
  const transport = new StdioClientTransport({
    command: resolve(program),
    args: ['mcp', '--root', root, ...options],
    env,
    stderr: 'inherit',
  });
  const client = new Client({ name: 'schemacast-consumers', version: '0.0.0' });
  await client.connect(transport);
  // The client checks structured results by the schemas that it has listed.
  await client.listTools();
  return client;
}

const call = (client, name, args, options) => client.callTool({ name, arguments: args }, undefined, options);

async function found(client, name, args, options) {
  const result = await call(client, name, args, options);
  assert(!result.isError, `${name}: ${result.content[0].text}`);
  return result.structuredContent;
}

try {
  const reader = await connect();
  const refused = await call(reader, 'run_chain', { project });
  assert(refused.isError && refused.content[0].text.includes('--allow-write'), refused.content[0].text);
  await assert.rejects(call(reader, 'run_chain', { projekt: project }), /unknown argument `projekt`; did you mean `project`/);
  const { plan } = await found(reader, 'run_chain', { project, dry_run: true });
  await reader.close();

  const client = await connect('--allow-write');
  const steps = [];
  let seen;
  const running = found(client, 'run_chain', { project, database: 'scratch' }, {
    timeout: 600_000,
    onprogress: (step) => {
      steps.push(step);
      // Other tools answer while the chain runs, and tell the truth.
      seen ??= found(client, 'progress', { project });
    },
  });
  const { run } = await running;
  assert.equal(run.state, 'completed');
  assert.deepEqual(run.tasks.map((task) => task.id), plan.map((task) => task.id));
  assert.equal((await seen).state, 'running');
  assert.equal(steps.at(-1).progress, plan.length);
  assert(steps.every((step, at) => at === 0 || step.progress > steps[at - 1].progress), 'progress grows');

  const drift = await found(client, 'drift', { project, database: 'scratch', stable: true }, { timeout: 600_000 });
  assert(drift.clean, JSON.stringify(drift.findings));
  const read = await found(client, 'introspect', { project, database: 'scratch', check: true }, { timeout: 600_000 });
  assert(!read.changed, 'the manifest is what the database holds');
  assert(!(await found(client, 'generate', { project, check: true })).stale, 'the generated files are fresh');

  const { resources } = await client.listResources();
  const texts = new Map();
  for (const { uri } of resources) texts.set(uri, (await client.readResource({ uri })).contents[0].text);
  const manifest = texts.get(`schemacast://${project}/manifest`);
  assert.equal(manifest, readFileSync(join(root, 'manifests', project, 'NEON_SCHEMA_MANIFEST.yaml'), 'utf8'));
  const own = [...texts.keys()].filter((uri) => uri.startsWith(`schemacast://${project}/`));
  assert(own.some((uri) => uri.endsWith('/reports/SCHEMA_DRIFT_REPORT.md')), own.join('\n'));
  assert.equal(own.filter((uri) => uri.includes(`/runs/${run.id}/logs/`)).length, plan.length);

  // A cancelled chain ends, and its request is not answered.
  const abort = new AbortController();
  const cancelled = call(client, 'run_chain', { project, database: 'scratch' }, {
    timeout: 600_000,
    signal: abort.signal,
    onprogress: () => abort.abort('enough'),
  });
  await assert.rejects(cancelled);
  let standing;
  do {
    await new Promise((wake) => setTimeout(wake, 100));
    standing = await found(client, 'progress', { project });
  } while (standing.state === 'running');
  assert.equal(standing.state, 'cancelled');
  assert.notEqual(standing.run, run.id);
  await client.close();
  console.log(`${project}: ${plan.length} tasks, ${steps.length} steps, ${resources.length} resources read`);
} finally {
  rmSync(root, { recursive: true, force: true });
}
