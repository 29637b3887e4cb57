/** A request of any framework: `url` may be whole, `originalUrl` is what was asked for. */
export interface Addressed {
  readonly url?: string | undefined;
  readonly originalUrl?: string;
}

const MAX_LOGGED_LENGTH = 256;

/** The path as the client asked for it, wherever a router is mounted; never the query. */
export function requestPath({ originalUrl, url = "" }: Addressed): string {
  const path = (originalUrl ?? url).replace(/^[a-z]+:\/\/[^/?#]*/i, "");
  return path.split(/[?#]/, 1)[0] ?? "";
}

/** The path as it is logged: its beginning, as clients decide how long it is. */
export function loggedPath(request: Addressed): string {
  const path = requestPath(request);
  return path.length > MAX_LOGGED_LENGTH ? `${path.slice(0, MAX_LOGGED_LENGTH - 1)}\u2026` : path;
}
