import { execFile } from "node:child_process";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { type Program, runProgram } from "../e2e/program.ts";
import { imageCommand } from "../rig/image_command.ts";
import { useTemporaryFolder } from "../rig/temporary_folder.ts";

/** Below the project, so that packages are found that are not bundled. */
const BUNDLE = "node_modules/.cache/image_test";

describe("The image", () => {
  const inFolder = useTemporaryFolder();
  const programs: Program[] = [];
  before(() => promisify(execFile)(process.execPath, ["build/bundle_service.ts", BUNDLE]));
  afterEach(() => {
    for (const program of programs.splice(0)) {
      program.kill();
    }
  });
  after(() => rm(BUNDLE, { recursive: true }));

  /** Runs what the image runs, with this machine's folders in place of its own. */
  async function run(change: (flag: string) => string = (flag) => flag): Promise<Program> {
    const data = inFolder("data");
    await mkdir(data, { recursive: true });
    const [, ...all] = imageCommand();
    const flags = all.map((flag) =>
      change(
        flag
          .replace("=/app", `=${process.cwd()}`)
          .replace("=/data", `=${data}`)
          .replace("dist/service", BUNDLE),
      ),
    );
    const program = runProgram(process.execPath, flags, {
      cwd: process.cwd(),
      env: {
        PORT: "0",
        METRICS_TOKEN: "r".repeat(32),
        SQLITE_PATH: join(data, "billing.db"),
        STRIPE_SECRET_KEY: "sk_test_unused",
        STRIPE_WEBHOOK_SECRETS: `whsec_${"a1B2".repeat(8)}`,
      },
    });
    programs.push(program);
    return program;
  }

  it("serves with the permissions that it gives itself", async () => {
    expect(imageCommand()).to.include("--permission");
    const program = await run();
    const [, url] = await program.printed(/"url":"(http:\/\/[^"]+)"/);
    const answers = ["/healthz", "/docs", "/docs/swagger-ui.css", "/dashboard/billing"];
    for (const path of answers) {
      expect((await fetch(`${url}${path}`)).status, path).to.equal(200);
    }
    const headers = { Authorization: `Bearer ${"r".repeat(32)}` };
    expect((await fetch(`${url}/metrics`, { headers })).status).to.equal(200);
    program.signal("SIGTERM");
    expect(await program.exited(), program.output).to.equal(0);
  });

  it("does not start where its database may not be written: the permissions are in force", async () => {
    const program = await run((flag) => flag.replace("--allow-fs-write=", "--allow-fs-read="));
    expect(await program.exited()).to.not.equal(0);
  });

  it("runs as nobody in particular, from an image that can be named by its digest", async () => {
    const dockerfile = await readFile("Dockerfile", "utf8");
    expect(dockerfile).to.match(/^ARG NODE_IMAGE=node:24-slim$/m);
    const stages = [...dockerfile.matchAll(/^FROM (\S+) AS (\S+)$/gm)];
    const known = ["$" + "{NODE_IMAGE}", ...stages.map(([, , name]) => name)];
    expect(known).to.include.members(stages.map(([, image]) => image));
    expect(dockerfile.match(/^FROM /gm)).to.have.length(stages.length);
    expect([...dockerfile.matchAll(/^USER (\w+)$/gm)].map(([, user]) => user)).to.deep.equal([
      "node",
      "node",
    ]);
    expect(await readFile("compose.yaml", "utf8")).to.match(/^ {4}read_only: true$/m);
  });
});
