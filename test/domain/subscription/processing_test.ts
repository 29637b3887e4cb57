import { expect } from "chai";
import { mayBeProcessing } from "../../../src/domain/subscription/seen/processing.ts";
import { FEB, invoice, JAN, line, MAR, subscription } from "../../samples/snapshot.ts";

const owed = { status: "open", amountRemaining: 1_000 } as const;
const givenUp = { status: "uncollectible", amountRemaining: 1_000 } as const;
const january = invoice("in_jan", "first", [line("pro", JAN)]);

function asked(
  invoices: Parameters<typeof mayBeProcessing>[0]["invoices"],
  subscriptions = [subscription(FEB)],
) {
  return mayBeProcessing({ subscriptions, invoices }).map(({ id }) => id);
}

describe("mayBeProcessing", () => {
  it("P36 is nothing for who owes nothing", () => {
    const gone = invoice("in_feb", "renewal", [line("pro", FEB)], { status: "void" });
    const draft = invoice("in_mar", "renewal", [line("pro", MAR)], { status: "draft" });
    const nothing = invoice("in_null", "change", [line("pro", MAR)], {
      ...owed,
      amountRemaining: 0,
    });
    expect(asked([january, gone, draft, nothing])).to.deep.equal([]);
  });

  it("P36 is every open invoice, and one that was given up until a later one is paid", () => {
    const open = invoice("in_feb", "renewal", [line("pro", FEB)], owed);
    const lost = invoice("in_feb", "renewal", [line("pro", FEB)], givenUp);
    const later = invoice("in_mar", "renewal", [line("pro", MAR)]);
    expect(asked([january, open, later])).to.deep.equal(["in_feb"]);
    expect(asked([january, lost])).to.deep.equal(["in_feb"]);
    expect(asked([january, lost, later])).to.deep.equal([]);
  });

  it("P36 is what the live subscriptions owe, or else the one that ended last", () => {
    const of = (subscriptionId: string | null) =>
      invoice(`in_${subscriptionId}`, "renewal", [line("pro", FEB)], { ...owed, subscriptionId });
    const ended = (id: string, { end: endedAt }: typeof JAN) =>
      subscription(JAN, { id, status: "canceled", endedAt });
    const invoices = [of("sub_1"), of("sub_old"), of("sub_older"), of(null)];
    const old = [ended("sub_older", JAN), ended("sub_old", FEB)];
    expect(asked(invoices, [...old, subscription(MAR)])).to.deep.equal(["in_sub_1"]);
    expect(asked(invoices, old)).to.deep.equal(["in_sub_old"]);
    expect(asked(invoices, [])).to.deep.equal([]);
  });
});
