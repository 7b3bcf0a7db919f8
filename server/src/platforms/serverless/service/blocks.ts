import type { ServerlessAnalysis } from '../analysis';
import type { Dialect } from './dialects';
import type { RestCors, RestEvent } from './rest';
import type { FunctionUrl } from './url';

/** A `cors` block that is written as a map, with what it belongs to. */
export interface CorsBlock {
  readonly dialect: Dialect;
  readonly cors: Extract<RestCors, { kind: 'map' }>;
  /** The event of a REST block, the function of a URL's. */
  readonly event: RestEvent | undefined;
  readonly url: FunctionUrl | undefined;
}

/** Every `cors` block of the service; one that several events share comes up for each. */
export function corsBlocks({ rest, httpApi, urls }: ServerlessAnalysis): CorsBlock[] {
  const blocks: CorsBlock[] = [];
  for (const event of rest) {
    if (event.cors.kind === 'map') blocks.push({ dialect: 'rest', cors: event.cors, event, url: undefined });
  }
  if (httpApi?.cors.kind === 'map') {
    blocks.push({ dialect: 'http-api', cors: httpApi.cors, event: undefined, url: undefined });
  }
  for (const url of urls) {
    if (url.cors.kind === 'map') blocks.push({ dialect: 'url', cors: url.cors, event: undefined, url });
  }
  return blocks;
}
