import type { TSESTree } from '@typescript-eslint/types';
import type { SourceFile } from 'typescript';

/**
 * The parsers, loaded when the first JavaScript file needs them and never at start: TypeScript alone costs some
 * hundreds of milliseconds.
 */
export interface Libraries {
  readonly ts: typeof import('typescript');
  /** typescript-estree's `parse`, which takes a source file too (createParseSettings.ts), though its type does not say so. */
  readonly parse: (code: SourceFile, options: ConversionOptions) => TSESTree.Program;
  readonly analyze: typeof import('@typescript-eslint/scope-manager').analyze;
}

export interface ConversionOptions {
  readonly allowInvalidAST: boolean;
  readonly comment?: boolean;
  readonly range: boolean;
  readonly loc: boolean;
  readonly suppressDeprecatedPropertyWarnings: boolean;
}

let loaded: Libraries | null = null;
let loading: Promise<Libraries> | null = null;

/** Loads the parsers once. Everything else in this folder is synchronous and needs this promise to have settled. */
export async function prepare(): Promise<void> {
  loading ??= load();
  loaded = await loading;
}

/** Whether `prepare` has settled. */
export function isPrepared(): boolean {
  return loaded !== null;
}

/** The loaded parsers; throws when `prepare()` was not awaited, which is a mistake of the caller and not of the file. */
export function libraries(): Libraries {
  if (loaded === null) throw new Error('The JavaScript parser is not loaded: await prepare() first.');
  return loaded;
}

async function load(): Promise<Libraries> {
  const [typescript, estree, scopes] = await Promise.all([
    import('typescript'),
    import('@typescript-eslint/typescript-estree'),
    import('@typescript-eslint/scope-manager'),
  ]);
  return { ts: typescript.default, parse: estree.parse as unknown as Libraries['parse'], analyze: scopes.analyze };
}
