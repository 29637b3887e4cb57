import { type LookupAddress, lookup } from "node:dns";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import type { Delivery } from "../../application/ports/notifications/delivery_store.ts";
import type { WebhookSender } from "../../application/ports/notifications/webhook_sender.ts";
import type { NotificationTarget } from "../../domain/notifications/notification_target.ts";
import { isPublicAddress } from "./public_address.ts";
import { webhookSignature } from "./webhook_signature.ts";

const TIMEOUT_MS = 10_000;

/** Resolves a name to all its addresses. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

/** What the operator allows. */
export interface WebhookSenderOptions {
  /** Whether to allow http and private addresses, too: for development and closed networks. */
  readonly privateAddresses: boolean;
  /** Default: as the system does. */
  readonly resolve?: Resolve;
  /** Default 10,000. */
  readonly timeoutMs?: number;
}

/**
 * Sends webhooks over https. Resolves a name once, for the connection itself, and refuses it if any
 * of its addresses is private, so the checked address is the one connected to. Treats redirects as
 * answers.
 */
export class HttpsWebhookSender implements WebhookSender {
  readonly #options: WebhookSenderOptions;
  readonly #lookup: LookupFunction;

  constructor(options: WebhookSenderOptions) {
    this.#options = options;
    const { privateAddresses, resolve = resolveAll } = options;
    this.#lookup = checkedLookup(resolve, privateAddresses ? () => true : isPublicAddress);
  }

  /** {@inheritDoc} */
  problemOf(text: string): string | null {
    const { privateAddresses } = this.#options;
    const url = URL.parse(text);
    if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) {
      return "be an https URL";
    }
    if (url.username !== "" || url.password !== "") {
      return "have no user name or password";
    }
    if (privateAddresses) {
      return null;
    }
    if (url.protocol !== "https:") {
      return "be an https URL";
    }
    return isPublicHost(url.hostname) ? null : "be of a public host";
  }

  /** {@inheritDoc} */
  send(target: NotificationTarget, delivery: Delivery, now: Date): Promise<number> {
    const { timeoutMs = TIMEOUT_MS } = this.#options;
    const address = target.url ?? "";
    const problem = this.problemOf(address);
    if (problem !== null) {
      return Promise.reject(new Error(`the address must ${problem}`));
    }
    const { body, type, id } = delivery;
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const url = new URL(address);
    const send = url.protocol === "https:" ? httpsRequest : httpRequest;
    const request = send(url, {
      method: "POST",
      agent: false,
      lookup: this.#lookup,
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        "Content-Type": "application/json",
        "Content-Length": Buffer.byteLength(body),
        "User-Agent": "MailingCore-Billing",
        "X-MailingCore-Event": type,
        "X-MailingCore-Delivery-Id": encodeURIComponent(id),
        "X-MailingCore-Signature": webhookSignature(body, target.secrets, now),
      },
    });
    request.on("response", (response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    request.on("error", (error) => reject(readable(error, timeoutMs)));
    request.end(body);
    return promise;
  }
}

function isPublicHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/gu, "");
  return isIP(host) === 0 ? host.includes(".") && !host.endsWith(".") : isPublicAddress(host);
}

function checkedLookup(resolve: Resolve, isAllowed: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname).then(
      (addresses) => {
        const [first] = addresses;
        if (first === undefined || !addresses.every(({ address }) => isAllowed(address))) {
          callback(new Error(`"${hostname}" is not the name of a public host`), "", 0);
        } else if (options.all) {
          callback(null, [...addresses]);
        } else {
          callback(null, first.address, first.family);
        }
      },
      (error) => callback(error, "", 0),
    );
  };
}

function resolveAll(hostname: string): Promise<readonly LookupAddress[]> {
  return new Promise((resolve, reject) => {
    lookup(hostname, { all: true }, (error, found) => (error ? reject(error) : resolve(found)));
  });
}

function readable(error: Error, timeoutMs: number): Error {
  const isLate = error.name === "AbortError" || error.name === "TimeoutError";
  return isLate ? new Error(`the endpoint gave no answer within ${timeoutMs} ms`) : error;
}
