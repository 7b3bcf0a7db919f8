import type { Location, NameFile, ReportData } from './data';
import { drawings } from './drawing';
import { escapeHtml } from './escape';
import { endpointSection } from './htmlEndpoints';
import { findingSection } from './htmlFindings';
import { BROWSER_PALETTE, EDITOR_PALETTE, STYLE } from './style';
import { countWords, SEVERITIES, scopeWords, severityName } from './words';

export interface HtmlReport {
  readonly html: string;
  /** What the elements with `data-place` lead to, by its number. Empty for a page that leads nowhere. */
  readonly places: readonly Location[];
}

/** Where the page is shown. */
export type Showing =
  /** In an editor's panel: in its colours, with places to click on and buttons. `script` handles them. */
  | { readonly in: 'editor'; readonly nonce: string; readonly script: string }
  /** In any browser, from one file, without a script. */
  | { readonly in: 'browser'; readonly nonce: string };

/** Turns a place into HTML: something to click on, or its words. */
export type Link = (location: Location | null, words: string, label?: string) => string;

/** The report as one page that loads nothing: its policy lets in only its own style and script. */
export function htmlReport(data: ReportData, name: NameFile, showing: Showing): HtmlReport {
  const places: Location[] = [];
  const link: Link = (location, words, label) => {
    if (location === null || showing.in === 'browser') return escapeHtml(words);
    places.push(location);
    const spoken = label === undefined ? '' : ` aria-label="${escapeHtml(label)}"`;
    return `<button type="button" class="place" data-place="${places.length - 1}"${spoken}>${escapeHtml(words)}</button>`;
  };
  const nonce = escapeHtml(showing.nonce);
  const sections = [
    endpointSection(data.endpoints, name, link),
    drawings(data.chains, data.endpoints, name, link),
    findingSection(data.findings, name, link),
  ];
  const html = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(showing)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>CORS report</title>
<style nonce="${nonce}">${showing.in === 'editor' ? EDITOR_PALETTE : BROWSER_PALETTE}${STYLE}</style>
</head>
<body>
<header>
<h1>CORS report</h1>
${showing.in === 'editor' ? BUTTONS : ''}
<p>${escapeHtml(countWords(data))}. ${escapeHtml(scopeWords(data))}</p>
${counts(data)}
</header>
<main>
${sections.filter((section) => section !== '').join('\n')}
</main>
<footer><p>Made by CORS Lint ${escapeHtml(data.version)}. Nothing was run, and no server was asked.</p></footer>
${showing.in === 'editor' ? `<script nonce="${nonce}">${showing.script}</script>` : ''}
</body>
</html>
`;
  return { html, places };
}

function policy(showing: Showing): string {
  const nonce = `'nonce-${escapeHtml(showing.nonce)}'`;
  const script = showing.in === 'editor' ? `; script-src ${nonce}` : '';
  return `default-src 'none'; base-uri 'none'; form-action 'none'; style-src ${nonce}${script}`;
}

const BUTTONS = `<p class="buttons">
<button type="button" data-command="refresh">Audit again</button>
<button type="button" data-command="export">Export…</button>
</p>`;

function counts({ counts: { severities, rules } }: ReportData): string {
  const cards = SEVERITIES.map(
    (severity) =>
      `<div class="count ${severity}"><dt>${severityName(severity, 2)}</dt><dd>${severities[severity]}</dd></div>`,
  );
  const list = rules.map(
    ({ rule, title, count }) =>
      `<tr><td class="number">${count}</td><td><code>${escapeHtml(rule)}</code></td><td>${escapeHtml(title)}</td></tr>`,
  );
  const table =
    list.length === 0
      ? ''
      : `<details><summary>By rule</summary>
<div class="wide" tabindex="0" role="region" aria-label="Findings by rule">
<table><thead><tr><th scope="col">Findings</th><th scope="col">Rule</th><th scope="col">What it is about</th></tr></thead>
<tbody>${list.join('\n')}</tbody></table></div></details>`;
  return `<dl class="counts">${cards.join('')}</dl>\n${table}`;
}
