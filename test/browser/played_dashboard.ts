import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import jwt from "jsonwebtoken";
import type { NotificationType } from "../../src/domain/notifications/notification.ts";
import type { Environment } from "../../src/kit/settings.ts";
import { Browser } from "../e2e/browser.ts";
import {
  type Choice,
  GOOD_CARD,
  type StartedBilling,
  startBilling,
} from "../rig/started_billing.ts";

const SECRET = "a secret of the dashboard that tests play";
/** Where the page asks who is signed in: at the dashboard, which tests play. */
export const SESSION_URL = "http://127.0.0.1:9/session";

/** Who looks at a tenant's page. */
export interface Session {
  readonly token: string;
  readonly tenantId: string;
}

/** What a tenant's owner and MailingCore's services do. */
export interface Life {
  /** Starts a Checkout, which is paid later, or never. */
  begin(choice: Choice): Promise<{ session: string; pay(card?: string): Promise<void> }>;
  buy(choice: Choice, card?: string): Promise<void>;
  /** Confirms another plan at the Portal. */
  change(choice: Choice): Promise<void>;
  /** Cancels at the Portal. */
  cancel(): Promise<void>;
  /** Stores a card and says who pays, at the Portal. */
  introduce(details: Readonly<Record<string, string>>): Promise<void>;
  /** Sends e-mails. */
  send(count: number): Promise<void>;
  /** Spends tokens. */
  spend(amount: number): Promise<void>;
  /** Changes its settings, as its owner. */
  set(path: string, body: object): Promise<void>;
  /** Is paused by an operator, at Stripe. */
  pause(): Promise<void>;
  /** Is ended by an operator, at once or with what was paid for. */
  end(when?: "now" | "period_end"): Promise<void>;
  /** What the API answers to its owner. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers as the JSON they are
  read(path: string): Promise<any>;
}

/** A service with many tenants, whose sessions and whose services' tokens tests sign. */
export interface PlayedDashboard {
  readonly billing: StartedBilling;
  /** Somebody of a tenant; an owner, unless another role is said. */
  session(tenantId: string, role?: string): Session;
  /** What a tenant does. */
  life(tenantId: string): Life;
  /** Lets an endpoint hear of events, and returns the secret that they are signed with. */
  tell(url: string, events: readonly NotificationType[]): Promise<string>;
}

/** Starts a service for tests that play the dashboard around its page. */
export async function startPlayedDashboard(
  env: Environment = {},
  change?: Parameters<typeof startBilling>[1],
): Promise<PlayedDashboard> {
  const dashboard = { AUTH_JWT_SECRET: SECRET, DASHBOARD_SESSION_URL: SESSION_URL };
  const own = { ...dashboard, SANDBOX_STATE: ":memory:" };
  const billing = await startBilling({ ...own, ...env }, change);
  const signed = (claims: object, subject: string) =>
    jwt.sign(claims, SECRET, { subject, expiresIn: 3_600 });
  const session = (tenantId: string, role = "OWNER") => ({
    tenantId,
    token: signed({ tenants: [{ id: tenantId, role }] }, "user-1"),
  });
  const scope = "billing:usage billing:tokens";
  const service = signed({ tenants: "*", scope }, "send-api");
  const operator = signed({ tenants: "*", scope: "billing:admin" }, "operator");
  return {
    billing,
    session,
    life: (tenantId) => lifeOf(billing, { ...session(tenantId), service, operator }),
    tell: async (url, events) => {
      const response = await fetch(`${billing.service.url}/billing/webhook-endpoints`, {
        method: "POST",
        headers: { authorization: `Bearer ${operator}`, "content-type": "application/json" },
        body: JSON.stringify({ url, events }),
      });
      const { secret } = (await response.json()) as { readonly secret?: string };
      return secret ?? expect.fail(`Cannot add the endpoint: ${response.status}`);
    },
  };
}

/** What a tenant's owner and MailingCore's services do for it. */
function lifeOf(
  billing: StartedBilling,
  who: Session & { readonly service: string; readonly operator: string },
): Life {
  const call = async (path: string, body: object, token = who.token, method = "POST") => {
    const response = await fetch(`${billing.service.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        "x-tenant-id": who.tenantId,
        "content-type": "application/json",
      },
      body: JSON.stringify(body),
    });
    const answer = (await response.json()) as { readonly url: string };
    if (!response.ok) {
      throw new Error(`Cannot play ${who.tenantId} at ${path}: ${JSON.stringify(answer)}`);
    }
    return answer;
  };
  const checkout = (choice: Choice) => {
    const url = `${billing.sandbox.url}/`;
    return call("/billing/checkout", { ...choice, successUrl: url, cancelUrl: url });
  };
  const begin = async (choice: Choice) => {
    const session =
      String((await checkout(choice)).url)
        .split("/")
        .at(-1) ?? "";
    const pay = async (card = GOOD_CARD) => {
      await billing.control(`/checkout/${session}/complete`, { card });
    };
    return { session, pay };
  };
  const confirm = async (url: string, button: string, fields = {}) => {
    const browser = new Browser();
    await browser.open(url);
    await browser.press(button, fields);
    await billing.sandbox.settled();
  };
  const read: Life["read"] = async (path) => {
    const headers = { authorization: `Bearer ${who.token}`, "x-tenant-id": who.tenantId };
    const response = await fetch(`${billing.service.url}${path}`, { headers });
    return await response.json();
  };
  const planOf = async () => (await read("/billing/subscription")).effectivePlanSlug;
  return {
    begin,
    buy: async (choice, card = GOOD_CARD) => {
      await (await begin(choice)).pay(card);
      // Webhooks are answered once they are stored; what they say is done a moment later.
      while ("planSlug" in choice && (await planOf()) !== choice.planSlug) {
        await setTimeout(20);
      }
    },
    change: async (choice) => confirm((await checkout(choice)).url, "Confirm"),
    cancel: async () => {
      const { url } = await call("/billing/portal", { flow: "subscription_cancel" });
      await confirm(url, "Cancel subscription");
    },
    introduce: async (details) => {
      const card = { card: GOOD_CARD, expiry: "12 / 34", cvc: "123" };
      const { url } = await call("/billing/portal", { flow: "payment_method_update" });
      await confirm(url, "Save card", card);
      const home = await call("/billing/portal", {});
      await confirm(`${home.url}/details`, "Save", details);
    },
    send: async (count) => {
      await call("/billing/usage/emails", { count }, who.service);
    },
    spend: async (amount) => {
      const key = `call-${crypto.randomUUID()}`;
      await call("/billing/tokens/debits", { key, amount }, who.service);
    },
    set: async (path, body) => {
      await call(path, body, who.token, "PUT");
    },
    pause: async () => {
      const { stripe } = billing;
      const { data } = await stripe.subscriptions.list({ limit: 1 });
      await stripe.subscriptions.pause(data[0]?.id ?? "", { invoicing_behavior: "invoice" });
      while ((await read("/billing/subscription")).status !== "paused") {
        await setTimeout(20);
      }
    },
    end: async (when = "now") => {
      await call(`/billing/tenants/${who.tenantId}?when=${when}`, {}, who.operator, "DELETE");
    },
    read,
  };
}
