import { Container, ContainerModule, type ServiceIdentifier } from "inversify";
import { attentionUseCases } from "../application/attention/use_cases.ts";
import { auditUseCases } from "../application/audit/use_cases.ts";
import type { Billing } from "../application/billing.ts";
import { catalogUseCases } from "../application/catalog/use_cases.ts";
import { checkoutUseCases } from "../application/checkout/use_cases.ts";
import { eventUseCases } from "../application/events/use_cases.ts";
import { installationUseCases } from "../application/installation/use_cases.ts";
import { notificationUseCases } from "../application/notifications/use_cases.ts";
import { quotaUseCases } from "../application/quota/use_cases.ts";
import { reconciliationUseCases } from "../application/reconciliation/use_cases.ts";
import { subscriptionUseCases } from "../application/subscription/use_cases.ts";
import { synchronizationUseCases } from "../application/synchronization/use_cases.ts";
import { tokenUseCases } from "../application/tokens/use_cases.ts";
import { type BillingDependencies, billingPorts, type ClosablePorts } from "./billing_ports.ts";
import type { BillingSettings } from "./billing_settings.ts";
import { observedPayments, observedStore, observedUseCases } from "./watching/observed_billing.ts";
import { withinDeadlines } from "./within_deadlines.ts";

/**
 * A container token that carries the type of its part, so that a wrong binding does not compile.
 */
function port<T>(name: string): ServiceIdentifier<T> {
  return Symbol(name);
}

/** The token of a room's use cases. */
function room<T>(name: string, _useCases: (...parts: never[]) => T): ServiceIdentifier<T> {
  return port(name);
}

const PORTS = port<ClosablePorts>("ports");
const SETTINGS = port<BillingSettings>("settings");

/** A token per room of the application. */
export const ROOMS = {
  attention: room("attention", attentionUseCases),
  audit: room("audit", auditUseCases),
  catalog: room("catalog", catalogUseCases),
  checkout: room("checkout", checkoutUseCases),
  events: room("events", eventUseCases),
  installation: room("installation", installationUseCases),
  notifications: room("notifications", notificationUseCases),
  quota: room("quota", quotaUseCases),
  reconciliation: room("reconciliation", reconciliationUseCases),
  subscription: room("subscription", subscriptionUseCases),
  synchronization: room("synchronization", synchronizationUseCases),
  tokens: room("tokens", tokenUseCases),
};

/** The use cases, with what closes their store. */
export interface ComposedBilling {
  readonly billing: Billing;
  /** Writes pending e-mail counts, returns leased e-mails and closes the store. */
  close(): Promise<void>;
}

/** Composes all use cases. Throws at once if a part is missing, not at the first request. */
export function composeBilling(dependencies: BillingDependencies): ComposedBilling {
  const { observe } = dependencies;
  const container = billingContainer(
    observe === undefined
      ? dependencies
      : {
          ...dependencies,
          store: observedStore(dependencies.store, observe),
          payments: observedPayments(dependencies.payments, observe),
        },
  );
  const billing = {
    ...container.get(ROOMS.attention),
    ...container.get(ROOMS.audit),
    ...container.get(ROOMS.catalog),
    ...container.get(ROOMS.checkout),
    ...container.get(ROOMS.events),
    ...container.get(ROOMS.installation),
    ...container.get(ROOMS.notifications),
    ...container.get(ROOMS.quota),
    ...container.get(ROOMS.reconciliation),
    ...container.get(ROOMS.subscription),
    ...container.get(ROOMS.synchronization),
    ...container.get(ROOMS.tokens),
    causes: container.get(PORTS).causes,
    requestCounts: container.get(PORTS).requestCounts,
  };
  const { announcements } = container.get(PORTS);
  announcements.listen(async (news) => {
    await billing.beginTopUp.hear(news);
    await billing.tellTenant.execute(news);
  });
  const close = async () => {
    await billing.handleDeliveries.close();
    await billing.consumeEmailQuota.settle();
    await announcements.settle();
    await container.unbindAllAsync();
  };
  const limited = withinDeadlines(billing);
  return { billing: observe ? observedUseCases(limited, observe) : limited, close };
}

/** Makes the container, which resolves each room once. */
export function billingContainer(dependencies: BillingDependencies): Container {
  const container = new Container({ defaultScope: "Singleton" });
  container.load(partsModule(dependencies), roomsModule);
  return container;
}

function partsModule(dependencies: BillingDependencies): ContainerModule {
  return new ContainerModule(({ bind }) => {
    bind(SETTINGS).toConstantValue(dependencies.settings);
    bind(PORTS)
      .toResolvedValue(() => billingPorts(dependencies))
      .onDeactivation((ports) => ports.close());
  });
}

const roomsModule = new ContainerModule(({ bind }) => {
  bind(ROOMS.attention).toResolvedValue(attentionUseCases, [PORTS]);
  bind(ROOMS.audit).toResolvedValue(auditUseCases, [PORTS]);
  bind(ROOMS.catalog).toResolvedValue(catalogUseCases, [PORTS, SETTINGS]);
  bind(ROOMS.notifications).toResolvedValue(notificationUseCases, [PORTS, SETTINGS]);
  bind(ROOMS.installation).toResolvedValue(installationUseCases, [PORTS]);
  bind(ROOMS.synchronization).toResolvedValue(
    (ports, attention, settings) => synchronizationUseCases({ ...ports, ...attention }, settings),
    [PORTS, ROOMS.attention, SETTINGS],
  );
  bind(ROOMS.quota).toResolvedValue(
    (ports, synchronization, settings) => quotaUseCases({ ...ports, ...synchronization }, settings),
    [PORTS, ROOMS.synchronization, SETTINGS],
  );
  bind(ROOMS.tokens).toResolvedValue(
    (ports, attention, synchronization, settings) =>
      tokenUseCases({ ...ports, ...attention, ...synchronization }, settings),
    [PORTS, ROOMS.attention, ROOMS.synchronization, SETTINGS],
  );
  bind(ROOMS.subscription).toResolvedValue(
    (ports, attention, synchronization, quota) =>
      subscriptionUseCases({ ...ports, ...attention, ...synchronization, ...quota }),
    [PORTS, ROOMS.attention, ROOMS.synchronization, ROOMS.quota],
  );
  bind(ROOMS.checkout).toResolvedValue(
    (ports, synchronization, settings) =>
      checkoutUseCases({ ...ports, ...synchronization }, settings),
    [PORTS, ROOMS.synchronization, SETTINGS],
  );
  bind(ROOMS.events).toResolvedValue(
    (ports, synchronization, settings) => eventUseCases({ ...ports, ...synchronization }, settings),
    [PORTS, ROOMS.synchronization, SETTINGS],
  );
  bind(ROOMS.reconciliation).toResolvedValue(
    (ports, attention, settings) => reconciliationUseCases({ ...ports, ...attention }, settings),
    [PORTS, ROOMS.attention, SETTINGS],
  );
});
