import { FAILS_LATER, type StartedBilling } from "../rig/started_billing.ts";
import { type Life, type Session, startPlayedDashboard } from "./played_dashboard.ts";
import { atStripe } from "./played_stripe.ts";

/** The tenants, by what has become of them. */
const TENANTS = {
  free: "clfree0001",
  prepaid: "clprepaid1",
  active: "clactive01",
  yearly: "clyearly01",
  trialing: "cltrial001",
  canceling: "clcancel01",
  scheduled: "clsched001",
  grace: "clgrace001",
  overdue: "cloverdue1",
  ended: "clended001",
  left: "clleft0001",
  closed: "clclosed01",
  paused: "clpaused01",
  warned: "clwarned01",
  over: "clover0001",
  stopped: "clstopped1",
  newcomer: "clnewcome1",
  renewing: "clrenewin1",
  debited: "cldebited1",
  debitedLate: "cldebitla1",
  beginning: "clbeginni1",
  changing: "clchangin1",
  changeOwed: "clchangeo1",
  arranged: "clarrange1",
  invoiced: "clinvoice1",
  renewingNow: "clrenewno1",
  lowering: "cllowerin1",
  leaving: "clleaving1",
};

/** The name of a played tenant. */
export type TenantName = keyof typeof TENANTS;

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
  const { billing, session, life } = await startPlayedDashboard({}, (shipped) => ({
    ...shipped,
    plans: shipped.plans.map((plan) =>
      plan.slug === "business" ? { ...plan, trialDays: 14 } : plan,
    ),
  }));
  const of = (name: TenantName) => life(TENANTS[name]);
  const stripe = (name: TenantName) => atStripe(billing, TENANTS[name], of(name));
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
  for (const name of ["overdue", "debitedLate"] as const) {
    await of(name).buy({ planSlug: "pro" }, FAILS_LATER);
  }
  await active.send(41_630);
  await active.spend(46_900);
  await until("2027-03-10T10:00:00Z");
  for (const name of ["grace", "debited", "arranged", "lowering", "leaving"] as const) {
    await of(name).buy({ planSlug: "pro" }, FAILS_LATER);
  }
  await of("lowering").change({ planSlug: "starter" });
  await until("2027-03-15T10:00:00Z");
  await of("renewing").buy({ planSlug: "pro" });
  await stripe("renewing").debit();
  await of("invoiced").buy({ planSlug: "pro" });
  await stripe("invoiced").invoiceByEmail();
  await until("2027-03-18T11:30:00Z");
  await of("renewingNow").buy({ planSlug: "pro" });
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
  await of("paused").buy({ planSlug: "pro" });
  await of("paused").pause();
  await of("closed").buy({ planSlug: "starter" });
  await of("closed").end();
  await of("free").send(12);
  await of("prepaid").buy({ packSlug: "starter" });
  await of("prepaid").introduce(PAYER);
  await of("changing").buy({ planSlug: "starter" });
  await of("changeOwed").buy({ planSlug: "starter" }, FAILS_LATER);
  await of("beginning").buy({ packSlug: "starter" });
  await stripe("arranged").cancelNow();
  await of("leaving").end("period_end");
  await until("2027-04-17T10:00:00Z");
  await of("changeOwed").change({ planSlug: "pro" });
  await stripe("changing").debit();
  await of("changing").change({ planSlug: "pro" });
  await stripe("debited").payByDebit();
  await stripe("debitedLate").payByDebit();
  const { data } = await of("beginning").read("/billing/plans");
  await stripe("beginning").subscribeByDebit(data[2].prices[0].stripePriceId);
  await until("2027-04-18T12:00:00Z");
  return {
    billing,
    session: (name, role) => session(TENANTS[name], role),
    life: of,
    close: () => billing.close(),
  };
}

/** Until when a month goes, and what is used in it. */
const MONTHS = [
  ["2026-12-24T10:00:00Z", 9_180, 12_040],
  ["2027-01-24T10:00:00Z", 22_310, 29_730],
  ["2027-02-10T10:00:00Z", 36_050, 38_150],
] as const;

/** Who pays for the tenant without a plan. */
const PAYER = {
  name: "Acme GmbH",
  email: "billing@acme.example",
  country: "DE",
  line1: "Marktstr. 1",
  postal_code: "10115",
  city: "Berlin",
  tax_id: "DE123456789",
};
