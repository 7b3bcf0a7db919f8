import { dependsOn } from '../../../javascript/packageMajor';
import type { Host } from '../../../lint/types';

/** Packages that hand an app the requests of a gateway. */
const PACKAGES = [
  'serverless-http',
  'aws-serverless-express',
  'serverless-express',
  '@vendia/serverless-express',
  '@codegenie/serverless-express',
  '@h4ad/serverless-adapter',
];

/** Whether a file hands an app to one of these packages, as far as its text shows. */
export function handsToGateway(text: string): boolean {
  return PACKAGES.some((name) => text.includes(`'${name}'`) || text.includes(`"${name}"`));
}

/** Whether the package that a file belongs to depends on one of these packages. */
export function dependsOnGateway(file: string, host: Host): boolean {
  return PACKAGES.some((name) => dependsOn(name, file, host));
}
