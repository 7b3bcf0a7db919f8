import type { HeaderSetting } from '../cors/endpoint';
import type {
  Analysis,
  EndpointRule,
  PlatformRule,
  PlatformSubject,
  RawFinding,
  RuleDefinition,
  RuleOn,
  SettingRule,
  Subject,
} from './types';

/** A neutral rule that looks at endpoints. */
export function endpointRule<Data>(definition: RuleDefinition<Subject, Data>): EndpointRule {
  return { on: 'endpoint', ...close(definition) };
}

/** A neutral rule that looks at header settings. */
export function settingRule<Data>(definition: RuleDefinition<HeaderSetting, Data>): SettingRule {
  return { on: 'setting', ...close(definition) };
}

/** A rule of one platform. */
export function platformRule<A extends Analysis, Data>(
  definition: RuleDefinition<PlatformSubject<A>, Data>,
): PlatformRule<A> {
  return { on: 'platform', ...close(definition) };
}

function close<S, Data>(definition: RuleDefinition<S, Data>): RuleOn<S> {
  const { meta } = definition;
  return {
    meta,
    run(subject) {
      const findings: RawFinding[] = [];
      definition.check(subject, ({ place, data, severity, exchange, related }) => {
        findings.push({
          rule: meta,
          severity: severity ?? meta.severity,
          place,
          message: definition.message(data),
          ...(exchange === undefined ? {} : { exchange }),
          related: related ?? [],
          proposals: () => definition.fixes?.(data) ?? [],
        });
      });
      return findings;
    },
  };
}
