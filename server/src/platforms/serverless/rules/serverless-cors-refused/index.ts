import type { Edit } from '../../../../cors/repair';
import { platformRule } from '../../../../lint/defineRule';
import type { Proposal } from '../../../../lint/types';
import { deleteEntry } from '../../../../yaml/edits/entry';
import { mapOf } from '../../../../yaml/edits/maps';
import { replaceRaw, scalarText } from '../../../../yaml/edits/scalar';
import { placeOf } from '../../../../yaml/places';
import type { ServerlessAnalysis } from '../../analysis';
import { corsBlocks } from '../../service/blocks';
import {
  blockRefusals,
  externalCors,
  type Refusal,
  type SchemaMode,
  schemaMode,
  wholeRefusals,
} from '../../service/refusals';

interface Data {
  readonly kind: Refusal['kind'];
  readonly mode: SchemaMode;
  /** The key that the value stands under, and the value. */
  readonly key: string;
  readonly text: string;
  readonly fix: { readonly title: string; readonly edits: readonly Edit[] } | undefined;
}

export const rule = platformRule<ServerlessAnalysis, Data>({
  meta: {
    id: 'serverless-cors-refused',
    title: 'A `cors` setting that stops packaging',
    severity: 'error',
    category: 'broken',
    tags: ['option'],
    reference: 'https://www.serverless.com/framework/docs/configuration-validation',
    replaces: ['invalid-max-age'],
  },
  check({ analysis }, report) {
    const { service, httpApi, rest, urls, yaml } = analysis;
    if (service === undefined) return;
    const mode = schemaMode(service);
    const external = httpApi && externalCors(service, httpApi);
    const refusals: Refusal[] = [
      ...(external === undefined ? [] : [external]),
      ...wholeRefusals(service, rest, httpApi, urls),
      ...corsBlocks(analysis).flatMap((block) => blockRefusals(service, block)),
    ];
    for (const refusal of refusals) {
      const severity = severityOf(refusal, mode);
      if (severity === undefined) continue;
      const { kind, node } = refusal;
      const text = node.kind === 'scalar' ? String(node.value) : '';
      const key = 'key' in refusal ? refusal.key : 'cors';
      const home = kind === 'external' ? mapOf(yaml.roots[0], refusal.entry) : undefined;
      const fix =
        kind === 'external'
          ? asFix('Delete `cors`', home && deleteEntry(home, refusal.entry))
          : kind === 'map'
            ? undefined
            : replacement(refusal);
      report({ place: placeOf(node), data: { kind, mode, key, text, fix }, severity });
    }
  },
  message: ({ kind, mode, key, text }) => {
    const written = `\`${key}: ${text}\``;
    switch (kind) {
      case 'external':
        return 'With `id` the HTTP API is set up elsewhere: packaging stops at `cors` beside it. Set up its CORS there, and take `cors` out.';
      case 'map':
        return `\`${key}\` is ${key === 'origin' ? 'a text' : 'a list'}, and packaging stops at a map.`;
      case 'whole':
        return `${written} is neither true nor a map: ${stop(mode, 'count it as `true`, which lets every origin in')}. ${wholeAdvice(text)}`;
      case 'method':
        return `\`${text}\` is no method that the framework's schema takes: ${stop(mode, 'send it as it stands')}. Write ${methodFor(text) ?? 'one of GET, POST, PUT, PATCH, DELETE, HEAD and OPTIONS'}.`;
      case 'flag':
        return `${written} is a text, not a boolean: ${stop(mode, 'count it as `true`, so credentials are allowed')}. Write true or false.`;
      case 'age':
        return `${written} is no number of seconds that the framework's schema takes: ${stop(mode, 'go on')}. Write a number above 0, or take it out.`;
    }
  },
  fixes: ({ fix, kind, text }): Proposal[] =>
    fix === undefined ? [] : [{ ...fix, preferred: kind === 'external' || kind === 'method' || isYes(text) }],
});

/** How sure it is that somebody minds; undefined where packaging goes on and the value does what it says. */
function severityOf(refusal: Refusal, mode: SchemaMode): 'error' | 'warning' | 'info' | undefined {
  const { kind, node } = refusal;
  if (kind === 'external' || kind === 'map' || mode === 'stops') return 'error';
  const text = node.kind === 'scalar' ? String(node.value) : '';
  if ((kind === 'whole' || kind === 'flag') && !isYes(text)) return 'warning';
  return mode === 'differs' ? 'info' : undefined;
}

/** What happens at a value that the schema does not take. */
function stop(mode: SchemaMode, otherwise: string): string {
  if (mode === 'stops') return 'packaging stops';
  const versions = `Serverless 3 and 4 warn and ${otherwise}`;
  return mode === 'warns' ? versions : `osls 4 stops packaging, ${versions}`;
}

/** YAML 1.2 has no `yes`: it is a text. */
function isYes(text: string): boolean {
  return /^(?:y|yes|on|enabled?|allow|all|\*)$/i.test(text);
}

function wholeAdvice(text: string): string {
  if (isYes(text)) return 'Write `true`.';
  return /^(?:n|no|off|disabled?|none)$/i.test(text) ? 'Write `false`.' : 'Write a map with the origin in it.';
}

function methodFor(text: string): string | undefined {
  if (text === '*') return 'ANY';
  const upper = text.trim().toUpperCase();
  return /^(?:GET|POST|PUT|PATCH|OPTIONS|HEAD|DELETE|ANY)$/.test(upper) ? upper : undefined;
}

function replacement(refusal: Exclude<Refusal, { kind: 'external' | 'map' }>): Data['fix'] {
  const text = String(refusal.node.value);
  const wanted = wantedText(refusal, text);
  const edit = wanted === undefined ? undefined : replaceRaw(refusal.node, wanted);
  return asFix(`Write \`${wanted}\``, edit && [edit]);
}

function wantedText(refusal: Exclude<Refusal, { kind: 'external' | 'map' }>, text: string): string | undefined {
  if (refusal.kind === 'method') return methodFor(text);
  if (refusal.kind === 'age') return undefined;
  if (isYes(text)) return 'true';
  if (/^(?:n|no|off|disabled?|none)$/i.test(text)) return 'false';
  if (refusal.kind !== 'whole' || !/^https?:\/\/[^\s,*]+$/.test(text)) return undefined;
  const origin = scalarText(text, 'plain');
  return refusal.dialect === 'rest' ? `{ origin: ${origin} }` : `{ allowedOrigins: [${origin}] }`;
}

function asFix(title: string, edits: readonly Edit[] | undefined): Data['fix'] {
  return edits && { title, edits };
}
