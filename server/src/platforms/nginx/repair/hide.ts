import type { Place } from '../../../cors/place';
import type { Edit } from '../../../cors/repair';
import { homeOf, inherited, type Level } from '../config/level';
import { type Node, placeOf } from '../config/node';
import type { NginxEndpoint } from '../endpoints/endpoints';
import { requestFor, SOME_ORIGIN } from '../endpoints/requests';
import { effectiveHeaders } from '../evaluate/header-lines';
import { nameOf } from '../inspect/cors-lines';
import { applyToErrors } from './headers';
import { insertBefore } from './lines';
import { samePlaces } from './source';
import type { Workshop } from './workshop';

/**
 * `proxy_hide_header` before the `proxy_pass` of the endpoint, for a header that none of its own lines sets. Where the
 * header behind goes out with errors too, the lines in front that take its place do so from then on.
 */
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
  const hidden = insertBefore(source, pass.directive, lines);
  return isSentWithErrors(endpoint, place) ? [hidden, ...alwaysFrom(workshop, home, name)] : [hidden];
}

/** Whether an error of what stands behind brings the header that is written at the place. */
function isSentWithErrors(endpoint: NginxEndpoint, place: Place): boolean {
  const failing = { ...requestFor(endpoint.path, endpoint.methods?.[0] ?? 'GET', SOME_ORIGIN), ending: 500 } as const;
  const errors = endpoint.respond(failing).filter(({ status = 0 }) => status >= 400);
  return errors.some(({ headers }) => headers.some((header) => samePlaces(header.place, place)));
}

/** The location's lines for the header, made to go out with errors. */
function alwaysFrom(workshop: Workshop, home: Level, name: string): Edit[] {
  const sent = effectiveHeaders(home, { nginxVersion: workshop.analysis.nginxVersion ?? '' });
  const own = sent.filter((line) => nameOf(line) === name.toLowerCase());
  return (
    applyToErrors(
      workshop,
      own.map(({ node }) => ({ place: placeOf(node) })),
    ) ?? []
  );
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
