/**
 * Keeps what is printed from breaking the program off. Where nobody reads on, as after `| head -1`, the
 * rest is dropped and the work goes on; where it cannot be written, as on a full disk, the program
 * says so and ends with `code` in the end.
 */
export function watchOutput(code: number): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") {
        process.exitCode = code;
        if (stream === process.stdout) {
          process.stderr.write(`Cannot print the result: ${error.message}\n`);
        }
      }
    });
  }
}
