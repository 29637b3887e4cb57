import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/** A program that runs in a process group of its own. */
export interface Program {
  readonly pid: number | undefined;
  /** Everything printed so far. */
  readonly output: string;
  /** The part of it that went to standard output. */
  readonly standardOutput: string;
  /** The part of it that went to standard error. */
  readonly errorOutput: string;
  /** Resolves with the first match in the output; rejects when the program ends without one. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  /** Sends a signal to the program itself. */
  signal(signal: NodeJS.Signals): void;
  /** The exit code, when it has ended by itself. */
  exited(): Promise<number | null>;
  /** Ends the whole group at once. */
  kill(): void;
}

/** Settings of the service, which a program gets from its test only. */
const SETTINGS =
  /^(NODE_ENV|PORT|HOST|(SQLITE|STRIPE|SANDBOX|AUTH|DASHBOARD|ALLOWED|ALLOW|PLANS|PUBLIC|GRACE|RATE|RECONCILE|TRUSTED|LOG|MONGODB)_.*)$/;

/** Runs a program with these settings and no others. */
export function runProgram(
  command: string,
  args: readonly string[],
  { env, cwd }: { env: Readonly<Record<string, string>>; cwd: string },
): Program {
  const surroundings = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !SETTINGS.test(name)),
  );
  const child = spawn(command, args, {
    cwd,
    env: { ...surroundings, ...env },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const printed = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      output += text;
      printed[name] += text;
      child.emit("printed");
    });
  }
  const ended = once(child, "close");
  return {
    pid: child.pid,
    get output() {
      return output;
    },
    get standardOutput() {
      return printed.stdout;
    },
    get errorOutput() {
      return printed.stderr;
    },
    printed: (pattern) => firstMatch(child, pattern, () => output),
    signal: (signal) => void child.kill(signal),
    exited: async () => {
      await ended;
      return child.exitCode;
    },
    kill: () => {
      if (child.pid !== undefined) {
        killGroup(child.pid);
      }
    },
  };
}

function firstMatch(
  child: ChildProcess,
  pattern: RegExp,
  output: () => string,
): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const match = pattern.exec(output());
      if (match !== null) {
        resolve(match);
      }
    };
    child.on("printed", look);
    child.once("close", () => reject(new Error(`Ended without ${pattern}: ${output()}`)));
    look();
  });
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") {
      throw error;
    }
  }
}
