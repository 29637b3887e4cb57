import type { OpenApiDocument } from "../../src/adapters/http/document/open_api_document.ts";

/** A part of a request as the document describes it. */
interface Parameter {
  readonly in: "path" | "query" | "header";
  readonly name: string;
  readonly required: boolean;
  readonly schema: Schema;
}

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly oneOf?: readonly Schema[];
}

/** An operation of the API, as its document tells of it. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  /** The codes of all its refusals. */
  readonly codes: ReadonlySet<string>;
  /** What a token needs. */
  readonly scopes: readonly string[];
  readonly parameters: readonly Parameter[];
  readonly body: Schema | undefined;
  readonly document: OpenApiDocument;
}

/** All operations that a document tells of. */
export function operationsOf(document: OpenApiDocument): readonly Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, told]) => {
      const { parameters, security, requestBody, responses } = Object(told);
      const codes = [...JSON.stringify(responses).matchAll(/"code":\{"enum":\[([^\]]*)\]/g)];
      return {
        method,
        path,
        codes: new Set(codes.flatMap(([, names]): string[] => JSON.parse(`[${names}]`))),
        scopes: security?.[0]?.token ?? [],
        parameters,
        body: requestBody?.content["application/json"].schema,
        document,
      };
    }),
  );
}

/** A request that fits an operation. */
export function sampleRequest({ path, parameters, body, document }: Operation) {
  const given = (place: Parameter["in"]) =>
    parameters.filter((one) => one.in === place && one.required);
  const filled = given("path").reduce(
    (text, { name, schema }) =>
      text.replace(`{${name}}`, String(sampleOf({ schema, name, document }))),
    path,
  );
  const query = new URLSearchParams(
    given("query").map(({ name, schema }): [string, string] => [
      name,
      String(sampleOf({ schema, name, document })),
    ]),
  );
  return {
    path: query.size === 0 ? filled : `${filled}?${query}`,
    body: body && sampleOf({ schema: body, name: "body", document }),
  };
}

/** Names that stand for something in the rig's catalogue. */
const NAMES: Readonly<Record<string, string>> = {
  planSlug: "pro",
  name: "domains",
  successUrl: "https://app.example.com/a",
  cancelUrl: "https://app.example.com/b",
};

function sampleOf(one: { schema: Schema; name: string; document: OpenApiDocument }): unknown {
  const schema = resolved(one.schema, one.document);
  const { oneOf, enum: values, type, minimum = 1 } = schema;
  if (oneOf !== undefined) {
    const schemas = oneOf.map((part) => resolved(part, one.document));
    const known = schemas.find(({ required }) => required?.includes("planSlug")) ?? schemas[0];
    return sampleOf({ ...one, schema: known ?? {} });
  }
  switch (values === undefined ? type : "enum") {
    case "enum":
      return values?.[0];
    case "integer":
      return minimum;
    case "object":
      return Object.fromEntries(
        (schema.required ?? []).map((name) => [
          name,
          sampleOf({ ...one, name, schema: schema.properties?.[name] ?? {} }),
        ]),
      );
    default:
      return NAMES[one.name] ?? "sample";
  }
}

function resolved(schema: Schema, document: OpenApiDocument): Schema {
  const { schemas } = Object(document.components);
  return schema.$ref === undefined ? schema : schemas[schema.$ref.split("/").at(-1) ?? ""];
}
