import { openBrowser } from '../cors/browser';
import { type EffectivePolicy, effectivePolicy, policyRows } from '../cors/effectivePolicy';
import type { Endpoint } from '../cors/endpoint';
import { headerGuide } from '../cors/headerGuide';
import type { Place } from '../cors/place';
import type { Analysis } from '../lint/types';
import type { Checked } from './check';
import { codeSpan, escapeMarkdown } from './markdown';

/** More endpoints than these are not played for one hover, nor more of their policies shown. */
const MOST_PLAYED = 40;
const MOST_SHOWN = 2;

/** What stands under the pointer, as markdown, and the text that it is about. */
export interface SettingHover {
  readonly markdown: string;
  readonly place: Place;
}

/** What a CORS setting or an endpoint means for front ends; undefined where there is neither. */
export async function settingHover({ file, workspace }: Checked, offset: number): Promise<SettingHover | undefined> {
  for (const { analysis } of await workspace.analyses(file)) {
    const found = settingAt(analysis, offset) ?? endpointAt(analysis, file, offset);
    if (found !== undefined) return found;
  }
  return undefined;
}

function settingAt({ settings, endpoints }: Analysis, offset: number): SettingHover | undefined {
  const here = settings.filter(({ place, namePlace }) => holds(place, offset) || holds(namePlace, offset));
  const [setting] = here.sort((a, b) => a.place.end - a.place.start - (b.place.end - b.place.start));
  if (setting === undefined) return undefined;
  const guide = headerGuide(setting.name);
  const head = guide && `**${escapeMarkdown(guide.name)}**: ${guide.meaning} [Specification](${guide.reference})`;
  const served = endpoints
    .slice(0, MOST_PLAYED)
    .map((endpoint) => ({ endpoint, policy: effectivePolicy(openBrowser(endpoint)) }))
    .filter(({ policy }) => rests(policy, setting.place));
  const shown = served.slice(0, MOST_SHOWN).map(({ endpoint, policy }) => policyMarkdown(endpoint, policy));
  const more = served.length > MOST_SHOWN ? [`…and ${served.length - MOST_SHOWN} more endpoints.`] : [];
  const parts = [...(head === undefined ? [] : [head]), ...shown, ...more];
  return parts.length === 0 ? undefined : { markdown: parts.join('\n\n'), place: setting.namePlace };
}

function endpointAt({ endpoints }: Analysis, file: string, offset: number): SettingHover | undefined {
  const here = endpoints.filter(({ place }) => place.file === file && holds(place, offset));
  const meant = here
    .map((endpoint) => ({ endpoint, policy: effectivePolicy(openBrowser(endpoint)) }))
    .filter(({ policy }) => policy.isForOthers)
    .slice(0, MOST_SHOWN);
  const [first] = meant;
  if (first === undefined) return undefined;
  const markdown = meant.map(({ endpoint, policy }) => policyMarkdown(endpoint, policy)).join('\n\n');
  return { markdown, place: first.endpoint.place };
}

function policyMarkdown({ label }: Endpoint, policy: EffectivePolicy): string {
  const rows = policyRows(policy).map((row) => `- ${row.label}: ${escapeMarkdown(row.words)}`);
  return [`What ${codeSpan(label)} does for a page of another origin:`, '', ...rows].join('\n');
}

/** Whether a line of the policy was written in that place. */
function rests(policy: EffectivePolicy, place: Place): boolean {
  const at = policyRows(policy).flatMap((row) => row.at);
  return at.some(({ file, start, end }) => file === place.file && start < place.end && place.start < end);
}

function holds({ start, end }: Place, offset: number): boolean {
  return start <= offset && offset < end;
}
