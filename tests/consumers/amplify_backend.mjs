// What amplify/data/resource.ts imports from @aws-amplify/backend: the schema
// builder itself, which that package passes on, and `defineData`, which here
// hands back what it is given. The package brings the AWS CDK's deployment,
// and nothing more of it is wanted.
export { a } from '@aws-amplify/data-schema';

export const defineData = (props) => props;
