import type { Catalog } from "../catalog/catalog.ts";
import type { BillingAccount } from "../subscription/billing_account.ts";
import { effectivePlan, graceEndsAt, monthlyAllowance } from "../subscription/entitlement.ts";
import type { Month } from "../subscription/month.ts";
import type { MonthLook } from "./month_look.ts";

/** What a look at an account has found for its e-mails, and until when that holds by itself. */
export interface EmailLook {
  readonly look: MonthLook;
  /** `null`: until something happens. */
  readonly changesAt: Date | null;
}

/** The month of e-mails in force at `now` (P33, P36): the one that the monthly tokens have, too. */
export function emailLook(
  account: BillingAccount,
  catalog: Catalog,
  at: { readonly now: Date; readonly graceDays: number },
): EmailLook {
  const { period, source } = monthlyAllowance(account, catalog, at);
  const { subscription } = account;
  const subscriptionId = source === null ? null : (subscription?.id ?? null);
  const least = { emails: 0, tokens: 0 };
  const emails = effectivePlan(account, catalog, at).monthlyEmailLimit;
  const month: Month = {
    ...period,
    name: `${subscriptionId ?? "free"}:${period.start.toISOString()}`,
    subscriptionId,
    over: period.end,
    parts: [{ from: period.start, emails, tokens: 0 }],
    least,
    inherits: null,
    creditedFrom: null,
    settledAt: null,
  };
  const graceEnd = subscription === null ? null : graceEndsAt(subscription, at.graceDays);
  const changes = [period.end, graceEnd].flatMap((date) =>
    date !== null && at.now < date ? [date] : [],
  );
  return {
    look: {
      measure: "emails",
      month,
      months: subscriptionId === null ? [] : [month],
      goesOn: false,
      subscriptionLives: subscriptionId !== null,
      knownSince: null,
    },
    changesAt: changes.toSorted((a, b) => +a - +b)[0] ?? null,
  };
}
