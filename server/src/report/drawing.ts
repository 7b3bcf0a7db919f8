import type { NameFile, ReportChain, ReportEndpoint, ReportLayer } from './data';
import { escapeHtml } from './escape';
import type { Link } from './page';
import { headerWords, placeWords } from './words';

const KINDS: Readonly<Record<ReportLayer['kind'], string>> = {
  'front-end': 'Front end',
  proxy: 'Proxy',
  application: 'Application',
  gateway: 'Gateway',
  function: 'Function',
  upstream: 'Upstream',
};

/** More pictures than this are folded away. */
const MOST_SHOWN = 20;

/**
 * The ways from the front end to whoever answers, as pictures: who sets which header, and where two collide. Endpoints
 * that go the same way share one; collisions come first.
 */
export function drawings(
  chains: readonly ReportChain[],
  endpoints: readonly ReportEndpoint[],
  name: NameFile,
  link: Link,
): string {
  const labels = new Map(endpoints.map(({ id, label }) => [id, label]));
  const shared = new Map<string, { chain: ReportChain; for: string[] }>();
  for (const chain of chains.filter(({ layers }) => layers.some(({ sets }) => sets.length > 0))) {
    const key = JSON.stringify([chain.layers, chain.collisions]);
    const known = shared.get(key) ?? { chain, for: [] };
    known.for.push(labels.get(chain.endpoint) ?? chain.endpoint);
    shared.set(key, known);
  }
  if (shared.size === 0) return '';
  const sorted = [...shared.values()].sort(
    (a, b) => Number(b.chain.collisions.length > 0) - Number(a.chain.collisions.length > 0),
  );
  const figures = sorted.map(({ chain, for: served }) => figure(chain, served, name, link));
  const rest = figures.slice(MOST_SHOWN);
  const folded = rest.length === 0 ? '' : `<details><summary>${rest.length} more</summary>${rest.join('\n')}</details>`;
  return `<section aria-labelledby="layers"><h2 id="layers">Layers</h2>
${figures.slice(0, MOST_SHOWN).join('\n')}${folded}</section>`;
}

function figure(chain: ReportChain, served: readonly string[], name: NameFile, link: Link): string {
  const names = [...new Set(served)].map((label) => `<code>${escapeHtml(label)}</code>`).join(', ');
  const collisions = chain.collisions.map(({ words }) => `<li class="collision">${escapeHtml(words)}</li>`);
  const places = chain.layers.flatMap(({ label, location }) =>
    location === null ? [] : [`${escapeHtml(label)}: ${link(location, placeWords(location, name))}`],
  );
  return `<figure>
<div class="wide" tabindex="0" role="region" aria-label="Layers of ${escapeHtml(served.slice(0, 3).join(', '))}">${picture(chain)}</div>
<figcaption><p>${names}</p>${places.length === 0 ? '' : `<p>${places.join(' · ')}</p>`}
${collisions.length === 0 ? '' : `<ul>${collisions.join('')}</ul>`}</figcaption>
</figure>`;
}

const BOX = { width: 384, gap: 56, line: 18, head: 46, pad: 10 } as const;
/** Of the font in the boxes, at its size: what is longer is cut, and told whole to those who hear the picture. */
const MOST_CHARACTERS = 50;

/** The chain as SVG with a text alternative. Colours come from classes. */
export function picture({ layers, collisions }: ReportChain): string {
  const collides = (layer: number, header: string): boolean =>
    collisions.some(
      (collision) => collision.layers.includes(layer) && collision.header.toLowerCase() === header.toLowerCase(),
    );
  const rows = Math.max(1, ...layers.map(({ sets }) => sets.length));
  const height = BOX.head + rows * BOX.line + BOX.pad;
  const width = layers.length * BOX.width + (layers.length - 1) * BOX.gap + 2;
  const boxes = layers.map((layer, index) => box(layer, index, height, (header) => collides(index, header)));
  const arrows = layers.slice(1).map((_, index) => arrow(index, height));
  return `<svg role="img" width="${width}" height="${height + 2}" viewBox="-1 -1 ${width} ${height + 2}" aria-label="${escapeHtml(alternative({ layers, collisions }))}">${arrows.join('')}${boxes.join('')}</svg>`;
}

function box(layer: ReportLayer, index: number, height: number, collides: (header: string) => boolean): string {
  const x = index * (BOX.width + BOX.gap);
  const some = layer.sets.some(({ name }) => collides(name));
  const lines = layer.sets.map((header, row) => {
    const y = BOX.head + BOX.line * (row + 0.5);
    const mark = collides(header.name) ? '⚠ ' : '';
    return `<text class="${mark === '' ? 'header' : 'header clash'}" x="${x + BOX.pad}" y="${y}">${escapeHtml(cut(mark + headerWords(header)))}</text>`;
  });
  return `<g><rect class="box${some ? ' clash' : ''}" x="${x}" y="0" width="${BOX.width}" height="${height}" rx="4"/>
<text class="kind" x="${x + BOX.pad}" y="16">${KINDS[layer.kind]}</text>
<text class="label" x="${x + BOX.pad}" y="34">${escapeHtml(cut(layer.label))}</text>${lines.join('')}</g>`;
}

function arrow(index: number, height: number): string {
  const from = index * (BOX.width + BOX.gap) + BOX.width;
  const to = from + BOX.gap;
  const y = height / 2;
  return `<path class="arrow" d="M${from + 6} ${y}H${to - 8}m-6 -5l6 5l-6 5"/>`;
}

function cut(text: string): string {
  const characters = [...text];
  return characters.length <= MOST_CHARACTERS ? text : `${characters.slice(0, MOST_CHARACTERS - 1).join('')}…`;
}

/** "Front end https://app.example.com; then proxy location /api/, which sets …. Vary is set twice." */
function alternative({ layers, collisions }: Pick<ReportChain, 'layers' | 'collisions'>): string {
  const parts = layers.map(({ kind, label, sets }) => {
    const headers = sets.length === 0 ? '' : `, which sets ${sets.map(headerWords).join('; ')}`;
    return `${KINDS[kind].toLowerCase()} ${label}${headers}`;
  });
  return [`From ${parts.join(', to ')}.`, ...collisions.map(({ words }) => words)].join(' ');
}
