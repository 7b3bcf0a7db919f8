import { beforeAll, describe, expect, it } from 'vitest';
import { memoryHost } from '../../../../../test/harness/memoryHost';
import { openBrowser } from '../../../cors/browser';
import { applyEdits } from '../../../lint/edits';
import { serverless } from '../platform';

beforeAll(() => serverless.prepare?.());

const HEAD = `service: notes
custom:
  front: https://front.example.com
  all: ['https://one.example.com', 'https://two.example.com']
  joined: https://\${self:custom.name}.example.com
  name: made
  reference: !Ref Parameter
provider: { name: aws, runtime: nodejs20.x }
`;

function indented(text: string, by: number): string {
  return text.replace(/^(?=.)/gm, ' '.repeat(by));
}

function bucket(origins: string): string {
  return `Files:
  Type: AWS::S3::Bucket
  Properties:
    CorsConfiguration:
      CorsRules:
        - AllowedMethods: [GET]
          AllowedOrigins: ${origins}
`;
}

function analyse(text: string, others: readonly (readonly [string, string])[] = []) {
  return serverless.analyse('serverless.yml', text, memoryHost(new Map([['serverless.yml', text], ...others])), {});
}

/** What `GET` from an origin gets for Access-Control-Allow-Origin, in each set of circumstances. */
function allowed(
  text: string,
  origin: string,
  others?: readonly (readonly [string, string])[],
): (string | undefined)[] {
  const [endpoint, ...more] = analyse(text, others).endpoints;
  expect(more).toEqual([]);
  if (endpoint === undefined) return [];
  return openBrowser(endpoint)
    .send({ method: 'GET', scheme: 'https', path: '/', origin, headers: new Map(), ending: 'success' })
    .map(({ headers }) => headers.find(({ name }) => name === 'Access-Control-Allow-Origin')?.text);
}

const FRONT = 'https://front.example.com';

describe('values of resources', () => {
  it.each([
    ['a variable', '["${self:custom.front}"]', FRONT, [FRONT]],
    ['a list behind a variable', '${self:custom.all}', 'https://two.example.com', ['https://two.example.com']],
    ['a list behind a variable lets in no other', '${self:custom.all}', FRONT, [undefined]],
    ['variables in a text', '["${self:custom.joined}"]', 'https://made.example.com', ['https://made.example.com']],
    ['a variable in Fn::Sub', '[!Sub "${self:custom.front}"]', FRONT, [FRONT]],
    ['a default', '["${opt:origin, self:custom.front}"]', FRONT, [undefined, FRONT]],
    [
      'a parameter of the template',
      '[!Ref Given]',
      'https://given.example.com',
      ['https://given.example.com', undefined],
    ],
    ['a function behind a variable', '["${self:custom.reference}"]', FRONT, [undefined]],
  ] as const)('%s', (_, origins, origin, expected) => {
    const parameters = `Parameters:
  Given: { Type: String, Default: https://given.example.com }
`;
    const text = `${HEAD}resources:\n${indented(`${parameters}Resources:\n${indented(bucket(origins), 2)}`, 2)}`;
    expect(allowed(text, origin).toSorted()).toEqual([...expected].toSorted());
  });
});

describe('where resources stand', () => {
  const files = [['buckets.yml', `Resources:\n${indented(bucket('[https://front.example.com]'), 2)}`]] as const;
  it.each([
    ['in a file', 'resources: ${file(buckets.yml)}\n'],
    ['in a file of a list', 'resources:\n  - ${file(buckets.yml)}\n  - Outputs: {}\n'],
    ['in a map of a file', 'resources:\n  Resources: ${file(buckets.yml):Resources}\n'],
    ['a single one in a file', 'resources:\n  Resources:\n    Files: ${file(buckets.yml):Resources.Files}\n'],
  ])('%s', (_, resources) => {
    expect(allowed(`${HEAD}${resources}`, FRONT, files)).toEqual([FRONT]);
  });

  it.each([
    ['a missing file', 'resources: ${file(none.yml)}\n'],
    ['a text', 'resources: 1\n'],
    ['a list of texts', 'resources: [a, null]\n'],
    ['a circle', 'resources: ${self:resources}\n'],
    ['a resource without a type', 'resources:\n  Resources:\n    A: { Properties: { CorsConfiguration: {} } }\n'],
  ])('%s gives no endpoint', (_, resources) => {
    expect(analyse(`${HEAD}${resources}`).endpoints).toEqual([]);
  });
});

describe('repairs', () => {
  /** The text of the file after the edits for the origin that the first policy names. */
  function mended(text: string, make: 'replace-value' | 'allow-list', origins: readonly string[]): string | undefined {
    const analysis = analyse(text);
    const [endpoint] = analysis.endpoints;
    const header = endpoint
      ?.respond({ method: 'GET', scheme: 'https', path: '/', origin: FRONT, headers: new Map(), ending: 'success' })
      .flatMap(({ headers }) => headers)
      .find(({ name }) => name === 'Access-Control-Allow-Origin');
    const place = endpoint?.policies[0]?.entries[0]?.place ?? header?.value.place;
    const [first = ''] = origins;
    if (endpoint === undefined || place === undefined) throw new Error('nothing to mend');
    const repair =
      make === 'allow-list'
        ? ({ kind: make, endpoint, place, origins } as const)
        : ({ kind: make, place, text: first } as const);
    const edits = serverless.repair(analysis, repair, memoryHost(new Map([['serverless.yml', text]])));
    return edits && applyEdits(text, edits);
  }

  it.each([
    ['an item', "['https://old.example.com']", 'replace-value', [FRONT], "'https://old.example.com'", `'${FRONT}'`],
    ['the variable', '["${self:custom.name}"]', 'replace-value', [FRONT], 'name: made', `name: ${FRONT}`],
    ['a function', '[!Sub "https://old.example.com"]', 'replace-value', [FRONT], undefined, undefined],
    ['every origin', "['*']", 'allow-list', [FRONT, 'https://b.example.com'], "'*'", `${FRONT}, https://b.example.com`],
  ] as const)('%s', (_, origins, kind, texts, from, to) => {
    const text = `${HEAD}resources:\n  Resources:\n${indented(bucket(origins), 4)}`;
    const before = from ?? '';
    expect(mended(text, kind, texts)).toEqual(to === undefined ? undefined : text.replace(before, to));
  });

  it.each(['origin', 'name'])('a list is not written where the variable `%s` stands for a text', (key) => {
    const text = `custom: { ${key}: '*' }\nresources:\n  Resources:\n${indented(bucket(`["\${self:custom.${key}}"]`), 4)}`;
    expect(mended(text, 'allow-list', [FRONT, 'https://b.example.com'])).toBeUndefined();
  });
});
