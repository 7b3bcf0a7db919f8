import type { Header } from '../../cors/http';
import { ALLOW_CREDENTIALS, ALLOW_ORIGIN } from '../../cors/names';
import type { HandlerReading } from '../lambda/handler';

/** What a handler lets in, by what it sends. */
export interface Sent {
  readonly origin: string;
  readonly credentials: boolean;
}

/** The origin that a handler sends, where it is one for all its responses. */
export function sentHeaders(endpoint: { handler(): HandlerReading | undefined }): Sent | undefined {
  const reading = endpoint.handler();
  if (reading?.kind !== 'responses') return undefined;
  const lines = reading.responses.flatMap(({ headers }) => headers);
  const origins = new Set(lines.filter(({ name }) => name.toLowerCase() === ALLOW_ORIGIN).map(literalOf));
  const [origin] = origins;
  if (origins.size !== 1 || origin === undefined) return undefined;
  const credentials = lines.some((line) => line.name.toLowerCase() === ALLOW_CREDENTIALS && literalOf(line) === 'true');
  return { origin, credentials };
}

function literalOf({ value }: Header): string | undefined {
  return value.kind === 'literal' ? value.text : undefined;
}
