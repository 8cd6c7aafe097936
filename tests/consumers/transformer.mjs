// Amplify's own transformer, called as Amplify's CDK construct calls it, on a
// stack that nobody deploys.
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

// The parser that the transformer has: documents of two copies of the package
// are strangers to each other.
export const graphql = require('graphql');
export const strategies = ['dynamodb', 'postgres'];

// A database that is never connected to: the transformer wants to know where
// the connection's settings would be kept.
const postgres = {
  name: 'postgres',
  dbType: 'POSTGRES',
  dbConnectionConfig: Object.fromEntries(
    ['databaseName', 'hostname', 'password', 'port', 'username'].map((key) => [`${key}SsmPath`, `/schemacast/${key}`]),
  ),
};

/** The modes of authorization, by what project.yaml calls the default one. */
export const authorizations = {
  api_key: { authenticationType: 'API_KEY', apiKeyConfig: { apiKeyExpirationDays: 7, description: 'test' } },
  identity_pool: { authenticationType: 'AWS_IAM' },
  user_pool: {
    authenticationType: 'AMAZON_COGNITO_USER_POOLS',
    userPoolConfig: { userPoolId: 'eu-west-1_test' },
  },
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

/**
 * The API that Amplify compiles a schema to, as GraphQL text.
 * `authorization` is the default mode; the others are there beside it.
 * Throws what the transformer throws.
 */
export function compile(schema, strategy, authorization = 'user_pool') {
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'schemacast-amplify-'));
  try {
    const stack = new cdk.Stack(new cdk.App({ outdir, analyticsReporting: false }), 'api');
    const dataSource = strategy === 'postgres' ? postgres : core.DDB_DEFAULT_DATASOURCE_STRATEGY;
    const { [authorization]: defaultAuthentication, ...others } = authorizations;
    executeTransform({
      scope: stack,
      schema,
      authConfig: { defaultAuthentication, additionalAuthenticationProviders: Object.values(others) },
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
    if (!api) throw new Error('the transformer compiled no API');
    return api.schema.definition;
  } finally {
    fs.rmSync(outdir, { recursive: true, force: true });
  }
}

/** What is wrong with a compiled API. AppSync brings scalars and directives of its own. */
export function faults(definition) {
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

/** What Amplify refuses in a schema under a strategy; empty when it takes it. */
export function amplifyFaults(schema, strategy) {
  try {
    return faults(compile(schema, strategy));
  } catch (error) {
    return [`${error.name}: ${error.message}`];
  }
}
