import { type RegexTest, searches } from '../cors/pattern';

/** Whether what the pattern finds is never the empty text. False where that cannot be told. */
export function isNeverEmpty(test: RegexTest): boolean {
  // What looks around finds nothing at places that the empty text does not have.
  return !/\(\?[=!<]|\\b/i.test(test.source) && searches(test, '') === false;
}

/** Whether what the pattern finds is always the whole subject. False where that cannot be told. */
export function isOfWhole({ source, flags }: RegexTest): boolean {
  return !flags.includes('m') && /^\^[^|]*[^\\]?\$$/.test(source.replace(/\\./g, '_').replace(/\([^()]*\)/g, '_'));
}
