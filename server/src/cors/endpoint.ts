import type { Request, Response } from './http';
import type { Place } from './place';
import type { OriginPolicy } from './policy';
import type { Value } from './value';

/** Something of a server's that answers requests: a location, a route, an event with its function. */
export interface Endpoint {
  /** The platform's id: `nginx`, `express`, `serverless`. */
  readonly platform: string;
  /** What its server is to those behind it: it may pass requests on, or calls functions. An application where left out. */
  readonly role?: 'proxy' | 'gateway';
  /** For people: "location /api/", "PUT /users/:id", "GET /hello (getHello)". */
  readonly label: string;
  /** The thing itself, narrowly: the location's name and pattern, the route call's path, the event. */
  readonly place: Place;
  /** A path that reaches this endpoint: `/users/1`. */
  readonly path: string;
  /**
   * Whether a request for this path, without query, reaches this endpoint; undefined when that cannot be told.
   *
   * @param site where it is sent; undefined stands for "to the server that the endpoint belongs to"
   */
  matches(path: string, method: string, site?: Site): boolean | undefined;
  /** The methods that it means to serve, OPTIONS aside; undefined when any or not known. */
  readonly methods: readonly string[] | undefined;
  /** Request headers that it is known to need (`Authorization`, `Content-Type` for a JSON body), as usually spelt. */
  readonly requestHeaders: readonly string[];
  /**
   * Set when the endpoint is seen only in part (a controller without its app, a snippet without its includer): why,
   * in words. What is missing may then be elsewhere, and nothing is reported for its absence.
   */
  readonly partial?: string;
  /**
   * For one that passes requests on: the endpoint of the application that answers in the end. What is wrong with that
   * one alone is reported there.
   */
  readonly behind?: Endpoint;
  /**
   * The path, without query, under which a request for this path reaches the one behind; undefined when that cannot be
   * told. Without this method it is the same path.
   */
  pathBehind?(path: string, method: string): string | undefined;
  /**
   * Whether what stands at a place was written for this endpoint alone, and not for others too, as middleware is.
   * Undefined on platforms where that cannot be told.
   */
  isOwn?(place: Place): boolean;
  /** True where it answers with files of a folder: a request for none of them goes on to what stands behind it. */
  readonly servesFiles?: true;
  /** The shared cache in front of it, which answers in its place as long as it has something kept. */
  readonly cache?: SharedCache | undefined;
  /**
   * True where it reads nothing of what a browser sends as credentials (cookies, logins), whatever its headers allow:
   * its requests are signed. Then a page that is let in can do no more than one without.
   */
  readonly ignoresCredentials?: true;
  /** The origin checks that decide its `Access-Control-Allow-Origin`, in the order they are made. */
  readonly policies: readonly OriginPolicy[];
  /**
   * The responses that this request may get, each of them possible; never empty. One response without `when` is
   * certain. Pure, and the same for the same request.
   */
  respond(request: Request): readonly Response[];
}

/** A cache that many visitors share. */
export interface SharedCache {
  /** Who keeps: "CloudFront". */
  readonly what: string;
  /** The policy by which it keeps, as people call it. */
  readonly name: string;
  /** Whether responses are kept for each `Origin` apart: by the key, or by `Vary` where the cache heeds it. */
  readonly keyHasOrigin: boolean;
  /** Where the policy is chosen. */
  readonly place: Place;
  /** The last request header of the key, where the key is a list of them that stands in the workspace. */
  readonly lastKeyHeader: { readonly place: Place; readonly text: string } | undefined;
}

/** Where a request is sent. */
export interface Site {
  readonly scheme: 'http' | 'https';
  /** Host name, and the port unless it is the scheme's own. */
  readonly host: string;
}

/** A place in the source that sets a header, whether or not some endpoint is known to send it. */
export interface HeaderSetting {
  readonly name: string;
  /** The name alone, without quotes. */
  readonly namePlace: Place;
  readonly value: Value;
  /** The whole setting. */
  readonly place: Place;
  /** Where the header goes: into the response, or (a mistake for response headers) into a request. */
  readonly target: 'response' | 'request';
  /** Who sets it, in words. */
  readonly layer: string;
}
