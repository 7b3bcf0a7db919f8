import { expect, test } from 'vitest';
import { mayMention, namesOf } from './mentions';

test.each<[file: string, text: string, target: string, expected: boolean]>([
  ['/w/app.js', "require('./routes/users')", '/w/routes/users.js', true],
  ['/w/app.ts', "import users from './routes/users.js';", '/w/routes/users.ts', true],
  ['/w/app.ts', 'import users from "./routes";', '/w/routes/index.ts', true],
  ['/w/app.ts', "await import('./routes/index')", '/w/routes/index.ts', true],
  ['/w/src/app.js', "require('../lib/cors')", '/w/lib/cors.js', true],
  ['/w/src/app.js', "require('..')", '/w/index.js', true],
  ['/w/src/app.js', "require('./users')", '/w/lib/users.js', false],
  ['/w/app.js', "require('users')", '/w/users.js', false],
  ['/w/app.js', '// see ./users.js', '/w/users.js', false],
  ['/w/nginx.conf', 'include snippets/cors.conf;', '/w/snippets/cors.conf', true],
  ['/w/nginx.conf', 'include /etc/nginx/conf.d/*.conf;', '/w/conf.d/api.conf', true],
  ['/w/nginx.conf', 'include mime.types;', '/w/snippets/cors.conf', false],
  ['/w/serverless.yml', 'handler: src/share.handler', '/w/src/share.js', true],
  ['/w/serverless.yml', 'http: ${file(./http.yml):cors}', '/w/http.yml', true],
  ['/w/serverless.yml', 'handler: src/shared.handler', '/w/src/share.js', false],
])('%s with %j may mention %s', (file, text, target, expected) => {
  expect(mayMention(file, text, namesOf([target]))).toBe(expected);
});
