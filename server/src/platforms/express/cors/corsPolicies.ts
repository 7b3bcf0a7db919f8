import type { OriginPolicy } from '../../../cors/policy';
import { branchesOf, type JsValue, type Reader } from '../../../javascript';
import { policyOf } from './callbackPolicy';
import type { CorsDialect } from './corsDialect';
import { type CorsSource, corsVariants } from './corsOptions';

/** The origin checks that a `cors(…)` makes, one policy for each way its options can come out. */
export function policiesOf(reader: Reader, source: CorsSource): readonly OriginPolicy[] {
  return corsVariants(source).flatMap(({ setup }) => {
    if (setup.kind !== 'options') return [];
    const origin = setup.options.option('origin');
    if (origin === undefined) return [];
    return branchesOf(origin.value).flatMap(({ value }) => policyOfOrigin(reader, source.dialect, value));
  });
}

function policyOfOrigin(reader: Reader, dialect: CorsDialect, value: JsValue): readonly OriginPolicy[] {
  const setting = dialect.originSetting(value, { reader, isOrigin: () => false });
  if (setting.kind === 'reflect') return [setting.policy];
  return setting.kind === 'callback' ? [policyOf(reader, setting.fn, dialect)] : [];
}
