/** nginx closes the connection instead of answering; a server in front sees no answer. */
export const CLOSING_STATUSES: ReadonlySet<number> = new Set([408, 444, 499]);

/** Statuses that nginx gives by itself when an upstream does not answer; nothing that serves files has them. */
export const GATEWAY_ERRORS: ReadonlySet<number> = new Set([502, 504]);
