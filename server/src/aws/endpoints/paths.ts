/** The segments of a route's path: `/users/{id}`, `{proxy+}`. */
function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}

const GREEDY = /^\{[^}]*\+\}$/;
const PARAMETER = /^\{[^}]*\}$/;

/** A path that reaches the route: `/users/1`. */
export function samplePath(route: string): string {
  const segments = route === '*' ? ['any'] : segmentsOf(route);
  return `/${segments.map((segment) => (GREEDY.test(segment) ? 'any' : PARAMETER.test(segment) ? '1' : segment)).join('/')}`;
}

/** Whether a request's path (without query) fits the route, as API Gateway compares them. */
export function fits(route: string, path: string): boolean {
  if (route === '*') return true;
  const wanted = segmentsOf(route);
  const given = segmentsOf(path);
  for (const [i, segment] of wanted.entries()) {
    if (GREEDY.test(segment)) return given.length > i;
    const here = given[i];
    if (here === undefined || (!PARAMETER.test(segment) && segment !== here)) return false;
  }
  return wanted.length === given.length;
}

/** Orders routes by how exactly they name a path: API Gateway takes the most exact one that fits. */
export function exactness(route: string): string {
  if (route === '*') return '3';
  return segmentsOf(route)
    .map((segment) => (GREEDY.test(segment) ? '2' : PARAMETER.test(segment) ? '1' : '0'))
    .join('');
}

/** Whether another route of the same API takes this path away from `route`. */
export function takenBy(route: string, others: readonly string[], path: string): boolean {
  return others.some((other) => other !== route && fits(other, path) && exactness(other) < exactness(route));
}
