import type {
  GrantMonthlyTokens,
  MonthlyTokens,
  TokensSource,
} from "../tokens/grant_monthly_tokens.ts";
import type { LookWhenDue } from "./look_when_due.ts";

/**
 * Provides a tenant's current tokens for reading or spending. Begins a month that nobody has
 * noticed yet, after a look at the payment provider if one is due (P26, P37).
 */
export class CurrentTokens implements TokensSource {
  readonly #grantMonthlyTokens: GrantMonthlyTokens;
  readonly #lookWhenDue: LookWhenDue;

  constructor(dependencies: { grantMonthlyTokens: GrantMonthlyTokens; lookWhenDue: LookWhenDue }) {
    this.#grantMonthlyTokens = dependencies.grantMonthlyTokens;
    this.#lookWhenDue = dependencies.lookWhenDue;
  }

  /** {@inheritDoc} */
  async execute({ tenantId }: { tenantId: string }): Promise<MonthlyTokens> {
    const current = await this.#grantMonthlyTokens.unlessLookDue({ tenantId });
    if (current !== undefined) {
      return current;
    }
    await this.#lookWhenDue.execute({ tenantId });
    return await this.#grantMonthlyTokens.execute({ tenantId });
  }
}
