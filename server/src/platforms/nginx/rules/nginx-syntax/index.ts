import { platformRule } from '../../../../lint/defineRule';
import type { PlatformSubject, Proposal } from '../../../../lint/types';
import type { NginxAnalysis } from '../../analysis';
import { placesOf } from '../../inspect/directives';
import { isHeaderInWrongBlock, type Refusal } from '../../inspect/refusal';
import { refusals } from '../../inspect/refusals';
import { isTemplated } from '../../recognise';
import { removeDirective } from '../../repair/lines';
import { openWorkshop } from '../../repair/workshop';
import type { Directive } from '../../syntax/tree';

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
    const { file, tree, text, configuration } = subject.analysis;
    if (isTemplated(text)) return;
    for (const refusal of refusals(tree, configuration)) {
      if (!isHeaderInWrongBlock(refusal)) report({ place: { file, ...refusal.range }, data: { subject, refusal } });
    }
  },

  message: ({ subject: { analysis }, refusal }) =>
    `nginx does not load this file: ${refusal.said}. ${advice(refusal, analysis.text)}`,

  fixes: ({ subject: { analysis, host }, refusal }): Proposal[] => {
    const { file, text } = analysis;
    const { cause } = refusal;
    switch (cause.kind) {
      case 'missing-semicolon':
        return [
          { title: 'Insert the `;`', preferred: true, edits: [{ file, start: cause.at, end: cause.at, text: ';' }] },
        ];
      case 'unquoted-value': {
        const { words } = cause;
        const start = words[0]?.range.start ?? refusal.range.start;
        const end = words.at(-1)?.range.end ?? refusal.range.end;
        const edits = [{ file, start, end, text: `"${text.slice(start, end).replace(/\s+/g, ' ')}"` }];
        return [{ title: 'Put the value in quotes', preferred: true, edits }];
      }
      case 'misspelt-always':
        return [{ title: 'Write `always`', preferred: true, edits: [{ file, ...cause.word.range, text: 'always' }] }];
      case 'misspelt':
        return [
          { title: `Write \`${cause.meant}\``, preferred: true, edits: [{ file, ...cause.range, text: cause.meant }] },
        ];
      case 'repeated': {
        const source = openWorkshop(analysis, host).source(analysis);
        if (source === undefined) return [];
        return [{ title: 'Delete it', preferred: true, edits: [removeDirective(source, cause.directive)] }];
      }
      default:
        return [];
    }
  },
});

function advice({ cause, said }: Refusal, text: string): string {
  switch (cause.kind) {
    case 'missing-semicolon':
      return 'A `;` is missing here.';
    case 'unquoted-value':
      return 'A value of several words needs quotes.';
    case 'misspelt-always':
      return 'The word is `always`.';
    case 'misspelt':
      return `Is \`${cause.meant}\` meant?`;
    case 'not-allowed':
      return placeAdvice(cause.directive);
    case 'repeated':
      return 'It stands in this block already, word for word: delete one.';
    case 'contradicted':
      return `Line ${lineOf(text, cause.first.name.range.start)} says it already: keep one.`;
    case 'pattern':
      return 'A `*` needs something before it to repeat (`.*`), brackets come in pairs, and `\\` takes the meaning from the next character.';
    case 'proxied-path':
      return 'Leave out the path behind the address; a `rewrite … break` before it changes the path.';
    case 'condition':
      return 'An `if` takes one test: `($a = b)`, `!=`, `~`, `~*`, with spaces around the operator.';
    default:
      return said.includes('end of file') ? 'A quote, a `;` or a `}` is missing.' : 'Mend the statement here.';
  }
}

function placeAdvice({ name, parent }: Directive): string {
  const places = placesOf(name.value);
  const block = parent?.name.value;
  const inside = block === undefined ? 'at the top of the file' : `in \`${block}\``;
  return `It cannot stand ${inside}, only in ${places}.`;
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
