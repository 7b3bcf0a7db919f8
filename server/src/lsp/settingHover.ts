import type { Caller } from '../cors/caller';
import { type EffectivePolicy, policyRows } from '../cors/effectivePolicy';
import type { Endpoint } from '../cors/endpoint';
import { type HeaderGuide, headerGuide } from '../cors/headerGuide';
import type { Place } from '../cors/place';
import type { Workspace } from '../workspace/types';
import type { Checked } from './check';
import { codeSpan, escapeMarkdown } from './markdown';
import { optionAt } from './optionAt';
import { policyOf } from './policies';

/** More endpoints than these are not played for one hover, nor more of their policies shown. */
const MOST_PLAYED = 40;
const MOST_SHOWN = 2;

/** What stands under the pointer, as markdown, and the text that it is about. */
export interface SettingHover {
  readonly markdown: string;
  readonly place: Place;
}

type Analysed = Awaited<ReturnType<Workspace['analyses']>>[number];

/** Endpoints, and the calls of pages that are known to reach them. */
interface Served {
  readonly endpoints: readonly Endpoint[];
  readonly callers: ReadonlyMap<Endpoint, readonly Caller[]>;
}

/** What a CORS setting, an option or an endpoint means for front ends; undefined where there is none of them. */
export async function settingHover(checked: Checked, offset: number): Promise<SettingHover | undefined> {
  const { file, workspace } = checked;
  const analyses = await workspace.analyses(file);
  for (const analysed of analyses) {
    const found = settingAt(analysed, offset);
    if (found !== undefined) return found;
  }
  const option = hoverOfOption(checked, servedBy(analyses), offset);
  if (option !== undefined) return option;
  for (const analysed of analyses) {
    const found = endpointAt(servedBy([analysed]), file, offset);
    if (found !== undefined) return found;
  }
  return undefined;
}

function servedBy(analyses: readonly Analysed[]): Served {
  return {
    endpoints: analyses.flatMap(({ analysis }) => analysis.endpoints),
    callers: new Map(analyses.flatMap(({ callers }) => [...callers])),
  };
}

/** An option of `cors()`, a key below `cors:`: what completion says of it, and what comes of the options it is among. */
function hoverOfOption({ file, text, workspace }: Checked, known: Served, offset: number): SettingHover | undefined {
  const option = optionAt(workspace.platformsFor(file), text, offset);
  if (option === undefined) return undefined;
  const { header, note, range, block } = option;
  const guide = header === undefined ? undefined : headerGuide(header);
  const parts = [
    ...(guide === undefined ? [] : [guideMarkdown(guide)]),
    ...(note === undefined ? [] : [note]),
    ...served(known, { file, ...(block ?? range) }),
  ];
  return parts.length === 0 ? undefined : { markdown: parts.join('\n\n'), place: { file, ...range } };
}

function settingAt(analysed: Analysed, offset: number): SettingHover | undefined {
  const here = analysed.analysis.settings.filter(
    ({ place, namePlace }) => holds(place, offset) || holds(namePlace, offset),
  );
  const [setting] = here.sort((a, b) => a.place.end - a.place.start - (b.place.end - b.place.start));
  if (setting === undefined) return undefined;
  const guide = headerGuide(setting.name);
  const parts = [
    ...(guide === undefined ? [] : [guideMarkdown(guide)]),
    ...served(servedBy([analysed]), setting.place),
  ];
  return parts.length === 0 ? undefined : { markdown: parts.join('\n\n'), place: setting.namePlace };
}

function guideMarkdown({ name, meaning, reference }: HeaderGuide): string {
  return `**${escapeMarkdown(name)}**: ${meaning} [Specification](${reference})`;
}

/** What the endpoints do whose policy was written in that place, a few of them. */
function served({ endpoints, callers }: Served, place: Place): string[] {
  const found = endpoints
    .slice(0, MOST_PLAYED)
    .map((endpoint) => ({ endpoint, policy: policyOf(endpoint, callers) }))
    .filter(({ policy }) => rests(policy, place));
  const shown = found.slice(0, MOST_SHOWN).map(({ endpoint, policy }) => policyMarkdown(endpoint, policy));
  return found.length > MOST_SHOWN ? [...shown, `…and ${found.length - MOST_SHOWN} more endpoints.`] : shown;
}

function endpointAt({ endpoints, callers }: Served, file: string, offset: number): SettingHover | undefined {
  const here = endpoints.filter(({ place }) => place.file === file && holds(place, offset));
  const meant = here
    .map((endpoint) => ({ endpoint, policy: policyOf(endpoint, callers) }))
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
