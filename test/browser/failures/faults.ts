import { refusal } from "../billing_page_rig.ts";
import type { Fault } from "./broken_page.ts";

/** A way to fail, and what is true of it. */
export interface NamedFault {
  readonly name: string;
  readonly fault: Fault;
  /** What is said where a part of the page, or an action, fails. */
  readonly said: string;
  /** What is said where the whole page cannot be shown. Default: the same. */
  readonly saidAtFirst?: string;
}

/** Everything that can go wrong on the way to the service and in it, as it answers then. */
export const FAULTS: readonly NamedFault[] = [
  {
    name: "signed out",
    fault: refusal(401, "token_invalid"),
    said: "You are signed out",
  },
  {
    name: "without the role",
    fault: refusal(403, "role_insufficient"),
    said: "You can see billing, but not change it.",
  },
  {
    name: "no member",
    fault: refusal(403, "not_a_member"),
    said: "Only its members can see its billing.",
  },
  { name: "offline", fault: "offline", said: "You are offline" },
  { name: "not reached", fault: "refused", said: "The billing service cannot be reached." },
  {
    name: "not in time",
    fault: "no answer",
    said: "The billing service takes too long to answer.",
  },
  {
    name: "overloaded",
    fault: { ...refusal(503, "overloaded"), headers: { "Retry-After": "1" } },
    said: "The billing service has too much to do. Try again in 1 second.",
  },
  {
    name: "Stripe unavailable",
    fault: { ...refusal(503, "temporarily_unavailable"), headers: { "Retry-After": "5" } },
    said: "Stripe, or another service that billing needs, does not answer.",
  },
  {
    name: "Stripe refuses",
    fault: refusal(502, "dependency_failed"),
    said: "Stripe, or another service that billing needs, refuses the request.",
  },
  {
    name: "too many requests",
    fault: { ...refusal(429, "rate_limited"), headers: { "Retry-After": "17" } },
    said: "Too many requests. Try again in 17 seconds.",
  },
  {
    name: "a wrong address",
    fault: { status: 404, text: "<!doctype html>" },
    said: "This page is not set up correctly (no billing service at its address).",
  },
  {
    name: "a fault of the service",
    fault: refusal(500, "internal_error"),
    said: "Billing is not available at the moment.",
  },
];
