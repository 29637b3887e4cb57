import fc from "fast-check";

/**
 * The same random inputs at every run, so that a failure is about a change. `SEED=7 npx mocha …`
 * tries others.
 */
fc.configureGlobal({ seed: Number(process.env.SEED ?? 2_026) });
