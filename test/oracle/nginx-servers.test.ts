import { beforeAll, expect, test } from 'vitest';
import { chooseServer } from '../../server/src/platforms/nginx/evaluate/server-choice';
import { nginx } from '../../server/src/platforms/nginx/platform';
import { freePort } from '../harness/ports';
import { suiteNeeds } from '../harness/require';
import { memoryHost } from './nginx-host';
import { chooseSeed, type Random, randomFrom } from './nginx-random';
import { startWorld } from './nginx-world';

/** Which of many servers answers for a host, by their names and sockets: as the real nginx does. */

const seed = chooseSeed();
const ROUNDS = 12;

const NAMES = [
  'a.example',
  'b.a.example',
  '*.a.example',
  '*.b.a.example',
  '.a.example',
  'a.*',
  'a.b.*',
  'b.a.*',
  '~^(?<who>[ab])\\.example$',
  '~a\\.example',
  '"~^.\\.b\\.{1}"',
  'A.Example',
  '""',
  '_',
];

const HOSTS = [
  'a.example',
  'A.EXAMPLE',
  'a.example:8080',
  'a.example.',
  'b.a.example',
  'c.b.a.example',
  'x.a.example',
  'a.org',
  'a.b.org',
  'b.a.org',
  'b.example',
  'nothing.example',
  'xa.example',
];

function servers(random: Random, ports: readonly number[]): string {
  const left = new Set(NAMES);
  let defaults = random.pick([0, 1, 2]);
  return Array.from({ length: 5 }, (_, i) => {
    const names = Array.from({ length: random.below(3) }, () => {
      const name = random.pick([...left]);
      left.delete(name);
      return name;
    });
    const port = random.pick(ports);
    const address = random.pick(['127.0.0.1:', '127.0.0.1:', '', '*:', '0.0.0.0:']);
    const isDefault = port === ports[0] && defaults > 0 && address === '127.0.0.1:';
    if (isDefault) defaults = 0;
    const listen = `listen ${address}${port}${isDefault ? ' default_server' : ''};`;
    const called = names.length > 0 ? `server_name ${names.join(' ')};` : '';
    return `server { ${listen} ${called} add_header X-Server s${i} always; return 200; }`;
  }).join('\n');
}

suiteNeeds('nginx')(`servers of a live nginx, SEED=${seed}`, () => {
  beforeAll(() => nginx.prepare?.());

  test(`${ROUNDS} sets of servers`, async () => {
    const random = randomFrom(seed);
    for (let round = 0; round < ROUNDS; round += 1) {
      const other = await freePort();
      let text = '';
      const world = await startWorld((port) => {
        text = `${servers(random, [port, port, other])}\nserver { listen 127.0.0.1:${port}; server_name last; add_header X-Server last always; return 200; }`;
        return text;
      });
      const main = '/etc/nginx/nginx.conf';
      const { configuration } = nginx.analyse(main, `http {\n${text}\n}`, memoryHost({}), {});
      try {
        for (const host of HOSTS) {
          const asked = { method: 'GET', scheme: 'http', host, path: '/', origin: undefined } as const;
          const { headers } = await world.ask({ ...asked, headers: new Map(), ending: 'success' });
          const real = headers.find((line) => line.startsWith('X-Server: '))?.slice('X-Server: '.length);
          const chosen = chooseServer(configuration.servers, { port: world.port, address: '127.0.0.1' }, host);
          const ours = chosen?.own.get('add_header')?.[0]?.args[1]?.value;
          expect(ours, `SEED=${seed} ${host}\n${text}`).toBe(real);
        }
      } finally {
        await world.stop();
      }
    }
  }, 60_000);
});
