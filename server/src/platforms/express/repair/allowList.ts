import type { Edit, Repair } from '../../../cors/repair';
import type { ExpressAnalysis } from '../analysis';
import { allowListInCors } from './corsCall';
import { allowListByHand, setHeaderNear } from './handMade';
import { headerInSetUp } from './headerOption';
import { routeOf } from './layers';
import { allowListInSetUp, setUpAt } from './setUp';

type AllowList = Extract<Repair, { readonly kind: 'allow-list' }>;

/** `allow-list`, whatever sets CORS up at the place; with credentials, what allows them goes beside the list. */
export function allowList(analysis: ExpressAnalysis, wanted: AllowList): readonly Edit[] | undefined {
  const list = listAlone(analysis, wanted);
  if (wanted.credentials === undefined || list === undefined) return list;
  const allow = allowCredentials(analysis, wanted);
  return allow && beside(list, allow);
}

function listAlone(analysis: ExpressAnalysis, { endpoint, place, origins }: AllowList): readonly Edit[] | undefined {
  const inSetUp = allowListInSetUp(analysis, place, origins);
  if (inSetUp || setUpAt(analysis, place)) return inSetUp;
  const module = analysis.reader.module(place.file);
  if (module === null) return undefined;
  const isExpress = routeOf(analysis, endpoint) !== undefined;
  return allowListInCors(analysis.reader, module, place, origins) ?? allowListByHand(module, place, origins, isExpress);
}

const NAME = 'Access-Control-Allow-Credentials';

function allowCredentials(analysis: ExpressAnalysis, { place }: AllowList): readonly Edit[] | undefined {
  const module = analysis.reader.module(place.file);
  const inSetUp = headerInSetUp(analysis, place, NAME, 'true');
  return inSetUp ?? (module === null ? undefined : setHeaderNear(module, place, [[NAME, 'true']]));
}

/** Where nothing has been configured, both are a new object at one place: it is to have the options of both. */
function beside(list: readonly Edit[], allow: readonly Edit[]): readonly Edit[] {
  const [first, second] = [list[0], allow[0]];
  const isOne = first && second && list.length === 1 && allow.length === 1;
  if (!isOne || first.file !== second.file || first.start !== second.start || first.end !== second.end)
    return [...list, ...allow];
  const options = second.text.slice(second.text.indexOf('{') + 1);
  return [{ ...first, text: `${first.text.slice(0, first.text.lastIndexOf(' }'))},${options}` }];
}
