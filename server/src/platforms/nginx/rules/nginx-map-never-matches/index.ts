import { pathsOf } from '../../../../cors/patternPaths';
import type { Place } from '../../../../cors/place';
import { platformRule } from '../../../../lint/defineRule';
import type { NginxAnalysis } from '../../analysis';
import type { MapBlock } from '../../config/configuration';
import type { Level } from '../../config/level';
import { type Node, wordPlace } from '../../config/node';
import { readTest } from '../../evaluate/condition';
import { keyPlace, type MapEntry, mapTable } from '../../evaluate/map';

interface Data {
  readonly text: string;
  readonly why: 'variable' | 'upper-case' | 'path';
}

/** Patterns that no `Origin` header matches, and variables where nginx takes a text as it stands. */
export const rule = platformRule<NginxAnalysis, Data>({
  meta: {
    id: 'nginx-map-never-matches',
    title: 'A pattern on the origin that matches nothing',
    severity: 'error',
    category: 'broken',
    tags: ['nginx', 'map', 'if', 'origin', 'pattern'],
    reference: 'https://nginx.org/en/docs/http/ngx_http_map_module.html#map',
  },

  check({ analysis }, report) {
    const { configuration, file, endpoints } = analysis;
    for (const map of configuration.maps.values()) {
      if (map.node.file !== file || !isOnOrigin(map)) continue;
      const { exact, patterns } = mapTable(map);
      for (const entry of [...exact, ...patterns]) {
        const why = faultOf(entry);
        if (why !== undefined) report({ place: keyPlace(entry), data: { text: entry.key, why } });
      }
    }
    const seen = new Set<Node>();
    const levels = new Set(endpoints.flatMap(({ level, server }) => [level, server]));
    for (const node of [...levels].flatMap(ifNodes)) {
      if (seen.has(node)) continue;
      seen.add(node);
      const found = inCondition(node);
      if (found !== undefined) report(found);
    }
  },

  message: ({ text, why }) => {
    switch (why) {
      case 'variable':
        return `\`${text}\` is taken as it stands: nginx puts no variables into patterns and map keys, so no origin ever matches. Write the origin out.`;
      case 'upper-case':
        return `\`${text}\` has capital letters, and browsers send origins in lower case: nothing ever matches. Write it in lower case, or use \`~*\`.`;
      case 'path':
        return `\`${text}\` wants a slash after the host, and an origin ends with host or port: nothing ever matches. Leave the path out.`;
    }
  },
});

function isOnOrigin({ node }: MapBlock): boolean {
  return /^\$(?:http_origin|\{http_origin\})$/i.test(node.args[0]?.value ?? '');
}

function faultOf({ key, kind, ignoreCase }: MapEntry): Data['why'] | undefined {
  if (kind === 'exact') {
    return /^\$\w+$/.test(key) ? 'variable' : undefined;
  }
  return patternFault(key, ignoreCase);
}

/** Whether every way through the pattern wants what no origin has. */
function patternFault(source: string, ignoreCase: boolean): Data['why'] | undefined {
  if (/\$[A-Za-z_]\w*/.test(source)) {
    return 'variable';
  }
  const paths = pathsOf({ kind: 'regex', source, flags: ignoreCase ? 'i' : '', dialect: 'pcre' });
  const texts = paths.map(({ items }) => items.map((item) => (item.kind === 'text' ? item.text : '\u0000')).join(''));
  if (texts.length === 0) {
    return undefined;
  }
  if (!ignoreCase && texts.every((text) => /[A-Z]/.test(text))) {
    return 'upper-case';
  }
  return texts.every((text) => /:\/\/[^/]+\//.test(text)) ? 'path' : undefined;
}

function ifNodes(level: Level): Node[] {
  return level.program.flatMap((step) => (step.kind === 'if' ? [step.node] : []));
}

function inCondition(node: Node): { place: Place; data: Data } | undefined {
  const test = readTest(node);
  if (test.kind !== 'match' || !/^\$http_origin$/i.test(test.subject.value)) {
    return undefined;
  }
  const why = patternFault(test.operand.value, test.ignoreCase);
  return why && { place: wordPlace(node.file, test.operand), data: { text: test.operand.value, why } };
}
