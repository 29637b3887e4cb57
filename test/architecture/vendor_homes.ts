/** The one place of every vendor: a folder, or a file. */
export const VENDOR_HOMES: Readonly<Record<string, string>> = {
  "@nestjs/common": "src/adapters/http/nestjs/",
  "@nestjs/core": "src/adapters/http/nestjs/",
  "@opentelemetry/api": "src/adapters/tracing/",
  "@opentelemetry/context-async-hooks": "src/adapters/tracing/",
  "@opentelemetry/core": "src/adapters/tracing/",
  "@opentelemetry/exporter-trace-otlp-http": "src/adapters/tracing/",
  "@opentelemetry/resources": "src/adapters/tracing/",
  "@opentelemetry/sdk-trace": "src/adapters/tracing/",
  ajv: "src/kit/json_schema.ts",
  "ajv-formats": "src/kit/json_schema.ts",
  "charts.css": "src/adapters/dashboard/client/",
  commander: "src/adapters/cli/",
  cors: "src/adapters/http/",
  "es-module-lexer": "src/adapters/dashboard/",
  express: "src/adapters/http/",
  "express-jwt": "src/adapters/http/",
  "express-rate-limit": "src/adapters/http/",
  helmet: "src/adapters/http/",
  htm: "src/adapters/dashboard/client/",
  inversify: "src/composition/container.ts",
  "jsonc-parser": "src/adapters/catalog_file/",
  jsonwebtoken: "src/adapters/http/",
  "jwks-rsa": "src/adapters/http/",
  mongoose: "src/adapters/mongodb/",
  "node:sqlite": "src/adapters/sqlite/",
  pino: "src/kit/logger.ts",
  preact: "src/adapters/dashboard/client/",
  "prom-client": "src/adapters/metrics/",
  react: "src/adapters/react/",
  "reflect-metadata": "src/composition/container.ts",
  stripe: "src/adapters/stripe/",
  "swagger-ui-dist": "src/adapters/http/",
  typebox: "src/adapters/http/",
};

/** What the sandbox's package.json names. */
const SANDBOX_VENDORS = ["commander", "express", "stripe", "ws"];

/** Whether the sandbox may import a package. */
export function isSandboxVendor(specifier: string): boolean {
  return specifier.startsWith("node:") || SANDBOX_VENDORS.includes(packageOf(specifier));
}

/** Node's own modules are at home everywhere outside the inside, `node:sqlite` excepted. */
export function isAtHome(file: string, specifier: string): boolean {
  const home = VENDOR_HOMES[specifier] ?? VENDOR_HOMES[packageOf(specifier)];
  return home === undefined ? specifier.startsWith("node:") : file.startsWith(home);
}

function packageOf(specifier: string): string {
  return /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
}
