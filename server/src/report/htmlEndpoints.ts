import type { NameFile, ReportEndpoint } from './data';
import { escapeHtml } from './escape';
import type { Link } from './page';
import { placeWords } from './words';

/** The table of endpoints, each with what it does for front ends of other origins. */
export function endpointSection(endpoints: readonly ReportEndpoint[], name: NameFile, link: Link): string {
  if (endpoints.length === 0) return '';
  const columns = [
    ...new Map(endpoints.flatMap(({ rows }) => rows.map(({ key, label }) => [key, label] as const))).entries(),
  ];
  const head = ['Endpoint', ...columns.map(([, label]) => label)]
    .map((label) => `<th scope="col">${escapeHtml(label)}</th>`)
    .join('');
  const rows = endpoints.map((endpoint) => {
    const { label, platformName, location, partial } = endpoint;
    const words = placeWords(location, name);
    const note = partial === null ? '' : `<br><small>Seen in part only: ${escapeHtml(partial)}</small>`;
    const cells = columns.map(([key]) => {
      const row = endpoint.rows.find((one) => one.key === key);
      return `<td>${escapeHtml(row?.words ?? '')}</td>`;
    });
    return `<tr><th scope="row"><code>${escapeHtml(label)}</code><br>${link(location, words)}<br><small>${escapeHtml(
      platformName,
    )}</small>${note}</th>${cells.join('')}</tr>`;
  });
  return `<section aria-labelledby="endpoints"><h2 id="endpoints">Endpoints</h2>
<div class="wide" tabindex="0" role="region" aria-label="Endpoints and their policies">
<table><thead><tr>${head}</tr></thead><tbody>
${rows.join('\n')}
</tbody></table></div></section>`;
}
