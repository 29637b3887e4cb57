import type { Stripe } from "stripe";
import { BLANK_EVIDENCE } from "../../engine/paying/blank_evidence.ts";
import { closeDispute, giveEvidence } from "../../engine/paying/disputes.ts";
import { invalidRequest, resourceMissing } from "../../engine/request_error.ts";
import type { Transaction } from "../../engine/transaction.ts";
import type { WireDispute } from "../../state/wire.ts";
import { byName } from "../invoicing/money_params.ts";
import { newestFirst, PAGE, page } from "../listing.ts";
import { flag, mergeMetadata, metadata, type Param, type ShapeOf, text } from "../params.ts";
import { type Route, route } from "../route.ts";
import { isOf, OF_PAYMENT } from "./of_payment.ts";

const PATH = "/v1/disputes";
const WARNINGS = "/v1/radar/early_fraud_warnings";

/** Evidence by its names, all of it text. */
const evidence: Param<Record<string, string> | undefined> = (value, name) => {
  const given = byName(text)(value, name);
  const unknown = Object.keys(given ?? {}).find((key) => !Object.hasOwn(BLANK_EVIDENCE, key));
  if (unknown !== undefined) {
    const param = `${name}[${unknown}]`;
    throw invalidRequest(`Received unknown parameter: ${param}`, param, "parameter_unknown");
  }
  return given;
};

/** Disputes, which a payer's bank opens, and the warnings that come before them. */
export const disputeRoutes: Route[] = [
  route("GET", `${PATH}/:id`, {
    params: {},
    returns: "dispute",
    handle: ({ tx, id }) => disputeOf(tx, id),
  }),
  route("POST", `${PATH}/:id`, {
    params: { evidence, metadata, submit: flag } satisfies ShapeOf<Stripe.DisputeUpdateParams>,
    returns: "dispute",
    handle: ({ tx, id, params }) => {
      const dispute = disputeOf(tx, id);
      giveEvidence(tx, dispute, {
        evidence: params.evidence ?? {},
        metadata: mergeMetadata(dispute.metadata, params.metadata),
        submit: params.submit ?? true,
      });
      return dispute;
    },
  }),
  route("POST", `${PATH}/:id/close`, {
    params: {},
    returns: "dispute",
    handle: ({ tx, id }) => {
      const dispute = disputeOf(tx, id);
      closeDispute(tx, dispute, "lost");
      return dispute;
    },
  }),
  route("GET", PATH, {
    params: { ...PAGE, ...OF_PAYMENT } satisfies ShapeOf<Stripe.DisputeListParams>,
    returns: "list:dispute",
    handle: ({ tx, params }) => page(PATH, newestFirst(tx.state.disputes, isOf(params)), params),
  }),
  route("GET", `${WARNINGS}/:id`, {
    params: {},
    returns: "radar.early_fraud_warning",
    handle: ({ tx, id }) => {
      const warning = tx.state.fraudWarnings.get(id);
      if (warning === undefined) {
        throw resourceMissing("early fraud warning", id, "early_fraud_warning");
      }
      return warning;
    },
  }),
  route("GET", WARNINGS, {
    params: {
      ...PAGE,
      ...OF_PAYMENT,
    } satisfies ShapeOf<Stripe.Radar.EarlyFraudWarningListParams>,
    returns: "list:radar.early_fraud_warning",
    handle: ({ tx, params }) =>
      page(WARNINGS, newestFirst(tx.state.fraudWarnings, isOf(params)), params),
  }),
];

function disputeOf(tx: Transaction, id: string): WireDispute {
  const dispute = tx.state.disputes.get(id);
  if (dispute === undefined) {
    throw resourceMissing("dispute", id);
  }
  return dispute;
}
