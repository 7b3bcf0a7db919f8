/** Folders that hold what others wrote or what a build made, by name, with the reason to give. */
const FOLDERS: ReadonlyMap<string, string> = new Map([
  ...names('dependencies', 'node_modules bower_components jspm_packages vendor .yarn .pnpm-store .venv venv'),
  ...names('version control', '.git .hg .svn'),
  ...names('build output', 'dist build out .next .nuxt .output .svelte-kit .serverless .aws-sam .vercel .netlify'),
  ...names('build output', '.webpack .esbuild .angular .docusaurus .expo cdk.out'),
  ...names('test output', 'coverage .nyc_output test-results'),
  ...names('a cache', '.cache .parcel-cache .turbo .nx __pycache__ .terraform'),
]);

const DECLARED = /\.d\.[cm]?ts$/;
const MINIFIED = /[.-]min\.[cm]?js$/;

/**
 * Why a folder or file of this name is left out unless the configuration takes it back with `!name`; undefined when
 * it is not.
 */
export function builtInReason(name: string, isFolder: boolean): string | undefined {
  if (isFolder) return FOLDERS.get(name);
  if (MINIFIED.test(name)) return 'minified';
  return DECLARED.test(name) ? 'declarations only' : undefined;
}

function names(reason: string, list: string): [string, string][] {
  return list.split(' ').map((name) => [name, reason]);
}
