import type { Header, Request } from '../../../cors/http';
import type { Place } from '../../../cors/place';
import type { OriginPolicy } from '../../../cors/policy';
import type { Condition, JsValue } from '../../../javascript';
import type { CorsSource } from '../cors/corsOptions';
import type { Flow } from '../flow/flow';

/** An app of a framework beside Express, as far as CORS is concerned. */
export interface SiblingApp {
  /** "the Fastify app". */
  readonly label: string;
  /** Set where it answers sockets beside the app that it shares a server with. */
  readonly isSocket?: true;
  readonly place: Place;
  /** Why it is seen only in part; null when it is made here. */
  readonly partial: string | null;
  /** A path that reaches it when it has no routes that are read. */
  readonly path: string;
  /** In the order in which a request meets them. */
  readonly parts: readonly Part[];
  /** What sets CORS up when the app has started, which nothing of it is told of any more. */
  readonly late?: readonly LatePart[];
  /** Whether only what stands ahead of a route covers it; otherwise everything does. */
  readonly isOrdered: boolean;
  /** Whether parts are kept inside of their scopes. */
  readonly isScoped?: boolean;
  /** Set where OPTIONS passes by the routes of other methods, to whatever is registered behind them. */
  readonly optionsPass?: OptionsPass;
  /** The methods that it serves when it has no routes; undefined when any. */
  readonly methods?: readonly string[];
  /** The status of an error that CORS ends with. */
  readonly errorStatus: number;
  /** Whether nothing but the parts answers or sets headers. */
  readonly isClosed: boolean;
  /** What becomes of the headers where the app answers by itself; left out where they stay. */
  readonly closing?: Closing;
}

/** What is registered behind the whole app. */
export interface LatePart {
  readonly source: CorsSource;
  /** The `enableCors` of `app.enableCors(…)`. */
  readonly name: string;
  /** The `listen` that starts the app. */
  readonly start: { readonly name: string; readonly place: Place };
}

/** What the end of a request does to headers that were set before it. */
export interface Closing {
  /** A handler of the route answers. */
  succeeding(flow: Flow, route: RoutePart | null): Flow;
  /** The request fails, with whatever status it asks for. */
  failing(flow: Flow, request: Request): Flow;
}

/** What answers an OPTIONS that no part does: the app's own 404, or something that is not known. */
export type OptionsPass = 'to-not-found' | 'to-unknown';

export type Part = CorsPart | HandPart | RoutePart | OpaquePart;

/** A context of Fastify, which hooks do not leave: its own number after those of the contexts around it. */
export interface Scope {
  readonly ids: readonly number[];
  /** Under which it was registered: '' for none. */
  readonly prefix: string;
}

/** Something that sets CORS up. */
export interface CorsPart {
  readonly kind: 'cors';
  readonly source: CorsSource;
  /** The conditions around it; null when they cannot be told. */
  readonly guard: readonly Condition[] | null;
  /**
   * Whether it covers a path; undefined when that cannot be told, or without a method when the method decides.
   * @param method in upper case
   */
  covers(path: string, method?: string): boolean | undefined;
  /** What keeps the headers from what a handler throws; null when they go with it. */
  readonly dropsOnThrow: Place | null;
  /** What it is kept inside of; left out where nothing is. */
  readonly scope?: Scope;
}

/** A middleware, or a handler, that sets headers by hand. */
export interface HandPart {
  readonly kind: 'hand';
  readonly place: Place;
  /** Set when it is a route's own handler. */
  readonly isHandler?: true;
  /** Whether it covers a path, as of `CorsPart`; left out where it covers all. */
  covers?(path: string, method?: string): boolean | undefined;
  /** What it may set: headers of CORS, others alone, or nothing. */
  readonly sets: 'cors' | 'others' | 'nothing';
  /** Whether it may answer what fails behind it, or in it, by itself. */
  readonly catches: boolean;
  /** Whether it waits for something that may fail, or throws, where it answers by itself. */
  readonly mayFail: boolean;
  policies(): readonly OriginPolicy[];
  /** Every end that the request does not rule out, from what has been set before. */
  run(request: Request, flow: Flow): readonly HandEnd[];
  readonly scope?: Scope;
}

export type HandEnd =
  /** It goes on, and does this to the headers once everything behind it is done. */
  | { readonly kind: 'next'; readonly flow: Flow; after(flow: Flow): Flow }
  /** It answers; `status` is undefined when it is not known. */
  | { readonly kind: 'answer'; readonly flow: Flow; readonly status: number | undefined };

export interface RoutePart {
  readonly kind: 'route';
  /** In upper case; null for all. */
  readonly methods: readonly string[] | null;
  /** As a pattern of Express: `/users/:id`. */
  readonly path: string;
  readonly place: Place;
  readonly handlers: readonly JsValue[];
  readonly scope?: Scope;
  /** Set where more is put in front of the path that is not known. */
  readonly isPathUnknown?: true;
  /** What it answers, where that is declared; otherwise its handlers are looked at. */
  readonly answer?: RouteAnswer;
}

/** What a handler's response has by its declaration. */
export interface RouteAnswer {
  /** Of a success; undefined when it is not known. */
  readonly status: number | undefined;
  /** In the order in which they are set, before the handler runs. */
  readonly headers: readonly Header[];
  /** Set when the handler may set more. */
  readonly open: string | null;
  /** Set where it speaks of CORS, and may undo what is set before it. */
  readonly overrides?: true;
  /** Whether a request may be refused before these headers are set. */
  readonly mayBeRefused: boolean;
}

/** Something that is not read, and may set headers or answer. */
export interface OpaquePart {
  readonly kind: 'opaque';
  readonly reason: string;
  /** Whether it may have to do with a request; left out where it always may. */
  covers?(path: string, method: string): boolean;
  /** Set where it may undo what CORS has set, whatever the order. */
  readonly overrides?: true;
  readonly scope?: Scope;
}
