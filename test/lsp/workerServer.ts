import { join } from 'node:path';
import { chromium } from 'playwright-core';
import {
  AbstractMessageReader,
  AbstractMessageWriter,
  type DataCallback,
  type Disposable,
  type Message,
} from 'vscode-languageserver-protocol/node';
import { needPart, projectRoot } from '../harness/require';
import { serveFolders } from '../harness/staticServer';
import { type ClientOptions, connectClient, type TestClient } from './client';

export interface WorkerServer {
  readonly client: TestClient;
  /** The scripts that the worker has loaded so far, by their names. */
  readonly scripts: readonly string[];
  /** What the page or the worker complained of. */
  readonly complaints: readonly string[];
  stop(): Promise<void>;
}

/** The built server in a worker of Chromium, as the extension starts it in a browser. */
export async function startInWorker(options: ClientOptions): Promise<WorkerServer> {
  const scripts: string[] = [];
  const complaints: string[] = [];
  const files = await serveFolders({ '/dist': join(projectRoot, 'dist') }, (_, response, { pathname }) => {
    if (pathname.endsWith('.js')) scripts.push(pathname.slice('/dist/'.length));
    if (pathname === '/favicon.ico') response.writeHead(204).end();
    if (pathname !== '/') return pathname === '/favicon.ico';
    response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><title>A page</title>');
    return true;
  });
  const browser = await chromium.launch({ executablePath: needPart('chromium'), args: ['--no-sandbox'] });
  const stop = async () => {
    await browser.close();
    await files.stop();
  };
  try {
    const page = await browser.newPage();
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(`${files.origin}/`);
    const reader = new PageReader();
    await page.exposeFunction('tellClient', (message: Message) => reader.take(message));
    await page.evaluate(`{
      const worker = new Worker('/dist/web/server.js');
      worker.onerror = (event) => console.error('The worker failed: ' + event.message);
      worker.postMessage({ scripts: location.origin + '/dist' });
      worker.onmessage = ({ data }) => tellClient(data);
      globalThis.tellServer = (message) => worker.postMessage(message);
    }`);
    const writer = new PageWriter((message) => page.evaluate(`tellServer(${JSON.stringify(message)})`));
    const client = await connectClient({ reader, writer }, options);
    return { client, scripts, complaints, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

class PageReader extends AbstractMessageReader {
  private callback: DataCallback | undefined;

  take(message: Message): void {
    this.callback?.(message);
  }

  listen(callback: DataCallback): Disposable {
    this.callback = callback;
    return { dispose: () => undefined };
  }
}

class PageWriter extends AbstractMessageWriter {
  constructor(private readonly send: (message: Message) => Promise<unknown>) {
    super();
  }

  async write(message: Message): Promise<void> {
    await this.send(message);
  }

  end(): void {}
}
