import { suggest } from '../config/suggest';
import type { Crash } from '../lint/find';
import { platforms, ruleMetas, rules } from '../lint/registry';
import { nodeDisk } from '../workspace/nodeDisk';
import { openWorkspace } from '../workspace/openWorkspace';
import type { AuditOptions, AuditResult, Workspace } from '../workspace/types';
import type { AuditCommand, AuditFormat } from './arguments';
import { Complaint } from './complaint';
import { auditedEndpoints } from './endpoints';
import { type FixedFiles, fixFiles } from './fixFiles';
import { formatJson } from './formats/json';
import type { Report } from './formats/report';
import { formatStylish, MOST_IN_FULL } from './formats/stylish';
import { fileLines } from './lines';
import type { Output } from './output';
import { namedPath } from './paths';
import { printable } from './printable';
import { problemLine } from './problemLine';
import { progressBar } from './progressBar';
import type { ExitCode, Surroundings } from './run';
import { shownPath } from './shownPath';
import { workspaceRoot } from './workspaceRoot';

/** `cors-lint [audit] [paths…]`. */
export async function runAudit(command: AuditCommand, { cwd, output, signal }: Surroundings): Promise<ExitCode> {
  for (const id of Object.keys(command.rules)) requireRule(id);
  const named = (command.paths.length === 0 ? ['.'] : command.paths).map((path) => namedPath(cwd, path));
  const crashes: Crash[] = [];
  const workspace = openWorkspace({
    disk: nodeDisk,
    root: workspaceRoot(
      cwd,
      named.map(({ folder }) => folder),
    ),
    platforms,
    rules,
    useFiles: command.useFiles,
    commandLine: { rules: command.rules },
    onCrash: (crash) => crashes.push(crash),
  });
  const bar = progressBar(output, (file) => shownPath(cwd, file));
  const options: AuditOptions = {
    paths: named.map(({ path }) => path),
    onProgress: bar.show,
    ...(signal === undefined ? {} : { signal }),
  };
  const { result, mended, failed } = await perform(workspace, command, options);
  const lines = fileLines((file) => workspace.host.read(file) ?? readText(file));
  const found = wantsEndpoints(command)
    ? await auditedEndpoints(workspace, result, options.paths ?? [], signal)
    : undefined;
  const report: Report = {
    result,
    cwd,
    lines,
    ...(mended === undefined ? {} : { mended }),
    ...(found === undefined ? {} : { endpoints: found, links: workspace.links() }),
  };
  const text = await format(command.format, report, workspace.root, output);
  bar.clear();
  const complain = (what: string): void => output.error(`${what}\n`);
  for (const problem of result.problems) complain(problemLine(problem, cwd, lines, output.errorPaint));
  output.out(text);
  for (const { file, reason } of failed) complain(`${printable(shownPath(cwd, file))} was not changed: ${reason}.`);
  for (const crash of crashes) complain(crashLine(crash, cwd));
  const whole = !result.cancelled && result.problems.length + failed.length + crashes.length === 0;
  return exitCode(result, command.maxWarnings, whole);
}

function wantsEndpoints({ format, endpoints }: AuditCommand): boolean {
  return format === 'html' || format === 'markdown' || (format === 'json' && endpoints);
}

async function format(name: AuditFormat, report: Report, root: string, { paint }: Output): Promise<string> {
  if (name === 'stylish') return formatStylish(report, paint);
  if (name === 'json') return formatJson(report);
  return (await import('./formats/document')).formatDocument(name, report, root);
}

async function perform(
  workspace: Workspace,
  command: AuditCommand,
  options: AuditOptions,
): Promise<Omit<FixedFiles, 'mended'> & Partial<FixedFiles>> {
  if (command.fix) return fixFiles(workspace, options);
  let found = 0;
  const result = await workspace.audit({
    ...options,
    onFile: ({ findings }) => {
      found += findings.length;
      // The report wants the fixes, and they are cheapest to work out while the file's tree is still at hand.
      if (command.format === 'json' || found <= MOST_IN_FULL) for (const finding of findings) finding.fixes();
    },
  });
  return { result, failed: [] };
}

/** A configuration file may lie above the workspace. */
function readText(file: string): string | undefined {
  const content = nodeDisk.read(file);
  return content.kind === 'text' ? content.text : undefined;
}

function exitCode({ findings }: AuditResult, maxWarnings: number | undefined, whole: boolean): ExitCode {
  const severities = [...findings.values()].flat().map(({ severity }) => severity);
  if (severities.includes('error')) return 1;
  const warnings = severities.filter((severity) => severity === 'warning').length;
  if (maxWarnings !== undefined && warnings > maxWarnings) return 1;
  return whole ? 0 : 2;
}

function requireRule(id: string): void {
  const ids = ruleMetas.map((meta) => meta.id);
  if (ids.includes(id)) return;
  const near = suggest(id, ids);
  throw new Complaint(`There is no rule ${id}.${near === undefined ? '' : ` Did you mean ${near}?`}`);
}

function crashLine({ file, during, error }: Crash, cwd: string): string {
  const where = file === '' ? '' : ` in ${printable(shownPath(cwd, file))}`;
  const what = error instanceof Error ? error.message : String(error);
  return `cors-lint itself failed${where} (${during}): ${printable(what)}. Everything else was looked at; please report this.`;
}
