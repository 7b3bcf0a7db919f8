import type { NameFile, ReportFinding, Tried, TriedLeg } from './data';
import { escapeHtml } from './escape';
import type { Link } from './page';
import { byFile, callWords, legsOf, placeWords, severityName, statusWords, verdictWords, writtenWords } from './words';

/** The findings by file, each with its proof. */
export function findingSection(findings: readonly ReportFinding[], name: NameFile, link: Link): string {
  const files = [...byFile(findings)].map(
    ([uri, members]) =>
      `<h3>${escapeHtml(name(uri))}</h3>\n${members.map((finding) => findingHtml(finding, name, link)).join('\n')}`,
  );
  const body = files.length === 0 ? '<p>Nothing found.</p>' : files.join('\n');
  return `<section aria-labelledby="findings"><h2 id="findings">Findings</h2>\n${body}</section>`;
}

function findingHtml(finding: ReportFinding, name: NameFile, link: Link): string {
  const { severity, rule, title, message, location, related, tried, cwe, category } = finding;
  const line = `line ${location.range.start.line + 1}`;
  const others = related.map(({ message: words, location: place }) => {
    const where = placeWords(place, name);
    return `<li>${link(place, where)}: ${escapeHtml(words)}</li>`;
  });
  return `<article class="finding ${severity}">
<p class="head"><strong>${severityName(severity)}</strong> ${link(location, line, `${line} of ${name(location.uri)}`)} <code>${escapeHtml(rule)}</code></p>
<p>${escapeHtml(message)}</p>
<p class="about">${escapeHtml([title, category, ...(cwe === null ? [] : [cwe])].join(' · '))}</p>
${others.length === 0 ? '' : `<ul>${others.join('')}</ul>`}
${tried === null ? '' : `<details><summary>The exchange</summary>${triedHtml(tried, name, link)}</details>`}
</article>`;
}

/** One played call: what is sent, what comes back with the line that wrote each header, and the verdict. */
export function triedHtml(tried: Tried, name: NameFile, link: Link): string {
  const step = tried.stepUrl === null ? '' : ` <code>${escapeHtml(tried.step)}</code>`;
  const legs = legsOf(tried).map(([title, leg]) => legHtml(title, leg, tried.call.url, name, link));
  return `<p>${escapeHtml(callWords(tried))}</p>
${legs.join('\n')}
<p class="verdict ${tried.verdict}"><strong>${escapeHtml(verdictWords(tried))}</strong>${step}</p>`;
}

function legHtml(title: string, leg: TriedLeg, url: string, name: NameFile, link: Link): string {
  const sent = [
    `${leg.request.method} ${url}`,
    ...leg.request.headers.map((header) => `${header.name}: ${header.value}`),
  ];
  const rows = leg.headers.map((header) => {
    const where = writtenWords(header, name);
    const value = header.value === null ? '<em>unknown</em>' : `<code>${escapeHtml(header.value)}</code>`;
    return `<tr><th scope="row"><code>${escapeHtml(header.name)}</code></th><td>${value}</td><td>${link(header.location, where)}</td></tr>`;
  });
  const table =
    rows.length === 0
      ? '<p>No headers that matter here.</p>'
      : `<div class="wide" tabindex="0" role="region" aria-label="Headers of the answer">
<table><thead><tr><th scope="col">Header</th><th scope="col">Value</th><th scope="col">Set by</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table></div>`;
  return `<div class="leg"><p>${escapeHtml(title)}</p>
<pre tabindex="0">${sent.map(escapeHtml).join('\n')}</pre>
<p>→ ${escapeHtml(statusWords(leg))}</p>
${table}</div>`;
}
