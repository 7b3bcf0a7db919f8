import type { Asked, Browser } from '../cors/browser';
import { counterpart, type PlacePair } from '../cors/counterpart';
import type { Place } from '../cors/place';
import type { LintSettings } from './settings';
import type { EndpointRule } from './types';

/** What the rules said of one endpoint, and all that they came to know of it. */
export interface Judgement {
  readonly browser: Browser;
  readonly asked: readonly Asked[];
  /** Where each rule that found something found it. A rule that crashed has found it everywhere. */
  readonly found: ReadonlyMap<EndpointRule, readonly Place[] | 'everywhere'>;
}

/** The judgements of one lint, for itself and for the next of nearly the same text. Holds the file's syntax tree. */
export interface Judgements {
  readonly settings: LintSettings;
  readonly rules: readonly EndpointRule[];
  readonly all: readonly Judgement[];
}

/** What need not be asked of an endpoint, because an endpoint like it was asked. */
export interface Precedent {
  /** Whether the rule may find something here that it has not found already. */
  mustRun(rule: EndpointRule): boolean;
  /** Whether it stands for later endpoints of this lint too, so that this endpoint's judgement need not. */
  readonly isOfThisLint: boolean;
}

export interface Court {
  precedentFor(browser: Browser): Precedent | undefined;
  keep(judgement: Judgement): void;
  readonly judgements: Judgements;
}

/** With more ways to answer than this in a file, an endpoint is compared with the latest ones only. */
const MOST_COMPARED = 4;

interface CourtOptions {
  readonly rules: readonly EndpointRule[];
  readonly settings: LintSettings;
  /** The judgements of an earlier lint of the file; used only if rules and settings are the same. */
  readonly before: Judgements | undefined;
  /** Ids of rules whose findings another rule may replace, endpoint by endpoint. */
  readonly replaced: ReadonlySet<string>;
}

/**
 * Decides which rules an endpoint needs. Rules know an endpoint by what it answers; where it answers like one that was
 * judged before, they would say the same of it, at its own places.
 */
export function openCourt({ rules, settings, before, replaced }: CourtOptions): Court {
  const all: Judgement[] = [];
  const isSame = before?.settings === settings && before.rules.length === rules.length;
  const earlier = before && isSame && before.rules.every((rule, i) => rule === rules[i]) ? before.all : [];
  const mayReplace = ({ meta }: EndpointRule) => meta.replaces !== undefined || replaced.has(meta.id);
  return {
    judgements: { settings, rules, all },
    keep: (judgement) => all.push(judgement),
    precedentFor(browser) {
      const now = firstLike(all, browser);
      if (now) {
        const { found } = now.judgement;
        const mustRun = (rule: EndpointRule) =>
          found.has(rule) && (mayReplace(rule) || isOwn(found.get(rule), now.pairs));
        return { isOfThisLint: true, mustRun };
      }
      const then = firstLike(earlier, browser);
      return then && { isOfThisLint: false, mustRun: (rule) => then.judgement.found.has(rule) };
    },
  };
}

function firstLike(judgements: readonly Judgement[], browser: Browser) {
  const { path, methods } = browser.endpoint;
  const ofMethods = judgements.filter((one) => one.browser.endpoint.methods?.join() === methods?.join());
  const latest = ofMethods.slice(-MOST_COMPARED).reverse();
  const itself = ofMethods.find((one) => one.browser.endpoint.path === path);
  for (const judgement of itself === undefined ? latest : new Set([itself, ...latest])) {
    const pairs = counterpart(judgement.browser, judgement.asked, browser);
    if (pairs) return { judgement, pairs };
  }
  return undefined;
}

/**
 * Whether some of the places are an endpoint's own. What is found at a place that all endpoints like it share has been
 * found already.
 */
function isOwn(found: readonly Place[] | 'everywhere' | undefined, pairs: readonly PlacePair[]): boolean {
  if (found === undefined) return false;
  return found === 'everywhere' || found.some((place) => pairs.some(({ here }) => touches(place, here)));
}

function touches(a: Place, b: Place): boolean {
  return a.file === b.file && a.start <= b.end && b.start <= a.end;
}
