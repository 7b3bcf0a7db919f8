import { beforeAll, describe, expect, test } from 'vitest';
import { loadYaml, type YamlLibrary } from '../../../yaml/library';
import { parseYaml } from '../../../yaml/parse';
import { entryOf } from '../../../yaml/tree';
import type { Resolution } from './resolution';
import { Resolver } from './resolver';
import { parseVariables } from './variables';

let yaml: YamlLibrary;
beforeAll(async () => {
  yaml = await loadYaml();
});

/** What `x` comes to, in words. */
function resolve(text: string, files: Record<string, string> = {}): string {
  const root = parseYaml(yaml, 'serverless.yml', text).roots[0];
  const resolver = new Resolver(root, (path) => {
    const found = files[path];
    return found === undefined ? undefined : parseYaml(yaml, path, found).roots[0];
  });
  return words(resolver.resolve(entryOf(root, 'x')?.value));
}

function words(resolution: Resolution): string {
  switch (resolution.kind) {
    case 'node': {
      const { node } = resolution;
      return node.kind === 'scalar' ? JSON.stringify(node.value) : node.kind;
    }
    case 'template':
      return resolution.parts.map((part) => ('text' in part ? part.text : `<${part.hole.decidedBy}>`)).join('');
    case 'choice':
      return [...resolution.options.map((o) => `${o.holds}: ${words(o.value)}`), words(resolution.last)].join(' | ');
    case 'unknown':
      return `unknown: ${resolution.reason}`;
  }
}

describe('what a variable comes to', () => {
  const cases: [text: string, expected: string][] = [
    ['x: plain', '"plain"'],
    ['x: ${self:custom.a.b}\ncustom: {a: {b: 1}}', '1'],
    ['x: ${self:custom.a}\ncustom: {a: {b: 1}}', 'map'],
    ['x: ${self:custom.list.1}\ncustom: {list: [a, b]}', '"b"'],
    ['x: https://${self:custom.d}/p\ncustom: {d: a.com}', '"https://a.com/p"'],
    ['x: ${self:custom.no}\ncustom: {}', 'unknown: the configuration has no no'],
    ["x: ${self:custom.no, 'd'}\ncustom: {}", '"d"'],
    ["x: ${self:custom.no, self:custom.yes, 'd'}\ncustom: {yes: y}", '"y"'],
    ['x: ${env:HOST}', 'unknown: HOST is set where the deployment runs'],
    ["x: ${env:HOST, 'd'}", 'HOST is set: unknown: HOST is set where the deployment runs | "d"'],
    ['x: https://${env:HOST}/p', 'https://<HOST>/p'],
    [
      'x: ${opt:stage, self:provider.stage}\nprovider: {stage: dev}',
      '--stage is given: unknown: the stage is set where the deployment runs | "dev"',
    ],
    ['x: ${param:o}\nparams: {default: {o: a}, prod: {o: b}}', 'the stage is prod: "b" | "a"'],
    ['x: ${param:o}\nparams: {default: {o: a}, dev: {o: c}}', 'the stage is another one: "a" | "c"'],
    ['x: ${param:o}\nprovider: {stage: prod}\nparams: {dev: {o: a}, prod: {o: b}}', 'the stage is dev: "a" | "b"'],
    ['x: ${param:o}\nstages: {default: {params: {o: a}}}', '"a"'],
    [
      'x: ${self:custom.o.${opt:stage}}\ncustom: {o: {dev: 1, prod: 2}}',
      'the stage is dev: 1 | the stage is prod: 2 | unknown: the stage is set where the deployment runs',
    ],
    [
      'x: ${self:custom.o.${sls:stage}}\ncustom: {o: {dev: 1, prod: 2}}',
      'the stage is dev: 1 | the stage is prod: 2 | --stage is given: unknown: the stage is set where the deployment runs | 1',
    ],
    ['x: ${AWS::Region} ${Foo}', '"${AWS::Region} ${Foo}"'],
    ['x: \\${self:a}', '"${self:a}"'],
    ['x: ${ssm:/a/b}', 'unknown: ${ssm:…} is looked up at deployment'],
    ['x: ${strToBool(true)}', 'true'],
    ['x: ${self:x}', 'unknown: the variables refer to each other in a circle'],
    ['x: ${self:y}\ny: a${self:x}', 'a<the variable>'],
    ['x: ${file(./a.yml):k.l}', 'unknown: ./a.yml cannot be read'],
    ['x: ${file(./a.js):k}', 'unknown: ./a.js is not read'],
    ["x: ${file(./a.yml):k, 'd'}", '"d"'],
    ['x: "${self:custom.a}"\ncustom: {a: "${self:custom.b}", b: ok}', '"ok"'],
  ];
  test.each(cases)('%s', (text, expected) => {
    expect(resolve(text)).toBe(expected);
  });

  test('a file, whose own variables look at the service', () => {
    const files = { './cors.yml': 'main:\n  origin: ${self:custom.o}\n' };
    expect(resolve('x: ${file(./cors.yml):main.origin}\ncustom: {o: a}', files)).toBe('"a"');
    expect(resolve('x: ${file(./${self:n}.yml)}\nn: cors', files)).toBe('map');
  });

  test('a flood of variables ends', () => {
    const lines = Array.from({ length: 40 }, (_, i) => `a${i}: \${self:a${i + 1}}\${self:a${i + 1}}`);
    const started = performance.now();
    resolve(`x: \${self:a0}\n${lines.join('\n')}\na40: y`);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test('nested variables are cut at their own braces', () => {
    expect(
      parseVariables('a${self:x.${opt:s, "}"}}b').map((part) => (typeof part === 'string' ? part : part.text)),
    ).toEqual(['a', '${self:x.${opt:s, "}"}}', 'b']);
    expect(parseVariables('${'.repeat(2_000)).length).toBe(1);
  });
});
