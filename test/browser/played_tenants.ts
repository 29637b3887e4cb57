import jwt from "jsonwebtoken";
import { Browser } from "../e2e/browser.ts";
import {
  type Choice,
  FAILS_LATER,
  GOOD_CARD,
  type StartedBilling,
  startBilling,
} from "../rig/started_billing.ts";

const SECRET = "a secret of the dashboard that tests play";
/** Where the page asks who is signed in: at the dashboard, which tests play. */
export const SESSION_URL = "http://127.0.0.1:9/session";

/** The tenants, by what has become of them. */
const TENANTS = {
  free: "clfree0001",
  active: "clactive01",
  yearly: "clyearly01",
  trialing: "cltrial001",
  canceling: "clcancel01",
  scheduled: "clsched001",
  grace: "clgrace001",
  overdue: "cloverdue1",
  ended: "clended001",
  left: "clleft0001",
  warned: "clwarned01",
  over: "clover0001",
  stopped: "clstopped1",
  newcomer: "clnewcome1",
};

/** The name of a played tenant. */
export type TenantName = keyof typeof TENANTS;

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
  /** Sends e-mails. */
  send(count: number): Promise<void>;
  /** Spends tokens. */
  spend(amount: number): Promise<void>;
}

/** Tenants that have lived for some months, each in its own way, up to the same moment. */
export interface PlayedTenants {
  readonly billing: StartedBilling;
  /** Somebody of a tenant; an owner, unless another role is said. */
  session(name: TenantName, role?: string): Session;
  /** What a tenant does on from there. */
  life(name: TenantName): Life;
  close(): Promise<void>;
}

/**
 * Plays the tenants against service and sandbox, until 18 April 2027, at noon. All that their pages
 * show has come about as it would in truth.
 */
export async function playTenants(): Promise<PlayedTenants> {
  const env = { AUTH_JWT_SECRET: SECRET, DASHBOARD_SESSION_URL: SESSION_URL };
  const billing = await startBilling(env, (shipped) => ({
    ...shipped,
    plans: shipped.plans.map((plan) =>
      plan.slug === "business" ? { ...plan, trialDays: 14 } : plan,
    ),
  }));
  const session = (name: TenantName, role = "OWNER") => ({
    tenantId: TENANTS[name],
    token: jwt.sign({ tenants: [{ id: TENANTS[name], role }] }, SECRET, {
      subject: "user-1",
      expiresIn: 3_600,
    }),
  });
  const service = jwt.sign({ tenants: "*", scope: "billing:usage billing:tokens" }, SECRET, {
    subject: "send-api",
    expiresIn: 3_600,
  });
  const of = (name: TenantName) => lifeOf(billing, { ...session(name), service });
  const until = (to: string) => billing.control("/clock", { to });

  const active = of("active");
  await active.buy({ planSlug: "pro" });
  await active.buy({ packSlug: "growth" });
  for (const [to, emails, tokens] of MONTHS) {
    await active.send(emails);
    await active.spend(tokens);
    await until(to);
  }
  await of("ended").buy({ planSlug: "pro" }, FAILS_LATER);
  await of("left").buy({ planSlug: "starter" });
  await of("left").cancel();
  await until("2027-03-04T08:00:00Z");
  await of("overdue").buy({ planSlug: "pro" }, FAILS_LATER);
  await until("2027-03-10T10:00:00Z");
  await of("grace").buy({ planSlug: "pro" }, FAILS_LATER);
  await until("2027-03-25T10:00:00Z");
  await active.send(18_420);
  await active.spend(31_200);
  await of("yearly").buy({ planSlug: "pro", interval: "year" });
  await of("canceling").buy({ planSlug: "pro" });
  await of("canceling").cancel();
  for (const [name, emails] of [
    ["warned", 4_218],
    ["over", 5_120],
    ["stopped", 5_500],
  ] as const) {
    await of(name).buy({ planSlug: "starter" });
    await of(name).send(emails);
  }
  await until("2027-04-12T10:00:00Z");
  await of("trialing").buy({ planSlug: "business" });
  await of("scheduled").buy({ planSlug: "pro" });
  await of("scheduled").change({ planSlug: "starter" });
  await of("scheduled").send(7_300);
  await of("free").send(12);
  await until("2027-04-18T12:00:00Z");
  return { billing, session, life: of, close: () => billing.close() };
}

/** Until when a month goes, and what is used in it. */
const MONTHS = [
  ["2026-12-24T10:00:00Z", 9_180, 12_040],
  ["2027-01-24T10:00:00Z", 22_310, 29_730],
  ["2027-02-10T10:00:00Z", 36_050, 38_150],
] as const;

/** What a tenant's owner and MailingCore's services do for it. */
function lifeOf(billing: StartedBilling, who: Session & { readonly service: string }): Life {
  const call = async (path: string, body: object, token = who.token) => {
    const response = await fetch(`${billing.service.url}${path}`, {
      method: "POST",
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
  const confirm = async (url: string, button: string) => {
    const browser = new Browser();
    await browser.open(url);
    await browser.press(button);
    await billing.sandbox.settled();
  };
  return {
    begin,
    buy: async (choice, card = GOOD_CARD) => {
      await (await begin(choice)).pay(card);
    },
    change: async (choice) => confirm((await checkout(choice)).url, "Confirm"),
    cancel: async () => {
      const { url } = await call("/billing/portal", { flow: "subscription_cancel" });
      await confirm(url, "Cancel subscription");
    },
    send: async (count) => {
      await call("/billing/usage/emails", { count }, who.service);
    },
    spend: async (amount) => {
      const key = `call-${billing.sandbox.now()}`;
      await call("/billing/tokens/debits", { key, amount }, who.service);
    },
  };
}
