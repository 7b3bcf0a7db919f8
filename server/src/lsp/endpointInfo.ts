import * as told from '../workspace/told/endpointInfo';
import type { FoundEndpoint } from '../workspace/types';
import type { Locate } from './locate';
import type { EndpointInfo, EndpointRef } from './protocol';
import type { Session } from './session';

/** The endpoint as requests name and lists show it. */
export function endpointRef(session: Session, found: FoundEndpoint, locate: Locate): EndpointRef {
  return told.endpointRef(found, namingOf(session, locate));
}

/** The endpoint with what it does for a front end. */
export function endpointInfo(session: Session, found: FoundEndpoint, locate: Locate): EndpointInfo {
  return told.endpointInfo(found, namingOf(session, locate));
}

function namingOf({ names }: Session, locate: Locate): told.Naming {
  return { locate, toUri: (file) => names.toUri(file) };
}
