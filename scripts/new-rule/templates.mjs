/** The text of a new rule's index.ts. */
export function ruleCode(id, platform) {
  return platform === undefined ? neutralRule(id) : platformRule(id);
}

function neutralRule(id) {
  return `import type { Place } from '../../cors/place';
import { settingRule } from '../../lint/defineRule';

interface Data {
  readonly setting: Place;
  readonly seconds: string;
}

/**
 * Replace this: what is wrong, and where that is specified. \`settingRule\` looks at every place that sets a header;
 * \`endpointRule\` plays a browser against every endpoint.
 */
export const rule = settingRule<Data>({
${meta(id)}

  check(setting, report) {
    if (setting.name.toLowerCase() !== 'access-control-max-age' || setting.value.kind !== 'literal') return;
    const seconds = setting.value.text;
    if (seconds === '1') report({ place: setting.value.place, data: { setting: setting.place, seconds } });
  },

${words()}
});
`;
}

function platformRule(id) {
  return `import type { Place } from '../../../../cors/place';
import { platformRule } from '../../../../lint/defineRule';
import type { Analysis } from '../../../../lint/types';

interface Data {
  readonly setting: Place;
  readonly seconds: string;
}

/** Replace this: what is wrong, and where that is specified. The platform's own \`Analysis\` has its syntax tree. */
export const rule = platformRule<Analysis, Data>({
${meta(id)}

  check({ analysis }, report) {
    for (const { name, value, place } of analysis.settings) {
      if (name.toLowerCase() !== 'access-control-max-age' || value.kind !== 'literal') continue;
      if (value.text === '1') report({ place: value.place, data: { setting: place, seconds: value.text } });
    }
  },

${words()}
});
`;
}

function meta(id) {
  return `  meta: {
    id: '${id}',
    title: 'A preflight that is remembered for one second',
    severity: 'hint',
    category: 'advice',
    tags: ['preflight'],
    reference: 'https://fetch.spec.whatwg.org/#http-access-control-max-age',
  },`;
}

function words() {
  return `  message: ({ seconds }) =>
    \`The answer to a preflight is remembered for \${seconds} second, so nearly every call asks twice. Leave the header out for the browsers' five seconds, or name a longer time.\`,

  fixes: ({ setting }) => [
    { title: 'Leave the header out', preferred: true, repair: { kind: 'remove', place: setting } },
  ],`;
}

/** The text of a new rule's page. */
export function rulePage(id, platform) {
  return `# ${id}

Replace this: what goes wrong, in two or three sentences, with the user's eyes.

## What the browser says

Nothing: the calls work, and each takes one round trip more than it needs. (Otherwise: the messages of Chrome, Firefox
and Safari, to the letter, so that a search for them ends here.)

## Why

What the standard or the platform does, and a link to the place that says so.

## Examples

${example(id, platform)}
## When not to use it

When somebody knows better, and who that is.

## References

- [Access-Control-Max-Age](https://fetch.spec.whatwg.org/#http-access-control-max-age)
`;
}

function example(id, platform) {
  const { title, language, before, line, value, after } = EXAMPLES[platform ?? 'nginx'];
  const marks = ' '.repeat(line.indexOf(value)) + '^'.repeat(value.length);
  const clean = line.replace(value, value.replace('1', '600'));
  return `### ${title}

\`\`\`${language} faulty
${before}${line}
${marks} ${id}
${after}\`\`\`

\`\`\`${language} fixed
${before}${after}\`\`\`

\`\`\`${language} clean
${before}${clean}
${after}\`\`\`
`;
}

const EXAMPLES = {
  nginx: {
    title: 'nginx: a location',
    language: 'nginx',
    before: `server {
    location /fonts/ {
        add_header Access-Control-Allow-Origin * always;
`,
    line: '        add_header Access-Control-Max-Age 1 always;',
    value: '1',
    after: `    }
}
`,
  },
  express: {
    title: 'Express: by hand',
    language: 'js',
    before: `const express = require('express');
const app = express();

app.use((req, res, next) => {
  res.setHeader('Access-Control-Allow-Origin', '*');
`,
    line: "  res.setHeader('Access-Control-Max-Age', '1');",
    value: "'1'",
    after: `  next();
});

app.get('/', (req, res) => res.json({}));
`,
  },
  serverless: {
    title: 'Serverless: a gateway response',
    language: 'yaml',
    before: `service: notes
provider:
  name: aws
resources:
  Resources:
    Errors:
      Type: AWS::ApiGateway::GatewayResponse
      Properties:
        ResponseType: DEFAULT_4XX
        ResponseParameters:
          gatewayresponse.header.Access-Control-Allow-Origin: "'*'"
`,
    line: `          gatewayresponse.header.Access-Control-Max-Age: "'1'"`,
    value: '1',
    after: '',
  },
};
