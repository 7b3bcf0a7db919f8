import type { Endpoint } from '../../cors/endpoint';
import type { Request, Response } from '../../cors/http';
import type { Place } from '../../cors/place';
import { placeOf } from '../../yaml/places';
import { entryOf } from '../../yaml/tree';
import { type Behaviour, behavioursOf, type PolicyCors, policyCors, targetOf } from '../cors/cloudFront';
import { SECURITY_HEADERS_POLICY } from '../cors/cloudFrontPolicies';
import { forwardingOf, type KeptBy } from '../cors/forwarding';
import { listSetting } from '../cors/settings';
import { referenceOf } from '../template/functions';
import type { Reader } from '../template/reader';
import type { Resource } from '../template/resources';
import { bucketEndpoints } from './bucket';
import { lazyWorlds, policiesIn, type ResourceEndpoint, readerOf, respondIn, type Stack } from './resource';

const POLICY = 'AWS::CloudFront::ResponseHeadersPolicy';

/**
 * Cache behaviours whose response headers policy stands in the same template and speaks of CORS, those in front of a
 * bucket that answers by origin, and policies that no behaviour of the template has.
 */
export function behaviourEndpoints(stack: Stack): ResourceEndpoint[] {
  const policies = stack.resources.filter(({ type }) => type === POLICY);
  const attached = new Set<string>();
  const found = stack.resources.flatMap((resource) => {
    if (resource.type !== 'AWS::CloudFront::Distribution') return [];
    const reader = readerOf(stack, resource);
    return behavioursOf(reader, resource).flatMap((behaviour): ResourceEndpoint[] => {
      const id = referenceOf(entryOf(behaviour.node, 'ResponseHeadersPolicyId')?.value);
      const policy = policies.find((one) => one.id === id);
      if (policy === undefined) return inFrontOfBucket(stack, reader, resource, behaviour);
      attached.add(policy.id);
      const methods = allowedMethods(reader, behaviour);
      const label = labelOf(behaviour, resource);
      return withPolicy(stack, policy, {
        resource,
        label,
        place: behaviour.place,
        pattern: behaviour.pattern,
        methods,
      });
    });
  });
  const loose = policies.filter(({ id }) => !attached.has(id));
  return [
    ...found,
    ...loose.flatMap((policy) =>
      withPolicy(stack, policy, {
        resource: policy,
        label: `the response headers policy ${policy.id}`,
        place: placeOf(policy.entry.key),
        pattern: undefined,
        methods: undefined,
      }),
    ),
  ];
}

function labelOf({ pattern }: Behaviour, { id }: Resource): string {
  return `${pattern ?? 'any path'} of ${id}`;
}

interface Home {
  readonly resource: Resource;
  readonly label: string;
  readonly place: Place;
  readonly pattern: string | undefined;
  readonly methods: readonly string[] | undefined;
}

function withPolicy(stack: Stack, policy: Resource, home: Home): ResourceEndpoint[] {
  const worlds = lazyWorlds(stack, policy, (own) => policyCors(own, policy));
  if (worlds().every(({ value }) => value === undefined)) return [];
  const { resource, label, place, pattern, methods } = home;
  return [
    {
      kind: 'behaviour',
      resource,
      platform: stack.platform,
      role: 'gateway',
      label,
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
}

/**
 * A behaviour that sends `Origin` on to a bucket of the same template, which answers by it. What is wrong with the
 * bucket's own rules is told of the bucket.
 */
function inFrontOfBucket(stack: Stack, reader: Reader, resource: Resource, behaviour: Behaviour): ResourceEndpoint[] {
  const { node, place, pattern } = behaviour;
  const own = reader.setting(node, 'ResponseHeadersPolicyId');
  if (own !== undefined && reader.textAt(node, 'ResponseHeadersPolicyId') !== SECURITY_HEADERS_POLICY) return [];
  const target = targetOf(reader, resource, behaviour);
  const [bucket] = bucketEndpoints({ ...stack, resources: stack.resources.filter(({ id }) => id === target) });
  const forwarding = forwardingOf(reader, stack.resources, node);
  if (bucket === undefined || !forwarding?.isForwarded) return [];
  const methods = allowedMethods(reader, behaviour);
  return [
    {
      ...bucket,
      kind: 'behaviour',
      resource,
      label: labelOf(behaviour, resource),
      place,
      path: samplePath(pattern),
      methods: ['GET'],
      behind: bucket,
      partial: 'the bucket makes the response',
      policies: [],
      respond: (request) =>
        request.method === 'OPTIONS' && methods?.includes('OPTIONS') !== true
          ? [preflightUnknown(place)]
          : bucket.respond(request),
      ...(forwarding.cache === undefined ? {} : { cache: cacheOf(forwarding.cache) }),
    },
  ];
}

function cacheOf({ name, hasOrigin, place, lastHeader }: KeptBy): NonNullable<Endpoint['cache']> {
  return { what: 'CloudFront', name, keyHasOrigin: hasOrigin, place, lastKeyHeader: lastHeader };
}

function preflightUnknown(place: Place): Response {
  const answeredBy = { kind: 'upstream', what: 'the origin', place } as const;
  return { status: undefined, answeredBy, headers: [], open: 'the behaviour is not for preflights' };
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
