import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { isRunning } from "../mongodb_server/build_once.ts";

const ATTEMPTS = 3_000;

/**
 * Whether a process that a script starts outlives the script, which is ended with SIGKILL.
 *
 * @param script a module that prints that process's id
 */
export async function outlives(script: string): Promise<boolean> {
  const parent = spawn(process.execPath, ["--input-type=module", "--eval", script]);
  const { value } = await createInterface(parent.stdout)[Symbol.asyncIterator]().next();
  const child = Number(value);
  if (!isRunning(child)) {
    throw new Error(`Cannot see whether a process ends: "${value}" is none that runs`);
  }
  parent.kill("SIGKILL");
  await once(parent, "exit");
  for (let attempt = 0; isRunning(child) && attempt < ATTEMPTS; attempt += 1) {
    await wait(10);
  }
  return isRunning(child);
}
