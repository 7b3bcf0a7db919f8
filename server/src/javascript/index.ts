/**
 * Reads JavaScript and TypeScript, whole or half typed, without running it: a tolerant parse, names bound to what they
 * stand for, values worked out as far as they can be told, over several files.
 *
 * Use: `await prepare()` once, then `createReader(host)` for one analysis; `reader.module(path)` gives a file's tree,
 * `reader.evaluate(node, { module, frame: null })` what an expression is, `reader.findExport(module, 'handler')` what a
 * file exports, `reader.returnsOf(fn)` what a function hands back and in which branch, `reader.paths(fn)` the ways
 * through it. Offsets are UTF-16, ranges half-open, in the file's original text.
 */
export { decisions } from './decisions';
export { functionName } from './evaluate';
export { type GuardWays, onlyWay } from './guards';
export { itemsOf } from './literals';
export { isPrepared, prepare } from './load';
export { createModuleCache, type ModuleCache, type SourceModule } from './module';
export type { Comment, SyntaxFault } from './parse';
export type { Path, PathEnd, PathOptions, Paths, Step } from './paths';
export { createReader, type Reader } from './reader';
export { isRelative, type ModuleHost } from './resolve';
export type { Returned, Returns } from './returns';
export type { Variable } from './scope';
export { childrenOf, closest, enclosingFunction, type FunctionNode, isFunction, staticName, unwrap } from './tree';
export * from './values';
export { condition, reasonOf, snippet } from './words';
