import path from 'node:path';
import type { ConfigurationProblem } from '../config/settings';
import type { Workspace } from '../workspace/types';
import type { Checked } from './check';
import { problemDiagnostic } from './diagnostics';
import { contains } from './folders';
import { positionsIn } from './positions';
import type { Session } from './session';

/**
 * Shows the mistakes in configuration files that are not open, whenever a file that they hold for is looked at. An
 * open one is a document like others. Mistakes in the editor's own settings go to the log: the editor underlines them.
 */
export interface ConfigurationProblems {
  report(checked: Checked): void;
  /** An audit met these. */
  audited(workspace: Workspace, problems: readonly ConfigurationProblem[]): void;
  /** The file was opened: from now on it has diagnostics of its own. */
  opened(uri: string, file: string): void;
}

type Needed = Pick<Session, 'connection' | 'documents' | 'names' | 'log'>;

export function createConfigurationProblems({ connection, documents, names, log }: Needed): ConfigurationProblems {
  /** What was sent for each configuration file, as JSON. */
  const shown = new Map<string, string>();

  const publish = (file: string, problems: readonly ConfigurationProblem[], text: string): void => {
    const uri = names.toUri(file);
    if (documents.get(uri)) return;
    const positions = positionsIn(text);
    const diagnostics = problems.map((problem) => problemDiagnostic(problem, positions));
    const key = JSON.stringify(diagnostics);
    if ((shown.get(file) ?? '[]') === key) return;
    shown.set(file, key);
    log.background('Could not send diagnostics', connection.sendDiagnostics({ uri, diagnostics }));
  };

  /** Takes over what is known of these files: the list of one that is clean now is empty. */
  const show = (workspace: Workspace, problems: readonly ConfigurationProblem[], clean: Iterable<string>): void => {
    const lists = new Map<string, ConfigurationProblem[]>([...clean].map((file) => [file, []]));
    for (const problem of problems) {
      const { source } = problem;
      if (source.kind === 'editor') log.warn(`In the settings of the editor: ${problem.message}`);
      if (source.kind === 'file') lists.set(source.file, [...(lists.get(source.file) ?? []), problem]);
    }
    for (const [file, list] of lists) publish(file, list, workspace.host.read(file) ?? '');
  };

  return {
    report({ workspace, file }) {
      const governing = [...shown.keys()].filter((configuration) => contains(path.dirname(configuration), file));
      show(workspace, workspace.problemsFor(file), governing);
    },
    audited: (workspace, problems) => show(workspace, problems, []),
    opened(uri, file) {
      if (!shown.delete(file)) return;
      log.background('Could not send diagnostics', connection.sendDiagnostics({ uri, diagnostics: [] }));
    },
  };
}
