import { type ChildProcess, execFile, spawn } from "node:child_process";
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

const running = new Set<ChildProcess>();

/** Starts the command and waits for what it says. */
async function start(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [MAIN, ...args], { env });
  running.add(child);
  let output = "";
  for await (const chunk of child.stdout) {
    output += String(chunk);
    if (output.includes("curl")) {
      break;
    }
  }
  return { child, output, url: /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0] ?? "" };
}

describe("stripe-sandbox", () => {
  afterEach(() => {
    for (const child of running) {
      child.kill("SIGKILL");
    }
    running.clear();
  });

  it("explains itself", async () => {
    const { code, output } = await run(["--help"]);
    expect(code).to.equal(0);
    expect(output).to.contain("SANDBOX_WEBHOOK_SECRET").and.to.contain("--webhook <url>");
    expect(Math.max(...output.split("\n").map(({ length }) => length))).to.be.at.most(80);
  });

  it("says that Node.js is too old, instead of failing somewhere in it", async () => {
    const older =
      "Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.1.0'}})";
    const { code, output } = await run([], {
      NODE_OPTIONS: `--import=data:text/javascript,${older}`,
    });
    expect(code).to.equal(1);
    expect(output).to.equal(
      "error: stripe-sandbox needs Node.js 24 or newer, and this is 20.1.0.\n",
    );
  });

  it("refuses bad ports, addresses, seeds and secrets on the command line", async () => {
    for (const [args, env, message] of [
      [["--port", "99999"], {}, "from 0 to 65535"],
      [[], { SANDBOX_PORT: "x" }, "from 0 to 65535"],
      [["--seed", "-1"], {}, "from 0 to 4294967295"],
      [["--webhook", "127.0.0.1:3000"], {}, "http://127.0.0.1:3000/webhook"],
      [["--webhook-secret", "whsec_x"], {}, "unknown option"],
    ] as const) {
      const { code, output } = await run([...args], { ...env });
      expect(code, args.join(" ")).to.equal(1);
      expect(output).to.contain(message);
    }
  });

  it("listens where other machines reach it only when that is said", async () => {
    for (const host of ["0.0.0.0", "::", "192.168.1.2", "example.com"]) {
      const { code, output } = await run(["--port", "0"], { SANDBOX_HOST: host });
      expect(code, host).to.equal(1);
      expect(output).to.contain("--public").and.to.contain(host);
    }
    const { output } = await start(["--port", "0", "--host", "0.0.0.0", "--public"]);
    expect(output).to.contain("Sandbox listens on http://127.0.0.1:");
  });

  it("names the setting to change where its port is taken", async () => {
    const { url } = await start(["--port", "0"]);
    const { code, output } = await run(["--port", new URL(url).port]);
    expect(code).to.equal(1);
    expect(output).to.contain("is in use").and.to.contain("--port, SANDBOX_PORT");
    expect(output.trim().split("\n")).to.have.length(1);
  });

  it("tells what to do next, which works", async () => {
    const { url, output } = await start(["--port", "0"]);
    const [, curl = ""] = /^ {2}curl (.+)$/m.exec(output) ?? [];
    expect(curl).to.match(/^\S+ -u sk_test_sandbox: -d email=jenny@example\.com$/);
    const response = await fetch(curl.split(" ")[0] ?? "", {
      method: "POST",
      headers: { authorization: `Basic ${btoa("sk_test_sandbox:")}` },
      body: "email=jenny@example.com",
    });
    expect(await response.json()).to.include({ object: "customer", email: "jenny@example.com" });
    expect((await fetch(`${url}/`)).status).to.equal(200);
  });

  it("registers every webhook, each with the secret that it prints", async () => {
    const hooks = ["http://127.0.0.1:1/a", "http://127.0.0.1:1/b"];
    const { url, output } = await start(["--port", "0", ...hooks.flatMap((h) => ["--webhook", h])]);
    const secrets = [...output.matchAll(/whsec_sandbox\w{32}/g)].map(([secret]) => secret);
    expect(new Set(secrets).size).to.equal(2);
    const response = await fetch(`${url}/v1/webhook_endpoints`, {
      headers: { authorization: "Bearer sk_test_sandbox" },
    });
    const { data } = (await response.json()) as { data: { url: string }[] };
    expect(data.map((endpoint) => endpoint.url)).to.have.members(hooks);
  });

  it("listens as its environment says and stops when it is told to", async () => {
    const { url, output, child } = await start([], {
      SANDBOX_PORT: "0",
      SANDBOX_WEBHOOK_URL: "http://127.0.0.1:1/webhook",
      SANDBOX_WEBHOOK_SECRET: "whsec_x",
    });
    const exited = once(child, "exit");
    const response = await fetch(`${url}/_sandbox/clock`);
    expect(response.status).to.equal(200);
    expect(output).to.contain("http://127.0.0.1:1/webhook").and.to.not.contain("whsec_x");
    child.kill("SIGTERM");
    expect(await exited).to.deep.equal([0, null]);
  });
});
