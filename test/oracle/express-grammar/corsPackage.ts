import { originCallback, originDelegate, originValue } from './checks';
import { ALLOWED, type Making } from './making';

/** The cors package and its options, in every shape. */

/** `cors(…)`, in line or by a name. */
export function corsExpression(making: Making): string {
  const { random, imports } = making;
  imports.set('cors', 'cors');
  const call = corsCall(making);
  if (random.chance(0.75)) return call;
  const name = making.name('withCors');
  making.declarations.push(
    random.chance(0.6)
      ? `const ${name} = ${call};`
      : `const ${name} = (req${making.type(': any')}, res${making.type(': any')}, next${making.type(': any')}) => ${call}(req, res, next);`,
  );
  return name;
}

function corsCall(making: Making): string {
  const { random } = making;
  if (random.chance(0.08)) return 'cors()';
  if (random.chance(0.12)) return `cors(${originDelegate(making, () => corsOptions(making, false))})`;
  return `cors(${placedOptions(making)})`;
}

/** Options in line, or held somewhere. */
function placedOptions(making: Making): string {
  const { random, declarations } = making;
  const options = corsOptions(making);
  const name = making.name('options');
  switch (random.below(12)) {
    case 0:
      declarations.push(
        `const ${name}${making.type(random.pick([': CorsOptions', ': cors.CorsOptions', '']))} = ${options};`,
      );
      return name;
    case 1:
      declarations.push(
        `const ${name} = ${options}${making.type(random.pick([' as const', ' satisfies object', ' as any']))};`,
      );
      return name;
    case 2:
      declarations.push(`const ${name} = ${options};`);
      return `{ ...${name}${random.chance(0.5) ? `, ${random.pick(['credentials: true', 'maxAge: 600', `origin: ${originValue(making)}`])}` : ''} }`;
    case 3:
      declarations.push(
        random.chance(0.5) ? `const ${name} = () => (${options});` : `function ${name}() { return ${options}; }`,
      );
      return `${name}()`;
    case 4: {
      const holder = making.name('Config');
      const isStatic = random.chance(0.5);
      declarations.push(`class ${holder} { ${isStatic ? 'static ' : ''}${name} = ${options}; }`);
      return isStatic ? `${holder}.${name}` : `new ${holder}().${name}`;
    }
    case 5:
      declarations.push(`const ${name} = { http: { cors: ${options} } };`);
      return `${name}.http.cors`;
    case 6:
      return random.chance(0.5) ? `Object.freeze(${options})` : `Object.assign({}, ${options})`;
    case 7:
      declarations.push(`let ${name} = ${options};`);
      return name;
    default:
      return options;
  }
}

function corsOptions(making: Making, mayCall = true): string {
  const { random } = making;
  const parts: string[] = [];
  if (random.chance(0.9)) parts.push(originProperty(making, mayCall));
  const add = (chance: number, key: string, values: readonly string[]): void => {
    if (random.chance(chance)) parts.push(`${key}: ${random.pick(values)}`);
  };
  add(0.4, 'credentials', ['true', 'true', 'true', 'false', "'true'", '1', 'undefined', '!0']);
  add(0.25, 'methods', METHODS);
  add(0.25, 'allowedHeaders', HEADER_LISTS);
  add(0.06, 'headers', HEADER_LISTS);
  add(0.2, 'exposedHeaders', HEADER_LISTS);
  add(0.2, 'maxAge', [
    '600',
    '0',
    "'3600'",
    'undefined',
    'null',
    '60 * 60',
    "''",
    'NaN',
    'false',
    'true',
    '-1',
    '1e3',
    '[600]',
  ]);
  add(0.1, 'preflightContinue', ['true', 'false', 'undefined', '1']);
  add(0.15, 'optionsSuccessStatus', ['200', '204', '200', "'200'", '202']);
  add(0.05, random.pick(['origins', 'allowHeaders', 'exposeHeaders', 'vary']), [`['${ALLOWED}']`]);
  if (parts.length > 1 && random.chance(0.3)) parts.reverse();
  return `{ ${parts.join(', ')} }`;
}

const METHODS = [
  "'GET,PUT'",
  "'GET, POST, PUT'",
  "['GET', 'PUT']",
  "['get', 'put']",
  "'*'",
  '[]',
  "''",
  "['GET', 'POST', 'PUT', 'DELETE'].join()",
  "['GET', 'PUT'].join(', ')",
  "['GET', ...['PUT', 'POST']]",
  'undefined',
];
const HEADER_LISTS = [
  "['Content-Type', 'Authorization']",
  "'Content-Type,Authorization'",
  "'Content-Type, X-Token'",
  "'*'",
  "['*']",
  '[]',
  "''",
  'false',
  'null',
  'undefined',
  "['X-A'].concat(['X-B'])",
];

function originProperty(making: Making, mayCall: boolean): string {
  const { random, declarations } = making;
  if (mayCall && random.chance(0.45)) {
    if (random.chance(0.2)) {
      const fn = originCallback(making);
      const method = /^(async )?(?:function )?\(([^)]*)\) (?:=> )?(\{.*\})$/s.exec(fn);
      if (method) return `${method[1] ?? ''}origin(${method[2]}) ${method[3]}`;
      return `origin: ${fn}`;
    }
    if (random.chance(0.3)) {
      const name = making.name('checkOrigin');
      declarations.push(`const ${name} = ${originCallback(making)};`);
      return `origin: ${name}`;
    }
    return `origin: ${originCallback(making)}`;
  }
  const value = originValue(making);
  if (random.chance(0.75)) return `origin: ${value}`;
  if (random.chance(0.3)) {
    declarations.push(`const origin = ${value};`);
    // The short form can be had once.
    if (declarations.filter((line) => line.startsWith('const origin =')).length === 1) return 'origin';
    declarations.pop();
  }
  const name = making.name('origin_');
  declarations.push(`const ${name} = ${value};`);
  return `origin: ${name}`;
}
