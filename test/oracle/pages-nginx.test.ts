import { judgePages } from '../harness/judgePages';
import { serveNginx } from '../harness/realNginx';
import { suiteNeeds } from '../harness/require';

suiteNeeds('nginx', 'chromium')('rule pages on the real nginx', () =>
  judgePages((_, block) => (block.language === 'nginx' ? [{ name: 'nginx', serve: serveNginx }] : [])),
);
