import type { Request, Response } from '../../cors/http';
import type { Place } from '../../cors/place';
import { entryOf } from '../../yaml/tree';
import { type Behaviour, behavioursOf, type PolicyCors, policyCors } from '../cors/cloudFront';
import { listSetting } from '../cors/settings';
import { referenceOf } from '../template/functions';
import type { Reader } from '../template/reader';
import { undecided } from '../template/worlds';
import { lazyWorlds, policiesIn, type ResourceEndpoint, respondIn, type Stack } from './resource';

/** Cache behaviours whose response headers policy stands in the same template and speaks of CORS. */
export function behaviourEndpoints(stack: Stack): ResourceEndpoint[] {
  const reader = stack.reader(undecided);
  return stack.resources.flatMap((resource) => {
    if (resource.type !== 'AWS::CloudFront::Distribution') return [];
    return behavioursOf(reader, resource).flatMap((behaviour): ResourceEndpoint[] => {
      const id = referenceOf(entryOf(behaviour.node, 'ResponseHeadersPolicyId')?.value);
      const policy = stack.resources.find(
        (one) => one.id === id && one.type === 'AWS::CloudFront::ResponseHeadersPolicy',
      );
      if (policy === undefined) return [];
      const worlds = lazyWorlds(stack, (own) => policyCors(own, policy));
      if (worlds().every(({ value }) => value === undefined)) return [];
      const { place, pattern } = behaviour;
      const methods = allowedMethods(reader, behaviour);
      return [
        {
          kind: 'behaviour',
          resource,
          platform: stack.platform,
          label: `${pattern ?? 'any path'} of ${resource.id}`,
          place,
          path: samplePath(pattern),
          matches: () => undefined,
          methods: methods?.filter((method) => method !== 'OPTIONS'),
          requestHeaders: [],
          get policies() {
            return policiesIn(worlds(), (cors) => cors?.policies ?? []);
          },
          respond: (request) => respondIn(worlds(), (cors) => [respond(cors, methods, request, place)]),
        },
      ];
    });
  });
}

/** GET and HEAD where nothing is said; undefined where it cannot be read. */
function allowedMethods(reader: Reader, { node }: Behaviour): readonly string[] | undefined {
  const setting = listSetting(reader, node, 'AllowedMethods');
  if (setting === undefined) return ['GET', 'HEAD'];
  const names = setting.items.flatMap((item) => (item.kind === 'literal' ? [item.text] : []));
  return names.length < setting.items.length ? undefined : names;
}

function samplePath(pattern: string | undefined): string {
  const path = (pattern ?? '/any').replaceAll('*', 'any').replaceAll('?', 'a');
  return path.startsWith('/') ? path : `/${path}`;
}

/** The origin makes the response, and CloudFront puts the policy's headers in. */
function respond(
  cors: PolicyCors | undefined,
  methods: readonly string[] | undefined,
  { method, ending, headers: sent }: Request,
  place: Place,
): Response {
  if (method === 'OPTIONS' && methods !== undefined && !methods.includes('OPTIONS')) {
    const what = 'CloudFront, whose behaviour does not allow OPTIONS,';
    return { status: 403, answeredBy: { kind: 'method-gate', what, place }, headers: [] };
  }
  const answeredBy = { kind: 'upstream', what: 'the origin', place } as const;
  const status = method === 'OPTIONS' ? undefined : ending === 'success' ? 200 : ending;
  if (cors === undefined) return { status, answeredBy, headers: [], open: 'the policy is known at deployment' };
  const isPreflight = method === 'OPTIONS' && sent.has('access-control-request-method');
  const headers = cors.headers.filter(
    ({ name }) => isPreflight || !/-(?:Methods|Headers|Age)$/.test(name) || /Expose/.test(name),
  );
  // Without override the policy's headers go out where the origin sends none of its own.
  return {
    status,
    answeredBy,
    headers,
    ...(cors.overrides === true ? {} : { open: 'the origin may send CORS headers of its own' }),
  };
}
