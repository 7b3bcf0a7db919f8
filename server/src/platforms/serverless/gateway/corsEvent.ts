import type { CorsSetting, RestCors, RestEvent } from '../service/rest';

/** An `http` event that asks for CORS. */
export type CorsEvent = RestEvent & { readonly cors: Exclude<RestCors, { kind: 'none' }> };

export function hasCors(event: RestEvent): event is CorsEvent {
  return event.cors.kind !== 'none';
}

/** What the event's own block says under a key. */
export function settingOf(event: CorsEvent, key: string): CorsSetting | undefined {
  return event.cors.kind === 'map' ? event.cors.settings.get(key) : undefined;
}
