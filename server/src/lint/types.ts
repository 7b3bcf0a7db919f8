/**
 * The contracts between the engine, the platforms and the rules. Types only: nothing here runs, and everyone may
 * import it as a type.
 */
import type { Browser, Exchange } from '../cors/browser';
import type { Caller } from '../cors/caller';
import type { Endpoint, HeaderSetting } from '../cors/endpoint';
import type { Place, Range } from '../cors/place';
import type { Edit, Repair } from '../cors/repair';

// ---------------------------------------------------------------------------------------------------- platforms

/** Read access to the files of a workspace, as the editor or the disk has them. Never runs anything. */
export interface Host {
  /** The text, or undefined when there is no such file, it is too large, binary, or outside the workspace. */
  read(file: string): string | undefined;
  /** The file that `relative` (forward slashes) names, seen from the folder that `from` is in. Absolute paths stay. */
  resolve(from: string, relative: string): string;
  /**
   * Existing files that a pattern with `*`, `?` and `[…]` names, seen from the folder of `from`, in the order of the
   * names that the pattern meets.
   */
  glob(from: string, pattern: string): readonly string[];
  /** Changes whenever the file's text may have: for caches across files. Undefined when there is no such file. */
  version(file: string): string | number | undefined;
}

/** Settings that change what a platform predicts. */
export interface PlatformOptions {
  /** As in the configuration: "1.29.3". */
  readonly nginxVersion?: string;
  /** Another file is known that reads this one as a part of its own: what it finds counts, not what this shows alone. */
  readonly isIncluded?: boolean;
  /** What in the workspace answers at an address that the file passes requests on to; undefined when that is not known. */
  readonly upstream?: (address: Address) => Upstream | undefined;
}

/** A host name or address as a configuration writes it, in lower case, and a port. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A server of the workspace that another one passes requests on to. */
export interface Upstream {
  /** The file that makes it listen, for people: `api/server.js`. */
  readonly file: string;
  readonly endpoints: readonly Endpoint[];
  /** The circumstance in which it is the one that answers, and what else there is; undefined when it always is. */
  readonly provided?: { readonly holds: string; readonly otherwise: string };
}

/** Something that waits for requests on a port. */
export interface Listener {
  /** Where it is made to listen. */
  readonly place: Place;
  readonly port: ListenerPort;
  /** The host names that it is known by, in lower case; undefined for what has no names. */
  readonly names?: readonly string[];
  /** Whether requests to that host on its port are its own; undefined when all are. */
  answersTo?(host: string): boolean;
  /** What answers there. Worked out when it is asked for. */
  endpoints(): readonly Endpoint[];
}

/** A number in the source, or an environment variable with what stands in for it when it is unset. */
export type ListenerPort =
  | { readonly kind: 'fixed'; readonly port: number }
  | { readonly kind: 'environment'; readonly name: string; readonly fallback: number | undefined };

/** A comment, its delimiters included; `text` is what stands between them. */
export interface Comment extends Range {
  readonly text: string;
}

/** A place where the text is not well-formed, and what the platform's own parser would say of it. */
export interface SyntaxFault extends Range {
  readonly message: string;
}

/** What could be written where the cursor stands in a text that is being typed. */
export interface CompletionContext {
  /** What to write over: what stands there already, on both sides of the cursor. On one line. */
  readonly replace: Range;
  readonly words: readonly CompletionWord[];
  /** Set where an origin may stand: what goes around one. */
  readonly originQuote?: '' | "'" | '"';
  /** The options that the cursor is among: what is written there decides what comes of the word under it. */
  readonly block?: Range;
}

export interface CompletionWord {
  /** As it is to be written, in the platform's syntax. */
  readonly text: string;
  readonly kind: 'header' | 'option' | 'value';
  /** The header that it is, sets or stands in (lower case): its guide explains it. */
  readonly header?: string;
  /** What else there is to know of it, in markdown. */
  readonly note?: string;
}

/** What a platform makes of one file. */
export interface Analysis {
  readonly file: string;
  readonly text: string;
  readonly endpoints: readonly Endpoint[];
  /** Every place that sets a header with an `access-control-` or similar name, or `Vary`, in this file. */
  readonly settings: readonly HeaderSetting[];
  readonly comments: readonly Comment[];
  /** Where the text is not well-formed. A fix must not add to them. */
  readonly errors?: readonly SyntaxFault[];
  /** Other files that were read, or looked for, on the way: the analysis is stale when one of them changes. */
  readonly dependencies: ReadonlySet<string>;
  /**
   * Other files that are judged as parts of this one, each with the places that bring it in: what shows there in this
   * context counts, and not what the part would show alone.
   */
  readonly parts?: ReadonlyMap<string, readonly Place[]>;
  /** What the file makes listen, and where. */
  readonly listeners?: readonly Listener[];
  /** What pages call by the file, as far as it is known where the calls go. Worked out when it is asked for. */
  readonly outgoing?: readonly OutgoingCall[];
}

/** A call that a page makes, and the address that it goes to. */
export interface OutgoingCall extends Caller {
  readonly to: Address;
}

/** A call of a page that an endpoint of the workspace answers. */
export interface Arrival {
  readonly caller: Caller;
  /** The endpoint, by its place and label in the text as it was then. */
  readonly at: Pick<Endpoint, 'place' | 'label'>;
}

export interface Platform<A extends Analysis = Analysis> {
  /** `nginx`, `express`, `serverless`. */
  readonly id: string;
  /** For people: "nginx", "Express", "Serverless Framework". */
  readonly name: string;
  /** How a line comment is written, for the suppress action: `#`, `//`. */
  readonly lineComment: string;
  /**
   * Whether the file can concern CORS on this platform, judged by its name and a quick look at the text, without
   * parsing. `undefined` text: by the name alone (then "perhaps" counts as yes).
   */
  claims(file: string, text: string | undefined): boolean;
  /** Whether a text hands requests on to other servers, so that what listens in the workspace matters to it. */
  passesOn?(text: string): boolean;
  /**
   * What could be written at an offset (UTF-16); undefined outside the places where CORS is set. Judged by the tokens
   * around it, since a text that is being typed is broken. Needs no `prepare`, never throws.
   */
  completionAt?(text: string, offset: number): CompletionContext | undefined;
  /** Loads what is needed to parse. Called once before the first `analyse`. */
  prepare?(): Promise<void>;
  /** Never throws, whatever the text. */
  analyse(file: string, text: string, host: Host, options: PlatformOptions): A;
  /** The edits that carry the repair out, or undefined when it cannot be done here with certainty. */
  repair(analysis: A, repair: Repair, host: Host): readonly Edit[] | undefined;
  /** The platform's own rules. */
  readonly rules: readonly PlatformRule<A>[];
}

// -------------------------------------------------------------------------------------------------------- rules

export type Severity = 'error' | 'warning' | 'info' | 'hint';

/** What kind of trouble: a browser refuses, an attacker gets in, it fails in circumstances, or it could be better. */
export type Category = 'broken' | 'insecure' | 'fragile' | 'advice';

export interface RuleMeta {
  /** The folder's name; what users see, configure and search for. */
  readonly id: string;
  /** One line for lists and tables, no full stop: "`*` together with credentials". */
  readonly title: string;
  /** The usual severity; a report may carry its own (`reflected-origin` is an error only with credentials). */
  readonly severity: Severity;
  /** Off until the configuration turns it on. */
  readonly off?: boolean;
  readonly category: Category;
  readonly tags: readonly string[];
  /** "CWE-942". */
  readonly cwe?: string;
  /** The section that decides: a Fetch standard URL, nginx's page, the package's README. */
  readonly reference: string;
  /**
   * Rules that would say the same in other words: where this one names the cause, their findings about the same
   * answer of the server are left out; those at the same place, if this one's has no exchange to show.
   */
  readonly replaces?: readonly string[];
}

/** Another place that belongs to a finding. */
export interface Related {
  readonly place: Place;
  readonly message: string;
}

/** A fix before it is text: a repair for the platform to carry out, or edits when a platform's own rule has them. */
export type Proposal = { readonly title: string; readonly preferred: boolean } & (
  | { readonly repair: Repair }
  | { readonly edits: readonly Edit[] }
);

/** What a rule says about one place. */
export interface Report<Data> {
  /** The line to blame, as narrow as the word to blame. */
  readonly place: Place;
  readonly data: Data;
  /** Overrides the rule's usual severity. */
  readonly severity?: Severity;
  /** The proof: what was sent, what comes back, what the browser makes of it. */
  readonly exchange?: Exchange;
  readonly related?: readonly Related[];
}

/** A rule as its folder defines it; see `defineRule` and `definePlatformRule`. Findings are data first, words last. */
export interface RuleDefinition<Subject, Data> {
  readonly meta: RuleMeta;
  check(subject: Subject, report: (report: Report<Data>) => void): void;
  /** What is wrong, what the browser will do, what to do: one or two short sentences. */
  message(data: Data): string;
  /** Best first; asked for only when someone wants to mend. */
  fixes?(data: Data): readonly Proposal[];
}

/** What a neutral rule looks at: one endpoint in a browser, and for what stands outside any endpoint, the settings. */
export interface Subject {
  readonly browser: Browser;
  readonly endpoint: Endpoint;
  /** The front ends' origins, where the user named them. */
  readonly expectedOrigins: readonly string[];
}

/** A rule with its data type closed over. */
export interface RuleOn<S> {
  readonly meta: RuleMeta;
  run(subject: S): readonly RawFinding[];
}

/** Looks at each endpoint on every platform. */
export type EndpointRule = RuleOn<Subject> & { readonly on: 'endpoint' };
/** Looks at each header setting on every platform, whether or not an endpoint is known to send it. */
export type SettingRule = RuleOn<HeaderSetting> & { readonly on: 'setting' };
export type NeutralRule = EndpointRule | SettingRule;

/** What a platform's own rule looks at: the whole analysis of a file, and browsers for its endpoints. */
export interface PlatformSubject<A extends Analysis> {
  readonly analysis: A;
  browserFor(endpoint: Endpoint): Browser;
  readonly host: Host;
}
export type PlatformRule<A extends Analysis = Analysis> = RuleOn<PlatformSubject<A>> & { readonly on: 'platform' };

/** A finding before settings, suppressions and fixes. */
export interface RawFinding {
  readonly rule: RuleMeta;
  readonly severity: Severity;
  readonly place: Place;
  readonly message: string;
  readonly exchange?: Exchange;
  readonly related: readonly Related[];
  proposals(): readonly Proposal[];
}

// ------------------------------------------------------------------------------------------------------- engine

/** A finding as every face (editor, command line, audit) shows it, with the configuration's severity. */
export interface Finding extends Omit<RawFinding, 'proposals'> {
  /** Works out the fixes that hold; not called unless someone wants to mend or to list them. */
  fixes(): readonly Fix[];
}

/** A fix whose edits are worked out. The edits do not overlap and are sorted by file and start. */
export interface Fix {
  readonly title: string;
  readonly preferred: boolean;
  readonly edits: readonly Edit[];
}
