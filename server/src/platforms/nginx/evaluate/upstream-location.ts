import type { Header } from '../../../cors/http';
import { inherited } from '../config/level';
import type { Node } from '../config/node';
import { matcherOf } from './locate';
import type { Redirect, Run } from './run';
import { evaluate } from './variables';

/**
 * The `Location` of an upstream after `proxy_redirect`. Only its default is worked out.
 * https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_redirect
 */
export function upstreamLocation({ value, place }: Header, node: Node, run: Run): Redirect {
  const text = value.kind === 'literal' ? value.text : undefined;
  const rule = inherited(run.level, 'proxy_redirect');
  const url = node.args[0] && evaluate(node.args[0], node.file, run).text;
  const isDefault = rule.length === 0 || (rule.length === 1 && rule[0]?.args[0]?.value === 'default');
  const isOff = rule.at(-1)?.args[0]?.value === 'off' || node.args[0]?.value.includes('$');
  if (text === undefined || url === undefined || !(isDefault || isOff)) {
    const reason = '`proxy_redirect` may change it';
    return { target: { text: undefined, value: { kind: 'unknown', reason, place } }, place, relative: true };
  }
  const [from, to] = isOff ? ['', undefined] : defaultRule(url, run);
  if (to === undefined || !text.startsWith(from)) {
    return { target: { text, value }, place, relative: true };
  }
  const rewritten = to + text.slice(from.length);
  return { target: { text: rewritten, value: { kind: 'literal', text: rewritten, place: value.place } }, place };
}

function defaultRule(url: string, run: Run): readonly [string, string | undefined] {
  const hasPath = /^\w+:\/\/[^/]+\//.test(url);
  if (!hasPath) {
    return [`${url}/`, '/'];
  }
  const level = run.level.kind === 'location' ? run.level : run.level.parent;
  const matcher = level?.node && matcherOf(level.node);
  return [url, matcher !== undefined && 'path' in matcher ? matcher.path : undefined];
}
