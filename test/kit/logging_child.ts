import { createLogger } from "../../src/kit/logger.ts";

/** Logs lines, and ends at once as it is told: by exiting or by an error that nobody catches. */
const [ending] = process.argv.slice(2);
const loggers = [createLogger({ level: "info" }), createLogger({ level: "debug" })] as const;
for (let number = 0; number < 300; number += 1) {
  loggers[number % 2 === 0 ? 0 : 1].info({ number }, "a line");
}
if (ending === "fails") {
  throw new Error("nobody catches this");
}
process.exit(3);
