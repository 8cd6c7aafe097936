#!/usr/bin/env node
// amplify.mjs STRATEGY FILE…: runs Amplify's own transformer over GraphQL
// files, with the strategy `dynamodb` or `postgres`, and validates the API that
// it compiles. Exit 0: all accepted; 1: some refused; 2: usage.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createRequire } from 'node:module';

process.env.JSII_DEPRECATED = 'quiet';
process.env.CDK_DISABLE_VERSION_CHECK = '1';
const require = createRequire(import.meta.url);
const cdk = require('aws-cdk-lib');
const core = require('@aws-amplify/graphql-transformer-core');
const { executeTransform } = require('@aws-amplify/graphql-transformer');
const graphql = require('graphql');

const [strategy, ...files] = process.argv.slice(2);
if (!['dynamodb', 'postgres'].includes(strategy) || files.length === 0) {
  console.error('usage: amplify.mjs dynamodb|postgres FILE…');
  process.exit(2);
}

// A database that is never connected to: the transformer wants to know where
// the connection's settings would be kept.
const postgres = {
  name: 'postgres',
  dbType: 'POSTGRES',
  dbConnectionConfig: Object.fromEntries(
    ['databaseName', 'hostname', 'password', 'port', 'username'].map((key) => [`${key}SsmPath`, `/schemacast/${key}`]),
  ),
};
const authModes = {
  defaultAuthentication: {
    authenticationType: 'AMAZON_COGNITO_USER_POOLS',
    userPoolConfig: { userPoolId: 'eu-west-1_test' },
  },
  additionalAuthenticationProviders: [
    { authenticationType: 'API_KEY', apiKeyConfig: { apiKeyExpirationDays: 7, description: 'test' } },
    { authenticationType: 'AWS_IAM' },
  ],
};
// The values with which Amplify's CDK construct calls the transformer.
const transformParameters = {
  allowDestructiveGraphqlSchemaUpdates: false, allowGen1Patterns: false, disableResolverDeduping: true,
  enableAutoIndexQueryNames: true, enableSearchEncryptionAtRest: false, enableSearchNodeToNodeEncryption: false,
  enableTransformerCfnOutputs: false, populateOwnerFieldForStaticGroupAuth: true, replaceTableUponGsiUpdate: false,
  respectPrimaryKeyAttributesOnConnectionField: true, sandboxModeEnabled: false, secondaryKeyAsGSI: true,
  shouldDeepMergeDirectiveConfigDefaults: true, subscriptionsInheritPrimaryAuth: false,
  suppressApiKeyGeneration: false, useSubUsernameForDefaultIdentityClaim: true,
};

/** What Amplify refuses in a schema; empty when it takes it. */
function faults(schema) {
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'schemacast-amplify-'));
  try {
    const stack = new cdk.Stack(new cdk.App({ outdir, analyticsReporting: false }), 'api');
    const dataSource = strategy === 'postgres' ? postgres : core.DDB_DEFAULT_DATASOURCE_STRATEGY;
    executeTransform({
      scope: stack,
      schema,
      authConfig: authModes,
      transformParameters,
      dataSourceStrategies: core.constructDataSourceStrategies(schema, dataSource),
      sqlDirectiveDataSourceStrategies: [],
      nestedStackProvider: { provide: (scope, id) => new cdk.NestedStack(scope, id) },
      assetProvider: {
        provide: (_scope, id, asset) => ({
          httpUrl: `https://assets/${id}`, s3BucketName: 'assets', s3ObjectKey: asset.fileName,
          s3ObjectUrl: `s3://assets/${asset.fileName}`, isFile: true, assetHash: id,
        }),
      },
      synthParameters: {
        amplifyEnvironmentName: 'NONE', apiName: 'api', userPoolId: 'eu-west-1_test', enableIamAccess: false,
        authenticatedUserRoleName: 'authenticated', unauthenticatedUserRoleName: 'unauthenticated',
      },
      transformersFactoryArgs: {}, stackMapping: {}, userDefinedSlots: {},
      printTransformerLog: () => {},
    });
    const api = stack.node.findAll().find((node) => node.node.id === 'GraphQLAPI' && node.schema);
    if (!api) return ['the transformer compiled no API'];
    return compiledFaults(api.schema.definition);
  } catch (error) {
    return [`${error.name}: ${error.message}`];
  } finally {
    fs.rmSync(outdir, { recursive: true, force: true });
  }
}

/** What is wrong with a compiled API. AppSync brings scalars and directives of its own. */
function compiledFaults(definition) {
  const scalars = ['Date', 'Time', 'DateTime', 'Timestamp', 'Email', 'JSON', 'URL', 'Phone', 'IPAddress']
    .map((name) => `AWS${name}`)
    .filter((name) => !definition.includes(`scalar ${name}\n`))
    .map((name) => `scalar ${name}`);
  const directives = [
    'aws_subscribe(mutations: [String]) on FIELD_DEFINITION',
    ...['aws_api_key', 'aws_iam', 'aws_oidc', 'aws_lambda'].map((name) => `${name} on FIELD_DEFINITION | OBJECT`),
    'aws_auth(cognito_groups: [String]) on FIELD_DEFINITION',
    'aws_cognito_user_pools(cognito_groups: [String]) on FIELD_DEFINITION | OBJECT',
  ].map((text) => `directive @${text}`);
  const document = graphql.parse([definition, ...scalars, ...directives].join('\n'));
  return graphql.validateSchema(graphql.buildASTSchema(document)).map((error) => error.message);
}

let refused = 0;
for (const file of files) {
  const found = faults(fs.readFileSync(file, 'utf8'));
  console.log(found.length ? `refused (${strategy}) ${file}` : `accepted (${strategy}) ${file}`);
  for (const fault of found) console.log(`  ${fault}`);
  refused += found.length ? 1 : 0;
}
process.exit(refused ? 1 : 0);
