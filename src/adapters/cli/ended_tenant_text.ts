import type { EndedTenant } from "../../application/subscription/end_tenant.ts";
import { moneyText } from "../../domain/catalog/money.ts";
import type { Redaction } from "../../domain/subscription/billing_account.ts";

const REDACTED: Readonly<Record<Redaction, readonly [done: string, toDo: string]>> = {
  empty: [
    "took personal data off the customer at Stripe",
    "would take personal data off the customer at Stripe",
  ],
  delete: ["deleted the customer at Stripe", "would delete the customer at Stripe"],
};

/** Tells what ending a tenant did, or in a dry run would do. */
export function endedTenantText(
  tenantId: string,
  ended: EndedTenant,
  { dryRun, refund }: { readonly dryRun: boolean; readonly refund: boolean },
): string {
  const { ending, subscriptionIds, checkoutIds, customerId, endsNow } = ended;
  const say = (done: string, toDo: string) => `  ${dryRun ? toDo : done}`;
  const lines = [
    ...subscriptionIds.map((id) =>
      endsNow
        ? say(`cancelled subscription ${id}`, `would cancel subscription ${id}`)
        : say(
            `subscription ${id} ends with its period`,
            `would let subscription ${id} end with its period`,
          ),
    ),
    ...checkoutIds.map((id) => say(`closed Checkout ${id}`, `would close Checkout ${id}`)),
    ...refundLines(ended, { say, wanted: refund }),
    ...(ending.redact === null
      ? []
      : [customerId === null ? "  no customer at Stripe" : say(...REDACTED[ending.redact])]),
  ];
  return [headline(tenantId, ended, dryRun), ...lines].join("\n");
}

function headline(
  tenantId: string,
  { ending, endsNow, wasEnded }: EndedTenant,
  dryRun: boolean,
): string {
  const at = ending.at.toISOString();
  if (wasEnded) {
    return `${tenantId} had ended before, at ${at}`;
  }
  if (dryRun) {
    return `Would end ${tenantId} at ${at}`;
  }
  return endsNow ? `Ended ${tenantId} at ${at}` : `${tenantId} ends at ${at}`;
}

function refundLines(
  { ending: { refund }, refundProblem, wasEnded }: EndedTenant,
  { say, wanted }: { say: (done: string, toDo: string) => string; wanted: boolean },
): readonly string[] {
  if (refund === null) {
    const why = wasEnded
      ? "it had ended without a refund"
      : "it has no plan whose paid time is left";
    return wanted ? [`  nothing to give back: ${why}`] : [];
  }
  const money = moneyText(refund);
  if (refundProblem !== null) {
    const what = `${money} of ${refund.invoiceId}:\n    ${refundProblem}`;
    return [say(`not given back: ${what}`, `would not give back: ${what}`)];
  }
  const wentBack = `${money} of ${refund.invoiceId} went back`;
  return wasEnded
    ? [say(`made sure that ${wentBack}`, `would make sure that ${wentBack}`)]
    : [
        say(
          `gave ${money} back of ${refund.invoiceId}`,
          `would give ${money} back of ${refund.invoiceId}`,
        ),
      ];
}
