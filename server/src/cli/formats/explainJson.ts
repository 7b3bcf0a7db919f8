import type { Place } from '../../cors/place';
import { shown } from '../prediction';
import { shownPath } from '../shownPath';
import { endpointRefJson } from './endpointJson';
import type { ExplainedAnswer, Explanation, Places } from './explain';

/** The explanations as JSON. Its shape is a contract: schemas/explain.schema.json, version 1. */
export function formatExplainJson(explanations: readonly Explanation[], places: Places): string {
  const explained = explanations.map(({ message, meaning, answers, advice, rule }) => ({
    message: {
      browser: message.browser,
      text: message.text,
      reason: message.reason,
      url: message.url ?? null,
      origin: message.origin ?? null,
      names: message.names ?? null,
      status: message.status ?? null,
      isPreflight: message.isPreflight,
    },
    meaning,
    endpoints: answers.map((answer) => answerJson(answer, places)),
    advice,
    rule: rule ?? null,
  }));
  return `${JSON.stringify({ version: 1, explained }, undefined, 2)}\n`;
}

function answerJson(answer: ExplainedAnswer, places: Places) {
  const { found, sureness, because, agreement, says, call, prediction, blame, findings } = answer;
  const { cwd, lines } = places;
  const at = (place: Place) => ({ file: shownPath(cwd, place.file), range: lines.range(place.file, place) });
  return {
    ...endpointRefJson(found, places),
    sureness,
    because,
    agreement,
    says,
    call: {
      origin: call.origin,
      method: call.method,
      scheme: call.scheme,
      host: call.host ?? null,
      path: call.path,
      credentials: call.credentials,
      headers: call.headers.map(([name, value]) => ({ name, value })),
    },
    prediction: shown(prediction, ({ header }) => ({
      file: shownPath(cwd, header.place.file),
      line: lines.range(header.place.file, header.place).start.line,
    })),
    blame: blame === undefined ? null : at(blame),
    findings: findings.map(({ rule, severity, place, message }) => ({
      rule: rule.id,
      severity,
      ...at(place),
      message,
    })),
  };
}
