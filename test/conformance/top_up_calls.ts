import { type FurtherCall, listOf } from "./further_calls.ts";

const REQUEST = {
  tenantId: "clacme0001",
  customerId: "cus_1Model",
  seq: 7,
  startedAt: "2026-11-01T00:00:00.000Z",
  packSlug: "growth",
  tokens: 50_000,
  priceId: "price_1Model",
  currency: "eur",
  automaticTax: true,
  mayCharge: true,
};

function invoice(status: "draft" | "open") {
  return {
    object: "invoice",
    id: "in_1Model",
    status,
    metadata: { topUp: `${REQUEST.seq}@${REQUEST.startedAt}` },
    lines: listOf(),
  };
}

function customer(cut: { has_more: boolean }) {
  const own = {
    object: "subscription",
    id: "sub_1Model",
    default_payment_method: "pm_1Model",
  };
  return { object: "customer", id: REQUEST.customerId, subscriptions: { ...listOf(own), ...cut } };
}

const DRAFT = { "invoices.list": listOf(invoice("draft")) };
const OPEN = { "invoices.list": listOf(invoice("open")), "invoicePayments.list": listOf() };

/** The calls of an automatic top-up, by where its invoice is. */
export const TOP_UP_CALLS: Readonly<Record<string, FurtherCall>> = {
  "topUp whose invoice is not there": {
    staged: {
      "invoices.list": listOf(),
      "customers.retrieve": customer({ has_more: false }),
    },
    call: ({ packs }) => packs.topUp(REQUEST),
  },
  "topUp of a customer whose subscriptions Stripe cuts off": {
    staged: { "invoices.list": listOf(), "customers.retrieve": customer({ has_more: true }) },
    call: ({ packs }) => packs.topUp(REQUEST),
  },
  "topUp whose invoice is a draft": {
    staged: DRAFT,
    call: ({ packs }) => packs.topUp(REQUEST),
  },
  "topUp whose invoice is open": {
    staged: OPEN,
    call: ({ packs }) => packs.topUp(REQUEST),
  },
  "topUp that was switched off while its invoice is a draft": {
    staged: { ...DRAFT, "invoices.retrieve": invoice("draft") },
    call: ({ packs }) => packs.topUp({ ...REQUEST, mayCharge: false }),
  },
  "topUp that was switched off while its invoice is open": {
    staged: { ...OPEN, "invoices.retrieve": invoice("open") },
    call: ({ packs }) => packs.topUp({ ...REQUEST, mayCharge: false }),
  },
  "topUp that was switched off, of which only the list is old": {
    staged: DRAFT,
    call: ({ packs }) => packs.topUp({ ...REQUEST, mayCharge: false }),
  },
};
