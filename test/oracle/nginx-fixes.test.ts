import { Agent, request as httpRequest } from 'node:http';
import { beforeAll, expect, test } from 'vitest';
import type { Exchange } from '../../server/src/cors/browser';
import { actualRequest, type Call, needsPreflight, preflightRequest } from '../../server/src/cors/call';
import { corsCheck } from '../../server/src/cors/corsCheck';
import type { Request, Response } from '../../server/src/cors/http';
import { preflightCheck } from '../../server/src/cors/preflight';
import { PLACEHOLDER_ORIGIN } from '../../server/src/cors/repair';
import { type ResolvedResponse, resolveResponse } from '../../server/src/cors/resolve';
import type { Verdict } from '../../server/src/cors/verdict';
import { applyEdits, byFile } from '../../server/src/lint/edits';
import { type LintInput, lint } from '../../server/src/lint/engine';
import { fixAll } from '../../server/src/lint/fixAll';
import { bringsTrouble, failedBefore } from '../../server/src/lint/fixes';
import { rules } from '../../server/src/lint/registry';
import { DEFAULT_SETTINGS } from '../../server/src/lint/settings';
import type { Finding, Fix } from '../../server/src/lint/types';
import { nginx } from '../../server/src/platforms/nginx/platform';
import { memoryHost } from '../harness/memoryHost';
import { nginxTest, startNginx } from '../harness/nginx';
import { freePort } from '../harness/ports';
import { suiteNeeds } from '../harness/require';
import { type FaultySite, LISTEN, makeFaultySite, UPSTREAM } from './nginx-faulty';
import { chooseSeed, randomFrom } from './nginx-random';

/**
 * Every fix that is offered for made-up faulty sites, made and served by the real nginx: it loads, the finding is gone,
 * nothing new has come, and the exchange that the finding shows turns: what was blocked passes, who got in does not.
 */

const seed = chooseSeed();
const CASES = Number(process.env['CASES'] ?? 90);

/** One text of a site's files, served under a host of its own. */
interface Edition {
  readonly site: FaultySite;
  readonly files: Readonly<Record<string, string>>;
  readonly host: string;
}

/** A fix made, and what is left to find. */
interface Mended extends Edition {
  readonly what: string;
  readonly finding: Finding;
  readonly left: readonly Finding[];
}

suiteNeeds('nginx')(`fixes on a live nginx, SEED=${seed}`, () => {
  beforeAll(() => nginx.prepare?.());

  test(`of ${CASES} faulty sites`, async () => {
    const random = randomFrom(seed);
    const sites = Array.from({ length: CASES }, (_, id) => makeFaultySite(random, id));
    const faults: string[] = [];
    const complain = (edition: Edition, what: string): void => {
      faults.push(`SEED=${seed} ${edition.site.token}: ${what}\n${Object.values(edition.files).join('\n')}`);
    };
    const faulty: (Edition & { readonly findings: readonly Finding[] })[] = [];
    const mended: Mended[] = [];
    for (const site of sites) {
      const input = inputFor(site, site.files);
      const findings = lintSite(site, site.files);
      const before = { site, files: site.files, host: site.host };
      faulty.push({ ...before, findings });
      for (const finding of findings) {
        for (const fix of finding.fixes()) {
          const made = makeFix({ before, findings }, finding, fix, mended.length, complain);
          if (made !== undefined) mended.push(made);
        }
      }
      checkAll(before, input, complain);
    }
    expect(mended.length).toBeGreaterThan(CASES);
    const loading = faulty.filter((each) => !refusedByNginx(each.findings));
    const upstream = await freePort();
    const server = await startNginx((port) => {
      const editions = [...loading, ...mended];
      const files = Object.assign({}, ...editions.map((each) => deployed(each, port, upstream))) as Record<
        string,
        string
      >;
      const mains = editions.map((each) => `include ${mainOf(each)};`);
      return { text: [upstreamServer(upstream), ...mains].join('\n'), files: { ...files, ...HTML } };
    }).catch((error: unknown) => {
      const refused = [...loading, ...mended].filter((each) => !loads(each));
      for (const each of refused)
        complain(each, `nginx refuses it: ${'what' in each ? each.what : 'no finding says so'}`);
      throw new Error(faults.join('\n\n') || String(error));
    });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    let judged = 0;
    let turned = 0;
    try {
      for (const each of loading) await judgeFaulty(each);
      for (const each of mended) await judgeMended(each);
    } finally {
      agent.destroy();
      await server.stop();
    }
    expect(faults.join('\n\n')).toBe('');
    expect(judged).toBeGreaterThan(CASES / 2);
    expect(turned / judged).toBeGreaterThan(0.6);

    async function judgeFaulty(each: Edition & { readonly findings: readonly Finding[] }): Promise<void> {
      for (const { rule, exchange, message } of each.findings) {
        if (exchange === undefined || !isServed(exchange)) continue;
        const real = await play(exchange.call, each.host);
        const said = exchange.verdict.result;
        if (said !== 'unknown' && real !== undefined && said !== real.result) {
          complain(
            each,
            `${rule.id} says that ${words(exchange.call)} is ${said}, really ${real.result} (${real.reason}): ${message}`,
          );
        }
      }
    }

    async function judgeMended(each: Mended): Promise<void> {
      const { finding } = each;
      const { exchange, rule } = finding;
      if (exchange === undefined || !isServed(exchange) || !isProof(rule.id, exchange)) return;
      const wanted = rule.category === 'insecure' ? 'blocked' : rule.category === 'broken' ? 'allowed' : undefined;
      const was = exchange.verdict.result;
      if (wanted === undefined || was === wanted || was === 'unknown') return;
      judged += 1;
      let last: Verdict | undefined;
      for (const call of wanted === 'blocked' ? [exchange.call] : waysToPass(exchange.call)) {
        const real = await play(call, each.host);
        if (real === undefined || real.result === wanted) {
          turned += 1;
          return;
        }
        last ??= real;
      }
      // Another fault may stand in the way, one that is told of or that comes to light now.
      const isTold = each.left.some((other) => other.severity === 'error' || blocksAlike(other, exchange.call));
      if (wanted === 'allowed' && (isTold || last?.reason !== exchange.verdict.reason)) return;
      const others = each.left.map((other) => other.rule.id).join(', ');
      complain(each, `${each.what}: ${words(exchange.call)} is still ${was} (${last?.reason}); left: ${others}`);
    }

    /** Undefined where the browser would go on to another address, or has to do with more than CORS. */
    async function play(call: Call, host: string): Promise<Verdict | undefined> {
      if (needsPreflight(call)) {
        const preflight = await ask(preflightRequest(call), host);
        const verdict = preflight && preflightCheck(preflight, call);
        if (verdict?.result !== 'allowed') return verdict;
      }
      const response = await ask(actualRequest(call), host);
      return response === undefined || [301, 302, 303, 307, 308].includes(response.status ?? 0)
        ? undefined
        : corsCheck(response, call.origin, call.credentials);
    }

    /** Undefined where the answer is no HTTP: two lengths, for one. */
    function ask(request: Request, host: string): Promise<ResolvedResponse | undefined> {
      return new Promise((resolve, reject) => {
        const headers: Record<string, string> = { ...Object.fromEntries(request.headers), host };
        if (headers['authorization'] !== undefined) headers['authorization'] = `Basic ${btoa('user:password')}`;
        if (request.origin !== undefined) headers['origin'] = request.origin;
        if (request.ending !== 'success') headers['x-ending'] = String(request.ending);
        const { method, path } = request;
        const sent = httpRequest({ host: '127.0.0.1', port: server.port, method, path, headers, agent }, (response) => {
          response.resume();
          const raw = response.rawHeaders;
          const pairs = raw.flatMap((name, i) => (i % 2 === 0 ? [[name, raw[i + 1] ?? ''] as const] : []));
          response.on('end', () => resolve(observed(response.statusCode ?? 0, pairs, request)));
        });
        sent.on('error', (error) => {
          if ('code' in error && String(error.code).startsWith('HPE_')) resolve(undefined);
          else reject(error);
        });
        sent.end();
      });
    }
  }, 280_000);
});

/** What the site's files show: the server in its context, and what is wrong with a snippet's own text. */
function lintSite(site: FaultySite, files: Readonly<Record<string, string>>): Finding[] {
  return Object.keys(files).flatMap((file) => lint(inputFor(site, files, file)).findings);
}

function inputFor(site: FaultySite, files: Readonly<Record<string, string>>, file = site.main): LintInput {
  const all = new Map([['nginx.conf', `events {}\nhttp {\n  include ${site.main};\n}\n`], ...Object.entries(files)]);
  return {
    platform: nginx,
    file,
    text: all.get(file) ?? '',
    host: memoryHost(all),
    settings: { ...DEFAULT_SETTINGS, platform: { isIncluded: file !== site.main } },
    rules,
    onCrash: ({ error }) => {
      throw error;
    },
  };
}

type Complain = (edition: Edition, what: string) => void;

/**
 * The site with the fix made; undefined where it would not be offered, since what is wrong with a snippet's own text is
 * mended only if its includer does not mind. What can be said of the texts alone is said here.
 */
function makeFix(
  { before, findings }: { readonly before: Edition; readonly findings: readonly Finding[] },
  finding: Finding,
  fix: Fix,
  number: number,
  complain: Complain,
): Mended | undefined {
  const { site } = before;
  const files: Record<string, string> = { ...before.files };
  for (const [file, edits] of byFile(fix.edits)) files[file] = applyEdits(files[file] ?? '', edits);
  const what = `"${fix.title}" for ${finding.rule.id} (${finding.message})`;
  const left = lintSite(site, files);
  const { analysis } = lint(inputFor(site, before.files));
  const isHarm = analysis === undefined || bringsTrouble(findings, left, failedBefore(analysis));
  if (finding.place.file !== site.main && isHarm) return undefined;
  const edition = { site, files, host: site.host.replace(site.token, copyOf(site.token, number)) };
  const count = (all: readonly Finding[]): number => all.filter(({ rule }) => rule === finding.rule).length;
  if (count(left) >= count(findings)) complain(edition, `${what}: the finding is still there`);
  if (isHarm) complain(edition, `${what}: new findings ${left.map(({ rule }) => rule.id)}`);
  for (const [file, text] of Object.entries(files)) {
    if (before.files[file] === undefined) complain(edition, `${what}: it writes ${file}`);
    else checkStyle(before.files[file], text, (fault) => complain(edition, `${what}: ${fault}`));
  }
  return { ...edition, what, finding, left };
}

/** New lines end and are indented as the others. */
function checkStyle(before: string, after: string, complain: (fault: string) => void): void {
  const windows = before.includes('\r\n');
  if (windows ? /(?<!\r)\n/.test(after) : after.includes('\r')) complain('other line endings');
  const known = new Set(before.split('\n'));
  const added = after.split('\n').filter((line) => !known.has(line) && line.trim() !== '');
  const tabs = /^\t/m.test(before);
  if (added.some((line) => (tabs ? /^\t* /.test(line) : /^ *\t/.test(line)))) complain('other indentation');
  if (added.some((line) => /[ \t]\r?$/.test(line))) complain('a line ends with white space');
}

/** Making all the fixes leaves none to make. */
function checkAll(before: Edition, input: LintInput, complain: Complain): void {
  const { texts, made } = fixAll(input);
  if (made.length === 0) return;
  const files = { ...before.files, ...Object.fromEntries(texts) };
  const again = fixAll(inputFor(before.site, files));
  if (again.made.length > 0) {
    complain({ ...before, files }, `fixing all twice changes it again: ${again.made.map(({ title }) => title)}`);
  }
}

/** Whether a finding says that nginx will not start. */
function refusedByNginx(findings: readonly Finding[]): boolean {
  return findings.some(({ rule }) => ['nginx-syntax', 'nginx-directive-not-allowed'].includes(rule.id));
}

function copyOf(token: string, number: number): string {
  return token.replace(/z$/, `x${number}z`);
}

/** The files of an edition, with names of its own, at the ports of this run. */
function deployed({ site, files, host }: Edition, port: number, upstream: number): Record<string, string> {
  const token = host.replace(/\.test$/, '');
  const all = Object.values(files).join('\n');
  const names = [...all.matchAll(/^\s*map\s+\S+\s+\$(\w+)/gm)].flatMap(([, name = '']) =>
    name.includes(site.token) ? [] : [name],
  );
  return Object.fromEntries(
    Object.entries(files).map(([file, text]) => {
      const named = names.reduce(
        (result, name) => result.replace(new RegExp(`\\$(\\{?)${name}\\b`, 'g'), `$$$1${name}_${token}`),
        text,
      );
      const adapted = named.replaceAll(LISTEN, `listen 127.0.0.1:${port};`);
      return [
        file.replaceAll(site.token, token),
        adapted.replaceAll(UPSTREAM, `http://127.0.0.1:${upstream}`).replaceAll(site.token, token),
      ];
    }),
  );
}

function mainOf({ site, host }: Edition): string {
  return site.main.replaceAll(site.token, host.replace(/\.test$/, ''));
}

/** Ends as the request asks it to. */
function upstreamServer(port: number): string {
  const codes = [400, 401, 403, 404, 405, 422, 429, 500, 502, 503];
  const ifs = codes.map((code) => `if ($http_x_ending = ${code}) { return ${code}; }`);
  return `server { listen 127.0.0.1:${port}; location / { ${ifs.join(' ')} return 200 up; } }`;
}

const HTML = Object.fromEntries([
  ...['', 'api/', 'v1/'].map((folder) => [`html/${folder}index.html`, 'a page']),
  ...['x', 'api/x', 'v1/x'].map((name) => [`html/${name}`, 'a file']),
  ['passwords', 'user:{PLAIN}password\n'],
]) as Record<string, string>;

function loads(edition: Edition): boolean {
  const files = { ...deployed(edition, 8080, 8081), passwords: '' };
  return nginxTest({ text: `include ${mainOf(edition)};`, files }).ok;
}

/** Whether the request certainly ends here as the exchange has it: another ending than success is the upstream's to give. */
function isServed({ call, actual, when }: Exchange): boolean {
  if (when.length > 0) return false;
  return call.ending === 'success' || actual.response.source.answeredBy.kind === 'upstream';
}

/** Whether the exchange is refused for what the rule is about, and not for what stands in the way of showing that. */
function isProof(rule: string, { verdict }: Exchange): boolean {
  if (rule === 'nginx-content-length-duplicated') return false;
  if (rule === 'wildcard-list-with-credentials') return ['preflight/method', 'preflight/header'].includes(verdict.step);
  return verdict.step !== 'preflight/status' || /^(?:preflight|nginx)-/.test(rule);
}

/** Whether the finding is that a request which ends like this one is refused. */
function blocksAlike({ rule, exchange }: Finding, call: Call): boolean {
  return rule.category === 'broken' && exchange?.verdict.result === 'blocked' && exchange.call.ending === call.ending;
}

/** A fix may be to give up credentials, or to let in the origin that it puts there for the user to change. */
function waysToPass(call: Call): Call[] {
  const here = { ...call, origin: PLACEHOLDER_ORIGIN };
  return [call, { ...call, credentials: false }, here, { ...here, credentials: false }];
}

function words({ method, path, origin, credentials, ending, headers }: Call): string {
  return `${method} ${path} from ${origin}${credentials ? ' with credentials' : ''}, ending ${ending}, ${JSON.stringify(headers)}`;
}

/** What came over the wire, for the model's own checks. */
function observed(status: number, pairs: readonly (readonly [string, string])[], request: Request): ResolvedResponse {
  const place = { file: 'wire', start: 0, end: 0 };
  const response: Response = {
    status,
    answeredBy: { kind: 'handler', what: 'nginx', place },
    headers: pairs.map(([name, text]) => ({ name, value: { kind: 'literal', text, place }, place, layer: 'wire' })),
  };
  const [resolved] = resolveResponse(response, request);
  if (resolved === undefined) throw new Error('a response resolves to itself');
  return resolved;
}
