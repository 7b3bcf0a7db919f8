import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Suites that take a minute or more, most of it in waiting: at the end of a run nothing would go on beside them. */
const SLOW = [
  'test/oracle/pages-nginx',
  'test/oracle/pages-express',
  'test/editor/panels',
  'test/editor/folders',
  'test/editor/vscode',
  'test/editor/bigWorkspace',
  'test/editor/web',
  'test/oracle/serverless-pages',
];

/** Runs the slow suites first, and the others in the order of vitest's own. */
export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = SLOW.findIndex((name) => moduleId.includes(name));
      return at < 0 ? SLOW.length : at;
    };
    const sorted = await super.sort(files);
    return sorted
      .map((file) => ({ file, rank: rank(file) }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ file }) => file);
  }
}
