import { type FunctionValue, staticName } from '../../javascript';

/** The headers that services send along with what they post to a webhook, in lower case. No page in a browser sends them. */
const SENT: ReadonlySet<string> = new Set([
  'linear-signature',
  'paypal-transmission-sig',
  'stripe-signature',
  'svix-signature',
  'twitch-eventsub-message-signature',
  'x-event-key',
  'x-github-delivery',
  'x-github-event',
  'x-gitlab-event',
  'x-gitlab-token',
  'x-hub-signature',
  'x-hub-signature-256',
  'x-line-signature',
  'x-razorpay-signature',
  'x-shopify-hmac-sha256',
  'x-shopify-topic',
  'x-signature-ed25519',
  'x-slack-request-timestamp',
  'x-slack-signature',
  'x-square-hmacsha256-signature',
  'x-telegram-bot-api-secret-token',
  'x-twilio-signature',
  'x-viber-content-signature',
  'x-zm-signature',
]);

/** Names that only the bodies of such posts hold: Telegram's updates, Slack's handshake. */
const FIELDS: Readonly<Record<string, string>> = { update_id: 'Telegram', callback_query: 'Telegram' };
const TEXTS: Readonly<Record<string, string>> = { url_verification: 'Slack' };

/**
 * What a function's own code shows of its being called by servers only, as a sentence's beginning; undefined where it
 * shows nothing. What functions that it calls look at is not searched.
 */
export function webhookSign({ function: fn, context }: FunctionValue): string | undefined {
  const [start, end] = fn.range;
  const isWithin = ({ range }: { readonly range: readonly [number, number] }): boolean =>
    range[0] >= start && range[1] <= end;
  const { index } = context.module;
  for (const node of index.of('Literal')) {
    const { value } = node;
    if (typeof value !== 'string' || !isWithin(node)) continue;
    if (SENT.has(value.toLowerCase())) return `It looks at \`${value}\`, which only servers send`;
    const sender = own(TEXTS, value);
    if (sender !== undefined) return `It answers \`${value}\`, which only ${sender} sends`;
  }
  for (const node of index.of('MemberExpression')) {
    const name = isWithin(node) ? staticName(node) : null;
    const sender = name === null ? undefined : own(FIELDS, name);
    if (sender !== undefined) return `It reads \`${name}\`, which only ${sender} sends`;
  }
  for (const node of index.of('Property')) {
    const name = isWithin(node) && node.parent?.type === 'ObjectPattern' ? staticName(node) : null;
    const sender = name === null ? undefined : own(FIELDS, name);
    if (sender !== undefined) return `It reads \`${name}\`, which only ${sender} sends`;
  }
  return undefined;
}

function own(table: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** `webhook`, `stripe-webhooks`. */
const HOOK = /^(?:[\w-]+[-_])?web-?hooks?$/i;
/** `telegram-bot`, `bot{token}`. */
const BOT = /^(?:(?:telegram|slack|line|messenger|whatsapp|discord|viber)[-_]?bot|bot\{\w+\})$/i;
/** `telegramWebhook`, and not `listWebhooks`, which a page calls. */
const NAMED =
  /^(?:(?:telegram|slack|github|gitlab|bitbucket|stripe|shopify|twilio|line|messenger|whatsapp|discord|paypal|viber|bot)[-_]?)?web-?hook(?:[-_]?handler)?$/i;
/** What Slack and Discord are told to call, below a path of their name. */
const CALLED = /^(?:events?|commands?|interactions?|interactive|interactivity|actions?)$/i;

/**
 * Why no page calls this, as a sentence's beginning: what its code shows, or its path, or the function's name.
 * @param path of the endpoint, with or without slashes at its ends
 */
export function webhookWords(
  path: string | undefined,
  name: string | undefined,
  sign: string | undefined,
): string | undefined {
  if (sign !== undefined) return sign;
  const segments = (path ?? '').split('/');
  const hook = segments.find((one) => HOOK.test(one) || BOT.test(one));
  const below = segments.find((one, i) => /^(?:slack|discord)$/i.test(one) && CALLED.test(segments[i + 1] ?? ''));
  const segment = hook ?? below;
  if (segment !== undefined) return `By its path (\`${segment}\`) only servers call it`;
  return name !== undefined && NAMED.test(name) ? `By its name (\`${name}\`) only servers call it` : undefined;
}

export function webhookMessage(label: string, words: string): string {
  return `${label} gets this response without Access-Control-Allow-Origin. ${words}, and they do not mind.`;
}
