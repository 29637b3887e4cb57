/** A refund or dispute of a payment, in part or in full. */
export interface PaymentReversal {
  /** The id of the refund or dispute at the payment provider. */
  readonly id: string;
  readonly kind: "refund" | "dispute";
  readonly createdAt: Date;
  /** Minor units. */
  readonly amount: number;
  /**
   * Whether the money is gone: the refund has not failed, the dispute is open or lost. A dispute
   * that was won and an inquiry without a withdrawal are not in force.
   */
  readonly inForce: boolean;
}

/** A refund or dispute of a payment that an invoice got. */
export interface InvoiceReversal extends PaymentReversal {
  readonly invoiceId: string;
}
