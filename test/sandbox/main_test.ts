import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

const MAIN = fileURLToPath(new URL("../../sandbox/main.ts", import.meta.url));

interface Ended {
  code: number;
  output: string;
}

function run(args: string[], env: Record<string, string> = {}): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], { env }, (error, stdout, stderr) => {
      const code = typeof error?.code === "number" ? error.code : 0;
      resolve({ code, output: stdout + stderr });
    });
  });
}

describe("sandbox/main.ts", () => {
  it("explains itself", async () => {
    const { code, output } = await run(["--help"]);
    expect(code).to.equal(0);
    expect(output).to.contain("SANDBOX_WEBHOOK_SECRET").and.to.contain("--webhook-url");
  });

  it("refuses bad ports, missing secrets and secrets on the command line", async () => {
    for (const [args, env, message] of [
      [["--port", "99999"], {}, "from 0 to 65535"],
      [[], { SANDBOX_PORT: "x" }, "from 0 to 65535"],
      [["--port", "0", "--webhook-url", "http://127.0.0.1:1/"], {}, "SANDBOX_WEBHOOK_SECRET"],
      [["--webhook-secret", "whsec_x"], {}, "unknown option"],
    ] as const) {
      const { code, output } = await run([...args], { ...env });
      expect(code, args.join(" ")).to.equal(1);
      expect(output).to.contain(message);
    }
  });

  it("listens as its environment says and stops when it is told to", async () => {
    const child = spawn(process.execPath, [MAIN], {
      env: {
        SANDBOX_PORT: "0",
        SANDBOX_WEBHOOK_URL: "http://127.0.0.1:1/webhook",
        SANDBOX_WEBHOOK_SECRET: "whsec_x",
      },
    });
    const exited = once(child, "exit");
    let output = "";
    for await (const chunk of child.stdout) {
      output += String(chunk);
      if (output.includes("Webhooks:")) {
        break;
      }
    }
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0];
    const response = await fetch(`${url}/_sandbox/clock`);
    expect(response.status).to.equal(200);
    expect(output).to.contain("http://127.0.0.1:1/webhook").and.to.not.contain("whsec_x");
    child.kill("SIGTERM");
    expect(await exited).to.deep.equal([0, null]);
  });
});
