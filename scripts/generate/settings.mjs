import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** docs/settings.md, from the manifest's settings. */
export function settings(root) {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const properties = manifest.contributes?.configuration?.properties ?? {};
  return { files: Object.keys(properties).length === 0 ? [] : [{ path: 'docs/settings.md', text: '' }] };
}
