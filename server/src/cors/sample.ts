import { entryAdmits } from './admits';
import { isPrivateHost, parseOrigin } from './origin';
import { explainOrigin } from './originProblem';
import { type Path, pathsOf } from './patternPaths';
import { render, toOrigin } from './patternText';
import type { OriginEntry, OriginPart, OriginTest } from './policy';

/**
 * Origins that the entry was written to let in and certainly does, the likeliest first: the configured one, or texts
 * that the check reads. Empty for entries that let everyone in or cannot be read.
 */
export function sampleOrigins(entry: OriginEntry): readonly string[] {
  switch (entry.kind) {
    case 'any':
    case 'unknown':
      return [];
    case 'exact':
      return parseOrigin(entry.text) ? [entry.text] : [];
    case 'match': {
      const found = textsRead(entry.test).filter(
        (text) => explainOrigin(text) === undefined && parseOrigin(text) && entryAdmits(entry, text) === 'yes',
      );
      return [...new Set(found)].sort((a, b) => rank(a) - rank(b));
    }
  }
}

/** Names before private hosts, https before http. */
function rank(text: string): number {
  const origin = parseOrigin(text);
  return (origin?.scheme === 'https' ? 0 : 1) + (isPrivateHost(origin?.host ?? '') ? 2 : 0);
}

function textsRead(test: OriginTest): string[] {
  switch (test.kind) {
    case 'all':
    case 'some':
      return test.of.flatMap(textsRead);
    case 'not':
    case 'unknown':
      return [];
    case 'inside':
      return test.text.split(/[\s,;|"'[\]]+/).map((text) => toOrigin(text, test.on ?? 'origin'));
    default:
      return pathsOf(test).flatMap((path) => textsOf(path, test.on ?? 'origin'));
  }
}

function textsOf(path: Path, on: OriginPart): string[] {
  const texts = ['', 'a'].map((fill) => render(path, fill));
  return [...texts, ...texts.map((text) => `app${text}`), ...texts.map((text) => `app.${text}`)].map((text) =>
    toOrigin(text, on),
  );
}
