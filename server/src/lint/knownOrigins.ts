import { literalsOf } from '../cors/literals';
import { ALLOW_ORIGIN } from '../cors/names';
import { isLoopbackHost, parseOrigin } from '../cors/origin';
import { PLACEHOLDER_ORIGIN } from '../cors/repair';
import type { Analysis, Proposal } from './types';

/** Where the origins of the user's front ends are known from, best first. */
export interface KnownOrigins {
  /** Named in the settings. */
  readonly configured: readonly string[];
  /** Let in by other files of the workspace. Asked for only when a fix needs an origin. */
  readonly seen: () => readonly string[];
}

/**
 * The proposals, and before each one that would write the placeholder the same with origins that the user really has:
 * those of the settings, then those that other policies of the workspace let in.
 */
export function withKnownOrigins(proposals: readonly Proposal[], { configured, seen }: KnownOrigins): Proposal[] {
  return proposals.flatMap((proposal) => {
    if (!hasPlaceholder(proposal)) return [proposal];
    const named = configured.filter((origin) => parseOrigin(origin) !== undefined);
    const others = seen().filter((origin) => !named.includes(origin));
    return [
      ...filled(proposal, named, 'of the settings'),
      ...filled(proposal, others, 'as in other files of the workspace'),
      proposal,
    ];
  });
}

/**
 * The origins that a file lets in by name: whole, well-formed, and no developer's own machine. From what its analysis
 * holds anyway; no endpoint is played.
 */
export function originsOf({ settings, endpoints }: Pick<Analysis, 'settings' | 'endpoints'>): string[] {
  const headers = settings.filter(({ name, target }) => target === 'response' && name.toLowerCase() === ALLOW_ORIGIN);
  const sent = headers.flatMap(({ value }) => literalsOf(value).map(({ text }) => text));
  const listed = endpoints.flatMap(({ policies }) =>
    policies.flatMap(({ entries }) => entries.flatMap((entry) => (entry.kind === 'exact' ? [entry.text] : []))),
  );
  return [...new Set([...sent, ...listed])].filter((text) => {
    const origin = parseOrigin(text);
    return origin !== undefined && !isLoopbackHost(origin.host) && text !== PLACEHOLDER_ORIGIN;
  });
}

function hasPlaceholder(proposal: Proposal): boolean {
  if ('edits' in proposal) return proposal.edits.some(({ text }) => text.includes(PLACEHOLDER_ORIGIN));
  const { repair } = proposal;
  return repair.kind === 'allow-list' && repair.origins.length === 1 && repair.origins[0] === PLACEHOLDER_ORIGIN;
}

/** Edits have room for one origin only. */
function filled(proposal: Proposal, origins: readonly string[], where: string): Proposal[] {
  const [first] = origins;
  if (first === undefined) return [];
  if ('edits' in proposal) {
    const edits = proposal.edits.map((edit) => ({ ...edit, text: edit.text.replaceAll(PLACEHOLDER_ORIGIN, first) }));
    return [{ ...proposal, title: `${proposal.title}, for ${first}`, edits }];
  }
  if (proposal.repair.kind !== 'allow-list') return [];
  const title = `Let in only ${listWords(origins)}, ${where}`;
  return [{ ...proposal, title, repair: { ...proposal.repair, origins } }];
}

function listWords(origins: readonly string[]): string {
  const [first = '', second] = origins;
  if (second === undefined) return first;
  return origins.length === 2 ? `${first} and ${second}` : `${first} and ${origins.length - 1} more`;
}
