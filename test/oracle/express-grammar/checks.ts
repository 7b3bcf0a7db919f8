import { ALLOWED, type Making, SECOND } from './making';

/** Checks on an origin, and what programs make of them. */

const LIST = `['${ALLOWED}', '${SECOND}']`;

/** A declared allow list, by its name. */
function list(making: Making): string {
  const { random, declarations, language } = making;
  if (random.chance(0.25)) return LIST;
  const name = making.name('allowed');
  const value = random.pick([
    LIST,
    LIST,
    `['${ALLOWED}']`,
    `'${ALLOWED},${SECOND}'.split(',')`,
    `['app', 'admin'].map((one) => 'https://' + one + '.example.com')`,
    `[...['${ALLOWED}'], '${SECOND}']`,
  ]);
  const frozen = random.chance(0.1) ? `Object.freeze(${value})` : value;
  declarations.push(
    `const ${name} = ${frozen}${language === 'ts' && value === LIST && random.chance(0.3) ? ' as const' : ''};`,
  );
  return name;
}

/**
 * An expression that is truthy where the origin `o` is let in. Where `o` may be undefined some of these throw, as they
 * do in programs.
 */
export function check(making: Making, o: string, depth = 0): string {
  const { random } = making;
  if (depth < 2 && random.chance(0.25)) {
    const inner = () => check(making, o, depth + 1);
    return random.pick([
      () => `!${o} || ${inner()}`,
      () => `!${o} || ${inner()}`,
      () => `${o} && ${inner()}`,
      () => `(${inner()} || ${inner()})`,
      () => `(${inner()} && ${inner()})`,
      () => `!(${inner()})`,
      () => `(${o} ? ${inner()} : ${random.pick(['true', 'false'])})`,
      () => `Boolean(${inner()})`,
      () => `!!(${inner()})`,
    ])();
  }
  return simpleCheck(making, o);
}

function simpleCheck(making: Making, o: string): string {
  const { random, declarations } = making;
  const host = random.pick(['example.com', '.example.com', 'app.example.com']);
  switch (random.below(31)) {
    case 0:
    case 1:
      return `${o} ${random.pick(['===', '=='])} '${ALLOWED}'`;
    case 2:
      return `'${ALLOWED}' === ${o}`;
    case 3:
    case 4:
      return `${list(making)}.includes(${o}${making.type(' as any')})`;
    case 5:
      return `${list(making)}.indexOf(${o}${making.type(' as any')}) ${random.pick(['!== -1', '> -1', '>= 0', '!= -1', '=== 0', '> 0'])}`;
    case 6:
      return `${o}.startsWith('${random.pick([ALLOWED, 'https://', 'https://app'])}')`;
    case 7:
      return `${o}${random.pick(['', '?'])}${random.chance(0.5) ? '' : ''}.endsWith('${host}')`;
    case 8:
      return `${o}.includes('${host}')`;
    case 9:
      return `${o}.indexOf('${host}') ${random.pick(['!== -1', '>= 0', '> 0', '=== 8'])}`;
    case 10:
      return `'${ALLOWED},${SECOND}'.indexOf(${o}) ${random.pick(['>= 0', '!== -1'])}`;
    case 11:
      return `${list(making)}.some((one) => ${random.pick([`one === ${o}`, `${o}.startsWith(one)`, `${o} && ${o}.endsWith(one)`, `${o}.includes(one)`])})`;
    case 12:
      return `${list(making)}.every((one) => ${random.pick([`one !== ${o}`, `one === ${o}`])})`;
    case 13:
      return `${list(making)}.find((one) => one === ${o})`;
    case 14:
      return `${list(making)}.filter((one) => one === ${o}).length > 0`;
    case 15: {
      const name = making.name('allowedSet');
      declarations.push(`const ${name} = new Set(${list(making)});`);
      return `${name}.has(${o}${making.type(' as any')})`;
    }
    case 16:
    case 24:
      return tableCheck(making, o);
    case 25: {
      const name = making.name('allowedSet');
      const grows = random.chance(0.5);
      declarations.push(
        grows
          ? `const ${name} = new Set${making.type('<any>')}(); ${name}.add('${ALLOWED}'); ${name}.add('${SECOND}');`
          : `const ${name}${making.type(': any[]')} = ['${SECOND}']; ${name}.push('${ALLOWED}');`,
      );
      return `${name}.${grows ? 'has' : 'includes'}(${o})`;
    }
    case 26:
      return `URL.canParse(${o})${random.pick(['', ` && new URL(${o}).host.endsWith('${host}')`, ` && new URL(${o}).protocol === 'https:'`])}`;
    case 27:
      return `${random.pick([`${o}.match(${pattern(making)})`, `${pattern(making)}.exec(${o})`])}?.[0]${random.pick(['', ` === ${o}`, ' !== undefined'])}`;
    case 17:
      return `${pattern(making)}.test(${o})`;
    case 18:
      return `${o}.match(${pattern(making)})`;
    case 19:
      return `${pattern(making)}.exec(${o}) ${random.pick(['!== null', '!= null'])}`;
    case 20: {
      const name = making.name('patterns');
      declarations.push(`const ${name} = [${pattern(making)}, ${pattern(making)}];`);
      return `${name}.some((one) => one.test(${o}))`;
    }
    case 21: {
      const name = making.name('mixed');
      declarations.push(`const ${name}${making.type(': any[]')} = ['${ALLOWED}', ${pattern(making)}];`);
      return `${name}.some((one) => ${random.pick([`one instanceof RegExp ? one.test(${o}) : one === ${o}`, `typeof one === 'string' ? one === ${o} : one.test(${o})`])})`;
    }
    case 22:
      return `${o}.toLowerCase() === '${ALLOWED}'`;
    case 23:
      return `new URL(${o}).${random.pick([`hostname === 'app.example.com'`, `host.endsWith('${host}')`, `origin === '${ALLOWED}'`, `protocol === 'https:'`])}`;
    default: {
      const name = making.name('isAllowed');
      declarations.push(helper(making, name));
      return `${name}(${o})`;
    }
  }
}

/** A look into an object or a map whose keys are origins. */
function tableCheck(making: Making, o: string): string {
  const { random, declarations } = making;
  const isMap = random.chance(0.35);
  const name = making.name(isMap ? 'byOrigin' : 'table');
  const [first, second] = random.pick([
    ['true', 'true'],
    ['true', 'false'],
    ["{ name: 'app' }", "{ name: 'admin' }"],
  ]);
  const object = `{ '${ALLOWED}': ${first}, '${SECOND}': ${second} }`;
  if (isMap) {
    const map = random.pick([
      `new Map([['${ALLOWED}', ${first}], ['${SECOND}', ${second}]]${making.type(' as any')});`,
      `new Map(Object.entries(${object})${making.type(' as any')});`,
      `new Map${making.type('<any, any>')}(); ${name}.set('${ALLOWED}', ${first});`,
    ]);
    declarations.push(`const ${name} = ${map}`);
    return `${name}.${random.pick(['has', 'get'])}(${o})`;
  }
  declarations.push(`const ${name}${making.type(': any')} = ${object};`);
  return random.pick([
    `${name}[${o}]`,
    `${name}[${o}]`,
    `${name}[${o}] === true`,
    `${name}[${o}] !== undefined`,
    `${o} in ${name}`,
    `Object.keys(${name}).includes(${o})`,
    `Object.values(${name}).includes(${o})`,
    `${name}.hasOwnProperty(${o})`,
    `Object.hasOwn(${name}, ${o})`,
    `Object.prototype.hasOwnProperty.call(${name}, ${o})`,
  ]);
}

function pattern(making: Making): string {
  return making.random.pick([
    '/^https:\\/\\/(?:app|admin)\\.example\\.com$/',
    '/^https:\\/\\/app\\.example\\.com/',
    '/example\\.com$/',
    '/\\.example\\.com$/i',
    '/^https?:\\/\\/.*example.com$/',
    '/^https:\\/\\/app.example.com$|^https:\\/\\/admin/',
    '/^https:\\/\\/[^.]+\\.example\\.com$/',
    "new RegExp('example')",
    "new RegExp('^https://app\\\\.example\\\\.com$', 'i')",
    '/./',
  ]);
}

/** A function that says whether an origin is let in. */
function helper(making: Making, name: string): string {
  const { random } = making;
  const t = making.type(': any');
  const inner = () => check(making, 'o', 2);
  const body = random.pick([
    () => `return ${inner()};`,
    () => `if (!o) return ${random.pick(['true', 'false'])}; return ${inner()};`,
    () => `if (${inner()}) { return true; } return false;`,
    () => `if (${inner()}) { return true; } else { return false; }`,
    () => `if (${inner()}) return true; if (${inner()}) return true; return false;`,
    () => `try { return ${inner()}; } catch { return false; }`,
    () =>
      `try { const { hostname } = new URL(o); return hostname === 'app.example.com' || hostname.endsWith('.example.com'); } catch (error) { return false; }`,
    () =>
      `try { const url = new URL(o); return url.protocol === 'https:' && /example\\.com$/.test(url.hostname); } catch { return false; }`,
    () =>
      `let host${t}; try { host = new URL(o).hostname; } catch { return false; } return host === 'app.example.com';`,
    () => `for (const one of ${list(making)}) { if (one === o) return true; } return false;`,
    () => `let found = false; for (const one of ${list(making)}) { if (one === o) found = true; } return found;`,
    () => `switch (o) { case '${ALLOWED}': case '${SECOND}': return true; default: return false; }`,
    () => `switch (o) { case '${ALLOWED}': return true; } return ${inner()};`,
    () => `const ok = ${inner()}; return ok;`,
    () => `let ok = false; if (${inner()}) ok = true; return ok;`,
  ])();
  return random.chance(0.5) ? `function ${name}(o${t}) { ${body} }` : `const ${name} = (o${t}) => { ${body} };`;
}

/** A function for `origin`: `(origin, callback) => …`. */
export function originCallback(making: Making): string {
  const { random } = making;
  const t = making.type(': any');
  const o = random.pick(['origin', 'origin', 'requestOrigin', 'o']);
  const cb = random.pick(['callback', 'callback', 'cb', 'done']);
  const test = () => check(making, o);
  const refusal = () =>
    random.pick([`${cb}(null, false)`, `${cb}(new Error('Not allowed by CORS'))`, `${cb}(null)`, `${cb}('no')`]);
  const admission = () =>
    random.pick([
      `${cb}(null, true)`,
      `${cb}(null, true)`,
      `${cb}(null, true)`,
      `${cb}(null, ${o})`,
      `${cb}(null, '${ALLOWED}')`,
      `${cb}(null, ['${ALLOWED}'])`,
    ]);
  const body = random.pick([
    () => `${cb}(null, ${test()});`,
    () => `${cb}(null, ${test()});`,
    () => `if (${test()}) { ${admission()}; } else { ${refusal()}; }`,
    () => `if (${test()}) { ${admission()}; } else { ${refusal()}; }`,
    () => `if (${test()}) return ${admission()}; return ${refusal()};`,
    () =>
      `if (!${o}) return ${random.pick([admission(), refusal()])}; if (${test()}) { return ${admission()}; } ${refusal()};`,
    () => `if (!(${test()})) { return ${refusal()}; } return ${admission()};`,
    () =>
      `${cb}(null, ${test()} ? ${random.pick([o, 'true', `'${ALLOWED}'`])} : ${random.pick(['false', `'${ALLOWED}'`, 'null'])});`,
    () =>
      `const isAllowed = ${test()}; ${cb}(${random.pick(['null', "isAllowed ? null : new Error('no')"])}, isAllowed);`,
    () => `let allow = false; if (${test()}) { allow = true; } ${cb}(null, allow);`,
    () => `${test()} ? ${admission()} : ${refusal()};`,
    () =>
      `try { if (${test()}) return ${admission()}; } catch (error) { return ${random.pick([`${cb}(error)`, refusal()])}; } ${refusal()};`,
    () => `switch (${o}) { case '${ALLOWED}': ${admission()}; break; default: ${refusal()}; }`,
    () => `${cb}(null, ${originValue(making)});`,
    () => `process.nextTick(() => ${cb}(null, ${test()}));`,
    () => `if (${test()}) ${admission()};`,
    () => `for (const one of ${list(making)}) { if (one === ${o}) return ${admission()}; } ${refusal()};`,
    () => `if (process.env.NODE_ENV !== 'production') return ${cb}(null, true); ${cb}(null, ${test()});`,
    () => `console.log('asked by', ${o}); ${cb}(null, ${test()});`,
    () => `if (${test()}) { ${admission()}; } else if (${test()}) { ${admission()}; } else { ${refusal()}; }`,
  ])();
  const asynchronous = random.chance(0.05) ? 'async ' : '';
  return random.chance(0.7)
    ? `${asynchronous}(${o}${t}, ${cb}${t}) => { ${body} }`
    : `${asynchronous}function (${o}${t}, ${cb}${t}) { ${body} }`;
}

/** A delegate: `(req, callback) => …`, which hands options over. */
export function originDelegate(making: Making, options: () => string): string {
  const { random } = making;
  const t = making.type(': any');
  const o = random.pick([`req.header('Origin')`, 'req.headers.origin', `req.get('origin')`, `req.headers['origin']`]);
  const test = (of: string) => check(making, of);
  const body = random.pick([
    () => `callback(null, ${options()});`,
    () =>
      `let corsOptions; if (${test(o)}) { corsOptions = { origin: true }; } else { corsOptions = { origin: false }; } callback(null, corsOptions);`,
    () => `const origin = ${o}; callback(null, { origin: ${test('origin')}, credentials: true });`,
    () =>
      `const origin = ${o}; const corsOptions = ${test('origin')} ? { origin: true, credentials: true } : { origin: false }; callback(null, corsOptions);`,
    () =>
      `if (${test(o)}) return callback(null, { origin: true }); callback(null, ${random.pick(['{ origin: false }', '{}', 'undefined'])});`,
    () =>
      `const corsOptions${t} = { credentials: true }; corsOptions.origin = ${test(o)}; callback(null, corsOptions);`,
    () => `callback(null, { origin: ${o} });`,
    () => `callback(${test(o)} ? null : new Error('no'), ${options()});`,
    () => `callback(null, { origin: req.method === 'GET' ? '*' : '${ALLOWED}' });`,
    () =>
      `if (req.path.startsWith('/items')) { callback(null, ${options()}); } else { callback(null, { origin: false }); }`,
  ])();
  return random.chance(0.6) ? `(req${t}, callback${t}) => { ${body} }` : `function (req${t}, callback${t}) { ${body} }`;
}

/** Everything but functions that `origin` can be. */
export function originValue(making: Making): string {
  const { random } = making;
  return random.pick([
    `'${ALLOWED}'`,
    `'${ALLOWED}'`,
    `"${ALLOWED}/"`,
    `\`${ALLOWED}\``,
    "'*'",
    'true',
    'true',
    'false',
    'undefined',
    'null',
    "''",
    '0',
    '1',
    `['${ALLOWED}', '${SECOND}']`,
    `['${ALLOWED}', '${SECOND}']`,
    `['${ALLOWED}/']`,
    "['*']",
    '[]',
    '[true]',
    `[/\\.example\\.com$/, '${SECOND}']`,
    '/example\\.com$/',
    '/^https:\\/\\/(?:app|admin)\\.example\\.com$/',
    '/^https:\\/\\/[a-z.]+\\.EXAMPLE\\.com/i',
    "new RegExp('^https://.*\\\\.example\\\\.com$')",
    `new Set(['${ALLOWED}'])`,
    `new URL('${ALLOWED}')`,
    '{}',
    `'${ALLOWED},${SECOND}'.split(',')`,
    `'${ALLOWED}, ${SECOND}'.split(',').map((o) => o.trim())`,
    `'${SECOND}, ${ALLOWED}'.split(',')`,
    `['app', 'admin'].map((name) => \`https://\${name}.example.com\`)`,
    `['${ALLOWED}', '', undefined].filter(Boolean)`,
    `['${ALLOWED}'].concat('${SECOND}')`,
    'process.env.CORS_ORIGIN',
    `process.env.CORS_ORIGIN || '${ALLOWED}'`,
    "process.env.CORS_ORIGIN ?? '*'",
    `(process.env.CORS_ORIGIN || '${ALLOWED}').split(',')`,
    `process.env.NODE_ENV === 'production' ? '${ALLOWED}' : true`,
    `process.env.NODE_ENV === 'production' ? ['${ALLOWED}'] : '*'`,
    `'https://' + 'app.example.com'`,
  ]);
}
