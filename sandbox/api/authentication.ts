import { Buffer } from "node:buffer";
import { RequestError } from "../engine/request_error.ts";

/**
 * Lets test keys in, as a bearer token or the user name of basic authentication.
 * @throws {RequestError} 401 for anything else
 */
export function authenticate(header: string | undefined): void {
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
