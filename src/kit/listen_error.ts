/**
 * Says why a server cannot listen, and what to do.
 *
 * @param address host and port
 * @param setting the setting that names the port
 */
export function listenError(error: Error, address: string, setting: string): Error {
  const code: unknown = "code" in error ? error.code : undefined;
  switch (code) {
    case "EADDRINUSE":
      return new Error(
        `Cannot listen on ${address}: another process uses the port; set ${setting} to a free one`,
        { cause: error },
      );
    case "EACCES":
      return new Error(
        `Cannot listen on ${address}: this user may not use the port; set ${setting} to one above 1023`,
        { cause: error },
      );
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new Error(
        `Cannot listen on ${address}: this machine has no such address; set HOST to one of its own`,
        { cause: error },
      );
    default:
      return new Error(`Cannot listen on ${address}: ${error.message}`, { cause: error });
  }
}
