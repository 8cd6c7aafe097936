// The types of amplify_backend.mjs. `defineData` takes what the real one takes
// (@aws-amplify/backend-data 1.9, `DataProps`) of what is generated.
import type { DerivedModelSchema } from '@aws-amplify/data-schema-types';

export { a, type ClientSchema } from '@aws-amplify/data-schema';

export declare function defineData(props: {
  schema: DerivedModelSchema;
  name?: string;
  authorizationModes?: {
    defaultAuthorizationMode?: 'iam' | 'identityPool' | 'userPool' | 'oidc' | 'apiKey' | 'lambda';
    apiKeyAuthorizationMode?: { description?: string; expiresInDays?: number };
  };
}): { schema: { transform(): { schema: string } } };
