import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { temporaryFolder } from "../rig/temporary_folder.ts";

const run = promisify(execFile);
const BIN = resolve("node_modules/.bin");
const QUIET = ["--prefer-offline", "--no-audit", "--no-fund"];

/** An empty project in which the package is installed as it would be published. */
export interface PackedProject {
  readonly folder: string;
  /** The package as it was built, before it was packed. */
  readonly built: string;
  readonly tarball: string;
  write(name: string, text: string): void;
  /** Runs a program of the project's development tools, or of the machine; answers what it prints. */
  run(program: string, ...args: readonly string[]): Promise<string>;
  /** What a source of the project prints as JSON, run by a command. */
  output(name: string, text: string, command: readonly string[]): Promise<unknown>;
  /** Type checks a source as a project of TypeScript does that trusts no library. */
  typeCheck(source: string, compilerOptions: object): Promise<string>;
  install(packages: readonly string[]): Promise<void>;
  remove(): void;
}

/** Builds and packs the package, and installs it in an empty project. */
export async function packedProject(): Promise<PackedProject> {
  const root = temporaryFolder();
  const env = { ...process.env, PATH: `${BIN}:${process.env.PATH}` };
  const [built, folder] = [join(root.path, "dist"), join(root.path, "project")];
  await run("node", ["build/build.ts", built], { env });
  const packed = await run("npm", ["pack", "--json", built], { cwd: root.path, env });
  const tarball = join(root.path, JSON.parse(packed.stdout)[0].filename);
  mkdirSync(folder);
  const project: PackedProject = {
    folder,
    built,
    tarball,
    write: (name, text) => writeFileSync(join(folder, name), text),
    run: async (program, ...args) => (await run(program, args, { cwd: folder, env })).stdout,
    output: async (name, text, [program = "", ...rest]) => {
      project.write(name, text);
      return JSON.parse(await project.run(program, ...rest, name));
    },
    typeCheck: async (source, compilerOptions) => {
      project.write("uses.ts", source);
      const strict = { strict: true, noEmit: true, skipLibCheck: false, target: "es2024" };
      const options = { ...strict, types: ["node"], ...compilerOptions };
      const settings = { compilerOptions: options, files: ["uses.ts"] };
      project.write("tsconfig.json", JSON.stringify(settings));
      try {
        return await project.run("tsc", "-p", ".");
      } catch (error) {
        return String(Reflect.get(Object(error), "stdout"));
      }
    },
    install: async (packages) => {
      await project.run("npm", "install", ...QUIET, "--ignore-scripts", ...packages);
    },
    remove: () => root.remove(),
  };
  project.write("package.json", JSON.stringify({ name: "empty", private: true, type: "module" }));
  await project.install([tarball]);
  return project;
}
