/**
 * What a test card does. `challenge` asks for 3-D Secure once, where its holder is there;
 * `always_challenge` at every payment, so that none can be made without its holder; `fails_later`
 * can be saved, but payments are declined.
 */
export type CardBehavior =
  | "succeeds"
  | "declined"
  | "challenge"
  | "always_challenge"
  | "fails_later";

/** A card of Stripe's test mode. Source: docs.stripe.com/testing. */
export interface TestCard {
  number: string;
  behavior: CardBehavior;
  /** What a page says of it. */
  label: string;
  brand: string;
  country: string;
  funding: "credit" | "debit" | "prepaid";
  /** Why its issuer declines it; null where it does not, or only asks for its holder. */
  declineCode: string | null;
  /** What stands after `pm_card_` and `tok_`. */
  token: string;
}

type Traits = Partial<Omit<TestCard, "number" | "token">>;

function card(number: string, token: string, traits: Traits = {}): TestCard {
  const { behavior = "succeeds" } = traits;
  return {
    number,
    token,
    behavior,
    label: "Succeeds",
    brand: "visa",
    country: "US",
    funding: "credit",
    declineCode: null,
    ...traits,
  };
}

function declining(number: string, token: string, declineCode: string): TestCard {
  return card(number, token, { behavior: "declined", label: "Is declined", declineCode });
}

const LATER = { behavior: "fails_later", declineCode: "generic_decline" } as const;

/** The test numbers that the pages offer, the one for the happy path first. */
export const TEST_CARDS: readonly TestCard[] = [
  card("4242424242424242", "visa"),
  declining("4000000000000002", "visa_chargeDeclined", "generic_decline"),
  card("4000002500003155", "authenticationRequiredOnSetup", {
    behavior: "challenge",
    label: "Asks for 3-D Secure",
  }),
  card("4000000000000341", "chargeCustomerFail", {
    ...LATER,
    label: "Succeeds now, is declined at renewal",
  }),
];

const MORE_CARDS: readonly TestCard[] = [
  card("4000056655665556", "visa_debit", { funding: "debit" }),
  card("5555555555554444", "mastercard", { brand: "mastercard" }),
  card("2223003122003222", "mastercard_2", { brand: "mastercard" }),
  card("5200828282828210", "mastercard_debit", { brand: "mastercard", funding: "debit" }),
  card("5105105105105100", "mastercard_prepaid", { brand: "mastercard", funding: "prepaid" }),
  card("378282246310005", "amex", { brand: "amex" }),
  card("371449635398431", "amex_2", { brand: "amex" }),
  card("6011111111111117", "discover", { brand: "discover" }),
  card("3056930009020004", "diners", { brand: "diners" }),
  card("36227206271667", "diners_2", { brand: "diners" }),
  card("3566002020360505", "jcb", { brand: "jcb", country: "JP" }),
  card("6200000000000005", "unionpay", { brand: "unionpay", country: "CN" }),
  card("4000000000000077", "bypassPending"),
  card("4000002760000016", "de", { country: "DE" }),
  card("4000008260000000", "gb", { country: "GB" }),
  card("4000002500000003", "fr", { country: "FR" }),
  card("4000000400000008", "at", { country: "AT" }),
  card("4000007560000009", "ch", { country: "CH" }),
  card("4000000000000259", "createDispute"),
  card("4000000000002685", "createDisputeProductNotReceived"),
  card("4000000000001976", "createDisputeInquiry"),
  card("4000000000005423", "createIssuerFraudRecord"),
  card("4000000000007726", "pendingRefund"),
  card("4000000000005126", "refundFail"),
  card("4000000000003055", "threeDSecureOptional"),
  card("4000000000003220", "threeDSecure2Required", { behavior: "always_challenge" }),
  card("4000002760003184", "authenticationRequired", { behavior: "always_challenge" }),
  card("4000003800000446", "authenticationRequiredSetupForOffSession", { behavior: "challenge" }),
  declining("4000000000009995", "visa_chargeDeclinedInsufficientFunds", "insufficient_funds"),
  declining("4000000000009987", "visa_chargeDeclinedLostCard", "lost_card"),
  declining("4000000000009979", "visa_chargeDeclinedStolenCard", "stolen_card"),
  declining("4000000000000069", "chargeDeclinedExpiredCard", "expired_card"),
  declining("4000000000000127", "chargeDeclinedIncorrectCvc", "incorrect_cvc"),
  declining("4000000000000119", "chargeDeclinedProcessingError", "processing_error"),
  declining(
    "4000000000006975",
    "visa_chargeDeclinedVelocityLimitExceeded",
    "card_velocity_exceeded",
  ),
  declining("4100000000000019", "radarBlock", "fraudulent"),
];

const ALL_CARDS = [...TEST_CARDS, ...MORE_CARDS];

/** The test card with this number, spaces ignored; undefined for any other number. */
export function findTestCard(number: string): TestCard | undefined {
  const digits = number.replaceAll(/[\s-]/g, "");
  return ALL_CARDS.find((known) => known.number === digits);
}

/** The test card that a token names, `pm_card_visa` or `tok_visa`; undefined where none does. */
export function cardOfToken(token: string): TestCard | undefined {
  const name = /^(?:pm_card|tok)_(\w+)$/.exec(token)?.[1];
  return ALL_CARDS.find((known) => known.token === name || known.token === `visa_${name}`);
}

/** The account number of a debit that succeeds, and of those that fail; any other is good, too. */
export const GOOD_IBAN = "DE89370400440532013000";
export const FAILING_IBANS = ["DE62370400440532013001", "DE78370400440532013004"] as const;

/** The number behind a bank account of Stripe's test mode; undefined where the token names none. */
export function ibanOfToken(token: string): string | undefined {
  return token === "pm_sepaDebit_success" || token === "pm_sepa_debit" ? GOOD_IBAN : undefined;
}
