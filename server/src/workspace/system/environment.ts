import { plainValue } from '../../javascript/dotEnv';

/** What a Dockerfile says of the container that is made with it. */
export interface Image {
  /** The variables that it sets; undefined for a value that takes something from others. */
  readonly environment: ReadonlyMap<string, string | undefined>;
  /** The TCP ports that it says are listened on. */
  readonly exposed: readonly number[];
}

/**
 * What a stage of a Dockerfile has, with the earlier stages that it builds on.
 * https://docs.docker.com/reference/dockerfile/#env
 *
 * @param target the stage's name; the last one when undefined or not there
 */
export function readDockerfile(text: string, target?: string): Image {
  const stages = new Map<string, Stage>();
  let current: Stage = { base: undefined, environment: new Map(), exposed: [] };
  for (const line of text.replace(/\\\r?\n/g, ' ').split(/\r?\n/)) {
    const [, keyword = '', written = ''] = /^(FROM|ENV|EXPOSE)\s(.*)/is.exec(line.trimStart()) ?? [];
    const rest = written.trimStart();
    switch (keyword.toUpperCase()) {
      case 'FROM': {
        const [, base = '', name] = /^(?:--\S+\s+)*(\S+)(?:\s+as\s+(\S+))?/i.exec(rest) ?? [];
        current = { base: stages.get(base.toLowerCase()), environment: new Map(), exposed: [] };
        if (name !== undefined) stages.set(name.toLowerCase(), current);
        break;
      }
      case 'ENV':
        for (const [name, value] of pairsIn(rest)) current.environment.set(name, plainValue(value));
        break;
      case 'EXPOSE':
        for (const [, port] of rest.matchAll(/(?<!\S)(\d{1,5})(?:\/tcp)?(?!\S)/g)) current.exposed.push(Number(port));
        break;
    }
  }
  return imageOf(stages.get(target?.toLowerCase() ?? '') ?? current);
}

interface Stage {
  /** The earlier stage that it builds on, if it does on one. */
  readonly base: Stage | undefined;
  readonly environment: Map<string, string | undefined>;
  readonly exposed: number[];
}

function imageOf(last: Stage): Image {
  const environment = new Map<string, string | undefined>();
  const exposed: number[] = [];
  for (let stage: Stage | undefined = last; stage !== undefined; stage = stage.base) {
    for (const [name, value] of stage.environment) if (!environment.has(name)) environment.set(name, value);
    for (const port of stage.exposed) exposed.push(port);
  }
  return { environment, exposed };
}

/** `A=1 B="2"`, or the old form `A 1`. */
function pairsIn(rest: string): [string, string][] {
  const pairs = [...rest.matchAll(/(?<![\w.-])([\w.-]+)=("[^"]*"|'[^']*'|\S*)/g)];
  if (pairs.length > 0) return pairs.map(([, name = '', value = '']) => [name, value]);
  const [, name, value = ''] = /^([\w.-]+)\s(.*)/s.exec(rest) ?? [];
  return name === undefined ? [] : [[name, value.trimStart()]];
}
