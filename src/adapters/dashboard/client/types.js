/**
 * What the service answers; see the routes below `/billing`.
 *
 * @typedef {"month" | "year"} Interval
 *
 * @typedef {object} Price
 * @property {Interval} interval
 * @property {number} amount minor units
 * @property {string} currency ISO 4217, lower case
 *
 * @typedef {import("../../../domain/catalog/plan_limits.ts").Limits} Limits
 *
 * @typedef {Limits & { slug: string, name: string, rank: number, prices: Price[] }} Plan
 *
 * @typedef {object} Pack
 * @property {string} slug
 * @property {string} name
 * @property {number} tokens
 * @property {number} amount minor units
 * @property {string} currency
 *
 * @typedef {"active" | "trialing" | "past_due" | "unpaid" | "paused" | "incomplete"
 *   | "incomplete_expired" | "canceled"} Status
 *
 * @typedef {object} EmailUsage
 * @property {number | null} limit
 * @property {number} used
 * @property {number | null} percentage rounded down
 * @property {boolean} warning
 * @property {number | null} ceiling where sending stops
 * @property {string | null} resetsAt `null` while the renewal is not paid
 *
 * @typedef {object} TokenBalance
 * @property {number} monthly
 * @property {number} packs
 * @property {number} debt
 * @property {number} reserved
 * @property {number} available
 * @property {string} monthlyExpiresAt
 *
 * @typedef {object} Subscription
 * @property {string | null} planSlug what was chosen
 * @property {string} effectivePlanSlug whose limits hold
 * @property {Status} status
 * @property {boolean} resumable whether it is paused and can be resumed here
 * @property {Interval | null} interval
 * @property {string} currentPeriodStart
 * @property {string} currentPeriodEnd
 * @property {string | null} cancelAt
 * @property {string | null} trialEnd
 * @property {string | null} graceEndsAt
 * @property {Limits} limits in the order to show them
 * @property {{ emails: EmailUsage }} usage
 * @property {TokenBalance} tokens
 * @property {{ planSlug: string, reasons: string[] } | null} upgrade
 * @property {string | null} nextPlanSlug the next plan up; `null` while a payment is due
 * @property {boolean} mayPay whether the user may spend the tenant's money
 *
 * @typedef {object} TokenPeriod
 * @property {string} start
 * @property {string} end
 * @property {number} granted
 * @property {number} used
 *
 * @typedef {object} Invoice
 * @property {string} id
 * @property {string | null} number
 * @property {string} date
 * @property {number} amount minor units
 * @property {string} currency
 * @property {"paid" | "open" | "void" | "uncollectible"} status
 * @property {string | null} hostedUrl
 * @property {string | null} pdfUrl
 *
 * @typedef {object} Preview
 * @property {string} planSlug
 * @property {Interval} interval
 * @property {"checkout" | "portal"} mode
 * @property {number} dueNow minor units
 * @property {{ description: string, amount: number }[]} lines what is invoiced now
 * @property {number} tax minor units
 * @property {number} balanceApplied minor units
 * @property {number} nextPayment minor units
 * @property {string} nextPaymentAt
 * @property {string} currency
 * @property {number | null} trialDays
 * @property {{ name: string, now: number | null, then: number | null, used: number | null }[]} limits
 * @property {{ left: number, then: number }} tokens of the month, when the change takes effect
 * @property {"now" | "period_end"} effective
 * @property {string} effectiveAt
 *
 * @typedef {{ data: Invoice[], meta: { nextCursor: string | null } }} InvoiceList
 */

export {};
