import { openBrowser } from '../../cors/browser';
import { effectivePolicy, policyRows } from '../../cors/effectivePolicy';
import type { FoundEndpoint, Link } from '../../workspace/types';
import type { FileLines } from '../lines';
import { shownPath } from '../shownPath';

interface Places {
  readonly cwd: string;
  readonly lines: FileLines;
}

/** An endpoint as programs read it: what it is and where it is set up. */
export function endpointRefJson({ platform, endpoint }: FoundEndpoint, { cwd, lines }: Places) {
  const { label, path, methods, place, partial } = endpoint;
  return {
    platform: platform.id,
    label,
    path,
    methods: methods ?? null,
    file: shownPath(cwd, place.file),
    range: lines.range(place.file, place),
    partial: partial ?? null,
  };
}

/** The endpoint with what it does for front ends of other origins. */
export function endpointJson(found: FoundEndpoint, places: Places) {
  const { cwd, lines } = places;
  const rows = policyRows(effectivePolicy(openBrowser(found.endpoint, found.callers)));
  return {
    ...endpointRefJson(found, places),
    policy: rows.map(({ key, label, words, at }) => ({
      key,
      label,
      words,
      at: at.map((place) => ({ file: shownPath(cwd, place.file), range: lines.range(place.file, place) })),
    })),
  };
}

/** Who passes requests on to whom, and how sure that is. */
export function linkJson({ from, address, to, when }: Link, { cwd, lines }: Places) {
  return {
    from: shownPath(cwd, from),
    address: `${address.host}:${address.port}`,
    to: { file: shownPath(cwd, to.file), range: lines.range(to.file, to) },
    sureness: when === undefined ? 'certain' : 'likely',
    when: when ?? null,
  };
}
