import type { Place } from '../../../../cors/place';
import { property, snippet } from '../../../../javascript';
import { platformRule } from '../../../../lint/defineRule';
import type { ExpressAnalysis } from '../../analysis';
import { optionsIn } from '../../corsCalls';
import type { OptionName } from '../../corsDialect';
import type { CorsOptions } from '../../corsOptions';
import { isOption, meantOption } from '../../optionNames';

type Data =
  | {
      readonly kind: 'name';
      readonly key: string;
      readonly keyPlace: Place;
      readonly meant: OptionName | undefined;
      /** The option that is meant is there as well. */
      readonly isThere: boolean;
      readonly place: Place;
    }
  | { readonly kind: 'credentials'; readonly written: string; readonly place: Place };

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
    for (const options of optionsIn(analysis)) {
      for (const { key, keyPlace, place } of options.object?.properties ?? []) {
        if (isOption(key)) continue;
        const meant = meantOption(key);
        const isThere = meant !== undefined && options.object !== null && property(options.object, meant) !== undefined;
        const data: Data = { kind: 'name', key, keyPlace, meant, isThere, place };
        report({ place: keyPlace, data, ...(meant === undefined ? { severity: 'info' } : {}) });
      }
      const written = wrongCredentials(options);
      if (written) report({ place: written.place, data: { kind: 'credentials', ...written } });
    }
  },
  message(data) {
    if (data.kind === 'credentials') {
      return `\`credentials: ${data.written}\` is not the boolean \`true\`, and the cors package leaves Access-Control-Allow-Credentials out: browsers refuse requests with credentials. Write \`true\`.`;
    }
    const { key, meant } = data;
    if (meant === undefined) return `The cors package has no option \`${key}\` and ignores it.`;
    return `The cors package has no option \`${key}\` and ignores it${CONSEQUENCES[meant]}. Write \`${meant}\`.`;
  },
  fixes(data) {
    if (data.kind === 'credentials') {
      return [
        { title: 'Write `true`', preferred: true, repair: { kind: 'replace-value', place: data.place, text: 'true' } },
      ];
    }
    const { meant, keyPlace, isThere, place } = data;
    const removal = { title: 'Delete the option', preferred: false, repair: { kind: 'remove', place } } as const;
    if (meant === undefined || isThere) return [removal];
    return [
      { title: `Write \`${meant}\``, preferred: true, repair: { kind: 'rename', place: keyPlace, name: meant } },
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
function wrongCredentials({ object }: CorsOptions): { readonly written: string; readonly place: Place } | undefined {
  const value = object && property(object, 'credentials')?.value;
  if (!value || (value.kind !== 'string' && value.kind !== 'number' && value.kind !== 'object')) return undefined;
  if ((value.kind === 'string' || value.kind === 'number') && (!value.value || value.value === 'false'))
    return undefined;
  return { written: snippet(value).slice(1, -1), place: value.place };
}
