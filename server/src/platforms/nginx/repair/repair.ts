import type { Place } from '../../../cors/place';
import type { Edit, Repair } from '../../../cors/repair';
import type { Host } from '../../../lint/types';
import type { NginxAnalysis } from '../analysis';
import { placeOf } from '../config/node';
import type { NginxEndpoint } from '../endpoints/endpoints';
import { isCors } from '../inspect/cors-lines';
import { allowList, allowListWithCredentials, replaceWithList } from './allow-list';
import { handOnPreflight } from './bare-answer';
import { clausesOf } from './clauses';
import { dissolveIfs } from './dissolve-ifs';
import { applyToErrors, setHeader, varyOrigin } from './headers';
import { hideHeader } from './hide';
import { removeDirective } from './lines';
import { answerPreflight, exemptPreflight } from './preflight';
import { directiveWithRange, samePlaces, wordAt } from './source';
import { replacePattern, replaceValue } from './values';
import { openWorkshop, type Workshop } from './workshop';

/** The edits that carry a repair out, or undefined when it cannot be done here with certainty. */
export function repair(analysis: NginxAnalysis, wanted: Repair, host: Host): readonly Edit[] | undefined {
  const edits = carryOut(openWorkshop(analysis, host), wanted);
  return edits === undefined || edits.length === 0 ? undefined : edits;
}

function carryOut(workshop: Workshop, wanted: Repair): readonly Edit[] | undefined {
  switch (wanted.kind) {
    case 'replace-value':
      return replaceValue(workshop, wanted.place, wanted.text);
    case 'rename':
      return replaceValue(workshop, wanted.place, wanted.name);
    case 'replace-pattern':
      return replacePattern(workshop, wanted.place, wanted.source, wanted.flags);
    case 'replace-with-list':
      return replaceWithList(workshop, wanted.place, wanted.texts);
    case 'remove':
      return remove(workshop, wanted.place);
    case 'hide-header': {
      const endpoint = ours(workshop, wanted.endpoint);
      return endpoint && hideHeader(workshop, endpoint, wanted.name, wanted.place);
    }
    case 'apply-to-errors':
      return applyToErrors(workshop, wanted.headers);
    case 'set-header': {
      const endpoint = ours(workshop, wanted.endpoint);
      return endpoint && setHeader(workshop, endpoint, wanted.name, wanted.value, wanted.near);
    }
    case 'send-always': {
      const endpoint = ours(workshop, wanted.endpoint);
      const { name, value, place } = wanted.header;
      return endpoint && value.kind === 'literal' ? setHeader(workshop, endpoint, name, value.text, place) : undefined;
    }
    case 'vary-origin': {
      const endpoint = ours(workshop, wanted.endpoint);
      return endpoint && (varyForAll(workshop, endpoint, wanted.near) ?? varyOrigin(workshop, endpoint, wanted.near));
    }
    case 'answer-preflight': {
      const endpoint = ours(workshop, wanted.endpoint);
      return (
        endpoint &&
        (handOnPreflight(workshop, endpoint, wanted.methods, wanted.headers) ??
          answerPreflight(workshop, endpoint, wanted.methods, wanted.headers))
      );
    }
    case 'exempt-preflight': {
      const endpoint = ours(workshop, wanted.endpoint);
      return endpoint && exemptPreflight(workshop, endpoint, wanted.place);
    }
    case 'allow-list': {
      const endpoint = ours(workshop, wanted.endpoint);
      const write = wanted.credentials ? allowListWithCredentials : allowList;
      return endpoint && write(workshop, endpoint, wanted.place, wanted.origins);
    }
  }
}

/**
 * Where an `if` on the origin sets the header, a line beside it would not reach those whom the `if` is not for: the
 * location is to have both.
 */
function varyForAll(workshop: Workshop, endpoint: NginxEndpoint, near: Place): readonly Edit[] | undefined {
  const clauses = clausesOf(endpoint, isCors) ?? [];
  const isGuarded = clauses.some(
    ({ lines, origins }) => origins !== undefined && lines.some(({ node }) => samePlaces(placeOf(node), near)),
  );
  return isGuarded ? dissolveIfs(workshop, endpoint) : undefined;
}

function ours({ analysis }: Workshop, endpoint: unknown): NginxEndpoint | undefined {
  return analysis.endpoints.find((known) => known === endpoint);
}

/** A whole directive, or the entry of a `map` whose key is at the place. */
function remove(workshop: Workshop, place: Place): readonly Edit[] | undefined {
  const source = workshop.source(place);
  const whole = source && directiveWithRange(source, place);
  if (source === undefined) {
    return undefined;
  }
  if (whole !== undefined) {
    return [removeDirective(source, whole)];
  }
  const found = wordAt(source, place);
  const isKey = found?.directive.parent?.name.value === 'map' && found.word === found.directive.name;
  return found !== undefined && isKey ? [removeDirective(source, found.directive)] : undefined;
}
