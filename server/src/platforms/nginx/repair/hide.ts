import type { Place } from '../../../cors/place';
import type { Edit } from '../../../cors/repair';
import { homeOf, inherited, type Level } from '../config/level';
import { type Node, placeOf } from '../config/node';
import type { NginxEndpoint } from '../endpoints/endpoints';
import { effectiveHeaders } from '../evaluate/header-lines';
import { insertBefore } from './lines';
import { samePlaces } from './source';
import type { Workshop } from './workshop';

/** `proxy_hide_header` before the `proxy_pass` of the endpoint, for a header that none of its own lines sets. */
export function hideHeader(
  workshop: Workshop,
  endpoint: NginxEndpoint,
  name: string,
  place: Place,
): Edit[] | undefined {
  const home = homeOf(endpoint.level);
  const pass = home.own.get('proxy_pass')?.at(-1);
  const source = pass && workshop.source(pass);
  if (pass === undefined || source === undefined || isOwn(workshop, home, place)) {
    return undefined;
  }
  // A line of its own takes the location's parents' lines away.
  const parents = home.own.has('proxy_hide_header') ? [] : inherited(home, 'proxy_hide_header').map(nameIn);
  const lines = [...parents, name].map((each) => `proxy_hide_header ${each};`);
  return [insertBefore(source, pass.directive, lines)];
}

/** Whether the line at the place is one that the location sends itself, in an `if` or not. */
function isOwn({ analysis }: Workshop, home: Level, place: Place): boolean {
  const ifs = home.program.flatMap((step) => (step.kind === 'if' ? [step.level] : []));
  const options = { nginxVersion: analysis.nginxVersion ?? '' };
  return [home, ...ifs].some((level) =>
    [...effectiveHeaders(level, options).map(({ node }) => node), ...(level.own.get('more_set_headers') ?? [])].some(
      (node) => samePlaces(placeOf(node), place),
    ),
  );
}

function nameIn({ args: [name] }: Node): string {
  return name?.value ?? '';
}
