import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { platforms, rules } from '../../server/src/lint/registry';
import { nodeDisk } from '../../server/src/workspace/nodeDisk';
import { openWorkspace } from '../../server/src/workspace/openWorkspace';
import { openScratch } from '../../server/src/workspace/testing/scratch';
import { type FrontEndRequest, type Outcome, type RunningChromium, startChromium } from '../harness/chromium';
import { startExpress } from '../harness/express';
import { startNginx } from '../harness/nginx';
import { projectRoot, suiteNeeds } from '../harness/require';

/** Where the page reaches the proxy, which has one server for every name. */
const PROXY = 'https://proxy.example.org';
const BOOKINGS = 'https://bookings.example.com';
const DESK = 'https://desk.example.com';

interface Fault {
  readonly name: string;
  /** Sent one after the other; the last one is the one that fails. */
  readonly calls: readonly FrontEndRequest[];
  readonly rule: string;
}

const json = { 'Content-Type': 'application/json' };
const FAULTS: readonly Fault[] = [
  {
    name: 'the desk sends its cookies',
    rule: 'duplicate-header',
    calls: [{ origin: DESK, url: `${PROXY}/api/rooms/1`, credentials: true }],
  },
  {
    name: 'the desk books',
    rule: 'conflicting-layers',
    calls: [
      { origin: DESK, url: `${PROXY}/api/bookings/`, method: 'POST', headers: json, credentials: true, body: '{}' },
    ],
  },
  {
    name: 'a booking is moved',
    rule: 'method-not-allowed',
    calls: [
      {
        origin: BOOKINGS,
        url: `${PROXY}/api/bookings/1`,
        method: 'PATCH',
        headers: json,
        credentials: true,
        body: '{}',
      },
    ],
  },
  {
    name: 'a guest is renamed',
    rule: 'conflicting-layers',
    calls: [
      { origin: BOOKINGS, url: `${PROXY}/api/guests/1`, method: 'PUT', headers: json, credentials: true, body: '{}' },
    ],
  },
  {
    name: 'the desk reads an invoice',
    rule: 'conflicting-layers',
    calls: [{ origin: DESK, url: `${PROXY}/api/invoices/1`, credentials: true }],
  },
  {
    name: 'reports with a trace',
    rule: 'header-not-allowed',
    calls: [{ origin: BOOKINGS, url: `${PROXY}/api/reports`, headers: { 'X-Trace-Id': '1' } }],
  },
  {
    name: 'prices that somebody else asked for before',
    rule: 'cache-without-origin',
    calls: [
      { origin: DESK, url: `${PROXY}/api/prices/monday` },
      { origin: BOOKINGS, url: `${PROXY}/api/prices/monday` },
    ],
  },
];

/** examples/between as it really is: nginx, Express and a page. Every fault is one, and none is left after the fixes. */
suiteNeeds('nginx', 'chromium')('examples/between as a real stack', () => {
  let chromium: RunningChromium;
  beforeAll(async () => {
    chromium = await startChromium();
  }, 60_000);
  afterAll(() => chromium?.stop());

  test('what is found fails in the browser, and passes after the fixes', { timeout: 120_000 }, async () => {
    const scratch = openScratch({});
    try {
      cpSync(join(projectRoot, 'examples/between'), scratch.root, { recursive: true });
      const [conf, api] = [scratch.at('nginx/site.conf'), scratch.at('api/server.js')];
      const router = readFileSync(scratch.at('api/bookings.js'), 'utf8');
      const before = await play(chromium, readFileSync(conf, 'utf8'), readFileSync(api, 'utf8'), router);
      expect(before.verdicts).toEqual(FAULTS.map(({ name }) => [name, 'blocked']));
      expect(before.total).toBeUndefined();

      const workspace = openWorkspace({ disk: nodeDisk, root: scratch.root, platforms, rules });
      const told = (await Promise.all([conf, api].map((file) => workspace.lintWhole(file)))).flatMap(({ findings }) =>
        findings.map(({ rule }) => rule.id),
      );
      expect(new Set(told)).toEqual(new Set(['header-not-exposed', ...FAULTS.map(({ rule }) => rule)]));
      for (const file of [conf, api]) {
        const { texts } = await workspace.fixAll(file);
        for (const [changed, text] of texts) workspace.setOverlay(changed, text, 1);
      }
      const text = (file: string): string => workspace.host.read(file) ?? '';
      const after = await play(chromium, text(conf), text(api), router);
      expect(after.verdicts).toEqual(FAULTS.map(({ name }) => [name, 'allowed']));
      expect(after.total).toBe('3');
    } finally {
      scratch.remove();
    }
  });
});

/** Plays the calls of every fault, and reads `X-Total-Count` as the page does. */
async function play(chromium: RunningChromium, site: string, api: string, router: string) {
  const server = await startExpress({ version: 5, name: 'server.js', text: api, files: { 'bookings.js': router } });
  const proxy = await startNginx((port) => ({
    text: site
      .replaceAll('api:3000', `127.0.0.1:${server.port}`)
      .replace('listen 80;', `listen 127.0.0.1:${port};`)
      .replace('/var/cache/nginx', 'cache'),
  }));
  const web = await chromium.web({ [PROXY]: proxy.port });
  try {
    const verdicts: [name: string, verdict: Outcome['verdict'] | undefined][] = [];
    for (const { name, calls } of FAULTS) {
      let last: Outcome | undefined;
      for (const call of calls) last = await web.fetch(call);
      verdicts.push([name, last?.verdict]);
    }
    const reports = await web.fetch({ origin: BOOKINGS, url: `${PROXY}/api/reports` });
    return { verdicts, total: reports.verdict === 'allowed' ? reports.exposed['x-total-count'] : undefined };
  } finally {
    await web.close();
    await proxy.stop();
    await server.stop();
  }
}
