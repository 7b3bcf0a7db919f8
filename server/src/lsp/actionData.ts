import type { ActionData, Choice } from './actions';

/** What came back from the client, if it is what was sent. */
export function readActionData(data: unknown): ActionData | undefined {
  if (!isObject(data) || !('uri' in data) || !('version' in data) || !('choice' in data)) return undefined;
  const { uri, version } = data;
  const choice = readChoice(data.choice);
  if (typeof uri !== 'string' || choice === undefined) return undefined;
  if (version !== null && typeof version !== 'number') return undefined;
  return { uri, version, choice };
}

function readChoice(choice: unknown): Choice | undefined {
  if (!isObject(choice) || !('does' in choice)) return undefined;
  const { does } = choice;
  if (does === 'fix-all') return { does };
  if (!('finding' in choice) || typeof choice.finding !== 'string') return undefined;
  const { finding } = choice;
  if (does === 'suppress-line' || does === 'suppress-file' || does === 'turn-off') return { does, finding };
  if (does !== 'fix' || !('title' in choice) || typeof choice.title !== 'string') return undefined;
  return { does, finding, title: choice.title };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
