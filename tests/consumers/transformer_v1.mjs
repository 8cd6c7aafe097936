// The transformer of Amplify's version 1, whose directives are `@key` and
// `@connection`.
import Module, { createRequire } from 'node:module';

// The transformer takes the classes of its sanity checks' errors from the
// command line's core, which is as large as everything else here, and compares
// with what a deployment left behind: nothing is deployed.
const load = Module._load;
Module._load = function (name, ...rest) {
  if (name === '@aws-amplify/amplify-cli-core') return new Proxy({}, { get: () => Error });
  return load.call(this, name, ...rest);
};
const require = createRequire(import.meta.url);
const { GraphQLTransform } = require('graphql-transformer-core');
const { DynamoDBModelTransformer } = require('graphql-dynamodb-transformer');
const { KeyTransformer } = require('graphql-key-transformer');
const { ModelConnectionTransformer } = require('graphql-connection-transformer');
const { ModelAuthTransformer } = require('graphql-auth-transformer');

// Each feature as a project of version 1 has it, made before the feature.
const featureFlags = {
  getBoolean: (_name, standard) => standard ?? false,
  getString: (_name, standard) => standard ?? '',
  getNumber: (_name, standard) => standard ?? 0,
};
const authConfig = {
  defaultAuthentication: { authenticationType: 'API_KEY' },
  additionalAuthenticationProviders: [{ authenticationType: 'AMAZON_COGNITO_USER_POOLS' }],
};

/** What the transformer says against a document; nothing: it takes it. */
export function versionOneFaults(document) {
  const transform = new GraphQLTransform({
    transformers: [
      new DynamoDBModelTransformer(),
      new KeyTransformer(),
      new ModelConnectionTransformer(),
      new ModelAuthTransformer({ authConfig }),
    ],
    featureFlags,
    transformConfig: { Version: 5 },
  });
  try {
    const compiled = transform.transform(document);
    const local = Object.values(compiled.stacks)
      .flatMap((stack) => Object.values(stack.Resources))
      .filter((resource) => resource.Type === 'AWS::DynamoDB::Table')
      .map((resource) => resource.Properties);
    return local.flatMap(({ TableName, LocalSecondaryIndexes = [], GlobalSecondaryIndexes = [] }) => [
      ...(LocalSecondaryIndexes.length > 5 ? [`${JSON.stringify(TableName)}: more than 5 local indexes`] : []),
      ...(GlobalSecondaryIndexes.length > 20 ? [`${JSON.stringify(TableName)}: more than 20 indexes`] : []),
    ]);
  } catch (error) {
    return [error.message, ...(error.errors ?? []).map((inner) => inner.message)];
  }
}
