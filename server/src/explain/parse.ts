import { chromeMessages } from './chrome';
import { firefoxMessages } from './firefox';
import type { Message } from './message';
import { safariMessages } from './safari';

/** Longer pastes are cut: nobody reads that many messages. */
const MOST_CHARACTERS = 200_000;

/**
 * The CORS messages in what was copied from a browser's console: any number of them, with stacks, file names and time
 * stamps around them, lines broken anywhere. Each complaint once. Empty for text that has none. Never throws.
 */
export function parseMessages(pasted: string): Message[] {
  const text = pasted.slice(0, MOST_CHARACTERS).replace(/\s+/g, ' ');
  const chrome = chromeMessages(text);
  const firefox = firefoxMessages(text);
  // What Safari says stands inside what Chromium says of a header or a method.
  const safari = chrome.length > 0 ? [] : safariMessages(text);
  return distinct([...chrome, ...firefox, ...safari]);
}

function distinct(messages: readonly Message[]): Message[] {
  const known = new Map<string, Message>();
  for (const message of messages) {
    const { browser, reason, url, origin, names } = message;
    const key = [browser, reason, url, origin, names].join('\0');
    if (!known.has(key)) known.set(key, message);
  }
  return [...known.values()];
}
