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

/**
 * The path as it is logged: its beginning, as clients decide how long it is; decoded, so that what
 * is secret in it is recognised.
 */
export function loggedPath(request: Addressed): string {
  const path = decoded(requestPath(request).slice(0, 4 * MAX_LOGGED_LENGTH));
  return path.length > MAX_LOGGED_LENGTH ? `${path.slice(0, MAX_LOGGED_LENGTH - 1)}\u2026` : path;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
