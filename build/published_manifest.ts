import manifest from "../package.json" with { type: "json" };
import sandbox from "../sandbox/package.json" with { type: "json" };

/** What an entry of the package loads beside the package itself. */
export const LOADED_BY: Readonly<Record<keyof typeof manifest.exports, readonly string[]>> = {
  ".": ["inversify"],
  "./client": [],
  "./quota": [],
  "./sqlite": [],
  "./stripe": ["stripe"],
  "./mongodb": ["mongoose"],
  "./express": ["ajv", "ajv-formats", "express", "express-jwt", "express-rate-limit", "typebox"],
  "./nestjs": ["@nestjs/common", "@nestjs/core"],
  "./react": ["react"],
  "./testing": ["chai"],
  "./dashboard": ["charts.css", "es-module-lexer", "htm", "preact"],
};

/** It is the sandbox's own package that has a command. */
const COMMAND_OF_SANDBOX = ["main", "run_command", "command", "welcome"].map(
  (name) => `!sandbox/${name}.*`,
);

const PEERS_OF_INVERSIFY = ["reflect-metadata"];

/** What an entry loads only when a function of it is called. */
const LOADED_LATER_BY: Readonly<Record<string, readonly string[]>> = {
  "./express": ["jwks-rsa"],
  "./testing": ["express", "ws"],
};

/** What the types of an entry name beside that. */
const TYPES_OF: Readonly<Record<string, readonly string[]>> = {
  "./express": ["@types/express"],
  "./react": ["@types/react"],
};

/**
 * The manifest that is published: the entries as they are built, what `.` loads as dependencies,
 * and what another entry loads as optional peers, so that nobody installs what they do not use.
 */
export function publishedManifest() {
  const { name, version, description, license, type, engines, exports } = manifest;
  const needed = [...LOADED_BY["."], ...PEERS_OF_INVERSIFY];
  const rest = [LOADED_BY, LOADED_LATER_BY, TYPES_OF].flatMap((by) => Object.values(by).flat());
  const peers = [...new Set(rest)].filter((vendor) => !needed.includes(vendor)).toSorted();
  return {
    ...{ name, version, description, license, type, engines },
    files: ["src", "!src/main.*", "sandbox", ...COMMAND_OF_SANDBOX, "test", "CHANGELOG.md"],
    sideEffects: false,
    exports: Object.fromEntries(
      Object.entries(exports).map(([entry, source]) => [entry, builtEntry(source)]),
    ),
    dependencies: versionsOf(needed),
    peerDependencies: versionsOf(peers),
    peerDependenciesMeta: Object.fromEntries(peers.map((peer) => [peer, { optional: true }])),
  };
}

function builtEntry(source: string) {
  const built = source.replace(/\.ts$/, "");
  return { types: `${built}.d.ts`, default: `${built}.js` };
}

/** The versions that the service itself is tested with. */
function versionsOf(packages: readonly string[]): Record<string, string> {
  const versions: Readonly<Record<string, string>> = {
    ...sandbox.dependencies,
    ...manifest.devDependencies,
    ...manifest.dependencies,
  };
  return Object.fromEntries(
    packages.map((name) => {
      const version = versions[name];
      if (version === undefined) {
        throw new Error(`Cannot publish: package.json names no version of ${name}`);
      }
      return [name, version];
    }),
  );
}
