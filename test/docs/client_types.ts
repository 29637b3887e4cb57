import { execFileSync } from "node:child_process";
import { apiDocument } from "../rig/api_document.ts";

/** A part of the API's document. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
}

interface Parameter {
  readonly in: "header" | "path" | "query";
  readonly name: string;
  readonly required: boolean;
  readonly schema: Schema;
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

interface Operation {
  readonly summary?: string;
  readonly security?: object;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content & { readonly required: boolean };
  readonly responses: Readonly<Record<string, Content>>;
}

const PATH = "src/adapters/client/billing_operations.ts";

/** The text of `billing_operations.ts`: every operation of the document that takes a token. */
export function clientTypes(): string {
  const { paths, components } = apiDocument() as unknown as {
    paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
    components: { schemas: Readonly<Record<string, Schema>> };
  };
  const schemas = Object.entries(components.schemas)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, schema]) => `export type ${name} = ${typeOf(schema)};\n`);
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => operation.security !== undefined)
      .map(([method, operation]) => operationText(`${method.toUpperCase()} ${path}`, operation)),
  );
  const text = [
    "// Made from the API's document by `npm run docs`; a test compares them.\n",
    ...schemas,
    "/** Every operation of the service, by method and path: what it takes and what it answers. */",
    `export interface BillingOperations {\n${operations.join("\n")}\n}`,
  ].join("\n");
  const command = ["format", `--stdin-file-path=${PATH}`];
  return execFileSync("node_modules/.bin/biome", command, { input: text, encoding: "utf8" });
}

/** Where the text belongs. */
export const CLIENT_TYPES_PATH = PATH;

function operationText(name: string, { summary, parameters = [], ...rest }: Operation): string {
  const { requestBody, responses } = rest;
  const fields = [
    ...(parameters.some(({ name: header }) => header === "X-Tenant-Id")
      ? ["readonly tenantId: string"]
      : []),
    ...group(
      "params",
      parameters.filter((parameter) => parameter.in === "path"),
    ),
    ...group(
      "query",
      parameters.filter((parameter) => parameter.in === "query"),
    ),
    ...(requestBody === undefined
      ? []
      : [`readonly body${requestBody.required ? "" : "?"}: ${contentType(requestBody)}`]),
  ];
  const input = fields.length === 0 ? "object" : `{ ${fields.join("; ")} }`;
  const answers = Object.entries(responses).filter(([status]) => status.startsWith("2"));
  const answer = [...new Set(answers.map(([, content]) => contentType(content)))].join(" | ");
  return `/** ${summary} */
"${name}": { readonly input: ${input}; readonly answer: ${answer} };`;
}

function group(name: string, parameters: readonly Parameter[]): string[] {
  const fields = parameters.map(
    (parameter) =>
      `readonly ${JSON.stringify(parameter.name)}${parameter.required ? "" : "?"}: ${typeOf(parameter.schema)}${parameter.required ? "" : " | undefined"}`,
  );
  const isOptional = parameters.every(({ required }) => !required);
  return fields.length === 0
    ? []
    : [`readonly ${name}${isOptional ? "?" : ""}: { ${fields.join("; ")} }`];
}

function contentType({ content = {} }: Content): string {
  const schema = content["application/json"]?.schema;
  return schema === undefined ? "unknown" : typeOf(schema);
}

function typeOf(schema: Schema): string {
  const { $ref, type, items, properties } = schema;
  const variants = schema.anyOf ?? schema.oneOf;
  if ($ref !== undefined) {
    return $ref.split("/").at(-1) ?? "unknown";
  }
  if (schema.const !== undefined) {
    return JSON.stringify(schema.const);
  }
  if (schema.enum !== undefined) {
    return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  }
  if (variants !== undefined) {
    return `(${variants.map(typeOf).join(" | ")})`;
  }
  if (schema.allOf !== undefined) {
    return `(${schema.allOf.map(typeOf).join(" & ")})`;
  }
  if (Array.isArray(type)) {
    return `(${type.map((one: string) => typeOf({ ...schema, type: one })).join(" | ")})`;
  }
  switch (type) {
    case "integer":
    case "number":
      return "number";
    case "string":
    case "boolean":
    case "null":
      return type;
    case "array":
      return `readonly (${typeOf(items ?? {})})[]`;
    default:
      return properties === undefined && type === undefined ? "unknown" : objectType(schema);
  }
}

function objectType(schema: Schema): string {
  const { properties = {}, required = [], patternProperties = {}, additionalProperties } = schema;
  const fields = Object.entries(properties).map(
    ([name, field]) =>
      `readonly ${JSON.stringify(name)}${required.includes(name) ? "" : "?"}: ${typeOf(field)}`,
  );
  if (fields.length > 0) {
    return `{ ${fields.join("; ")} }`;
  }
  const others = [...Object.values(patternProperties), additionalProperties].filter(
    (other): other is Schema => typeof other === "object",
  );
  const none = additionalProperties === false ? "never" : "unknown";
  const value = others.length === 0 ? none : others.map(typeOf).join(" | ");
  return `Readonly<Record<string, ${value}>>`;
}
