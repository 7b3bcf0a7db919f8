import { vocabulary } from './random.mjs';

const CORS = [
  () => ['cors: true'],
  (w) => [
    'cors:',
    `  origin: https://${w.host()}`,
    '  headers:',
    '    - Content-Type',
    '    - Authorization',
    '  allowCredentials: true',
  ],
  (w) => ['cors:', '  origins:', `    - https://${w.host()}`, `    - https://${w.host()}`],
  () => ['cors: true', 'authorizer: aws_iam'],
];

/** A service with this many functions, and the file of handlers that it names: `{ 'serverless.yml', 'src/handler.js' }`. */
export function serverlessService(random, functions) {
  const w = vocabulary(random);
  const yaml = [
    `service: ${w.noun()}-${w.noun()}`,
    '',
    'provider:',
    '  name: aws',
    '  runtime: nodejs20.x',
    '  environment:',
    `    TABLE: \${self:service}-${w.noun()}`,
    '',
    'functions:',
  ];
  const handlers = [
    'const headers = {',
    "  'Content-Type': 'application/json',",
    `  'Access-Control-Allow-Origin': 'https://${w.host()}',`,
    '};',
    '',
  ];
  for (let i = 0; i < functions; i++) {
    const name = `${w.name()}${i}`;
    yaml.push(`  ${name}:`, `    handler: src/handler.${name}`, '    events:', '      - http:');
    yaml.push(
      `          path: ${w.noun()}s/${i}`,
      `          method: ${random.pick(['get', 'post', 'put', 'delete'])}`,
    );
    yaml.push(
      ...random
        .pick(CORS)(w)
        .map((line) => `          ${line}`),
      '',
    );
    handlers.push(...handler(random, w, name), '');
  }
  return { 'serverless.yml': `${yaml.join('\n')}\n`, 'src/handler.js': `${handlers.join('\n')}\n` };
}

function handler(random, w, name) {
  const missing = random.below(4) === 0 ? '' : 'headers, ';
  return [
    `exports.${name} = async (event) => {`,
    `  const ${w.noun()}Id = event.pathParameters?.id;`,
    "  if (!event.body) return { statusCode: 400, headers, body: '{}' };",
    `  return { statusCode: 200, ${missing}body: JSON.stringify({ ok: true, id: ${random.below(1000)} }) };`,
    '};',
  ];
}
