import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nginx } from '../../server/src/platforms/nginx/platform';
import { type RunningChromium, startChromium } from '../harness/chromium';
import { callsTo, judgeCall, originsOf } from '../harness/judge';
import { memoryHost } from '../harness/memoryHost';
import { serveNginx } from '../harness/realNginx';
import { projectRoot, suiteNeeds } from '../harness/require';

const origins = [
  'https://shop.example.com',
  'https://www.shop.example.com',
  'https://staff.shop.example.com',
  'https://shop.example.com.evil.example',
  'null',
];

/** The nginx of examples/shop, as it really is: every location, played with calls of every kind. */
suiteNeeds('nginx', 'chromium')('examples/shop on the real nginx', () => {
  let chromium: RunningChromium;
  beforeAll(async () => {
    chromium = await startChromium();
    await nginx.prepare?.();
  });
  afterAll(() => chromium?.stop());

  const files = readFiles(join(projectRoot, 'examples/shop/nginx'));
  const seen = new Set<string | undefined>();
  const sites = [...files.keys()].filter((name) => name.startsWith('conf.d/'));

  test.each(sites)('%s does what the model says', { timeout: 120_000 }, async (site) => {
    const { endpoints } = nginx.analyse(site, files.get(site) ?? '', memoryHost(files), {});
    const served = new Map([...files].filter(([name]) => name === site || name.startsWith('snippets/')));
    const paths = endpoints.map(({ path }) => path);
    const server = await serveNginx(served, site, paths);
    const web = await chromium.web(originsOf(server));
    try {
      for (const call of callsTo(endpoints, origins)) {
        seen.add(await judgeCall(call, endpoints, server, web));
      }
    } finally {
      await web.close();
      await server.stop();
    }
  });

  test('some calls are allowed, some are blocked', () => {
    expect(seen).toContain('allowed');
    expect(seen).toContain('blocked');
  });
});

function readFiles(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const texts = names.filter((name) => /\.(conf|types)$/.test(name)).sort();
  return new Map(texts.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}
