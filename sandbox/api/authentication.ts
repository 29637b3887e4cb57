import { Buffer } from "node:buffer";
import { RequestError } from "../engine/request_error.ts";

/**
 * Lets test keys in, as a bearer token or the user name of basic authentication. A restricted key
 * whose name begins with `rk_test_readonly` may read everything and write nothing.
 * @throws {RequestError} 401 for anything else, 403 where the key may not write
 */
export function authenticate(
  header: string | undefined,
  { method, path }: { method: string; path: string },
): void {
  const key = keyOf(header);
  if (key === undefined || key === "") {
    throw unauthorized(
      "You did not provide an API key. You need to provide your API key in the Authorization " +
        "header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
    );
  }
  if (!/^(sk|rk)_test_\w+$/.test(key)) {
    throw unauthorized(`Invalid API Key provided: ${mask(key)}. The sandbox takes test keys only.`);
  }
  if (key.startsWith("rk_test_readonly") && method !== "GET") {
    throw forbidden(key, `rak_${resourceOf(path)}_write`);
  }
}

/** Paths whose permission has another name than their first part. */
const RESOURCES: readonly (readonly [prefix: string, resource: string])[] = [
  ["/checkout/sessions", "checkout_session"],
  ["/billing_portal", "customer_portal"],
  ["/invoiceitems", "invoice"],
  ["/refunds", "charge"],
  ["/prices", "plan"],
  ["/webhook_endpoints", "webhook"],
];

function resourceOf(path: string): string {
  const below = path.replace(/^\/v1/, "");
  const known = RESOURCES.find(([prefix]) => below.startsWith(prefix));
  return known?.[1] ?? (below.split("/")[1] ?? "").replace(/s$/, "");
}

function forbidden(key: string, permission: string): RequestError {
  return new RequestError(
    `The provided key '${mask(key)}' does not have the required permissions for this endpoint on ` +
      `account 'acct_sandbox'. Having the '${permission}' permission would allow this request to ` +
      "continue.",
    { status: 403, type: "invalid_request_error" },
  );
}

function keyOf(header: string | undefined): string | undefined {
  const [scheme = "", credentials = ""] = header?.split(" ") ?? [];
  if (/^basic$/i.test(scheme)) {
    return Buffer.from(credentials, "base64").toString("utf8").split(":")[0];
  }
  return /^bearer$/i.test(scheme) ? credentials : undefined;
}

function mask(key: string): string {
  return `${key.slice(0, 8)}${"*".repeat(8)}`;
}

function unauthorized(message: string): RequestError {
  return new RequestError(message, { status: 401, type: "invalid_request_error" });
}
