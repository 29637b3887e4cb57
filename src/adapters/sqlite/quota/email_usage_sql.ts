const COLUMNS = `tenant_id AS tenantId, account_revision AS accountRevision,
  catalog_revision AS catalogRevision, decided_at AS decidedAt, valid_until AS validUntil, month,
  period_start AS periodStart, period_end AS periodEnd, quota_limit AS quotaLimit, used,
  refused_at AS refusedAt`;

const MONTHS = `${COLUMNS}, inherited, months, history, marks`;

const COUNTABLE = `tenant_id = :tenantId AND valid_until > :now
  AND (ceiling IS NULL OR used + :count <= ceiling)`;

/**
 * The row is exactly the one that this process has seen last. After `COUNTABLE`, it takes the values
 * of `asKnown`, in their order.
 */
const AS_KNOWN = `account_revision = :accountRevision AND catalog_revision = :catalogRevision
  AND decided_at = :decidedAt AND valid_until = :validUntil AND month = :month
  AND period_start = :periodStart AND period_end = :periodEnd AND quota_limit IS :quotaLimit
  AND used = :used AND refused_at IS :refusedAt`;

/** Matches sends counted in the month in force; the trigger of `email_sends` gives them back. */
const OF_MONTH_IN_FORCE = `EXISTS (SELECT 1 FROM email_usage AS record
  WHERE record.tenant_id = :tenantId AND (record.month = email_sends.month
    OR email_sends.month IS NULL AND record.period_start = email_sends.period_start))`;

const LEASES_OVER = `EXISTS (SELECT 1 FROM email_sends AS lease WHERE lease.tenant_id = :tenantId
  AND lease.lease_until <= :now AND lease.given_back IS NULL)`;

const GIVEN_BACK = "month, period_start AS start, given_back AS count";

/** Stores a send whose tenant's row meets a condition; the trigger of `email_sends` counts it. */
function countOnce(condition: string): string {
  return `INSERT INTO email_sends
      (tenant_id, key, count, month, period_start, promised, lease_until, expires_at)
    SELECT tenant_id, :key, :count, nullif(month, ''), period_start, :promised, :leaseUntil,
      max(period_end, :now) + :retentionMs
    FROM email_usage WHERE ${condition}
    ON CONFLICT (tenant_id, key) DO NOTHING`;
}

/** The SQL of {@link EmailUsageRows}. */
export const EMAIL_USAGE_SQL = {
  find: `SELECT ${COLUMNS} FROM email_usage WHERE tenant_id = :tenantId`,
  load: `SELECT ${MONTHS} FROM email_usage WHERE tenant_id = :tenantId`,
  /** `:now` is null where leases do not matter. */
  loadAt: `SELECT ${MONTHS}, ${LEASES_OVER} AS leasesOver
    FROM email_usage WHERE tenant_id = :tenantId`,
  consume: `UPDATE email_usage SET used = used + :count WHERE ${COUNTABLE} RETURNING ${COLUMNS}`,
  /** Cheaper than `consume`, because a row that is known need not be returned. */
  consumeKnown: `UPDATE email_usage SET used = used + :count WHERE ${COUNTABLE} AND ${AS_KNOWN}`,
  noteRefusal: `UPDATE email_usage SET refused_at = :at
    WHERE tenant_id = :tenantId AND period_start = :start AND refused_at IS NULL`,
  tenants: `SELECT tenant_id AS tenantId FROM email_usage WHERE tenant_id > :after
    ORDER BY tenant_id LIMIT :limit`,
  add: "UPDATE email_usage SET used = used + :count WHERE tenant_id = :tenantId",
  giveBack: `UPDATE email_usage SET used = max(used - :count, inherited)
    WHERE tenant_id = :tenantId AND period_start = :start`,
  countOnce: countOnce(COUNTABLE),
  countKnownOnce: countOnce(`${COUNTABLE} AND ${AS_KNOWN}`),
  findSend: `SELECT count, given_back AS givenBack, expires_at AS expiresAt FROM email_sends
    WHERE tenant_id = :tenantId AND key = :key`,
  extend: `UPDATE email_sends SET promised = max(promised, :promised), lease_until = :leaseUntil
    WHERE tenant_id = :tenantId AND key = :key AND given_back IS NULL`,
  release: `UPDATE email_sends SET given_back = coalesce(:unused, count)
    WHERE tenant_id = :tenantId AND key = :key AND given_back IS NULL AND ${OF_MONTH_IN_FORCE}`,
  releaseAny: `UPDATE email_sends SET given_back = coalesce(:unused, count)
    WHERE tenant_id = :tenantId AND key = :key AND given_back IS NULL RETURNING ${GIVEN_BACK}`,
  findOver: `SELECT 1 FROM email_sends
    WHERE tenant_id = :tenantId AND lease_until <= :now AND given_back IS NULL LIMIT 1`,
  reclaim: `UPDATE email_sends SET given_back = count - promised
    WHERE tenant_id = :tenantId AND lease_until <= :now AND given_back IS NULL
    RETURNING ${GIVEN_BACK}`,
  save: `INSERT INTO email_usage (tenant_id, account_revision, catalog_revision, decided_at,
      valid_until, month, period_start, period_end, quota_limit, ceiling, used, inherited, months,
      history, marks, refused_at)
    VALUES (:tenantId, :accountRevision, :catalogRevision, :decidedAt, :validUntil, :month,
      :periodStart, :periodEnd, :quotaLimit, :ceiling, :used, :inherited, :months, :history,
      :marks, :refusedAt)
    ON CONFLICT (tenant_id) DO UPDATE SET account_revision = excluded.account_revision,
      catalog_revision = excluded.catalog_revision, decided_at = excluded.decided_at,
      valid_until = excluded.valid_until, month = excluded.month,
      period_start = excluded.period_start, period_end = excluded.period_end,
      quota_limit = excluded.quota_limit, ceiling = excluded.ceiling, used = excluded.used,
      inherited = excluded.inherited, months = excluded.months, history = excluded.history,
      marks = excluded.marks, refused_at = excluded.refused_at`,
  forgetSend: `DELETE FROM email_sends
    WHERE tenant_id = :tenantId AND key = :key AND expires_at <= :now`,
  walked: "SELECT tenant, key FROM email_sends_walk WHERE id = 1",
  noteWalk: "UPDATE email_sends_walk SET tenant = :tenant, key = :key WHERE id = 1",
  /** The send that comes so many after where the walk is. */
  endOfStep: `SELECT tenant_id AS tenant, key FROM email_sends
    WHERE (tenant_id, key) > (:tenant, :key) ORDER BY tenant_id, key LIMIT 1 OFFSET :skipped`,
  forgetSends: `DELETE FROM email_sends WHERE (tenant_id, key) > (:tenant, :key)
    AND (tenant_id, key) <= (:endTenant, :endKey) AND expires_at <= :now`,
  forgetLastSends: `DELETE FROM email_sends
    WHERE (tenant_id, key) > (:tenant, :key) AND expires_at <= :now`,
} as const;
