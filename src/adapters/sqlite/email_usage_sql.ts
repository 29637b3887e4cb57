const COLUMNS = `tenant_id AS tenantId, account_revision AS accountRevision,
  catalog_revision AS catalogRevision, decided_at AS decidedAt, valid_until AS validUntil,
  period_start AS periodStart, period_end AS periodEnd, quota_limit AS quotaLimit, used`;

const COUNTABLE = `tenant_id = :tenantId AND valid_until > :now
  AND (ceiling IS NULL OR used + :count <= ceiling)`;

/** The SQL of {@link SqliteEmailUsageStore}. */
export const EMAIL_USAGE_SQL = {
  find: `SELECT ${COLUMNS} FROM email_usage WHERE tenant_id = :tenantId`,
  consume: `UPDATE email_usage SET used = used + :count WHERE ${COUNTABLE} RETURNING ${COLUMNS}`,
  add: "UPDATE email_usage SET used = used + :count WHERE tenant_id = :tenantId",
  giveBack: `UPDATE email_usage SET used = max(used - :count, 0)
    WHERE tenant_id = :tenantId AND period_start = :periodStart`,
  /** The trigger of `email_sends` counts. */
  countOnce: `INSERT INTO email_sends
      (tenant_id, key, count, period_start, promised, lease_until, expires_at)
    SELECT tenant_id, :key, :count, period_start, :promised, :leaseUntil,
      max(period_end, :now) + :retentionMs
    FROM email_usage WHERE ${COUNTABLE}
    ON CONFLICT (tenant_id, key) DO NOTHING`,
  findSend: `SELECT count, given_back AS givenBack FROM email_sends
    WHERE tenant_id = :tenantId AND key = :key`,
  /** The trigger of `email_sends` gives back. */
  release: `UPDATE email_sends SET given_back = count
    WHERE tenant_id = :tenantId AND key = :key AND given_back IS NULL`,
  extend: `UPDATE email_sends SET promised = max(promised, :promised), lease_until = :leaseUntil
    WHERE tenant_id = :tenantId AND key = :key AND given_back IS NULL`,
  end: `UPDATE email_sends SET given_back = :unused
    WHERE tenant_id = :tenantId AND key = :key AND given_back IS NULL`,
  reclaim: `UPDATE email_sends SET given_back = count - promised
    WHERE tenant_id = :tenantId AND lease_until <= :now AND given_back IS NULL`,
  /** In another period than before `used` begins at 0, or where that period had ended. */
  refresh: `INSERT INTO email_usage (tenant_id, account_revision, catalog_revision, decided_at,
      valid_until, period_start, period_end, quota_limit, ceiling, used)
    VALUES (:tenantId, :accountRevision, :catalogRevision, :decidedAt, :validUntil, :periodStart,
      :periodEnd, :quotaLimit, :ceiling, 0)
    ON CONFLICT (tenant_id) DO UPDATE SET account_revision = excluded.account_revision,
      catalog_revision = excluded.catalog_revision, decided_at = excluded.decided_at,
      valid_until = excluded.valid_until, period_start = excluded.period_start,
      period_end = excluded.period_end, quota_limit = excluded.quota_limit,
      ceiling = excluded.ceiling,
      used = CASE WHEN period_start = excluded.period_start THEN used ELSE coalesce(
        (SELECT before.used FROM email_usage_periods AS before
          WHERE before.tenant_id = excluded.tenant_id
            AND before.period_start = excluded.period_start), 0) END
    WHERE (excluded.account_revision, excluded.catalog_revision, excluded.decided_at) >=
      (account_revision, catalog_revision, decided_at)
    RETURNING ${COLUMNS}`,
  forgetSends: `DELETE FROM email_sends WHERE (tenant_id, key) IN
    (SELECT tenant_id, key FROM email_sends WHERE expires_at <= :now
      ORDER BY expires_at LIMIT :limit)`,
  forgetPeriods: `DELETE FROM email_usage_periods
    WHERE tenant_id = :tenantId AND period_start < :before`,
} as const;
