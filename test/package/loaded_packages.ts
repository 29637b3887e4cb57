import { registerHooks } from "node:module";

/** Prints the packages that this one imports when an entry of it is loaded, as a JSON list. */
const imported = new Set<string>();
registerHooks({
  resolve: (specifier, context, next) => {
    const resolved = next(specifier, context);
    const home = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(resolved.url)?.[1];
    if (home !== undefined && !context.parentURL?.includes("/node_modules/")) {
      imported.add(home);
    }
    return resolved;
  },
});
await import(import.meta.resolve(process.argv[2] ?? ""));
process.stdout.write(JSON.stringify([...imported]));
