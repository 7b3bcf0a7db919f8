/** What is piped into a command. */
export interface Input {
  /** Whether a person sits at it, and nothing is piped. */
  readonly isTerminal: boolean;
  /**
   * The text up to its end.
   * @param most how many bytes are read; what comes after them is left alone
   */
  read(most: number): Promise<string>;
}

/** The process's standard input; it is not touched before it is read. */
export function processInput(): Input {
  return {
    get isTerminal() {
      return process.stdin.isTTY === true;
    },
    async read(most) {
      const chunks: Buffer[] = [];
      let size = 0;
      for await (const chunk of process.stdin) {
        const bytes = Buffer.from(chunk);
        chunks.push(bytes);
        size += bytes.length;
        if (size >= most) break;
      }
      return Buffer.concat(chunks).subarray(0, most).toString('utf8');
    },
  };
}
