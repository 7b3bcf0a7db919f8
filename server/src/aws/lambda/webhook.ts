import type { FunctionValue } from '../../javascript';

/** The headers by which services sign what they post to a webhook, in lower case. No page in a browser can send them. */
const SIGNATURES: ReadonlySet<string> = new Set([
  'linear-signature',
  'paypal-transmission-sig',
  'stripe-signature',
  'svix-signature',
  'x-gitlab-token',
  'x-hub-signature',
  'x-hub-signature-256',
  'x-line-signature',
  'x-shopify-hmac-sha256',
  'x-signature-ed25519',
  'x-slack-signature',
  'x-square-hmacsha256-signature',
  'x-telegram-bot-api-secret-token',
  'x-twilio-signature',
]);

/**
 * The signature header that a function's own code names: its callers are servers. Undefined where it names none; what
 * functions that it calls look at is not searched.
 */
export function webhookHeader({ function: fn, context }: FunctionValue): string | undefined {
  const [start, end] = fn.range;
  for (const { value, range } of context.module.index.of('Literal')) {
    if (typeof value !== 'string' || range[0] < start || range[1] > end) continue;
    if (SIGNATURES.has(value.toLowerCase())) return value;
  }
  return undefined;
}
