import { expect, test } from 'vitest';
import { ARITY } from '../../server/src/platforms/nginx/inspect/arity';
import { refusals } from '../../server/src/platforms/nginx/inspect/refusals';
import { parse } from '../../server/src/platforms/nginx/syntax/parse';
import { nginxTest } from '../harness/nginx';
import { suiteNeeds } from '../harness/require';

const BLOCKS = new Set(['location', 'limit_except', 'map']);

function statement(name: string, count: number): string {
  const words = Array.from({ length: count }, (_, i) => `${name === 'map' ? '$' : ''}w${i}`);
  return `${[name, ...words].join(' ')}${BLOCKS.has(name) ? ' { }' : ';'}`;
}

function site(name: string, count: number): string {
  const text = statement(name, count);
  if (name === 'map') return text;
  return name === 'location' || name === 'listen' || name === 'server_name'
    ? `server { ${text} }`
    : `server { location / { ${text} } }`;
}

/** Server-level directives are asked about at the level of the server. */
function answer(name: string, count: number): string {
  const inLocation = nginxTest(site(name, count)).message;
  return inLocation.includes('not allowed here')
    ? nginxTest(`server { ${statement(name, count)} }`).message
    : inLocation;
}

suiteNeeds('nginx')('numbers of arguments, asked of nginx', () => {
  test.each([...ARITY])('%s takes %j', (name, [least, most]) => {
    const wrong = `invalid number of arguments in "${name}" directive`;
    if (least > 0) expect(answer(name, least - 1)).toBe(wrong);
    expect(answer(name, least)).not.toBe(wrong);
    if (Number.isFinite(most)) {
      expect(answer(name, most)).not.toBe(wrong);
      expect(answer(name, most + 1)).toBe(wrong);
    } else {
      expect(answer(name, 9)).not.toBe(wrong);
    }
  });

  test.each([
    'add_header A b c;',
    'add_header A;',
    'add_header A b Always;',
    'add_header A b, c, d;',
    'if ($a == b) { return 204; }',
    'if ($request_method = a && $b) { return 204; }',
    'if $request_method { return 204; }',
    'if ($request_method = a { return 204; }',
    'if (-f) { return 204; }',
    'if (a = b) { return 204; }',
    'return;',
    'set $a;',
  ])('%s', (text) => {
    const [refusal] = refusals(parse(`server { location / { set $a 1; set $b 1; ${text} } }`));
    expect(refusal?.said).toBe(nginxTest(`server { location / { set $a 1; set $b 1; ${text} } }`).message);
  });

  test.each([
    'if ($a) { return 204; }',
    'if ( $a = b ) { return 204; }',
    'if ($a = "b") { return 204; }',
    'if ($a != "") { return 204; }',
    'if (!-f $request_filename) { return 204; }',
    'if ($a ~* "x y") { return 204; }',
    'add_header A b always;',
    "add_header 'A' 'b, c' always;",
  ])('%s is fine', (text) => {
    const whole = `server { location / { set $a 1; ${text} } }`;
    expect(refusals(parse(whole))).toEqual([]);
    expect(nginxTest(whole).ok).toBe(true);
  });
});
