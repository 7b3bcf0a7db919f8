import { RESPONSE_HEADERS, VARY } from '../../server/src/cors/names';

/** The headers by which a predicted and a real answer are compared, in lower case. */
export const CORS_HEADERS: readonly string[] = [...RESPONSE_HEADERS.map((name) => name.toLowerCase()), VARY];
