import type { Place } from '../../../cors/place';
import type { Edit, Repair } from '../../../cors/repair';
import type { SourceModule } from '../../../javascript';
import type { ExpressAnalysis } from '../analysis';
import { allowList } from './allowList';
import { exemptPreflight } from './exemptPreflight';
import { setHeaderNear, varyOrigin } from './handMade';
import { headerInSetUp } from './headerOption';
import { routeOf } from './layers';
import { answerInPage } from './nextPage';
import { answerInRoute } from './nextRoute';
import { answerPreflight } from './preflight';
import { sendAlways } from './sendAlways';
import { keepOnErrors, setUpAt, valueInSetUp } from './setUp';
import { remove, rename, replacePattern, replaceValue, replaceWithList } from './values';
import { setWebHeaderNear } from './webHeaders';

/** The edits that carry a repair out; undefined when it cannot be done here with certainty. */
export function repair(analysis: ExpressAnalysis, wanted: Repair): readonly Edit[] | undefined {
  switch (wanted.kind) {
    case 'replace-value': {
      const setUp = setUpAt(analysis, wanted.place);
      if (setUp) return valueInSetUp(analysis, setUp, wanted.text);
      return at(analysis, wanted.place, (module) => replaceValue(module, wanted.place, wanted.text));
    }
    case 'replace-with-list':
      return at(analysis, wanted.place, (module) => replaceWithList(module, wanted.place, wanted.texts));
    case 'replace-pattern':
      return at(analysis, wanted.place, (module) => replacePattern(module, wanted.place, wanted.source, wanted.flags));
    case 'rename':
      return at(analysis, wanted.place, (module) => rename(module, wanted.place, wanted.name));
    case 'remove':
      return at(analysis, wanted.place, (module) => remove(module, wanted.place));
    case 'set-header':
      return wanted.near && setHeader(analysis, wanted.near, wanted.name, wanted.value);
    case 'send-always': {
      const { name, value, place } = wanted.header;
      const literal = value.kind === 'literal' ? value.text : undefined;
      return (
        sendAlways(analysis, wanted.endpoint, place) ??
        (literal === undefined ? undefined : setHeader(analysis, place, name, literal))
      );
    }
    case 'vary-origin': {
      const isExpress = routeOf(analysis, wanted.endpoint) !== undefined;
      return at(analysis, wanted.near, (module) => varyOrigin(module, wanted.near, isExpress));
    }
    case 'allow-list':
      return allowList(analysis, wanted);
    case 'answer-preflight':
      return answerPreflight(analysis, wanted) ?? answerInRoute(analysis, wanted) ?? answerInPage(analysis, wanted);
    case 'exempt-preflight':
      return exemptPreflight(analysis, wanted.endpoint, wanted.place) ?? answerInPage(analysis, wanted);
    // Headers that are set stay set on errors but for one option of @koa/cors; what else is missing there is another
    // place's to say.
    case 'apply-to-errors':
      return keepOnErrors(
        analysis,
        wanted.headers.map(({ place }) => place),
      );
    // A program that passes requests on is not read.
    case 'hide-header':
      return undefined;
  }
}

function setHeader(analysis: ExpressAnalysis, near: Place, name: string, value: string): readonly Edit[] | undefined {
  return (
    headerInSetUp(analysis, near, name, value) ??
    at(
      analysis,
      near,
      (module) => setHeaderNear(module, near, [[name, value]]) ?? setWebHeaderNear(module, near, [[name, value]]),
    )
  );
}

function at(
  analysis: ExpressAnalysis,
  place: Place,
  edit: (module: SourceModule) => readonly Edit[] | undefined,
): readonly Edit[] | undefined {
  const module = analysis.reader.module(place.file);
  return module === null ? undefined : edit(module);
}
