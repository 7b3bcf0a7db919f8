import type { Location } from './data';
import { escapeHtml } from './escape';
import { BROWSER_PALETTE, EDITOR_PALETTE, STYLE } from './style';

/** A page that loads nothing: its policy lets in only its own style and script. */
export interface Page {
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

/** Turns a place into HTML: something to click on, or its words. `label` is what is read out. */
export type Link = (location: Location | null, words: string, label?: string) => string;

/** @param body makes what stands in the page's body; everything in it is escaped already */
export function page(title: string, showing: Showing, body: (link: Link) => string): Page {
  const places: Location[] = [];
  const link: Link = (location, words, label) => {
    if (location === null || showing.in === 'browser') return escapeHtml(words);
    places.push(location);
    const spoken = label === undefined ? '' : ` aria-label="${escapeHtml(label)}"`;
    return `<button type="button" class="place" data-place="${places.length - 1}"${spoken}>${escapeHtml(words)}</button>`;
  };
  const nonce = escapeHtml(showing.nonce);
  const script = showing.in === 'editor' ? `<script nonce="${nonce}">${showing.script}</script>` : '';
  const html = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(showing)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style nonce="${nonce}">${showing.in === 'editor' ? EDITOR_PALETTE : BROWSER_PALETTE}${STYLE}</style>
</head>
<body>
${body(link)}
${script}
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
