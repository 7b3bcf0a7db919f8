import type { Location, NameFile, Tried } from './data';
import { escapeHtml } from './escape';
import { triedHtml } from './htmlFindings';
import { type Link, type Page, page, type Showing } from './page';
import { placeWords, severityName, verdictWords } from './words';

/** A call of a front end that was played. */
export interface PlayedCall extends Tried {
  /** Null when none, or not only one, would answer. */
  readonly endpoint: { readonly label: string; readonly location: Location } | null;
}

/** A browser's message about CORS, and what the workspace says to it. */
export interface ExplainedMessage {
  readonly message: { readonly browser: string; readonly text: string };
  readonly meaning: string;
  readonly endpoints: readonly {
    readonly endpoint: { readonly label: string; readonly location: Location };
    readonly sureness: 'certain' | 'likely' | 'possible';
    readonly because: string;
    readonly says: string;
    readonly blame: Location | null;
    readonly tried: Tried;
    readonly findings: readonly {
      readonly rule: string;
      readonly severity: 'error' | 'warning' | 'info' | 'hint';
      readonly message: string;
      readonly location: Location;
    }[];
  }[];
  readonly advice: readonly string[];
}

/** One played call as a page: the verdict first, then what goes over the wire and who wrote it. */
export function callPage(tried: PlayedCall, name: NameFile, showing: Showing): Page {
  return page('CORS exchange', showing, (link) => {
    const { endpoint } = tried;
    const where =
      endpoint === null
        ? ''
        : `<p>Answered by <code>${escapeHtml(endpoint.label)}</code>, ${link(endpoint.location, placeWords(endpoint.location, name))}</p>`;
    const curl = showing.in === 'editor' ? curlButtons(tried) : '';
    return `<main><h1>${escapeHtml(`${tried.call.method} ${tried.call.url}`)}</h1>
<p class="verdict ${tried.verdict}"><strong>${escapeHtml(verdictWords(tried))}</strong></p>
${where}${triedHtml(tried, name, link)}${curl}</main>`;
  });
}

/** The page's script sends the number of the leg: the command itself never comes out of the page. */
function curlButtons({ preflight, actual }: Tried): string {
  const button = (leg: unknown, which: string, words: string): string =>
    leg === null ? '' : `<button type="button" data-command="curl-${which}">${words}</button> `;
  return `<p class="buttons">${button(preflight, 'preflight', 'Copy preflight as curl')}${button(actual, 'request', 'Copy request as curl')}</p>`;
}

/** What was made of the browser's messages: the meaning, the line to blame, and the proof. */
export function explanationPage(explained: readonly ExplainedMessage[], name: NameFile, showing: Showing): Page {
  return page('CORS error explained', showing, (link) => {
    const parts = explained.map((one) => explanation(one, name, link));
    return `<main><h1>CORS error explained</h1>\n${parts.join('\n')}</main>`;
  });
}

function explanation({ message, meaning, endpoints, advice }: ExplainedMessage, name: NameFile, link: Link): string {
  const said = `<p>${BROWSERS[message.browser] ?? 'The browser'} said:</p><pre tabindex="0">${escapeHtml(message.text)}</pre>`;
  const answers = endpoints.map(({ endpoint, sureness, because, says, blame, tried, findings }) => {
    const sure = { certain: 'Answered by', likely: 'Probably answered by', possible: 'Perhaps answered by' }[sureness];
    const lines = findings.map(
      ({ rule, severity, message: words, location }) =>
        `<li><strong>${severityName(severity)}</strong> ${link(location, placeWords(location, name))} <code>${escapeHtml(rule)}</code>: ${escapeHtml(words)}</li>`,
    );
    return `<section class="finding error"><h2>${escapeHtml(`${sure} ${endpoint.label}`)}</h2>
<p>${escapeHtml(says)}</p>
${blame === null ? '' : `<p>The line to look at: ${link(blame, placeWords(blame, name))}</p>`}
<p class="about">${escapeHtml(because)} ${link(endpoint.location, placeWords(endpoint.location, name))}</p>
${lines.length === 0 ? '' : `<ul>${lines.join('')}</ul>`}
<details><summary>The exchange</summary>${triedHtml(tried, name, link)}</details></section>`;
  });
  const steps = advice.map((words) => `<li>${escapeHtml(words)}</li>`);
  const look = steps.length === 0 ? '' : `<section><h2>What to look for</h2><ul>${steps.join('')}</ul></section>`;
  return `<article>${said}<p>${escapeHtml(meaning)}</p>${answers.join('\n')}${look}</article>`;
}

const BROWSERS: Readonly<Record<string, string>> = { chrome: 'Chrome', firefox: 'Firefox', safari: 'Safari' };
