import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { platforms } from '../../server/src/lint/registry';
import { filesOf } from '../harness/lintExample';
import { readPages } from '../harness/pages';
import { projectRoot } from '../harness/require';

/** A file to spoil, with the files around it. */
export interface Seed {
  /** Where it is from. */
  readonly name: string;
  readonly platform: string;
  readonly file: string;
  readonly text: string;
  readonly files: ReadonlyMap<string, string>;
}

/** Every block of the rules' pages and every file of the examples, by the platform that claims it. */
export function readSeeds(): Seed[] {
  const blocks = readPages().flatMap(({ id, examples }) =>
    examples.flatMap((example) =>
      example.blocks
        .filter(({ role }) => role === 'faulty' || role === 'clean')
        .map((block) => ({
          name: `${id}/rule.md:${block.line}`,
          file: block.file,
          text: block.text,
          files: filesOf(example, block),
        })),
    ),
  );
  return [...blocks, ...exampleSeeds()].flatMap((seed) => {
    const platform = platforms.find(({ claims }) => claims(seed.file, seed.text));
    return platform === undefined ? [] : [{ ...seed, platform: platform.id }];
  });
}

function exampleSeeds(): Omit<Seed, 'platform'>[] {
  const root = join(projectRoot, 'examples');
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((project) => {
      const folder = join(root, project.name);
      const names = readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name));
      const files = new Map(
        names.map((name) => [name.slice(folder.length + 1).replaceAll('\\', '/'), readFileSync(name, 'utf8')]),
      );
      return [...files].map(([file, text]) => ({ name: `examples/${project.name}/${file}`, file, text, files }));
    });
}
