import { type Paint, paintFor } from './paint';

/** Where a command writes. Results go to `out`, everything else (progress, complaints) to `error`. */
export interface Output {
  out(text: string): void;
  error(text: string): void;
  readonly paint: Paint;
  readonly errorPaint: Paint;
  /** Set when a person watches `error`: how many columns there are. Progress is drawn only then. */
  readonly columns: number | undefined;
}

/** The process's own streams, with colours as the terminal and NO_COLOR and FORCE_COLOR want them. */
export function processOutput(): Output {
  const { stdout, stderr, env } = process;
  return {
    out: (text) => stdout.write(text),
    error: (text) => stderr.write(text),
    paint: paintFor(stdout.isTTY, env),
    errorPaint: paintFor(stderr.isTTY, env),
    columns: stderr.isTTY && env['TERM'] !== 'dumb' ? stderr.columns || 80 : undefined,
  };
}
