/** The languages that the server reads. */
const LANGUAGES = [
  'nginx',
  'javascript',
  'javascriptreact',
  'typescript',
  'typescriptreact',
  'vue',
  'svelte',
  'html',
  'yaml',
];

/** Files that are known by their names only: VS Code takes a `.conf` for a properties file. */
const PATTERNS = [
  '**/.corslintrc.json',
  '**/*.{conf,vhost}',
  '**/*.conf.*',
  '**/{nginx,sites-available,sites-enabled}/**',
];

/** Where documents may be: on the disk, not saved yet, or in a virtual workspace. Not in a diff's other side. */
const SCHEMES = ['file', 'untitled', 'vscode-vfs'];

type Filter = { scheme: string; language: string } | { scheme: string; pattern: string };

/** The documents that the server is told of. @param schemes of the folders that are open */
export function selectDocuments(schemes: readonly string[]): Filter[] {
  return [...new Set([...SCHEMES, ...schemes])].flatMap((scheme): Filter[] => [
    ...LANGUAGES.map((language) => ({ scheme, language })),
    ...PATTERNS.map((pattern) => ({ scheme, pattern })),
  ]);
}
