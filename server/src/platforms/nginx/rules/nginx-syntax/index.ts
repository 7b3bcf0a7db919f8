import { platformRule } from '../../../../lint/defineRule';
import type { PlatformSubject, Proposal } from '../../../../lint/types';
import type { NginxAnalysis } from '../../analysis';
import { type Refusal, refusals } from '../../inspect/refusals';
import { isTemplated } from '../../recognise';

interface Data {
  readonly subject: PlatformSubject<NginxAnalysis>;
  readonly refusal: Refusal;
}

/** What `nginx -t` would say, at the place to blame. */
export const rule = platformRule<NginxAnalysis, Data>({
  meta: {
    id: 'nginx-syntax',
    title: 'A file that nginx does not load',
    severity: 'error',
    category: 'broken',
    tags: ['nginx', 'syntax'],
    reference: 'https://nginx.org/en/docs/beginners_guide.html#conf_structure',
  },

  check(subject, report) {
    const { file, tree, text } = subject.analysis;
    if (isTemplated(text)) return;
    for (const refusal of refusals(tree)) {
      report({ place: { file, ...refusal.range }, data: { subject, refusal } });
    }
  },

  message: ({ refusal }) => `nginx does not load this file: ${refusal.said}. ${advice(refusal)}`,

  fixes: ({ subject: { analysis }, refusal }): Proposal[] => {
    const { file, text } = analysis;
    const { cause } = refusal;
    switch (cause.kind) {
      case 'missing-semicolon':
        return [
          { title: 'Insert the `;`', preferred: true, edits: [{ file, start: cause.at, end: cause.at, text: ';' }] },
        ];
      case 'unquoted-value': {
        const { start, end } = refusal.range;
        const edits = [{ file, start, end, text: `"${text.slice(start, end).replace(/\s+/g, ' ')}"` }];
        return [{ title: 'Put the value in quotes', preferred: true, edits }];
      }
      case 'misspelt-always':
        return [{ title: 'Write `always`', preferred: true, edits: [{ file, ...cause.word.range, text: 'always' }] }];
      default:
        return [];
    }
  },
});

function advice({ cause, said }: Refusal): string {
  switch (cause.kind) {
    case 'missing-semicolon':
      return 'A `;` is missing here.';
    case 'unquoted-value':
      return 'A value of several words needs quotes.';
    case 'misspelt-always':
      return 'The word is `always`.';
    default:
      if (said.includes('in condition') || said.startsWith('invalid condition')) {
        return 'An `if` takes one test: `($a = b)`, `!=`, `~`, `~*`, with spaces around the operator.';
      }
      return said.includes('end of file') ? 'A quote, a `;` or a `}` is missing.' : 'Mend the statement here.';
  }
}
