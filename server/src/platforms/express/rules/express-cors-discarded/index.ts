import type { Edit } from '../../../../cors/repair';
import { placeOf } from '../../../../javascript';
import { platformRule } from '../../../../lint/defineRule';
import type { ExpressAnalysis } from '../../analysis';
import { corsCallsIn } from '../../cors/corsCalls';

interface Data {
  readonly app: string | undefined;
  readonly edits: readonly Edit[] | undefined;
}

export const rule = platformRule<ExpressAnalysis, Data>({
  meta: {
    id: 'express-cors-discarded',
    title: 'A `cors()` that nothing uses',
    severity: 'warning',
    category: 'broken',
    tags: ['middleware'],
    reference: 'https://github.com/expressjs/cors#usage',
  },
  check({ analysis }, report) {
    const { module, application } = analysis;
    for (const { node } of corsCallsIn(analysis)) {
      if (node.parent?.type !== 'ExpressionStatement') continue;
      const apps = application.apps
        .inModule(module)
        .filter((app) => app.kind === 'app' && app.place.file === module.path);
      const [only] = apps;
      const app = apps.length === 1 && only ? module.text.slice(only.place.start, only.place.end) : undefined;
      const place = placeOf(module, node);
      const isName = app !== undefined && /^[\w$.]+$/.test(app);
      const edits = isName
        ? [
            { ...place, end: place.start, text: `${app}.use(` },
            { ...place, start: place.end, text: ')' },
          ]
        : undefined;
      report({ place, data: { app: isName ? app : undefined, edits } });
    }
  },
  message: ({ app }) =>
    `\`cors()\` makes a middleware here and nothing uses it: no response gets a CORS header from it. Write \`${app ?? 'app'}.use(cors(…))\`.`,
  fixes: ({ app, edits }) => (edits ? [{ title: `Write \`${app}.use(…)\` around it`, preferred: true, edits }] : []),
});
