#!/usr/bin/env node
// peer.mjs DATABASE_URL: what Amplify's own generator of a schema from a
// database (@aws-amplify/graphql-schema-generator) makes of it, on stdout. It is
// in no lockfile: docs/amplify-generators.md says how to bring it. Exit 0: it
// made something; 1: it failed; 2: usage.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const [url] = process.argv.slice(2);
if (!url) {
  console.error('usage: peer.mjs DATABASE_URL');
  process.exit(2);
}
const { PostgresDataSourceAdapter, graphqlSchemaFromSQLSchema } = require('@aws-amplify/graphql-schema-generator');
const { knex } = require('knex');

// Its own query, client and reader. Only the connection is ours, for its own
// insists on certificates.
const database = decodeURIComponent(new URL(url).pathname.slice(1));
const adapter = new PostgresDataSourceAdapter({ database });
adapter.dbBuilder = knex({ client: 'pg', connection: url });
try {
  console.log(graphqlSchemaFromSQLSchema(await adapter.querySchema(), 'postgres'));
} catch (error) {
  console.error(`${error.name}: ${error.message}`);
  process.exitCode = 1;
} finally {
  await adapter.dbBuilder.destroy();
}
