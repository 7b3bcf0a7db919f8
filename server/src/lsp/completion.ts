import {
  type CancellationToken,
  type CompletionItem,
  CompletionItemKind,
  type CompletionParams,
  MarkupKind,
} from 'vscode-languageserver';
import { headerGuide } from '../cors/headerGuide';
import { parseOrigin } from '../cors/origin';
import type { CompletionContext, CompletionWord } from '../lint/types';
import { type Positions, positionsIn } from './positions';
import type { Session } from './session';

/** `textDocument/completion`: what CORS needs where the cursor is. Reads no tree, so a broken text is as good. */
export async function completion(
  session: Session,
  { textDocument: { uri }, position }: CompletionParams,
  token: CancellationToken,
): Promise<CompletionItem[] | null> {
  const document = session.documents.get(uri);
  if (document === undefined) return null;
  const file = session.names.toFile(uri, document.languageId);
  const { workspace, settings } = await session.folders.of(file);
  if (!settings.enable || token.isCancellationRequested) return null;
  const text = document.getText();
  const positions = positionsIn(text);
  const offset = positions.offset(position);
  for (const platform of workspace.platformsFor(file)) {
    const context = platform.completionAt?.(text, offset);
    if (context !== undefined) return items(context, positions, text, workspace.settingsFor(file).origins);
  }
  return null;
}

/** `completionItem/resolve`: the explanation, which an editor asks for when it shows one. */
export function completionResolve(session: Session, item: CompletionItem): CompletionItem {
  const { header, note } = readData(item.data);
  const guide = header === undefined ? undefined : headerGuide(header);
  const about = guide && `**${guide.name}**: ${guide.meaning} [Specification](${guide.reference})`;
  const value = [note, about].filter((part) => part !== undefined).join('\n\n');
  if (value === '') return item;
  const kind = session.client.markdownCompletion ? MarkupKind.Markdown : MarkupKind.PlainText;
  return { ...item, documentation: { kind, value } };
}

/** What is kept until an item is shown. */
interface ItemData {
  readonly header?: string;
  readonly note?: string;
}

function items(
  { replace, words, originQuote: quote }: CompletionContext,
  positions: Positions,
  text: string,
  configured: readonly string[],
): CompletionItem[] {
  const range = positions.range(replace);
  const origins = quote === undefined ? [] : configured.filter((origin) => parseOrigin(origin) !== undefined);
  const named = origins.map(
    (origin): CompletionWord => ({ text: `${quote}${origin}${quote}`, kind: 'value', ...OURS }),
  );
  // What an editor filters by is compared with what stands there: a value that brings its quotes is found without.
  const inQuotes = /^["'`]/.test(text.slice(replace.start));
  return [...named, ...words].map(({ text: written, kind, header, note }, i) => {
    const data: ItemData = {
      ...(header === undefined ? {} : { header }),
      ...(note === undefined ? {} : { note }),
    };
    const bare = /^(["'])(.*)\1$/.exec(written)?.[2];
    return {
      label: written.trimEnd(),
      kind: KINDS[kind],
      sortText: String(i).padStart(3, '0'),
      ...(bare === undefined || inQuotes ? {} : { filterText: bare }),
      textEdit: { range, newText: written },
      data,
    };
  });
}

const OURS = { header: 'access-control-allow-origin', note: 'An origin of the settings.' };

const KINDS: Readonly<Record<CompletionWord['kind'], CompletionItemKind>> = {
  header: CompletionItemKind.Constant,
  option: CompletionItemKind.Property,
  value: CompletionItemKind.Value,
};

/** What came back from the client, as far as it is what was sent. */
function readData(data: unknown): ItemData {
  if (typeof data !== 'object' || data === null) return {};
  const header = 'header' in data ? data.header : undefined;
  const note = 'note' in data ? data.note : undefined;
  return {
    ...(typeof header === 'string' ? { header } : {}),
    ...(typeof note === 'string' ? { note } : {}),
  };
}
