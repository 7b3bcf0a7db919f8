import { type Browser, type CDPSession, chromium, type Page } from 'playwright-core';
import { type Front, opaquePage, startFront } from './front';
import { pause } from './process';
import { needPart } from './require';

/** What a front end asks for. */
export interface FrontEndRequest {
  /** The page's serialised origin, `https://app.example.com`; or `null` for a page in an opaque origin. */
  readonly origin: string;
  readonly url: string;
  /** As handed to `fetch`, by default GET. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly credentials?: boolean;
}

/** A response as it came over the wire. */
export interface Seen {
  readonly status: number;
  /** Names in lower case, in the order of arrival, duplicates kept. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** What the browser made of a request. */
export type Outcome = Allowed | Blocked | Unanswered;

interface Exchange {
  /** The answer to the preflight, if there was one. */
  readonly preflight: Seen | undefined;
  /** The answer to the request itself, read by the page or not; undefined when it was never sent or answered. */
  readonly response: Seen | undefined;
}

export interface Allowed extends Exchange {
  readonly verdict: 'allowed';
  /** What the page could read. */
  readonly status: number;
  readonly body: string;
  readonly exposed: Readonly<Record<string, string>>;
}

export interface Blocked extends Exchange {
  readonly verdict: 'blocked';
  /** Which answer the browser objected to. */
  readonly at: 'preflight' | 'response';
  /** Chromium's name for the reason: the protocol's `Network.CorsError`. */
  readonly corsError: string;
  /** The header value, method or header name that it objected to; may be empty. */
  readonly parameter: string;
}

/** Nobody answered within three seconds: the preflight, or, if that passed, the request itself. */
export interface Unanswered extends Exchange {
  readonly verdict: 'unanswered';
}

/** A web of its own: no cookies, no caches, no connections shared with another. */
export interface Web {
  /** Plays one `fetch`. Throws when it fails for a reason other than CORS. Requests of one web run one by one. */
  fetch(request: FrontEndRequest): Promise<Outcome>;
  /** Runs a page's own code at an origin; a promise that it gives is waited for. */
  run(origin: string, code: string): Promise<unknown>;
  close(): Promise<void>;
}

export interface RunningChromium {
  /**
   * Opens a web in which each of these origins (keys, serialised) is answered by the server on that port of
   * 127.0.0.1, whatever its scheme, host and port say, and every other origin has empty pages. One web at a time.
   */
  web(servers: Readonly<Record<string, number>>): Promise<Web>;
  stop(): Promise<void>;
}

/** Starts a headless Chromium for which every origin, https included, is a server of ours. Share it: 0.5 s a start. */
export async function startChromium(): Promise<RunningChromium> {
  const executablePath = needPart('chromium');
  const front = await startFront();
  const browser = await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-dev-shm-usage',
      `--host-resolver-rules=MAP * 127.0.0.1:${front.port}`,
      '--ignore-certificate-errors',
      // What is judged here is CORS alone: no upgrade to https, no mixed content, no local network prompt.
      '--allow-running-insecure-content',
      '--disable-features=HttpsUpgrades,HttpsFirstBalancedMode,LocalNetworkAccessChecks,TrackingProtection3pcd',
    ],
  });
  return {
    web: (servers) => openWeb(browser, front, servers),
    stop: async () => {
      await browser.close();
      await front.stop();
    },
  };
}

async function openWeb(browser: Browser, front: Front, servers: Readonly<Record<string, number>>): Promise<Web> {
  front.route(servers);
  const context = await browser.newContext({ ignoreHTTPSErrors: true, serviceWorkers: 'block' });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  const watch = watchNetwork(session);
  return {
    fetch: async (request) => {
      await openPage(page, request.origin, servers);
      watch.clear();
      return watch.judge(request, await callFetch(page, request));
    },
    run: async (origin, code) => {
      await openPage(page, origin, servers);
      return page.evaluate<unknown>(code);
    },
    close: () => context.close(),
  };
}

async function openPage(page: Page, origin: string, servers: Readonly<Record<string, number>>): Promise<void> {
  if (servers[origin] !== undefined) throw new Error(`${origin} is the server's own origin: that is no CORS request`);
  const address = origin === 'null' ? `https://opaque.example${opaquePage}` : `${origin}/`;
  if (page.url() !== address) await page.goto(address);
  const actual = await page.evaluate('self.origin');
  if (actual !== origin) throw new Error(`The page's origin is ${actual}, not ${origin}`);
}

type Called =
  | { readonly ok: true; readonly status: number; readonly body: string; readonly exposed: Record<string, string> }
  | { readonly ok: false; readonly error: string; readonly late: boolean };

/** The argument is a string for the page: what runs there knows nothing of this module. */
async function callFetch(page: Page, request: FrontEndRequest): Promise<Called> {
  const init = {
    method: request.method ?? 'GET',
    headers: request.headers ?? {},
    credentials: request.credentials === true ? 'include' : 'omit',
    cache: 'no-store',
    ...(request.body === undefined ? {} : { body: request.body }),
  };
  const options = `{ ...${JSON.stringify(init)}, signal: AbortSignal.timeout(${longestAnswer}) }`;
  const expression = `fetch(${JSON.stringify(request.url)}, ${options}).then(
    async (r) => ({ ok: true, status: r.status, body: await r.text(), exposed: Object.fromEntries(r.headers) }),
    (error) => ({ ok: false, error: String(error), late: error.name === 'TimeoutError' }))`;
  return page.evaluate<Called>(expression);
}

/** Milliseconds. Some faults leave a request without any answer. */
const longestAnswer = 3000;

interface Watch {
  clear(): void;
  judge(request: FrontEndRequest, called: Called): Promise<Outcome>;
}

interface CorsErrorStatus {
  readonly corsError: string;
  readonly failedParameter: string;
}

/** Keeps what the DevTools protocol tells of the requests of one `fetch`. Its events may come after the result. */
function watchNetwork(session: CDPSession): Watch {
  const preflights = new Set<string>();
  const answers = new Map<string, Seen>();
  let refused: CorsErrorStatus | undefined;
  let failed: string | undefined;

  session.on('Network.requestWillBeSent', (event) => {
    if (event.initiator.type === 'preflight') preflights.add(event.requestId);
  });
  session.on('Network.responseReceivedExtraInfo', (event) => {
    answers.set(event.requestId, { status: event.statusCode, headers: readHeaders(event.headersText ?? '') });
  });
  session.on('Network.loadingFailed', (event) => {
    if (event.type !== 'Fetch') return;
    failed = event.errorText;
    refused = event.corsErrorStatus;
  });

  const answer = (preflight: boolean): Seen | undefined =>
    [...answers].findLast(([id]) => preflights.has(id) === preflight)?.[1];

  return {
    clear: () => {
      preflights.clear();
      answers.clear();
      refused = undefined;
      failed = undefined;
    },
    judge: async (request, called) => {
      for (let waited = 0; !called.ok && !called.late && failed === undefined && waited < 2000; waited += 5)
        await pause(5);
      for (let waited = 0; called.ok && answer(false) === undefined && waited < 2000; waited += 5) await pause(5);
      // What a refusal is about has been answered, even if the protocol tells of it later.
      const isTold = () => answer(true) !== undefined || (!isOfPreflight(refused) && answer(false) !== undefined);
      for (let waited = 0; refused !== undefined && !isTold() && waited < 2000; waited += 5) await pause(5);
      const exchange = { preflight: answer(true), response: answer(false) };
      if (called.ok) {
        const { status, body, exposed } = called;
        return { verdict: 'allowed', status, body, exposed, ...exchange };
      }
      if (called.late) return { verdict: 'unanswered', ...exchange };
      if (refused === undefined) {
        throw new Error(`fetch of ${request.url} failed, and not for CORS: ${called.error}, ${failed ?? 'no reason'}`);
      }
      return {
        verdict: 'blocked',
        at: exchange.response === undefined ? 'preflight' : 'response',
        corsError: refused.corsError,
        parameter: refused.failedParameter,
        ...exchange,
      };
    },
  };
}

/** https://chromedevtools.github.io/devtools-protocol/tot/Network/#type-CorsError */
function isOfPreflight(refused: CorsErrorStatus | undefined): boolean {
  return refused !== undefined && /^Preflight|DisallowedByPreflightResponse$/.test(refused.corsError);
}

/** The head of an HTTP/1 response, status line first. */
function readHeaders(head: string): (readonly [string, string])[] {
  return head.split('\r\n').flatMap((line, index) => {
    const colon = line.indexOf(':');
    return index === 0 || colon < 0
      ? []
      : [[line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const];
  });
}
