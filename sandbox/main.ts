#!/usr/bin/env node
import process from "node:process";

const OLDEST_NODE = 24;

if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
  process.stderr.write(
    `error: stripe-sandbox needs Node.js ${OLDEST_NODE} or newer, and this is ${process.versions.node}.\n`,
  );
  process.exitCode = 1;
} else {
  const { runCommand } = await import("./run_command.ts");
  await runCommand();
}
