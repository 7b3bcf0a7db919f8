/**
 * What runs in a panel's page. It tells the extension which place or button was chosen, by number or by name: nothing
 * that came out of the workspace is sent back. It stands here as text, since it goes into the page as text.
 */
export const PAGE_SCRIPT = `
const editor = acquireVsCodeApi();
document.addEventListener('click', (event) => {
  const chosen = event.target.closest('[data-place], [data-command]');
  if (chosen === null) return;
  const { place, command } = chosen.dataset;
  editor.postMessage(place === undefined ? { command } : { place: Number(place) });
});
`;
