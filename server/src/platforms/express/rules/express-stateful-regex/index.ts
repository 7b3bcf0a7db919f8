import type { Place } from '../../../../cors/place';
import type { OriginTest } from '../../../../cors/policy';
import { platformRule } from '../../../../lint/defineRule';
import type { ExpressAnalysis } from '../../analysis';

interface Data {
  readonly source: string;
  readonly flag: string;
  readonly flags: string;
  readonly place: Place;
}

export const rule = platformRule<ExpressAnalysis, Data>({
  meta: {
    id: 'express-stateful-regex',
    title: 'An origin pattern that remembers its last match',
    severity: 'error',
    category: 'broken',
    tags: ['origin', 'pattern'],
    reference: 'https://developer.mozilla.org/docs/Web/JavaScript/Reference/Global_Objects/RegExp/lastIndex',
  },
  check({ analysis }, report) {
    const seen = new Set<string>();
    for (const { policies } of analysis.endpoints) {
      for (const { place, test } of policies.flatMap(({ entries }) =>
        entries.flatMap((entry) => (entry.kind === 'match' ? [entry] : [])),
      )) {
        const regex = only(test);
        const flag = regex && /[gy]/.exec(regex.flags)?.[0];
        if (!regex || !flag || seen.has(`${place.file}:${place.start}`) || !isLiteral(analysis, place, flag)) continue;
        seen.add(`${place.file}:${place.start}`);
        report({ place, data: { source: regex.source, flag, flags: regex.flags.replace(/[gy]/g, ''), place } });
      }
    }
  },
  message: ({ source, flag }) =>
    `\`/${source}/${flag}\` goes on where its last match ended: of two requests from the same origin the second is refused. Drop the flag \`${flag}\`.`,
  fixes: ({ source, flag, flags, place }) => [
    { title: `Drop the flag \`${flag}\``, preferred: true, repair: { kind: 'replace-pattern', place, source, flags } },
  ],
});

function only(test: OriginTest): Extract<OriginTest, { kind: 'regex' }> | undefined {
  return test.kind === 'regex' ? test : undefined;
}

/** The pattern itself stands there; one that is made anew for each request forgets. */
function isLiteral({ reader }: ExpressAnalysis, place: Place, flag: string): boolean {
  const text = reader.module(place.file)?.text.slice(place.start, place.end) ?? '';
  const flags = /^\/.*\/([a-z]+)$/s.exec(text)?.[1];
  return flags?.includes(flag) ?? false;
}
