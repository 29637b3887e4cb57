import { expect } from "chai";
import type { Billing } from "../../src/application/billing.ts";
import type { BillingStore } from "../../src/application/ports/billing_store.ts";
import { Secret } from "../../src/kit/secret.ts";
import { BillingFixture, SETTINGS } from "../rig/billing_fixture.ts";
import { sampleCatalog } from "../samples/catalog.ts";
import { oddTexts } from "../samples/odd_text.ts";

const COUNT = 10_000;
const SEED = 46;
/** Works on one ledger wait for each other; so many do not. */
const TENANTS = 20;
const KEYS = [new Secret(`2026:${"k".repeat(32)}`)];

/** What a text is to be, found out by other means than the service's: code unit by code unit. */
function expected(text: string): { key: boolean; reason: boolean } {
  const points = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const isSurrogate = (point: number) => point >= 0xd800 && point <= 0xdfff;
  const isControl = (point: number) => point < 0x20 || (point >= 0x7f && point <= 0x9f);
  const fits = points.length >= 1 && points.length <= 200 && !points.some(isSurrogate);
  const key = fits && !points.some(isControl) && text !== "." && text !== "..";
  const reason = fits && !points.some((point) => isControl(point) && ![9, 10, 13].includes(point));
  return { key, reason };
}

/**
 * Declares what becomes of ten thousand odd texts (P46): those that are accepted come back as they
 * are, repeat and verify; the others are refused before anything is stored.
 */
export function describeOddText(current: () => BillingStore): void {
  it(`P46 ${COUNT} texts come back as they are, repeat and verify, or are refused`, async function () {
    this.timeout(20 * 60_000);
    const store = current();
    await store.catalog.save({ ...sampleCatalog(), revision: 0 });
    const fixture = new BillingFixture();
    const settings = { ...SETTINGS, ledgerKeys: KEYS };
    const { billing, close } = fixture.compose({ store, settings });
    const texts = oddTexts(COUNT, SEED);
    const tenants = Array.from({ length: TENANTS }, (_, index) => `tenant_${index}`);
    const counts = { keys: 0, reasons: 0, refused: 0 };
    await Promise.all(
      tenants.map(async (tenantId, index) => {
        await billing.adjustTokens.execute({
          tenantId,
          tokens: 100_000,
          reason: "for the test",
          operator: "Ada",
        });
        for (const [position, text] of texts.entries()) {
          if (position % TENANTS === index) {
            await tryText({ store, billing, tenantId, counts }, text);
          }
        }
      }),
    );
    expect(counts.keys, "keys").to.be.greaterThan(COUNT / 5);
    expect(counts.reasons, "reasons").to.be.greaterThan(COUNT / 5);
    expect(counts.refused, "refused").to.be.greaterThan(COUNT / 5);
    const report = await billing.verifyLedgers.execute({});
    expect(report.damaged).to.deep.equal([]);
    expect(report.entries).to.equal(2 * TENANTS + counts.keys + counts.reasons);
    await close();
    await fixture.close();
  });
}

interface Trial {
  readonly store: BillingStore;
  readonly billing: Billing;
  readonly tenantId: string;
  readonly counts: { keys: number; reasons: number; refused: number };
}

async function tryText({ store, billing, tenantId, counts }: Trial, text: string): Promise<void> {
  const name = JSON.stringify(text);
  const is = expected(text);
  const debit = { tenantId, key: text, tokens: 1 };
  const counted = await outcomeOf(
    billing.consumeEmailQuota.execute({ tenantId, key: text, count: 1 }),
  );
  if (is.key) {
    counts.keys += 1;
    const first = await billing.spendTokens.execute(debit);
    expect(await billing.spendTokens.execute(debit), name).to.deep.equal(first);
    expect(first.type, name).to.equal("recorded");
    const found = await store.ledger.find(tenantId, `debit:${text}`);
    expect(found?.key, name).to.equal(`debit:${text}`);
    expect(counted, name).to.not.be.instanceOf(Error);
  } else {
    counts.refused += 1;
    for (const call of [
      billing.spendTokens.execute(debit),
      billing.reserveTokens.execute(debit),
      billing.commitReservation.execute(debit),
      billing.releaseReservation.execute(debit),
      billing.releaseEmailQuota.execute(debit),
    ]) {
      expect(await outcomeOf(call), name).to.be.instanceOf(TypeError);
    }
    expect(counted, name).to.be.instanceOf(TypeError);
  }
  const key = `reason ${counts.keys} ${counts.reasons} ${counts.refused}`;
  const reasoned = { tenantId, key, tokens: 1, reason: text };
  if (is.reason) {
    counts.reasons += 1;
    const first = await billing.spendTokens.execute(reasoned);
    expect(await billing.spendTokens.execute(reasoned), name).to.deep.equal(first);
    expect((await store.ledger.find(tenantId, `debit:${key}`))?.reason, name).to.equal(text);
  } else {
    expect(await outcomeOf(billing.spendTokens.execute(reasoned)), name).to.be.instanceOf(
      TypeError,
    );
  }
}

function outcomeOf(call: Promise<unknown>): Promise<unknown> {
  return call.catch((error: unknown) => error);
}
