import type { Place } from '../../../../cors/place';
import { platformRule } from '../../../../lint/defineRule';
import type { FrontEndAnalysis } from '../../analysis';
import type { FrontCall } from '../../calls';
import { usesOf } from '../../reads';
import { withoutProperty } from '../../repair';

interface Data {
  readonly analysis: FrontEndAnalysis;
  readonly what: 'body' | 'status' | 'header';
  readonly mode: Place;
}

export const rule = platformRule<FrontEndAnalysis, Data>({
  meta: {
    id: 'no-cors-mode',
    title: "A response of mode 'no-cors' that is read",
    severity: 'warning',
    category: 'broken',
    tags: ['fetch', 'no-cors'],
    reference: 'https://fetch.spec.whatwg.org/#concept-filtered-response-opaque',
  },

  check({ analysis }, report) {
    const { module } = analysis;
    if (module === undefined) return;
    // A call that may be made with further headers has one mode.
    const told = new Set<number>();
    for (const { call } of analysis.calls) {
      if (call.noCors === undefined || told.has(call.noCors.start)) continue;
      told.add(call.noCors.start);
      const use = firstUse(analysis, call);
      if (use === undefined) continue;
      report({
        place: call.noCors,
        data: { analysis, what: use.kind, mode: call.noCors },
        related: [{ place: use.place, message: `reads the ${use.kind}` }],
      });
    }
  },

  message: ({ what }) =>
    `With mode 'no-cors' browsers hand the page an empty response: its ${what} is ${EMPTY[what]} whatever the server sends. Call without a mode, and let the server allow the page's origin.`,

  fixes: ({ analysis, mode }) => {
    const { text } = analysis;
    const key = /\bmode\s*:\s*$/.exec(text.slice(0, mode.start));
    if (key === null || mode.file !== analysis.file) return [];
    const property = { file: mode.file, start: mode.start - key[0].length, end: mode.end };
    return [{ title: "Delete mode: 'no-cors'", preferred: true, edits: [withoutProperty(text, property)] }];
  },
});

const EMPTY = { body: 'empty', status: '0', header: 'absent' } as const;

function firstUse({ module }: FrontEndAnalysis, { node, reads }: FrontCall) {
  const [header] = reads;
  const used = module === undefined ? [] : usesOf(module, node);
  return used[0] ?? (header && ({ kind: 'header', place: header.place } as const));
}
