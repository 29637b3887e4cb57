import type {
  PackCheckoutRequest,
  TokenPackPayments,
  TopUpOutcome,
  TopUpRequest,
} from "../../src/application/ports/tokens/token_pack_payments.ts";
import type { PackPurchase } from "../../src/domain/tokens/token_pack.ts";

/** Token packs at a payment provider whose truth a test sets, also in the middle of a look. */
export class ScriptedPacks implements TokenPackPayments {
  readonly requests: PackCheckoutRequest[] = [];
  readonly keys: string[] = [];
  /** What is true; a look answers what it was when the look began. */
  truth: readonly PackPurchase[] = [];
  looks = 0;
  /** Customers by the body of events that name none, or why they cannot be read. */
  readonly customers = new Map<string, string | Error>();
  /** Runs while a look is on its way. */
  duringLook: () => void | Promise<void> = () => undefined;

  /** {@inheritDoc} */
  async createPackCheckout(request: PackCheckoutRequest, idempotencyKey: string) {
    this.requests.push(request);
    this.keys.push(idempotencyKey);
    const id = `cs_pack_${this.requests.length}`;
    return { id, url: `https://pay.example/${id}` };
  }

  /** {@inheritDoc} */
  async topUp(_request: TopUpRequest): Promise<TopUpOutcome> {
    return { type: "withdrawn" };
  }

  /** {@inheritDoc} */
  async purchases(): Promise<readonly PackPurchase[]> {
    this.looks += 1;
    const seen = this.truth;
    await this.duringLook();
    return seen;
  }

  /** {@inheritDoc} */
  async customerOfEvent(payload: string): Promise<string | null> {
    const found = this.customers.get(payload) ?? null;
    if (found instanceof Error) {
      throw found;
    }
    return found;
  }
}
