import { spawn } from "node:child_process";
import { join } from "node:path";
import { type Installed, installPython } from "../conformance/clients/install_client.ts";

/** What Schemathesis cannot know: numbers in queries are texts, and any text is a key. */
const LEFT_OUT = ["positive_data_acceptance", "negative_data_rejection", "missing_required_header"];

/** What Schemathesis sends, and to whom. */
export interface Fuzzing {
  /** Where the API's document is. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Examples per operation and kind of test. */
  readonly examples: string;
  readonly seed: string;
  /** Which operations, as arguments of the command. */
  readonly filter: readonly string[];
}

/** Installs Schemathesis once. */
export function installSchemathesis(): Promise<Installed> {
  return installPython("schemathesis/requirements.txt");
}

/**
 * Runs Schemathesis with every check that our document allows; resolves to its exit code, 0 where
 * nothing was found, and what it printed.
 */
export function runSchemathesis(
  folder: string,
  { url, headers, examples, seed, filter }: Fuzzing,
): Promise<{ readonly code: number; readonly output: string }> {
  const args = [
    "-m",
    "schemathesis.cli",
    "run",
    url,
    `--max-examples=${examples}`,
    `--seed=${seed}`,
    "--no-color",
    "--no-shrink",
    "--continue-on-failure",
    `--exclude-checks=${LEFT_OUT.join(",")}`,
    "--suppress-health-check=all",
    "--warnings=off",
    ...Object.entries(headers).map(([name, value]) => `--header=${name}: ${value}`),
    ...filter,
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(join(folder, "bin/python"), args, {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => output.push(text));
    }
    child
      .once("error", reject)
      .once("close", (code) => resolve({ code: code ?? 1, output: output.join("") }));
  });
}
