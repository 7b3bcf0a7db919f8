import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder on the disk that a test fills. */
export interface Scratch {
  readonly root: string;
  at(path: string): string;
  put(path: string, content: string | Buffer): string;
  link(path: string, target: string): void;
  remove(): void;
}

/** A fresh folder with these files: path → content. */
export function openScratch(files: Readonly<Record<string, string | Buffer>> = {}): Scratch {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'cors-lint-')));
  const at = (path: string): string => join(root, path);
  const put = (path: string, content: string | Buffer): string => {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), content);
    return at(path);
  };
  for (const [path, content] of Object.entries(files)) put(path, content);
  return {
    root,
    at,
    put,
    link(path, target) {
      mkdirSync(dirname(at(path)), { recursive: true });
      symlinkSync(target, at(path));
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
