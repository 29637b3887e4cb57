/** The thresholds at which a tenant wants to be alerted. */
export interface AlertSettings {
  /** Percentages of the monthly e-mails, 1 to 100, ascending. */
  readonly emailPercentages: readonly number[];
  /** Tokens; `null` for no such alert. */
  readonly tokensBelow: number | null;
}

/** The settings of a tenant that has chosen none. */
export const DEFAULT_ALERTS: AlertSettings = {
  emailPercentages: [50, 80, 90, 100],
  tokensBelow: null,
};
