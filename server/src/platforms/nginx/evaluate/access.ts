import type { Answerer } from '../../../cors/http';
import { inherited, type Level, setting } from '../config/level';
import { type Node, placeOf } from '../config/node';
import type { Denied, Run } from './run';
import { evaluate } from './variables';

/**
 * The access phase: `deny`, `auth_basic`, `auth_request`, in that order, and `satisfy`.
 * https://nginx.org/en/docs/http/ngx_http_core_module.html#satisfy
 *
 * Clients whose address some `allow` names are taken to be allowed.
 * @param subrequest the status of an authentication request for a path, undefined when it cannot be told
 */
export function access(run: Run, subrequest: (uri: string) => number | undefined): Denied | undefined {
  const checks = [byAddress(run.level), byPassword(run), byRequest(run, subrequest)].filter(
    (result) => result !== 'none',
  );
  if (setting(run.level, 'satisfy') !== 'any') {
    return checks.find((result) => result !== 'passed') ?? takeDenied(run);
  }
  for (const result of checks) {
    if (result === 'passed') {
      run.denied = undefined;
      return undefined;
    }
    // A failure of the check itself ends the search (`ngx_http_core_access_phase`).
    if (result.status !== 401 && result.status !== 403) {
      return result;
    }
    run.denied = run.denied?.status === 401 ? run.denied : result;
  }
  return takeDenied(run);
}

/**
 * What the checks have come to (`ngx_http_core_post_access_phase`). A refusal that was noted before a check failed is
 * still there when the error page is made.
 */
function takeDenied(run: Run): Denied | undefined {
  const { denied } = run;
  run.denied = undefined;
  return denied;
}

type Result = Denied | 'passed' | 'none';

function byAddress(level: Level): Result {
  const rules = addressRules(level);
  const [first] = rules;
  if (first === undefined) {
    return 'none';
  }
  if (first.name === 'deny' && first.args[0]?.value === 'all') {
    // Who the client is does not matter where the method decides.
    const isByMethod = level.kind === 'limit_except' && level.own.get('deny')?.includes(first) === true;
    const kind = isByMethod ? 'method-gate' : 'authentication';
    return { status: 403, by: { kind, what: '`deny all`', place: placeOf(first) } };
  }
  return 'passed';
}

/** The `allow` and `deny` of the innermost level that has either, in order. */
function addressRules(level: Level): readonly Node[] {
  for (let at: Level | undefined = level; at !== undefined; at = at.parent) {
    const rules = [...(at.own.get('allow') ?? []), ...(at.own.get('deny') ?? [])];
    if (rules.length > 0) {
      return rules.every((node) => node.file === rules[0]?.file)
        ? rules.sort((a, b) => a.directive.range.start - b.directive.range.start)
        : rules;
    }
  }
  return [];
}

function byPassword(run: Run): Result {
  const node = inherited(run.level, 'auth_basic').at(-1);
  const word = node?.args[0];
  if (node === undefined || word === undefined || setting(run.level, 'auth_basic_user_file') === undefined) {
    return 'none';
  }
  const realm = evaluate(word, node.file, run).text;
  if (realm === 'off') {
    return 'none';
  }
  const active = realm !== undefined || run.decide('`auth_basic` is on', '`auth_basic` is off');
  if (!active) {
    return 'none';
  }
  const denied: Denied = { status: 401, by: { kind: 'authentication', what: '`auth_basic`', place: placeOf(node) } };
  if (run.ending === 401) {
    return denied;
  }
  if (run.request.headers.has('authorization')) {
    return 'passed';
  }
  if (run.request.method === 'OPTIONS') {
    return denied;
  }
  const signedIn = run.decide('the browser adds a user name and password', 'no user name and password are sent');
  return signedIn ? 'passed' : denied;
}

function byRequest(run: Run, subrequest: (uri: string) => number | undefined): Result {
  const node = inherited(run.level, 'auth_request').at(-1);
  const word = node?.args[0];
  if (node === undefined || word === undefined || word.value === 'off') {
    return 'none';
  }
  const answeredBy: Answerer = { kind: 'authentication', what: `\`auth_request ${word.value}\``, place: placeOf(node) };
  const uri = evaluate(word, node.file, run).text;
  const status = uri === undefined ? undefined : subrequest(uri);
  if (status === undefined) {
    if (run.ending === 401 || run.ending === 403) {
      return { status: run.ending, by: answeredBy };
    }
    const passes = run.decide(
      `\`auth_request ${word.value}\` lets it through`,
      `\`auth_request ${word.value}\` refuses it`,
    );
    return passes ? 'passed' : { status: 401, by: answeredBy };
  }
  if (status >= 200 && status < 300) {
    return 'passed';
  }
  return { status: status === 401 || status === 403 ? status : 500, by: answeredBy };
}
