import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";

/** A subscription as better-auth's plugin stores it. */
export interface StoredSubscription {
  readonly stripeCustomerId?: string;
  readonly plan: string;
  readonly status: string;
  readonly referenceId: string;
  readonly stripeSubscriptionId?: string;
  readonly stripeScheduleId?: string | null;
  readonly periodEnd?: string;
  readonly trialEnd?: string;
  readonly cancelAtPeriodEnd?: boolean;
  readonly cancelAt?: string | null;
  readonly endedAt?: string | null;
}

/** A running shop that sells subscriptions through better-auth. */
export interface Shop {
  readonly url: string;
  /** Calls an endpoint of better-auth as a user; `session` is the cookie of one who has signed up. */
  call(path: string, body?: object, session?: string): Promise<ShopAnswer>;
  /** Everything that the plugin has stored. */
  subscriptions(): Promise<readonly StoredSubscription[]>;
  stop(): Promise<void>;
}

/** What an endpoint answers. */
export interface ShopAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly session: string;
}

/** Starts the shop that is installed in a folder. */
export async function startShop(
  folder: string,
  { sandboxUrl, secret, plans }: { sandboxUrl: string; secret: string; plans: readonly object[] },
): Promise<Shop> {
  const parameters = [sandboxUrl, secret, JSON.stringify(plans)];
  const child = spawn(process.execPath, [join(folder, "shop.js"), ...parameters], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [url] = await once(createInterface({ input: child.stdout }), "line");
  return {
    url,
    call: async (path, body, session = "") => {
      const response = await fetch(`${url}/api/auth${path}`, {
        method: body === undefined ? "GET" : "POST",
        headers: { "content-type": "application/json", origin: url, cookie: session },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(";")[0]);
      const answer: unknown = JSON.parse((await response.text()) || "{}");
      return {
        status: response.status,
        body: { ...(answer as object) },
        session: cookies.join("; "),
      };
    },
    subscriptions: async () => {
      const response = await fetch(`${url}/subscriptions`);
      return (await response.json()) as StoredSubscription[];
    },
    stop: async () => {
      const ended = once(child, "exit");
      child.kill();
      await ended;
    },
  };
}
