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
    const tokens = await this.#grantMonthlyTokens.execute({ tenantId });
    const hasLooked = await this.#lookWhenDue.execute(tokens.account);
    return hasLooked ? await this.#grantMonthlyTokens.execute({ tenantId }) : tokens;
  }
}
