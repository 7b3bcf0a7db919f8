import { commaItems } from '../../../cors/headerList';
import { type Place, samePlace } from '../../../cors/place';
import type { Edit } from '../../../cors/repair';
import { property } from '../../../javascript';
import type { ExpressAnalysis } from '../analysis';
import { sourcesIn } from '../cors/corsCalls';
import type { OptionName } from '../cors/corsDialect';
import type { CorsSource } from '../cors/corsOptions';
import { replace } from './nodes';
import { withOption } from './setUp';
import { listLiteral, type Style, styleOf } from './style';

/** The options that stand for headers. */
const OPTIONS: ReadonlyMap<string, OptionName> = new Map([
  ['access-control-allow-credentials', 'credentials'],
  ['access-control-allow-methods', 'methods'],
  ['access-control-allow-headers', 'allowedHeaders'],
  ['access-control-expose-headers', 'exposedHeaders'],
]);

/** `set-header` where a CORS middleware sends the header nearby: the option that the header comes from. */
export function headerInSetUp(
  analysis: ExpressAnalysis,
  near: Place,
  name: string,
  value: string,
): readonly Edit[] | undefined {
  const option = OPTIONS.get(name.toLowerCase());
  const source = sourcesIn(analysis).find((each) => samePlace(each.place, near) || standsIn(near, each));
  if (option === undefined || source === undefined) return undefined;
  const text = (style: Style) => (option === 'credentials' ? value : listLiteral(commaItems(value), style));
  const { argument, dialect } = source;
  const written = argument?.kind === 'object' ? property(argument, dialect.options[option] ?? option) : undefined;
  if (written === undefined) return withOption(analysis, source, option, text, 'last');
  if (written.node.type !== 'Property' || written.node.shorthand || written.node.method) return undefined;
  return [replace(written.module, written.node.value, text(styleOf(written.module)))];
}

function standsIn({ file, start, end }: Place, { argument }: CorsSource): boolean {
  if (argument?.kind !== 'object') return false;
  const { place } = argument;
  return place.file === file && place.start <= start && end <= place.end;
}
