import { beforeAll, expect, test } from 'vitest';
import { memoryHost } from '../../../../../../test/harness/memoryHost';
import { lint } from '../../../../lint/engine';
import { DEFAULT_SETTINGS } from '../../../../lint/settings';
import { serverless } from '../../platform';

beforeAll(() => serverless.prepare?.());

const yaml = `provider: { name: aws }\nfunctions:\n  f:\n    handler: h.f\n    events:\n      - http: { path: a, method: post, cors: true }\n`;

/** How a response without the header is told of, for a function with this text. */
function told(text: string, path = 'a', name = 'f') {
  const service = yaml.replace('path: a', `path: ${path}`).replace('  f:', `  ${name}:`);
  const files = new Map([
    ['serverless.yml', service],
    ['h.js', text],
  ]);
  const { findings } = lint({
    platform: serverless,
    file: 'serverless.yml',
    text: service,
    host: memoryHost(files),
    settings: DEFAULT_SETTINGS,
    rules: [],
  });
  return findings.map(({ rule, severity }) => `${rule.id} ${severity}`);
}

const answer = `return { statusCode: 200, body: '' };`;

test.each([
  ['a signature', `exports.f = async (event) => { check(event.headers['stripe-signature']); ${answer} };`, 'info'],
  [
    'in other letters',
    `exports.f = async (event) => { check(event.headers['X-Hub-Signature-256']); ${answer} };`,
    'info',
  ],
  [
    'under a name',
    `exports.f = async (event) => { const name = 'X-Slack-Signature'; check(event.headers[name]); ${answer} };`,
    'info',
  ],
  ['of Telegram', `exports.f = async (event) => { use(JSON.parse(event.body).update_id); ${answer} };`, 'info'],
  ['taken apart', `exports.f = async (event) => { const { update_id } = JSON.parse(event.body); ${answer} };`, 'info'],
  [
    'of Slack',
    `exports.f = async ({ body }) => { if (body.type === 'url_verification') use(body); ${answer} };`,
    'info',
  ],
  ['what GitHub did', `exports.f = async (event) => { use(event.headers['X-GitHub-Event']); ${answer} };`, 'info'],
  ['what a bot sends', `exports.f = async (event) => { await bot.sendMessage(1, event.body); ${answer} };`, 'error'],
  ['none', `exports.f = async (event) => { check(event.headers.authorization); ${answer} };`, 'error'],
  [
    "another function's",
    `exports.g = async (event) => check(event.headers['stripe-signature']);\nexports.f = async () => { ${answer} };`,
    'error',
  ],
  ['a comment', `exports.f = async (event) => { /* 'stripe-signature' */ check(event); ${answer} };`, 'error'],
])('%s', (_, text, severity) => {
  expect(told(text)).toEqual([`serverless-handler-without-origin ${severity}`]);
});

test.each([
  ['webhook', ['info']],
  ['github/webhook', ['info']],
  ['stripe-webhooks', ['info']],
  ['webhooker', ['error']],
  ['slack/events', ['info']],
  ['v1/slack/commands', ['info']],
  ['discord/interactions', ['info']],
  ['slack/login', ['error']],
  ['telegram-bot', ['info']],
  ['telegram', ['error']],
  ["'bot{token}'", ['info']],
  ['robot', ['error']],
])('the path %s', (path, severities) => {
  expect(told(`exports.f = async () => { ${answer} };`, path)).toEqual(
    severities.map((severity) => `serverless-handler-without-origin ${severity}`),
  );
});

test.each([
  ['telegramWebhook', 'info'],
  ['stripe-webhook', 'info'],
  ['webhook', 'info'],
  ['githubWebhookHandler', 'info'],
  ['listWebhooks', 'error'],
  ['createWebhook', 'error'],
])('the function %s', (name, severity) => {
  expect(told(`exports.f = async () => { ${answer} };`, 'a', name)).toEqual([
    `serverless-handler-without-origin ${severity}`,
  ]);
});

test.each([
  [
    `{ statusCode: 302, headers: { Location: 'https://login.example.com/' } }`,
    ['serverless-handler-without-origin info'],
  ],
  [`{ statusCode: 302, headers: {} }`, ['serverless-handler-without-origin error']],
  [`{ statusCode: 201, headers: { Location: '/notes/1' } }`, ['serverless-handler-without-origin error']],
])('the answer %s', (response, expected) => {
  expect(told(`exports.f = async () => { return ${response}; };`)).toEqual(expected);
});
