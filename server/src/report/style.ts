/** VS Code's own colours: light, dark and high contrast come with them. */
export const EDITOR_PALETTE = `
:root {
  --text: var(--vscode-foreground);
  --page: var(--vscode-editor-background);
  --quiet: var(--vscode-foreground);
  --line: var(--vscode-contrastBorder, var(--vscode-panel-border, var(--vscode-foreground)));
  --raised: var(--vscode-textCodeBlock-background, transparent);
  --link: var(--vscode-textLink-foreground);
  --focus: var(--vscode-focusBorder);
  --button: var(--vscode-button-background);
  --on-button: var(--vscode-button-foreground);
  --button-line: var(--vscode-contrastBorder, var(--vscode-button-border, transparent));
  --error: var(--vscode-editorError-foreground, var(--vscode-foreground));
  --warning: var(--vscode-editorWarning-foreground, var(--vscode-foreground));
  --info: var(--vscode-editorInfo-foreground, var(--vscode-foreground));
  --font: var(--vscode-font-family);
  --size: var(--vscode-font-size);
  --mono: var(--vscode-editor-font-family, monospace);
}`;

/** For a page on its own: light or dark, as the reader's system is. */
export const BROWSER_PALETTE = `
:root {
  color-scheme: light dark;
  --text: #1f2328; --page: #ffffff; --quiet: #59636e; --line: #d1d9e0; --raised: #f6f8fa;
  --link: #0550ae; --focus: #0969da; --button: #0550ae; --on-button: #ffffff; --button-line: transparent;
  --error: #cf222e; --warning: #9a6700; --info: #0969da;
  --font: system-ui, sans-serif; --size: 14px; --mono: ui-monospace, monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e6edf3; --page: #0d1117; --quiet: #9198a1; --line: #3d444d; --raised: #161b22;
    --link: #79c0ff; --focus: #58a6ff; --error: #ff7b72; --warning: #d29922; --info: #58a6ff;
  }
}`;

export const STYLE = `
body { margin: 0 auto; padding: 1em 2em; max-width: 100em; color: var(--text); background: var(--page);
  font: var(--size)/1.5 var(--font); }
h1 { font-size: 1.8em; margin: 0.4em 0; } h2 { font-size: 1.4em; margin-top: 1.8em; } h3 { font-size: 1.1em; }
code, pre { font-family: var(--mono); font-size: 0.95em; }
pre { background: var(--raised); padding: 0.6em; overflow: auto; margin: 0.4em 0; }
small, .about { color: var(--quiet); } small { display: block; font-weight: normal; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: 0.3em 0.8em 0.3em 0; border-bottom: 1px solid var(--line);
  font-weight: normal; overflow-wrap: anywhere; min-width: 6em; }
thead th { font-weight: 600; overflow-wrap: normal; }
tbody th { min-width: 13em; }
.number { text-align: right; min-width: 3em; }
.counts { display: flex; flex-wrap: wrap; gap: 1em; margin: 1em 0; }
.count { border: 1px solid var(--line); border-top: 3px solid var(--line); padding: 0.4em 1.2em; min-width: 5em; }
.count dd { margin: 0; font-size: 1.8em; }
.error { --tone: var(--error); } .warning { --tone: var(--warning); } .info { --tone: var(--info); }
.count.error, .count.warning, .count.info { border-top-color: var(--tone); }
.finding { border-left: 4px solid var(--tone, var(--line)); padding: 0.1em 0 0.1em 1em; margin: 1em 0; }
.finding p { margin: 0.3em 0; } .head strong { text-transform: capitalize; }
.verdict.blocked { --tone: var(--error); } .verdict.unknown { --tone: var(--warning); }
.verdict { border-left: 4px solid var(--tone, var(--info)); padding-left: 0.6em; }
.leg { margin: 0.6em 0 0.6em 1em; }
summary { cursor: pointer; }
.place { background: none; border: 0; padding: 0; font: inherit; color: var(--link); text-decoration: underline;
  cursor: pointer; text-align: left; }
.buttons button { background: var(--button); color: var(--on-button); border: 1px solid var(--button-line);
  padding: 0.3em 1em; font: inherit; cursor: pointer; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
figure { margin: 1.5em 0; } figcaption p, figcaption ul { margin: 0.2em 0; }
svg text { fill: var(--text); font: 12px var(--mono); } svg .kind { font: 11px var(--font); } svg .label { font-weight: 600; }
svg .header { dominant-baseline: middle; }
svg .box { fill: var(--raised); stroke: var(--line); } svg .box.clash { stroke: var(--error); stroke-width: 2; }
svg .header.clash { font-weight: 600; text-decoration: underline; }
svg .arrow { fill: none; stroke: var(--text); stroke-width: 1.5; }
@media (forced-colors: active) { svg .box { fill: Canvas; stroke: CanvasText; } }
`;
