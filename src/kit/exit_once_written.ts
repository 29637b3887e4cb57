/**
 * Ends the process once all that it has printed was taken. `process.exit` alone drops what a pipe
 * had no room for, such as the end of a long report that somebody reads page by page.
 */
export async function exitOnceWritten(code: number): Promise<never> {
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise((resolve) => stream.write("", resolve));
  }
  process.exit(code);
}
