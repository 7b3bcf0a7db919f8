import type { Request, Response } from '../../cors/http';
import { entryPlace, placeOf } from '../../yaml/places';
import { type BucketRule, bucketAnswer, bucketPolicy } from '../cors/s3';
import { listSetting, singleSetting } from '../cors/settings';
import type { Reader } from '../template/reader';
import type { Resource } from '../template/resources';
import { lazyWorlds, policiesIn, type ResourceEndpoint, respondIn, type Stack } from './resource';

/** The rules of a bucket; undefined without any, or where the list of them cannot be read. */
export function bucketRules(reader: Reader, { properties, entry }: Resource): readonly BucketRule[] | undefined {
  const configuration = reader.setting(properties, 'CorsConfiguration');
  if (configuration?.value.kind !== 'node') return undefined;
  const list = reader.at(configuration.value.node, 'CorsRules');
  if (list?.kind !== 'list') return undefined;
  const rules: BucketRule[] = [];
  for (const item of list.items) {
    const resolved = reader.read(item);
    if (resolved.kind === 'nothing') continue;
    if (resolved.kind !== 'node' || resolved.node.kind !== 'map') return undefined;
    const { node } = resolved;
    const origins = listSetting(reader, node, 'AllowedOrigins');
    const methods = listSetting(reader, node, 'AllowedMethods');
    // A rule that lacks either is refused at deployment.
    if (origins === undefined || methods === undefined) return undefined;
    rules.push({
      place: node.source === entry.key.source ? placeOf(node) : entryPlace(configuration.entry),
      origins,
      methods,
      headers: listSetting(reader, node, 'AllowedHeaders'),
      expose: listSetting(reader, node, 'ExposedHeaders'),
      maxAge: singleSetting(reader, node, 'MaxAge'),
      policy: bucketPolicy(origins),
    });
  }
  return rules.length === 0 ? undefined : rules;
}

/** A bucket with a CORS configuration. */
export function bucketEndpoints(stack: Stack): ResourceEndpoint[] {
  return stack.resources.flatMap((resource): ResourceEndpoint[] => {
    if (resource.type !== 'AWS::S3::Bucket') return [];
    const worlds = lazyWorlds(stack, resource, (reader) => bucketRules(reader, resource));
    if (worlds().every(({ value }) => value === undefined)) return [];
    const place = placeOf(resource.entry.key);
    return [
      {
        kind: 'bucket',
        resource,
        platform: stack.platform,
        role: 'gateway',
        label: `the bucket ${resource.id}`,
        place,
        path: '/object',
        matches: () => undefined,
        methods: methodsOf(worlds().flatMap(({ value }) => value ?? [])),
        requestHeaders: [],
        // Requests are signed: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
        ignoresCredentials: true,
        get policies() {
          return policiesIn(worlds(), (rules) =>
            (rules ?? [])
              .map(({ policy }) => policy)
              .filter(({ entries }) => entries.every(({ kind }) => kind !== 'any')),
          );
        },
        respond: (request) => respondIn(worlds(), (rules) => [respond(rules, request, place)]),
      },
    ];
  });
}

/** The methods that some rule lets in: what the bucket is for. */
function methodsOf(rules: readonly BucketRule[]): readonly string[] | undefined {
  const items = rules.flatMap(({ methods }) => methods.items);
  const names = items.flatMap((item) => (item.kind === 'literal' ? [item.text] : []));
  const known = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE'].filter((method) => names.includes(method));
  return names.length < items.length || known.length === 0 ? undefined : known;
}

function respond(rules: readonly BucketRule[] | undefined, request: Request, place: BucketRule['place']): Response {
  const isPreflight = request.method === 'OPTIONS';
  const status = isPreflight ? 200 : request.ending === 'success' ? 200 : request.ending;
  const answeredBy = { kind: isPreflight ? 'preflight' : 'file', what: 'S3', place } as const;
  if (rules === undefined) {
    return { status: undefined, answeredBy, headers: [], open: 'the CORS rules are known at deployment' };
  }
  const answer = bucketAnswer(rules, request);
  switch (answer.kind) {
    case 'rule':
      return { status, answeredBy: { ...answeredBy, place: answer.rule.place }, headers: answer.headers };
    case 'none':
      return { status: isPreflight ? 403 : status, answeredBy, headers: [] };
    case 'unknown':
      return { status: undefined, answeredBy, headers: [], open: answer.reason };
  }
}
