import type { TSESTree } from '@typescript-eslint/types';
import { and } from '../../cors/words';
import type { Reader, SourceModule } from '../../javascript';
import { readAngular } from './clients/angular';
import { readAxios } from './clients/axios';
import { readBeacon, streamsIn } from './clients/events';
import { readFetch } from './clients/fetch';
import { taggedIn } from './clients/html';
import { readJquery } from './clients/jquery';
import { readKy } from './clients/ky';
import { elementsIn } from './clients/markup';
import { readOfetch } from './clients/ofetch';
import { readRtkQuery } from './clients/rtkQuery';
import { argumentsOf, type CallReader, type Site } from './clients/site';
import { requestsIn } from './clients/xhr';
import type { FrontCall } from './frontCall';
import { throughWrapper } from './wrappers';

export type { FrontCall, SentHeader } from './frontCall';

const READERS: readonly CallReader[] = [
  readFetch,
  readAxios,
  readAngular,
  readKy,
  readOfetch,
  readJquery,
  readBeacon,
  readRtkQuery,
];

/**
 * Every request of a file that can be read, in the order of the source. One that may be sent with further headers stands
 * there twice: as it is for sure, then with them.
 * @param markup the text around the scripts, of a file that has its scripts between tags
 */
export function callsIn(reader: Reader, module: SourceModule, markup = ''): readonly FrontCall[] {
  const site: Site = { reader, context: { module, frame: null } };
  const calls = module.index.of('CallExpression').flatMap((node) => readCall(site, node) ?? []);
  const others = [...requestsIn(site), ...streamsIn(site), ...elementsIn(site), ...taggedIn(module, markup)];
  return [...calls, ...others].sort((a, b) => a.place.start - b.place.start).flatMap(inBothWays);
}

function inBothWays(call: FrontCall): readonly FrontCall[] {
  const sure = call.headers.filter(({ perhaps }) => !perhaps);
  const others = call.headers.filter(({ name, perhaps }) => perhaps && !NEVER_ASKED.test(name));
  if (others.length === 0) return [{ ...call, headers: sure }];
  const names = and(others.map(({ name }) => name));
  return [
    { ...call, headers: sure },
    { ...call, headers: [...sure, ...others], when: [...(call.when ?? []), `the page adds ${names}`] },
  ];
}

/** Headers that no preflight asks for. https://fetch.spec.whatwg.org/#cors-safelisted-request-header */
const NEVER_ASKED = /^(?:accept|accept-language|content-language)$/i;

function readCall(site: Site, node: TSESTree.CallExpression): FrontCall | undefined {
  return readDirect(site, node) ?? throughWrapper(site, node, readDirect);
}

function readDirect(site: Site, node: TSESTree.CallExpression): FrontCall | undefined {
  const { type } = node.callee;
  if (type !== 'Identifier' && type !== 'MemberExpression') return undefined;
  const args = argumentsOf(site, node);
  if (args === undefined) return undefined;
  for (const read of READERS) {
    const call = read(site, node, args);
    if (call !== undefined) return call;
  }
  return undefined;
}
