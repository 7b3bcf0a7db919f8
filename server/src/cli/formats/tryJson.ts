import type { Prediction } from '../prediction';

/** The prediction as JSON. Its shape is a contract: schemas/try.schema.json. */
export function formatTryJson(prediction: Prediction): string {
  const { endpoint, preflight, response, verdict, step, reason } = prediction;
  return `${JSON.stringify({ endpoint, preflight, response, verdict, step, reason }, undefined, 2)}\n`;
}
