import { Container, ContainerModule, type ServiceIdentifier } from "inversify";
import type { AccountUseCases } from "../application/account_use_cases.ts";
import type { Billing } from "../application/billing.ts";
import type { EventUseCases } from "../application/event_use_cases.ts";
import type { PlanUseCases } from "../application/plan_use_cases.ts";
import type { Reconcile } from "../application/reconciliation/reconcile.ts";
import type { TokenUseCases } from "../application/token_use_cases.ts";
import { type BillingPorts, billingPorts } from "./billing_ports.ts";
import type { BillingDependencies } from "./billing_settings.ts";
import { wireAccounts } from "./wire_accounts.ts";
import { type WiredEmailQuota, wireEmailQuota } from "./wire_email_quota.ts";
import { wireEvents } from "./wire_events.ts";
import { wirePlans } from "./wire_plans.ts";
import { wireReconciliation } from "./wire_reconciliation.ts";
import { wireTokens } from "./wire_tokens.ts";

/** The token of a part; it carries the type, so wrong wiring does not compile. */
function port<T>(name: string): ServiceIdentifier<T> {
  return Symbol(name);
}

const PORTS = port<BillingPorts>("BillingPorts");
const QUOTA = port<WiredEmailQuota>("WiredEmailQuota");
const ACCOUNTS = port<AccountUseCases>("AccountUseCases");
const TOKENS = port<TokenUseCases>("TokenUseCases");
const PLANS = port<PlanUseCases>("PlanUseCases");
const EVENTS = port<EventUseCases>("EventUseCases");
const RECONCILE = port<Reconcile>("Reconcile");

/** Use cases over a store and a payment provider, with the end of both. */
export interface WiredBilling {
  readonly billing: Billing;
  /** Gives back what is reserved, and releases the store. */
  close(): Promise<void>;
}

/** Wires all use cases. Fails at once, not at the first request, when something is missing. */
export function wireBilling(dependencies: BillingDependencies): WiredBilling {
  const container = new Container({ defaultScope: "Singleton" });
  container.load(portsModule(dependencies), useCaseModule);
  const quota = container.get(QUOTA);
  const billing = {
    ...quota.useCases,
    ...container.get(ACCOUNTS),
    ...container.get(TOKENS),
    ...container.get(PLANS),
    ...container.get(EVENTS),
    reconcile: container.get(RECONCILE),
    causes: container.get(PORTS).causes,
  };
  const close = async () => {
    await quota.close();
    await container.unbindAllAsync();
  };
  return { billing, close };
}

function portsModule(dependencies: BillingDependencies): ContainerModule {
  return new ContainerModule(({ bind }) => {
    bind(PORTS)
      .toResolvedValue(() => billingPorts(dependencies))
      .onDeactivation(({ store }) => store.close());
  });
}

const useCaseModule = new ContainerModule(({ bind }) => {
  bind(QUOTA).toResolvedValue(
    ({ store, clock, settings: { graceDays, emailQuota = {} } }) =>
      wireEmailQuota(store, { clock, graceDays, settings: emailQuota }),
    [PORTS],
  );
  bind(ACCOUNTS).toResolvedValue(
    (ports, { useCases }) => wireAccounts({ ...ports, ...useCases }),
    [PORTS, QUOTA],
  );
  bind(TOKENS).toResolvedValue(
    (ports, accounts) => wireTokens({ ...ports, ...accounts }),
    [PORTS, ACCOUNTS],
  );
  bind(PLANS).toResolvedValue(
    (ports, accounts) => wirePlans({ ...ports, ...accounts }),
    [PORTS, ACCOUNTS],
  );
  bind(EVENTS).toResolvedValue(
    (ports, { useCases }, accounts) => wireEvents({ ...ports, ...useCases, ...accounts }),
    [PORTS, QUOTA, ACCOUNTS],
  );
  bind(RECONCILE).toResolvedValue(
    (ports, { useCases }) => wireReconciliation({ ...ports, ...useCases }),
    [PORTS, QUOTA],
  );
});
