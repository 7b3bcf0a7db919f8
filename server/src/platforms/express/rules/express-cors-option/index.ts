import { parseOrigin } from '../../../../cors/origin';
import type { Place } from '../../../../cors/place';
import type { Edit } from '../../../../cors/repair';
import { type JsValue, property, snippet } from '../../../../javascript';
import { platformRule } from '../../../../lint/defineRule';
import type { ExpressAnalysis } from '../../analysis';
import { allOptionsIn } from '../../cors/corsCalls';
import type { OptionName } from '../../cors/corsDialect';
import type { CorsOptions } from '../../cors/corsOptions';
import { isOption, meantOption } from '../../cors/optionNames';

type Data =
  | {
      readonly kind: 'name';
      readonly key: string;
      readonly keyPlace: Place;
      /** Who ignores it. */
      readonly reader: string;
      readonly meant: OptionName | undefined;
      /** What it is called there. */
      readonly written: string | undefined;
      /** The option that is meant is there as well. */
      readonly isThere: boolean;
      readonly place: Place;
    }
  | { readonly kind: 'credentials'; readonly written: string; readonly place: Place }
  | { readonly kind: 'socket'; readonly edits: readonly Edit[] };

export const rule = platformRule<ExpressAnalysis, Data>({
  meta: {
    id: 'express-cors-option',
    title: 'An option that the cors package ignores',
    severity: 'error',
    category: 'broken',
    tags: ['option', 'spelling'],
    reference: 'https://github.com/expressjs/cors#configuration-options',
  },
  check({ analysis }, report) {
    for (const options of allOptionsIn(analysis)) {
      const { dialect } = options;
      for (const { key, keyPlace, place } of options.object?.properties ?? []) {
        if (isOption(key, dialect)) continue;
        const meant = meantOption(key, dialect);
        const isThere = meant !== undefined && options.option(meant) !== undefined;
        const written = meant && dialect.options[meant];
        const data: Data = { kind: 'name', key, keyPlace, reader: dialect.name, meant, written, isThere, place };
        report({ place: keyPlace, data, ...(meant === undefined ? { severity: 'info' } : {}) });
      }
      const written = wrongCredentials(options);
      if (written) report({ place: written.place, data: { kind: 'credentials', ...written } });
    }
    for (const { keyPlace, value, place } of analysis.siblings.oldOrigins)
      report({ place: keyPlace, data: { kind: 'socket', edits: underCors(value, keyPlace, place) } });
  },
  message(data) {
    if (data.kind === 'credentials') {
      return `\`credentials: ${data.written}\` is not the boolean \`true\`, and the cors package leaves Access-Control-Allow-Credentials out: browsers refuse requests with credentials. Write \`true\`.`;
    }
    if (data.kind === 'socket')
      return 'socket.io has had no option `origins` since version 3 and ignores it: without `cors` it sends no CORS headers, and pages of other origins cannot connect. Write `cors: { origin: … }`.';
    const { key, meant, written } = data;
    const reader = data.reader.replace(/^the/, 'The');
    if (meant === undefined) return `${reader} has no option \`${key}\` and ignores it.`;
    if (data.isThere) return `${reader} has no option \`${key}\` and ignores it: \`${written}\` counts. Delete it.`;
    return `${reader} has no option \`${key}\` and ignores it${CONSEQUENCES[meant]}. Write \`${written}\`.`;
  },
  fixes(data) {
    if (data.kind === 'credentials') {
      return [
        { title: 'Write `true`', preferred: true, repair: { kind: 'replace-value', place: data.place, text: 'true' } },
      ];
    }
    if (data.kind === 'socket')
      return data.edits.length === 0
        ? []
        : [{ title: 'Write it as `cors: { origin: … }`', preferred: true, edits: data.edits }];
    const { written, keyPlace, isThere, place } = data;
    const removal = { title: 'Delete the option', preferred: false, repair: { kind: 'remove', place } } as const;
    if (written === undefined || isThere) return [removal];
    return [
      { title: `Write \`${written}\``, preferred: true, repair: { kind: 'rename', place: keyPlace, name: written } },
      removal,
    ];
  },
});

/** What happens while the option that was meant has its default. */
const CONSEQUENCES: Readonly<Record<OptionName, string>> = {
  origin: ': every origin (`*`) is let in',
  methods: ': its default methods are allowed',
  allowedHeaders: ': whatever header is asked for is allowed',
  headers: ': whatever header is asked for is allowed',
  exposedHeaders: ': pages cannot read the headers',
  credentials: ': browsers refuse requests with credentials',
  maxAge: ': browsers forget the preflight after 5 seconds',
  preflightContinue: ': preflights end here',
  optionsSuccessStatus: ': preflights get 204',
};

/** Something truthy for `credentials` that is not `true` (lib/index.js, `configureCredentials`). */
function wrongCredentials({
  object,
  dialect,
}: CorsOptions): { readonly written: string; readonly place: Place } | undefined {
  if (dialect.credentials !== 'true') return undefined;
  const value = object && property(object, 'credentials')?.value;
  if (!value || (value.kind !== 'string' && value.kind !== 'number' && value.kind !== 'object')) return undefined;
  if ((value.kind === 'string' || value.kind === 'number') && (!value.value || value.value === 'false'))
    return undefined;
  return { written: snippet(value).slice(1, -1), place: value.place };
}

/** `origins: …` under `cors`, where its value means the same there: not `'host:*'`, which version 2 took for a pattern. */
function underCors(value: JsValue, key: Place, place: Place): readonly Edit[] {
  const items = value.kind === 'array' ? value.items : [value];
  const isEvery = value.kind === 'string' && (value.value === '*:*' || value.value === '*');
  const isPlain = items.every((item) => item.kind === 'string' && parseOrigin(item.value) !== undefined);
  if (!isEvery && !isPlain) return [];
  const start: Edit = { ...key, text: 'cors: { origin' };
  const end: Edit = { ...place, start: place.end, text: ' }' };
  if (!isEvery) return [start, end];
  return [start, { ...value.place, start: value.place.start + 1, end: value.place.end - 1, text: '*' }, end];
}
