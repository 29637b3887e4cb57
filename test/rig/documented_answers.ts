import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import ajvFormats from "ajv-formats";
import { apiDocument } from "./api_document.ts";

const document = apiDocument();
const ajv = new Ajv2020({ strict: false, allErrors: true });
ajvFormats.default(ajv);
ajv.addSchema(document, "api");

const checks = new Map<string, ValidateFunction>();
const routes = Object.keys(document.paths).map((path) => {
  const pattern = path.replaceAll(/[.]/g, "\\.").replaceAll(/\{\w+\}/g, "[^/]+");
  return { path, pattern: new RegExp(`^${pattern}$`) };
});

/** An answer to be compared with the document. */
export interface GivenAnswer {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/**
 * Checks that an answer is one that the API's document tells of. Paths and methods that it does not
 * name must be refused with an error of the documented form, where it is we who answer.
 *
 * @throws {Error} saying how it differs
 */
export function requireDocumented({ method, path, status, headers, text }: GivenAnswer): void {
  const verb = method === "HEAD" ? "get" : method.toLowerCase();
  const route = routes.find(({ pattern }) => pattern.test(path))?.path;
  const operation = route === undefined ? undefined : document.paths[route]?.[verb];
  const where = `${method} ${path} answered ${status}`;
  if (method === "HEAD" || method === "OPTIONS" || text === "") {
    return;
  }
  if (operation === undefined) {
    if (status >= 400 && text.includes('"code":') && headers.has("X-Request-Id")) {
      check(where, "#/components/schemas/Error", text);
    }
    return;
  }
  const { responses }: { responses?: Record<string, { headers: object }> } = { ...operation };
  const response = responses?.[String(status)];
  if (response === undefined) {
    throw new Error(`${where}, of which the API's document says nothing: ${text}`);
  }
  const escaped = route
    ?.replaceAll("~", "~0")
    .replaceAll("/", "~1")
    .replaceAll("{", "%7B")
    .replaceAll("}", "%7D");
  check(
    where,
    `#/paths/${escaped}/${verb}/responses/${status}/content/application~1json/schema`,
    text,
  );
  const missing = ["Retry-After", "X-Quota-Limit", "WWW-Authenticate"].filter(
    (name) => headers.has(name) && !Object.hasOwn(response.headers, name),
  );
  if (missing.length > 0) {
    throw new Error(`${where} with ${missing.join(", ")}, which the API's document does not name`);
  }
}

function check(where: string, pointer: string, text: string): void {
  const validate = checks.get(pointer) ?? ajv.compile({ $ref: `api${pointer}` });
  checks.set(pointer, validate);
  if (!validate(JSON.parse(text))) {
    const problems = ajv.errorsText(validate.errors);
    throw new Error(`${where}, not as the API's document says: ${problems}\n${text}`);
  }
}
