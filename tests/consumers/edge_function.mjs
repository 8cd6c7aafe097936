#!/usr/bin/env node
// edge_function.mjs PROJECT: runs the generated edge function in Deno against
// a Postgres of its own that the project's SQL has filled, and asks it over
// HTTP with and without the right token. Exit 0: all as expected; 1: not.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '../..');
const project = process.argv[2];
if (!project) {
  console.error('usage: edge_function.mjs PROJECT');
  process.exit(2);
}
const source = path.join(root, 'generated', project, 'supabase/functions/feature-inventory-md/index.ts');
const deno = path.join(here, 'node_modules/.bin/deno');
const key = 'service-role-key-4711';
const running = [];

/** The folder of initdb: the newest of Debian's, else that of the PATH. */
function binaries() {
  if (process.env.SCHEMACAST_PG_BIN) return process.env.SCHEMACAST_PG_BIN;
  const debian = '/usr/lib/postgresql';
  const majors = fs.existsSync(debian) ? fs.readdirSync(debian).map(Number).sort((a, b) => b - a) : [];
  const folders = [...majors.map((major) => `${debian}/${major}/bin`), ...process.env.PATH.split(path.delimiter)];
  return folders.find((folder) => fs.existsSync(path.join(folder, 'initdb'))) ?? assert.fail('there is no initdb');
}

/** A port that was free a moment ago. */
async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Tries until it succeeds, for half a minute. */
async function eventually(what, attempt) {
  for (let tries = 0; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (tries === 150) throw new Error(`${what}: ${error.message}`);
      await new Promise((wake) => setTimeout(wake, 200));
    }
  }
}

/** Starts a server and returns its URL. Postgres does not run as root. */
async function startPostgres(folder) {
  const bin = binaries();
  const id = (flag) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  const account = process.getuid() === 0 ? { uid: id('-u'), gid: id('-g') } : {};
  if (account.uid) fs.chownSync(folder, account.uid, account.gid);
  const data = path.join(folder, 'data');
  const options = { ...account, cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] };
  execFileSync(path.join(bin, 'initdb'), ['-N', '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale', '-D', data], options);
  const port = await freePort();
  const settings = ['listen_addresses=127.0.0.1', `port=${port}`, `unix_socket_directories=${folder}`, 'fsync=off', 'autovacuum=off'];
  const arguments_ = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])];
  running.push(spawn(path.join(bin, 'postgres'), arguments_, { ...options, stdio: 'ignore' }));
  return `postgres://postgres@127.0.0.1:${port}/postgres`;
}

/** Applies the project's bootstrap and migrations. */
async function fill(sql) {
  const folder = path.join(root, 'manifests', project);
  const bootstrap = fs.readdirSync(path.join(folder, 'bootstrap')).sort().map((name) => `bootstrap/${name}`);
  const listed = fs.readFileSync(path.join(folder, 'project.yaml'), 'utf8').matchAll(/^- (\S+\.sql)$/gm);
  for (const file of [...bootstrap, ...Array.from(listed, ([, name]) => `migrations/${name}`)]) {
    await sql.unsafe(fs.readFileSync(path.join(folder, file), 'utf8')).simple();
  }
}

/** Starts the function and returns its address. It may use the network and the environment, and no file. */
async function serve(environment) {
  const port = await freePort();
  const arguments_ = ['run', '--node-modules-dir=manual', '--no-lock', '--no-prompt', '--allow-net', '--allow-env', source];
  const env = { ...process.env, ...environment, DENO_SERVE_ADDRESS: `tcp:127.0.0.1:${port}`, NO_COLOR: '1' };
  const child = spawn(deno, arguments_, { cwd: here, env, stdio: ['ignore', 'ignore', 'pipe'] });
  child.log = '';
  child.stderr.on('data', (text) => (child.log += text));
  running.push(child);
  const address = `http://127.0.0.1:${port}/feature-inventory-md`;
  await eventually('the function does not listen', async () => {
    if (child.exitCode !== null) assert.fail(child.log);
    await fetch(address, { method: 'OPTIONS' });
  });
  return { address, child };
}

const authorized = { Authorization: `Bearer ${key}` };

/** An error is JSON with one sentence, is not kept by a cache, and says nothing of the inside. */
async function assertRefused(response, status, error) {
  const body = await response.text();
  assert.equal(response.status, status, body);
  assert.deepEqual(JSON.parse(body), { error });
  assert.equal(response.headers.get('Content-Type'), 'application/json');
  assert.equal(response.headers.get('Cache-Control'), 'no-store');
}

/** Has the tool take a snapshot and write its inventory. */
function capture(url, file, ...options) {
  const verb = ['snapshot', 'capture', project, '--database-url', url, '--inventory', file, ...options];
  execFileSync('cargo', ['run', '--locked', '--quiet', '--', ...verb], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
}

/** The workflow's own step, run by bash: the file changes when a definition does, and not when rows do. */
async function testWorkflow(folder, address, sql) {
  const workflow = fs.readFileSync(path.join(root, 'generated', project, '.github/workflows/feature-inventory.yml'), 'utf8');
  const [, step] = /- name: Fetch the inventory\n[\s\S]*?run: \|\n([\s\S]*?)\n {6}- name:/.exec(workflow);
  const checkout = fs.mkdtempSync(path.join(folder, 'checkout-'));
  const file = path.join(checkout, 'FEATURE_INVENTORY.md');
  const env = { ...process.env, RUNNER_TEMP: folder, SUPABASE_URL: new URL(address).origin, SUPABASE_SERVICE_ROLE_KEY: key };
  const fetched = async () => {
    const bash = spawn('bash', ['-e', '-c', step.replace(/^ {10}/gm, '')], { cwd: checkout, env, stdio: 'inherit' });
    const [code] = await once(bash, 'exit');
    assert.equal(code, 0, 'the step of the workflow failed');
    return fs.readFileSync(file, 'utf8');
  };
  const first = await fetched();
  assert.match(first, /counted` \(1000 rows/);
  await sql.unsafe('INSERT INTO public.counted SELECT generate_series(1, 5000); ANALYZE public.counted').simple();
  await sql`SELECT catalog.capture_snapshot('nightly', 'abcdef1')`;
  assert.equal(await fetched(), first, 'rows alone are nothing to commit');
  await sql.unsafe("COMMENT ON TABLE public.counted IS 'x'; ALTER TABLE public.counted ADD COLUMN m integer").simple();
  await sql`SELECT catalog.capture_snapshot('nightly', 'abcdef2')`;
  assert.match(await fetched(), /counted` \(6000 rows/);
}

async function test(folder) {
  execFileSync(deno, ['check', '--quiet', '--node-modules-dir=manual', '--no-lock', source], { cwd: here, stdio: 'inherit' });
  const url = await startPostgres(folder);
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  await eventually('Postgres does not answer', () => sql`SELECT 1`);
  await fill(sql);
  const { address, child } = await serve({ SUPABASE_DB_URL: url, SUPABASE_SERVICE_ROLE_KEY: key });

  const denied = "the service role's key is needed";
  for (const Authorization of [undefined, 'Bearer', 'Bearer ', 'Bearer wrong', `Bearer ${key}x`, `Bearer ${key.slice(1)}`, `Basic ${key}`, key]) {
    const response = await fetch(address, { headers: Authorization === undefined ? {} : { Authorization } });
    assert.equal(response.headers.get('WWW-Authenticate'), 'Bearer', Authorization);
    await assertRefused(response, 401, denied);
  }
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
    const response = await fetch(address, { method, headers: authorized });
    assert.equal(response.headers.get('Allow'), 'GET', method);
    await assertRefused(response, 405, 'only GET is answered');
  }

  await assertRefused(await fetch(address, { headers: authorized }), 404, 'no snapshot was taken yet');

  // Names that would break out of a list, a code span or the page, and each thing that is told in its own way.
  await sql.unsafe(`
    CREATE TABLE public."a|b\`c\n<b>d" ();
    CREATE TABLE public."\`\`" ();
    CREATE TABLE public." x\u202e " ();
    CREATE TABLE public.counted AS SELECT generate_series(1, 1000) AS n;
    ANALYZE public.counted;
    CREATE MATERIALIZED VIEW public.summed AS SELECT sum(n) FROM public.counted;
    CREATE FUNCTION public.twice(n integer) RETURNS integer LANGUAGE sql AS 'SELECT 2 * n';
    CREATE FUNCTION public.twice(t text) RETURNS text[] LANGUAGE sql AS 'SELECT ARRAY[t, t]';
    CREATE TYPE public."<i>_odd" AS (n integer);
    CREATE FUNCTION public.odd() RETURNS public."<i>_odd" LANGUAGE sql AS 'SELECT NULL::public."<i>_odd"';
    CREATE FUNCTION public.many() RETURNS TABLE (a_b integer, _c text) LANGUAGE sql AS 'SELECT 1, 2';
  `).simple();
  const inventory = path.join(folder, 'FEATURE_INVENTORY.md');
  capture(url, inventory, '--label', 'it|s `first`', '--commit', 'abcdef0', '--edge-functions', 'feature-inventory-md');
  const response = await fetch(address, { headers: authorized });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('Content-Type'), 'text/markdown; charset=utf-8');
  assert.equal(response.headers.get('Cache-Control'), 'private, no-cache');
  assert.equal(response.headers.get('Vary'), 'Authorization');
  assert.ok(!Number.isNaN(Date.parse(response.headers.get('Last-Modified'))));
  const text = await response.text();
  assert.ok(text.startsWith('# Feature Inventory\n\n**Generated**: 2'), text);
  const [current] = await sql`SELECT * FROM catalog.inventory_current`;
  const kilobytes = (name) => Math.round(current.tables.find(({ table }) => table === name).size_bytes / 1024);
  for (const line of [
    '**Commit**: abcdef0',
    '## Database Objects',
    `### Tables (${current.total_tables})`,
    `- \`public.content_blocks\` (not analysed, ${kilobytes('content_blocks')} KB)`,
    `- \`public.counted\` (1000 rows, ${kilobytes('counted')} KB)`,
    '- `public.summed` (not analysed, 8 KB, materialized view)',
    '- ``public.a|b`c␊<b>d`` (not analysed, 0 KB)',
    '- ``` public.`` ``` (not analysed, 0 KB)',
    '- `public. x⟨U+202E⟩ ` (not analysed, 0 KB)',
    `### Functions (${current.total_functions})`,
    '- `public.twice(n integer)` → integer',
    '- `public.twice(t text)` → text[]',
    '- `public.odd` → `public."<i>_odd"`',
    '- `public.many` → `TABLE(a_b integer, _c text)`',
    '- `catalog.capture_snapshot` → bigint',
    `### Policies (${current.total_policies})`,
    '- `public.content_blocks.content_blocks_read` (SELECT)',
    `### Extensions (${current.total_extensions})`,
    '### Edge Functions (1)',
    '- `feature-inventory-md`',
  ]) {
    assert.ok(text.split('\n').includes(line), `${line}\n\n${text}`);
  }
  assert.ok(text.trimEnd().endsWith(`hash over all definitions: ${current.root_hash}*`), text);
  // The tool's text of the same snapshot, byte for byte, but for when each was written.
  const undated = (whole) => whole.replace(/^\*\*Generated\*\*: .*$/m, '');
  assert.equal(undated(text), undated(fs.readFileSync(inventory, 'utf8')));

  // The same snapshot: nothing to send. Another one: its time is told, and so are rows and sizes.
  const tag = response.headers.get('ETag');
  const again = await fetch(address, { headers: { ...authorized, 'If-None-Match': `"other", ${tag}` } });
  assert.equal(again.status, 304);
  assert.equal(await again.text(), '');
  await testWorkflow(folder, address, sql);
  await sql.unsafe('CREATE TABLE public.new_one ()');
  await sql`SELECT catalog.capture_snapshot('nightly')`;
  const changed = await fetch(address, { headers: { ...authorized, 'If-None-Match': tag } });
  assert.equal(changed.status, 200);
  assert.notEqual(changed.headers.get('ETag'), tag);
  assert.ok((await changed.text()).includes('`public.new_one`'));
  // A tag that is known does not open the door.
  await assertRefused(await fetch(address, { headers: { 'If-None-Match': tag } }), 401, denied);

  await sql.unsafe('ALTER VIEW catalog.inventory_current RENAME TO moved');
  await assertRefused(await fetch(address, { headers: authorized }), 500, 'the inventory cannot be read');
  await eventually('the log does not say why', () => assert.match(child.log, /inventory_current/));
  assert.ok(!child.log.includes(key), 'the key is not logged');

  const unset = await serve({ SUPABASE_DB_URL: url, SUPABASE_SERVICE_ROLE_KEY: '' });
  for (const headers of [{}, { Authorization: 'Bearer ' }, authorized]) {
    await assertRefused(await fetch(unset.address, { headers }), 500, 'the function is not configured');
  }
  await sql.end();
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'schemacast-edge-'));
try {
  await test(folder);
  console.log(`ok ${path.relative(root, source)}`);
} finally {
  for (const child of running.reverse()) {
    // Postgres takes SIGINT as: end the sessions and stop.
    child.kill('SIGINT');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
  fs.rmSync(folder, { recursive: true, force: true });
}
