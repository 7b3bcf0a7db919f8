import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { openScratch, type Scratch } from '../../server/src/workspace/testing/scratch';
import { checkExplain, type ExplainJson } from './contracts';
import { buildCli, runCli, runShell } from './runCli';

vi.setConfig({ testTimeout: 120_000 });
beforeAll(buildCli);

let scratch: Scratch;
afterEach(() => scratch?.remove());

const NGINX = `server {
  server_name api.example.com;
  location /items/ {
    add_header Access-Control-Allow-Origin *;
    add_header Access-Control-Allow-Credentials true;
    root /srv/www;
  }
}
`;

const CHROME =
  "Access to fetch at 'https://api.example.com/items/1' from origin 'https://app.example.com' has been blocked by CORS policy: The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when the request's credentials mode is 'include'.";
const FIREFOX =
  'Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at https://api.example.com/items/1. (Reason: CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 404.';

async function explained(args: readonly string[], input?: string): Promise<ExplainJson> {
  scratch = openScratch({ 'conf/api.conf': NGINX });
  const options = { cwd: scratch.root, ...(input === undefined ? {} : { input }) };
  const { code, out, error } = await runCli(['explain', ...args, '--format', 'json'], options);
  expect({ code, error }).toEqual({ code: 0, error: '' });
  return checkExplain(out);
}

describe('a message is explained by the workspace', () => {
  test('with the endpoint that answers, the line to blame and the findings', async () => {
    const { explained: all } = await explained([CHROME]);
    expect(all).toHaveLength(1);
    expect(all[0]).toMatchObject({
      message: { browser: 'chrome', reason: 'wildcard-with-credentials', isPreflight: false },
      endpoints: [
        {
          label: 'location /items/ of api.example.com',
          file: 'conf/api.conf',
          sureness: 'certain',
          agreement: 'agrees',
          blame: { file: 'conf/api.conf', range: { start: { line: 4 } } },
        },
      ],
      advice: [],
    });
    expect(all[0]?.endpoints[0]?.findings.map(({ rule }) => rule)).toContain('wildcard-with-credentials');
  });

  test.each([['-'], []])('that is piped in, several at once (%j)', async (...args) => {
    const { explained: all } = await explained(args, `x.js:1 ${CHROME}\nsomething else\n${FIREFOX}\n`);
    expect(all.map(({ message }) => message.browser)).toEqual(['chrome', 'firefox']);
  });

  test('says what to look for where nothing here answers', async () => {
    const { explained: all } = await explained([CHROME.replace('api.example.com/items/1', 'other.example/users')]);
    expect(all[0]?.endpoints).toEqual([]);
    expect(all[0]?.advice.join(' ')).toContain('Nothing in this workspace answers other.example/users.');
  });

  test("takes the page's origin from the option where the message does not tell it", async () => {
    scratch = openScratch({ 'api.conf': NGINX });
    const { out } = await runCli(['explain', FIREFOX, '--origin', 'https://shop.example'], { cwd: scratch.root });
    expect(out).toMatch(/played {2}GET \/items\/1 from https:\/\/shop\.example$/m);
  });

  test('for people shows the line to blame', async () => {
    scratch = openScratch({ 'api.conf': NGINX.replace('*;', '*; # \u001B[2J') });
    const { code, out, error } = await runCli(['explain', CHROME], { cwd: scratch.root });
    expect({ code, error }).toEqual({ code: 0, error: '' });
    expect(out).toContain('location /items/ of api.example.com  api.conf:3:3\n');
    expect(out).toMatch(/^ {2}blame {2}api\.conf:4:/m);
    expect(out).toContain('    > 4 |     add_header Access-Control-Allow-Origin *; # \uFFFD[2J\n');
    expect(out).not.toContain('\u001B');
  });

  test('stops reading what has no end', async () => {
    scratch = openScratch({ 'api.conf': NGINX });
    const { code, error } = await runShell('yes | "$NODE" "$CLI" explain', scratch.root);
    expect(code).toBe(2);
    expect(error).toContain('There is no message about CORS in this');
  });
});

describe('a mistake is explained, with exit 2', () => {
  test.each<[args: string[], words: string]>([
    [[], 'There is no message about CORS in this'],
    [['TypeError: Failed to fetch'], 'There is no message about CORS in this'],
    [['Access', 'to', 'fetch'], 'takes one message: put quotes around the whole of it.'],
    [[CHROME, '--origin', 'https://a.example/'], '--origin must be as a browser sends it'],
    [[CHROME, '--format', 'sarif'], '--format sarif belongs to "cors-lint audit".'],
    [[CHROME, '--url', 'x'], '--url belongs to "cors-lint try", not to "cors-lint explain".'],
  ])('%j', async (args, words) => {
    scratch = openScratch({ 'a.conf': NGINX });
    const { code, out, error } = await runCli(['explain', ...args], { cwd: scratch.root });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(error).toContain(words);
  });
});
