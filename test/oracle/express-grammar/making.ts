import type { Random } from '../nginx-random';

/** What the pieces of one program share. */
export interface Making {
  readonly random: Random;
  readonly language: 'cjs' | 'esm' | 'ts';
  readonly version: 4 | 5;
  /** Statements ahead of the app. */
  readonly declarations: string[];
  /** Packages, by the name that the program gives them. */
  readonly imports: Map<string, string>;
  /** A name that nothing else has. */
  name(stem: string): string;
  /** A type annotation, in TypeScript; else nothing. */
  type(text: string): string;
}

export const ALLOWED = 'https://app.example.com';
export const SECOND = 'https://admin.example.com';

export function startMaking(random: Random, version: 4 | 5): Making {
  const language = random.pick(['cjs', 'cjs', 'esm', 'ts'] as const);
  let names = 0;
  return {
    random,
    language,
    version,
    declarations: [],
    imports: new Map(),
    name: (stem) => `${stem}${names++ || ''}`,
    type: (text) => (language === 'ts' ? text : ''),
  };
}
