import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadYaml, type YamlLibrary } from '../../yaml/library';
import { isCompose, type Project, readCompose } from './compose';
import { type Service, whenStarted } from './compose/settle';

let yaml: YamlLibrary;
beforeAll(async () => {
  yaml = await loadYaml();
});

const MAIN = '/w/compose.yaml';

/** The project of `/w/compose.yaml` among files that are named from `/w`. */
function project(files: Readonly<Record<string, string>>, asked: string[] = []): Project {
  const texts = new Map(Object.entries(files).map(([name, text]) => [join('/w', name), text]));
  return readCompose(yaml, MAIN, (file) => {
    asked.push(file);
    return texts.get(file);
  });
}

function only(text: string, more: Readonly<Record<string, string>> = {}): Service | undefined {
  const { services } = project({ 'compose.yaml': text, ...more });
  return services.find(({ name }) => name === 'api');
}

const api = (lines: string): string => `services:\n  api:\n    ${lines.trim().split('\n').join('\n    ')}\n`;

test.each([
  ['compose.yaml', true],
  ['a/docker-compose.yml', true],
  ['docker-compose.prod.yaml', true],
  ['compose.override.yml', true],
  ['composer.yaml', false],
  ['compose.json', false],
])('%s is a Compose file: %s', (file, expected) => {
  expect(isCompose(file)).toBe(expected);
});

describe('ports', () => {
  const shown = (service: Service | undefined): string[] =>
    (service?.ports.published ?? []).map(
      ({ published, target, provided }) => `${published}:${target}${provided ? ` if ${provided.holds}` : ''}`,
    );
  test.each([
    ['short', '"8080:3000"', ['8080:3000'], [3000]],
    ['with an address', '"127.0.0.1:8080:3000"', ['8080:3000'], [3000]],
    ['with an address of IPv6', '"[::1]:8080:3000/tcp"', ['8080:3000'], [3000]],
    ['chosen at each start', '"3000"', [], [3000]],
    ['chosen at each start, with an address', '"127.0.0.1::3000"', [], [3000]],
    ['a range', '"9090-9091:8080-8081"', ['9090:8080', '9091:8081'], [8080, 8081]],
    ['any of a range', '"9090-9091:8080"', [], [8080]],
    ['a range without end', '"1-65535:1-65535"', [], []],
    ['no port', '"8080:99999"', [], []],
    ['UDP', '"8080:3000/udp"', [], []],
    ['long', '{ target: 3000, published: "8080" }', ['8080:3000'], [3000]],
    ['long, numbers and all', '{ target: 3000, published: 8080, protocol: tcp, mode: host }', ['8080:3000'], [3000]],
    ['long, not published', '{ target: 3000 }', [], [3000]],
    ['long, any of a range', '{ target: 3000, published: "8080-8090" }', [], [3000]],
    ['long, UDP', '{ target: 3000, published: 8080, protocol: udp }', [], []],
    ['a default', '"${OUT:-8080}:3000"', ['8080:3000 if OUT is unset'], [3000]],
    ['long, a default', '{ target: 3000, published: "${OUT:-8080}" }', ['8080:3000 if OUT is unset'], [3000]],
    ['a variable', '"${OUT}:3000"', [], []],
    ['wrong types', '[8080, 3000]', [], []],
  ])('%s', (_, item, published, inside) => {
    const service = only(api(`ports:\n  - ${item}\nexpose: ["7000", 7001]`));
    expect(shown(service)).toEqual(published);
    expect(service?.ports.inside).toEqual([7000, 7001, ...inside]);
  });
});

describe('environment', () => {
  /** The value of PORT, in which circumstance, and whether there may be more than is read. */
  const port = (service: Service | undefined): string => {
    if (service === undefined) return 'no service';
    const more = service.hasUnknownVariables ? ' and more' : '';
    if (!service.environment.has('PORT')) return `not set${more}`;
    const value = service.environment.get('PORT');
    return `${value?.text ?? 'unknown'}${value?.provided ? ` if ${value.provided.holds}` : ''}${more}`;
  };
  const list = 'environment:\n  - PORT=';
  test.each([
    ['a map', 'environment:\n  PORT: 4000', {}, '4000'],
    ['a list', `${list}4000`, {}, '4000'],
    ['an escaped dollar sign', `${list}$$PORT`, {}, '$PORT'],
    ['a variable that is told nowhere', `${list}\${X}`, {}, 'unknown'],
    ['a variable out of .env', `${list}\${X}`, { '.env': 'X=4000' }, '4000 if X is 4000, as in .env'],
    ['a variable without braces', `${list}40$X`, { '.env': 'X="00"' }, '4000 if X is 00, as in .env'],
    ['a default for unset or empty', `${list}\${X:-4000}`, { '.env': 'X=' }, '4000 if X is unset'],
    ['a default for unset', `${list}\${X-4000}`, { '.env': 'X=' }, ' if X is , as in .env'],
    ['a default for unset, unset', `${list}\${X-4000}`, {}, '4000 if X is unset'],
    ['a default, set', `${list}\${X:-4000}`, { '.env': 'X=5000' }, '5000 if X is 5000, as in .env'],
    ['a default in a default', `${list}\${X:-\${Y:-4000}}`, {}, '4000 if X is unset and Y is unset'],
    ['what must be set, and is not', `${list}\${X:?say X}`, {}, 'unknown'],
    ['what must be set, and is', `${list}\${X:?say X}`, { '.env': 'X=4000' }, '4000 if X is 4000, as in .env'],
    ['what stands in for a variable', `${list}\${X:+4000}`, { '.env': 'X=1' }, 'unknown'],
    ['no variable', `${list}\${1X}`, {}, 'unknown'],
    ['an open brace', `${list}\${X:-4000`, {}, 'unknown'],
    ['a name alone', 'environment: [PORT]', { '.env': 'PORT=4000' }, '4000 if PORT is 4000, as in .env'],
    ['a name alone in a map', 'environment:\n  PORT:', { '.env': 'PORT=4000' }, '4000 if PORT is 4000, as in .env'],
    ['a name alone that is told nowhere', 'environment: [PORT]', {}, 'unknown'],
    ['a file', 'env_file: a.env', { 'a.env': 'PORT=4000' }, '4000 if PORT is 4000, as in a.env'],
    ['a file that is not there', 'env_file: a.env', {}, 'not set and more'],
    ['a file that need not be there', 'env_file:\n  - path: a.env\n    required: false', {}, 'not set and more'],
    [
      'files, the last one wins',
      'env_file: [a.env, b.env]',
      { 'a.env': 'PORT=1', 'b.env': 'PORT=2' },
      '2 if PORT is 2, as in b.env',
    ],
    ['objects', 'env_file:\n  - path: a.env', { 'a.env': 'PORT=4000' }, '4000 if PORT is 4000, as in a.env'],
    ['a raw file', 'env_file:\n  - path: a.env\n    format: raw', { 'a.env': 'PORT="4000"' }, 'not set and more'],
    ['a file whose name is a default', 'env_file: "${E:-a}.env"', { 'a.env': 'X=1' }, 'not set and more'],
    ['a file with a name alone', 'env_file: a.env', { 'a.env': 'PORT' }, 'unknown'],
    ['a file below what is written', 'env_file: a.env\nenvironment: { PORT: 5 }', { 'a.env': 'PORT=4000' }, '5'],
    ['the image written down in place', 'build: { dockerfile_inline: FROM x }', {}, 'not set and more'],
    ['wrong types', 'environment: 4000\nenv_file: { a: [b] }', {}, 'not set and more'],
    ['lists in lists', 'environment: [[PORT=1]]', {}, 'not set'],
  ])('%s', (_, lines, files, expected) => {
    expect(port(only(api(lines), files))).toBe(expected);
  });

  test('by anchors and merge keys', () => {
    const text = 'x-env: &env\n  PORT: 4000\nservices:\n  api:\n    environment:\n      <<: *env\n      A: 1\n';
    expect(port(only(text))).toBe('4000');
  });

  test.each([
    ['a service of the file', 'extends: { service: base }', {}, '3 and 8 of base'],
    ['by its name', 'extends: base', {}, '3 and 8 of base'],
    [
      'one of another file',
      'extends: { service: base, file: other/base.yml }',
      { 'other/base.yml': api('').replace('api:', 'base:\n    environment: { PORT: 9 }\n    build: .') },
      '9 of other',
    ],
    ['one that is not there', 'extends: { service: nobody }', {}, 'not set and more'],
    ['one of a file that is not there', 'extends: { service: base, file: no.yml }', {}, 'not set and more'],
    ['itself', 'extends: { service: api }', {}, 'not set and more'],
  ])('extended: %s', (_, lines, files, expected) => {
    const base = '  base:\n    build: ./base\n    environment: { PORT: 3 }\n    ports: ["8:8"]\n';
    const service = only(api(lines) + base, files);
    const ports = service?.ports.published.map(({ target }) => ` and ${target}`).join('') ?? '';
    const folder = service?.folders.map(({ path }) => ` of ${path.slice('/w/'.length)}`).join('') ?? '';
    expect(port(service) + ports + folder).toBe(expected);
  });

  test.each([
    ['adds', 'environment: { PORT: 5000 }', '5000 if compose.override.yaml is used'],
    ['replaces all', 'environment: !override { A: 1 }', 'not set'],
    ['takes away', 'environment: !reset { PORT: 1 }', 'not set'],
    ['takes one away', 'environment: { PORT: !reset null }', 'unknown'],
    ['says nothing of it', 'restart: always', '4000'],
  ])('an override file that %s', (_, lines, expected) => {
    const files = { 'compose.override.yaml': api(lines) };
    expect(port(only(api('environment: { PORT: 4000 }'), files))).toBe(expected);
  });
});

const BASED = { 'b.yaml': 'services:\n  base:\n    networks: [base]\n' };

describe('a project', () => {
  const names = ({ services }: Project): string[] =>
    services.map((service) => {
      const provided = whenStarted(service)?.holds;
      return provided === undefined ? service.name : `${service.name} if ${provided}`;
    });

  test('with an override file, which is no project of its own', () => {
    const found = project({
      'compose.yaml': api('build: ./api'),
      'docker-compose.override.yml': `${api('ports: ["1:2"]')}  extra:\n    image: x\n`,
    });
    expect(names(found)).toEqual(['api', 'extra if docker-compose.override.yml is used']);
    expect([...found.parts]).toEqual(['/w/docker-compose.override.yml']);
    expect(found.services[0]?.folders).toEqual([{ path: '/w/api', provided: undefined }]);
  });

  test('that includes others: each with its folder and its variables, those of the first one before', () => {
    const found = project({
      'compose.yaml': 'include:\n  - sub/compose.yaml\n  - path: [b/one.yml, b/two.yml]\n    env_file: b/x.env\n',
      '.env': 'PORT=1',
      'sub/compose.yaml': api('build: .\nenvironment: ["A=${PORT}", "B=${OTHER}"]'),
      'sub/.env': 'PORT=2\nOTHER=3',
      'b/one.yml': 'services:\n  b:\n    build: .\n',
      'b/two.yml': 'services:\n  b:\n    environment: ["A=${N}"]\n',
      'b/x.env': 'N=7',
    });
    const [first, second] = found.services;
    expect(names(found)).toEqual(['api', 'b']);
    expect(first?.folders.map(({ path }) => path)).toEqual(['/w/sub']);
    expect([...(first?.environment.values() ?? [])].map((value) => value?.text)).toEqual(['1', '3']);
    expect(second?.environment.get('A')?.text).toBe('7');
    expect([...found.parts]).toEqual(['/w/sub/compose.yaml', '/w/b/one.yml', '/w/b/two.yml']);
    expect(first?.files).toBe(second?.files);
    expect([...(first?.files ?? [])]).toContain('/w/sub/.env');
  });

  test.each([
    ['one', '[dev]', 'api if the profile dev is used'],
    ['two', '[dev, ci]', 'api if the profile dev or ci is used'],
    ['a variable', '["${P}"]', 'api if the profile ${P} is used'],
    ['none', '[]', 'api'],
  ])('whose service has profiles: %s', (_, profiles, expected) => {
    expect(names(project({ 'compose.yaml': api(`profiles: ${profiles}`) }))).toEqual([expected]);
  });

  test.each([
    ['listed', 'compose.yaml:b.yaml', '5 if COMPOSE_FILE is as in .env'],
    ['listed with semicolons', 'compose.yaml;b.yaml', '5 if COMPOSE_FILE is as in .env'],
    ['listed with a separator', 'compose.yaml,b.yaml\nCOMPOSE_PATH_SEPARATOR=,', '5 if COMPOSE_FILE is as in .env'],
    ['listed alone', 'compose.yaml', '4'],
    ['listed behind another one', 'b.yaml:compose.yaml', '6 if compose.override.yaml is used'],
    ['not listed', 'b.yaml', '6 if compose.override.yaml is used'],
  ])('whose files are %s', (_, listed, expected) => {
    const value = only(api('environment: { PORT: 4 }'), {
      '.env': `COMPOSE_FILE=${listed}\n`,
      'b.yaml': api('environment: { PORT: 5 }'),
      'compose.override.yaml': api('environment: { PORT: 6 }'),
    })?.environment.get('PORT');
    expect(`${value?.text}${value?.provided ? ` if ${value.provided.holds}` : ''}`).toBe(expected);
  });

  test.each([
    ['none', '', {}, 'default'],
    ['an empty list', 'networks: []', {}, 'default'],
    ['a list', 'networks: [a, b]', {}, 'a b'],
    ['a map', 'networks:\n  a:\n  b: { aliases: [x] }', {}, 'a b'],
    ['one that is filled in', 'networks: ["${N:-a}"]', {}, 'unknown'],
    ['a mode of others', 'network_mode: "container:db"', {}, 'unknown'],
    ['a mode that is filled in', 'network_mode: "${M}"', {}, 'unknown'],
    ["Docker's own", 'network_mode: bridge', {}, ''],
    ["the machine's", 'network_mode: host', {}, 'host'],
    ['those of another', 'network_mode: service:db', {}, 'of db'],
    ['those that it extends', 'networks: [a]\nextends: { service: base, file: b.yaml }', BASED, 'base a'],
    [
      'those that may be overridden',
      'networks: [a]',
      { 'compose.override.yaml': BASED['b.yaml'] + api('networks: [c]').slice(10) },
      'unknown',
    ],
  ])('whose service has networks: %s', (_, lines, files, expected) => {
    const network = only(api(lines), files)?.network;
    const shown = network?.kind === 'own' ? [...(network.networks ?? ['unknown'])].join(' ') : network?.kind;
    expect(network?.kind === 'of' ? `of ${network.service}` : shown).toBe(expected);
  });

  test('whose service goes by more names', () => {
    const service = only(
      api(
        'container_name: ${N:-Shop}-api\nhostname: inner\nlinks: ["db:Store", "cache"]\nnetworks:\n  net:\n    aliases: [other]\n  plain:',
      ),
    );
    expect(service?.names.map(({ text, provided }) => `${text}${provided ? ` if ${provided.holds}` : ''}`)).toEqual([
      'api',
      'shop-api if N is unset',
      'inner',
      'other',
    ]);
    expect(service?.links.map(({ alias, service: to }) => `${alias} is ${to}`)).toEqual([
      'store is db',
      'cache is cache',
    ]);
  });

  test.each([
    ['extends in a circle', `${api('extends: b')}  b:\n    extends: api\n`, {}],
    ['includes itself', `include: [compose.yaml]\n${api('image: x')}`, {}],
    ['includes what includes it', `include: [b.yaml]\n${api('image: x')}`, { 'b.yaml': 'include: [compose.yaml]\n' }],
    [
      'extends itself from another file',
      api('extends: { file: b.yaml, service: api }'),
      { 'b.yaml': api('extends: { file: compose.yaml, service: api }') },
    ],
    ['has an alias of itself', 'services:\n  api: &a\n    build: *a\n    environment: *a\n    extends: *a\n', {}],
    [
      'has wrong types',
      'include: 7\nservices:\n  api:\n    ports: { a: 1 }\n    build: [x]\n    profiles: dev\n    networks: [a]\n    volumes: x\n    links: {}\n    extends: []\n',
      {},
    ],
    ['has services that are none', 'services:\n  api: 3\n  b: []\n  c:\n', {}],
  ])('that %s comes to an end', (_, text, files) => {
    expect(names(project({ 'compose.yaml': text, ...files })).filter((name) => name === 'api')).toEqual(['api']);
  });

  test.each([['services: []'], ['[]'], [''], ['services: *nobody'], ['\u0000{{'], ['include:\n  - ${X}\n']])(
    'without services: %j',
    (text) => {
      expect(project({ 'compose.yaml': text }).services).toEqual([]);
    },
  );

  test('of one service a thousand times over, with a thousand ports, is read as far as is reasonable', () => {
    const ports = Array.from({ length: 5000 }, (_, i) => `"${i + 1}:${i + 1}"`).join(', ');
    const many = Array.from({ length: 5000 }, (_, i) => `  s${i}: *a\n`).join('');
    const { services } = project({ 'compose.yaml': `services:\n  api: &a\n    ports: [${ports}]\n${many}` });
    expect(services.length).toBe(500);
    expect(Math.max(...services.map((each) => each.ports.published.length))).toBe(500);
  });

  test('of more files than anybody has is read as far as is reasonable', () => {
    const all = Array.from({ length: 200 }, (_, i) => `c${i}.yaml`);
    const include = `include: [${all.join(', ')}]\n`;
    const asked: string[] = [];
    const files = Object.fromEntries(all.map((name) => [name, include]));
    expect(project({ ...files, 'compose.yaml': `${include}${api('image: x')}` }, asked).services.length).toBe(1);
    expect(asked.filter((file) => /c\d+\.yaml$/.test(file)).length).toBe(49);
  });

  test('of services that extend each other in a long row', () => {
    const row = Array.from(
      { length: 400 },
      (_, i) => `  s${i}:\n    extends: s${i + 1}\n    ports: ["${i + 1}:1", "${i + 1}:2", "${i + 1}:3"]\n`,
    ).join('');
    const { services } = project({ 'compose.yaml': `services:\n${row}  s400:\n    build: ./last\n` });
    expect(services[0]?.folders[0]?.path).toBe('/w/last');
    expect(services[0]?.ports.published.length).toBe(500);
  });

  test.each([
    ['defaults in defaults', `${'${B:-'.repeat(5000)}1${'}'.repeat(5000)}`],
    ['a row of variables', '$A'.repeat(5000)],
    ['a variable of a whole text', '$LONG'],
    ['open braces', '${'.repeat(50_000)],
  ])('with %s is unknown', (_, value) => {
    const service = only(api(`environment:\n  PORT: "${value}"`), { '.env': `A=1\nLONG=${'x'.repeat(5000)}` });
    expect(service?.environment.has('PORT')).toBe(true);
    expect(service?.environment.get('PORT')).toBe(undefined);
  });
});
