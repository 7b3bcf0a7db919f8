import type { Place } from '../../../../cors/place';
import { platformRule } from '../../../../lint/defineRule';
import type { ExpressAnalysis } from '../../analysis';

interface Data {
  /** What stands there: `cors`. */
  readonly written: string;
  readonly place: Place;
}

export const rule = platformRule<ExpressAnalysis, Data>({
  meta: {
    id: 'express-cors-not-called',
    title: 'The cors package is handed over without a call',
    severity: 'error',
    category: 'broken',
    tags: ['middleware'],
    reference: 'https://github.com/expressjs/cors#simple-usage-enable-all-cors-requests',
  },
  check({ analysis }, report) {
    const { application, module } = analysis;
    for (const app of application.apps.inModule(module)) {
      for (const registration of app.registrations) {
        if (registration.kind !== 'layer') continue;
        for (const { handler, place } of registration.handlers) {
          if (handler.kind !== 'cors-factory') continue;
          report({ place, data: { written: module.text.slice(place.start, place.end), place } });
        }
      }
    }
  },
  message: ({ written }) =>
    `\`${written}\` makes the middleware and is not the middleware itself: nothing calls next(), and every request hangs. Write \`${written}()\`.`,
  fixes: ({ written, place }) => [
    { title: `Write \`${written}()\``, preferred: true, edits: [{ ...place, start: place.end, text: '()' }] },
  ],
});
