import type { Location } from 'vscode-languageserver';
import { openBrowser } from '../cors/browser';
import { effectivePolicy, policyRows, policySummary, withPlaces } from '../cors/effectivePolicy';
import type { Endpoint } from '../cors/endpoint';
import type { FoundEndpoint } from '../workspace/types';
import type { Locate } from './locate';
import type { EndpointInfo, EndpointRef } from './protocol';
import type { Session } from './session';

/** The endpoint as requests name and lists show it. */
export function endpointRef({ names }: Session, { platform, endpoint }: FoundEndpoint, locate: Locate): EndpointRef {
  const { label, path, methods, place, partial } = endpoint;
  return {
    id: endpointId(endpoint),
    platform: platform.id,
    platformName: platform.name,
    label,
    path,
    methods: methods ?? null,
    location: locate(place) ?? startOf(names.toUri(place.file)),
    partial: partial ?? null,
  };
}

/** Equal for the same endpoint in the same text; without the file's name, which requests have beside it. */
export function endpointId({ platform, label, path, methods, place }: Endpoint): string {
  return `${platform}@${place.start}-${place.end} ${(methods ?? ['*']).join(',')} ${path} ${label}`;
}

/** The endpoint with what it does for a front end. */
export function endpointInfo(session: Session, found: FoundEndpoint, locate: Locate): EndpointInfo {
  const ref = endpointRef(session, found, locate);
  const policy = withPlaces(
    effectivePolicy(openBrowser(found.endpoint)),
    (place) => locate(place) ?? startOf(session.names.toUri(place.file)),
  );
  return { ...ref, summary: policySummary(policy), rows: policyRows(policy), policy };
}

/** For a file that cannot be read any more. */
function startOf(uri: string): Location {
  const start = { line: 0, character: 0 };
  return { uri, range: { start, end: start } };
}
