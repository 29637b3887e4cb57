import { exitOnceWritten } from "../../src/kit/exit_once_written.ts";

process.stdout.write(`${"x".repeat(1_000_000)}\n`);
await exitOnceWritten(3);
