import { expect } from "chai";
import { checkExpansions, EXPANDABLE_FIELDS } from "../../sandbox/api/expansion/expand.ts";
import { ROUTES } from "../../sandbox/api/routes.ts";
import { ExpansionTruth } from "./expandable_fields.ts";
import { findStripeMock } from "./stripe_mock.ts";

/** What the sandbox's routes answer that is no object with expandable fields at Stripe. */
const PLAIN = ["deleted", "nothing"];

/** Types of the sandbox in which nothing can be expanded. */
const WITHOUT_FIELDS = [
  "balance",
  "billing.meter",
  "event",
  "tax_rate",
  "test_helpers.test_clock",
  "webhook_endpoint",
  "billing.meter_event",
  "billing.meter_event_summary",
];

const mock = await findStripeMock();

describe("Expansions of the sandbox, against x-expandableFields of Stripe's description", () => {
  if ("reason" in mock) {
    it("DID NOT RUN, which is allowed where REQUIRE_STRIPE_MOCK is not set", () => {
      expect(process.env.REQUIRE_STRIPE_MOCK, mock.reason).to.not.equal("1");
    });
    return;
  }

  const types = [...Object.keys(EXPANDABLE_FIELDS), ...WITHOUT_FIELDS];
  const truth = new ExpansionTruth(mock.specification, types);

  it("knows the type of every route's answer", () => {
    const answered = ROUTES.map(({ returns }) => returns.replace("list:", ""));
    expect(answered.filter((type) => ![...types, ...PLAIN].includes(type))).to.deep.equal([]);
  });

  for (const type of types) {
    it(`${type} can be expanded where Stripe's can, and nowhere else`, () => {
      expect(truth.knows(type), "Stripe has this type").to.equal(true);
      const ours = Object.entries(EXPANDABLE_FIELDS[type] ?? {});
      const shown = ours.filter(([, target]) => target === "shown").map(([path]) => path);
      const others = ours.filter(([, target]) => target !== "shown");
      expect(Object.fromEntries(others)).to.deep.equal(Object.fromEntries(truth.fieldsOf(type)));
      expect(shown.filter((path) => !truth.isOptional(type, path))).to.deep.equal([]);
    });

    it(`${type}: every path is accepted, in a list too`, () => {
      for (const [path, target] of Object.entries(EXPANDABLE_FIELDS[type] ?? {})) {
        if (!target.startsWith("=") && path.split(".").length < 4) {
          expect(() => checkExpansions(type, [path]), path).to.not.throw();
          expect(() => checkExpansions(`list:${type}`, [`data.${path}`]), path).to.not.throw();
        }
      }
      expect(() => checkExpansions(type, ["nonsense"])).to.throw("cannot be expanded");
    });
  }
});
