import type { NameFile, ReportData } from './data';
import { drawings } from './drawing';
import { escapeHtml } from './escape';
import { endpointSection } from './htmlEndpoints';
import { findingSection } from './htmlFindings';
import { type Page, page, type Showing } from './page';
import { countWords, SEVERITIES, scopeWords, severityName } from './words';

/** The report as one page. */
export function htmlReport(data: ReportData, name: NameFile, showing: Showing): Page {
  return page('CORS report', showing, (link) => {
    const sections = [
      endpointSection(data.endpoints, name, link),
      drawings(data.chains, data.endpoints, name, link),
      findingSection(data.findings, name, link),
    ];
    return `<header>
<h1>CORS report</h1>
${showing.in === 'editor' ? BUTTONS : ''}
<p>${escapeHtml(countWords(data))}. ${escapeHtml(scopeWords(data))}</p>
${counts(data)}
</header>
<main>
${sections.filter((section) => section !== '').join('\n')}
</main>
<footer><p>Made by CORS Lint ${escapeHtml(data.version)}. Nothing was run, and no server was asked.</p></footer>`;
  });
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
