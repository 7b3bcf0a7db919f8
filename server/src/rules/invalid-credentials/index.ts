import { frontEndOf, responsesOf, withCredentials } from '../../cors/frontEnd';
import { get } from '../../cors/headerList';
import { knownExchange } from '../../cors/known';
import { ALLOW_CREDENTIALS } from '../../cors/names';
import type { Place } from '../../cors/place';
import type { ResolvedHeader } from '../../cors/resolve';
import { whenWords } from '../../cors/words';
import { endpointRule } from '../../lint/defineRule';

interface Data {
  readonly text: string;
  readonly valuePlace: Place;
  readonly settingPlace: Place;
  readonly when: readonly string[];
}

export const rule = endpointRule<Data>({
  meta: {
    id: 'invalid-credentials',
    title: 'Access-Control-Allow-Credentials other than `true`',
    severity: 'error',
    category: 'broken',
    tags: ['credentials'],
    reference: 'https://fetch.spec.whatwg.org/#http-access-control-allow-credentials',
  },
  check({ browser }, report) {
    const front = frontEndOf(browser);
    for (const call of [front.plain(front.origin), ...front.calls].map(withCredentials)) {
      for (const index of [0, 1]) {
        const header = (each: Parameters<typeof responsesOf>[0]) => wrongHeader(responsesOf(each)[index]);
        const exchange = knownExchange(browser.fetch(call), (each) => header(each) !== undefined);
        const wrong = exchange && header(exchange);
        if (!exchange || !wrong) continue;
        const { when } = exchange;
        const text = (wrong.text ?? '').trim();
        report({
          place: wrong.valuePlace,
          data: { text, valuePlace: wrong.valuePlace, settingPlace: wrong.header.place, when },
          severity: meansNo(text) ? 'info' : when.length > 0 ? 'warning' : 'error',
          // What is refused there is meant to be refused.
          ...(meansNo(text) ? {} : { exchange }),
        });
      }
    }
  },
  message: ({ text, when }) =>
    meansNo(text)
      ? `Access-Control-Allow-Credentials knows no value but \`true\`: browsers take \`${text}\` like no header at all. Leave it out.`
      : `Access-Control-Allow-Credentials is \`${text}\`${whenWords(when)}: browsers take nothing but \`true\` and refuse requests with credentials. Write \`true\`, or leave it out.`,
  fixes: ({ text, valuePlace, settingPlace }) => [
    ...(meansNo(text)
      ? []
      : [
          {
            title: 'Write `true`',
            preferred: true,
            repair: { kind: 'replace-value', place: valuePlace, text: 'true' } as const,
          },
        ]),
    {
      title: 'Leave Access-Control-Allow-Credentials out',
      preferred: meansNo(text),
      repair: { kind: 'remove', place: settingPlace },
    },
  ],
});

/** A single line that browsers do not take; several lines are another fault. */
function wrongHeader(response: Parameters<typeof get>[0] | undefined): ResolvedHeader | undefined {
  if (response === undefined) return undefined;
  const got = get(response, ALLOW_CREDENTIALS);
  if (got.kind !== 'value' || got.headers.length > 1 || got.text === 'true' || got.text === '') return undefined;
  return got.headers[0];
}

function meansNo(text: string): boolean {
  return /^(?:false|no|0|off)$/i.test(text);
}
