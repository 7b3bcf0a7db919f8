import { literalsOf } from '../../cors/literals';
import { MAX_AGE } from '../../cors/names';
import type { Place } from '../../cors/place';
import { settingRule } from '../../lint/defineRule';

interface Data {
  readonly text: string;
  readonly place: Place;
  /** What was meant, where that can be told. */
  readonly seconds: number | undefined;
  readonly valid: boolean;
}

/** The longest that browsers keep a preflight's answer, in seconds. */
const CHROMIUM_CAP = 7200;
const FIREFOX_CAP = 86400;

export const rule = settingRule<Data>({
  meta: {
    id: 'invalid-max-age',
    title: 'Access-Control-Max-Age that is no number of seconds',
    severity: 'warning',
    category: 'fragile',
    tags: ['preflight', 'max-age'],
    reference: 'https://fetch.spec.whatwg.org/#http-access-control-max-age',
  },
  check({ name, value, target }, report) {
    if (target === 'request' || name.trim().toLowerCase() !== MAX_AGE) return;
    for (const { text, place } of literalsOf(value)) {
      const bare = text.trim();
      if (bare === '' || bare === '-1') continue;
      const valid = /^\d+$/.test(bare);
      if (valid && Number(bare) <= FIREFOX_CAP) continue;
      report({
        place,
        data: { text: bare, place, seconds: valid ? FIREFOX_CAP : secondsIn(bare), valid },
        severity: valid ? 'hint' : 'warning',
      });
    }
  },
  message: ({ text, valid }) =>
    valid
      ? `No browser keeps a preflight's answer for ${text} seconds: Chromium stops at ${CHROMIUM_CAP}, Firefox at ${FIREFOX_CAP}.`
      : `\`${text}\` is no whole number of seconds: browsers keep the preflight's answer for 5 seconds instead. Write a number, like ${CHROMIUM_CAP}.`,
  fixes: ({ seconds, place }) =>
    seconds === undefined
      ? []
      : [
          {
            title: `Write ${seconds}`,
            preferred: true,
            repair: { kind: 'replace-value', place, text: String(seconds) },
          },
        ],
});

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86400, w: 604800 };

/** `1h`, `10 minutes`, `3600.0`, `"600"`: the seconds that it stands for. */
function secondsIn(text: string): number | undefined {
  const [, number, unit] = /^["']?(\d+(?:\.\d+)?)\s*([a-z]*)["']?;?$/i.exec(text) ?? [];
  if (number === undefined) return undefined;
  const factor = unit ? UNITS[unit.toLowerCase().charAt(0)] : 1;
  if (factor === undefined || /^(?:mo|ms)/i.test(unit ?? '')) return undefined;
  return Math.min(Math.round(Number(number) * factor), FIREFOX_CAP);
}
