/**
 * Settings of `createBilling` under their names of 0.1.0, still valid. Where a setting is given
 * under both names, the present one counts.
 */
export interface PreviousSettings {
  /** @deprecated `refundDuplicates: false` for `report` */
  readonly duplicatePolicy?: "cancel-and-refund" | "report" | undefined;
  /** @deprecated the settings that begin with `event`, and `workerConcurrency` */
  readonly events?: PreviousEventSettings | undefined;
  /** @deprecated the settings that begin with `quota` */
  readonly emailQuota?: PreviousEmailQuotaSettings | undefined;
}

/** How stored events are handled. */
export interface PreviousEventSettings {
  /** @deprecated `eventMaxAttempts` */
  readonly maxAttempts?: number | undefined;
  /** @deprecated `eventRetryBaseMs` */
  readonly retryBaseMs?: number | undefined;
  /** @deprecated `eventRetryMaxMs` */
  readonly retryMaxMs?: number | undefined;
  /** @deprecated `eventLeaseSeconds` */
  readonly leaseMs?: number | undefined;
  /** @deprecated `eventFirstAttemptSeconds` */
  readonly firstAttemptMs?: number | undefined;
  /** @deprecated `workerConcurrency` */
  readonly concurrency?: number | undefined;
  /** @deprecated `eventRetentionDays` */
  readonly retentionDays?: number | undefined;
}

/** How e-mails are counted. */
export interface PreviousEmailQuotaSettings {
  /** @deprecated `quotaWhenStoreFails` */
  readonly whenStoreFails?: "closed" | "open" | undefined;
  /** @deprecated `quotaMaxAgeSeconds` */
  readonly maxAgeMs?: number | undefined;
  /** @deprecated `quotaLeases: true` and the settings that begin with `quotaLease` */
  readonly leases?: PreviousLeaseSettings | undefined;
}

/** Blocks of e-mails that a process reserves. */
export interface PreviousLeaseSettings {
  /** @deprecated `quotaLeaseEmails` */
  readonly blockSize?: number | undefined;
  /** @deprecated `quotaLeaseSeconds` */
  readonly leaseMs?: number | undefined;
  /** @deprecated `quotaLeaseIdleSeconds` */
  readonly idleMs?: number | undefined;
  /** @deprecated without effect */
  readonly share?: number | undefined;
  /** @deprecated without effect */
  readonly maxTenants?: number | undefined;
}

/** The same settings under their present names; what is not among them keeps its old path. */
export function presentSettings({ duplicatePolicy, events, emailQuota }: PreviousSettings) {
  return {
    ...(duplicatePolicy !== undefined && {
      refundDuplicates: duplicatePolicy === "cancel-and-refund",
    }),
    ...(events && eventSettings(events)),
    ...(emailQuota && quotaSettings(emailQuota)),
  };
}

function eventSettings(events: PreviousEventSettings) {
  const { maxAttempts, retryBaseMs, retryMaxMs, leaseMs, firstAttemptMs, ...rest } = events;
  const { concurrency, retentionDays, ...strays } = rest;
  return {
    eventMaxAttempts: maxAttempts,
    eventRetryBaseMs: retryBaseMs,
    eventRetryMaxMs: retryMaxMs,
    eventLeaseSeconds: inSeconds(leaseMs),
    eventFirstAttemptSeconds: inSeconds(firstAttemptMs),
    workerConcurrency: concurrency,
    eventRetentionDays: retentionDays,
    ...under("events", strays),
  };
}

function quotaSettings({
  whenStoreFails,
  maxAgeMs,
  leases,
  ...strays
}: PreviousEmailQuotaSettings) {
  return {
    quotaWhenStoreFails: whenStoreFails,
    quotaMaxAgeSeconds: inWholeSeconds(maxAgeMs),
    ...(leases && leaseSettings(leases)),
    ...under("emailQuota", strays),
  };
}

function leaseSettings({
  blockSize,
  leaseMs,
  idleMs,
  share: _share,
  maxTenants: _maxTenants,
  ...strays
}: PreviousLeaseSettings) {
  return {
    quotaLeases: true,
    quotaLeaseEmails: blockSize,
    quotaLeaseSeconds: inWholeSeconds(leaseMs),
    quotaLeaseIdleSeconds: inSeconds(idleMs),
    ...under("emailQuota.leases", strays),
  };
}

function inSeconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1_000;
}

/** Rounded up: a wait is never shorter than asked for. */
function inWholeSeconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.ceil(ms / 1_000);
}

/** Unknown names by their path, so that they are refused by it. */
function under(path: string, strays: object): object {
  return Object.fromEntries(
    Object.entries(strays).map(([name, value]) => [`${path}.${name}`, value]),
  );
}
