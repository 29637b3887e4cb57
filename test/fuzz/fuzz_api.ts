import { fuzzService } from "./fuzz_service.ts";
import { installSchemathesis } from "./schemathesis.ts";

const words = process.argv.slice(2);
if (words.length > 0) {
  process.stderr.write(
    `Cannot fuzz "${words.join(" ")}": it takes FUZZ_EXAMPLES and FUZZ_SEED from the environment\n`,
  );
  process.exit(2);
}
const { FUZZ_EXAMPLES: examples = "12", FUZZ_SEED: seed = "1" } = process.env;

const installed = await installSchemathesis();
if ("reason" in installed) {
  throw new Error(`Cannot install Schemathesis, which needs Python 3: ${installed.reason}`);
}
await fuzzService(installed.folder, { examples, seed }, ({ who, code, output }) => {
  process.stdout.write(`As ${who}:\n${output}`);
  process.exitCode = Math.max(Number(process.exitCode ?? 0), code);
});
