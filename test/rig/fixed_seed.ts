import fc from "fast-check";
import { countInEnvironment } from "./count_in_environment.ts";

/**
 * The same random inputs at every run, so that a failure is about a change. `SEED=7 npx mocha …`
 * tries others.
 */
fc.configureGlobal({ seed: countInEnvironment("SEED", { fallback: 2_026, least: 0 }) });
