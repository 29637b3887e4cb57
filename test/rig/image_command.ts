import { readFileSync } from "node:fs";

/** The command that the image of the service runs, with its arguments. */
export function imageCommand(): readonly string[] {
  const dockerfile = readFileSync("Dockerfile", "utf8").replaceAll(/\\\n\s*/g, "");
  const [, list = "[]"] = [...dockerfile.matchAll(/^CMD (\[.+\])$/gm)].at(-1) ?? [];
  return JSON.parse(list);
}
