import { join } from 'node:path';
import ts from 'typescript';

/** Programs in TypeScript, held by the compiler against the published types of express 4 and 5, cors and Node. */
export interface TypeChecker {
  /** What the compiler says of a text, without places: the same fault twice is there twice. */
  faults(version: 4 | 5, text: string): readonly string[];
}

const ROOT = join(import.meta.dirname, '../..');
const OPTIONS: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  esModuleInterop: true,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts'],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  types: ['node'],
  moduleDetection: ts.ModuleDetectionKind.Force,
};

/** One language service for each version, so that the types are read once. */
export function openTypeChecker(): TypeChecker {
  const services = { 4: serviceOf('types-express4'), 5: serviceOf('@types/express') };
  return { faults: (version, text) => services[version](text) };
}

/** What there is more of after than before, by the kind of fault: its words hold types, which an edit changes. */
export function newFaults(before: readonly string[], after: readonly string[]): readonly string[] {
  const left = before.map(kindOf);
  return after.filter((fault) => {
    const at = left.indexOf(kindOf(fault));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

function kindOf(fault: string): string {
  return fault.slice(0, fault.indexOf(':'));
}

function serviceOf(expressTypes: string): (text: string) => readonly string[] {
  const file = join(ROOT, 'test/oracle/program-under-test.ts');
  let edition = 0;
  let text = '';
  const service = ts.createLanguageService({
    getCompilationSettings: () => ({
      ...OPTIONS,
      paths: { express: [join(ROOT, 'node_modules', expressTypes, 'index.d.ts')] },
    }),
    getScriptFileNames: () => [file],
    getScriptVersion: (name) => (name === file ? String(edition) : '1'),
    getScriptSnapshot(name) {
      const found = name === file ? text : ts.sys.readFile(name);
      return found === undefined ? undefined : ts.ScriptSnapshot.fromString(found);
    },
    getCurrentDirectory: () => ROOT,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: (name) => name === file || ts.sys.fileExists(name),
    readFile: ts.sys.readFile,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
    realpath: ts.sys.realpath ?? ((name) => name),
  });
  return (next) => {
    text = next;
    edition += 1;
    return service
      .getSemanticDiagnostics(file)
      .map(({ code, messageText }) => `TS${code}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
  };
}
