import { html } from "./html.ts";
import type { Page } from "./layout.ts";

/** The page that plays the bank and asks for 3-D Secure. */
export function challengePage(
  action: string,
  purpose: string,
  formTargets: readonly (string | null | undefined)[],
): Page {
  return {
    title: "3-D Secure",
    formTargets,
    body: html`<h1>3-D Secure</h1>
<p>Your bank wants to know that it is you: ${purpose}</p>
<form method="post" action="${action}">
<button name="outcome" value="complete">Complete authentication</button>
<button class="quiet" name="outcome" value="fail">Fail authentication</button>
</form>`,
  };
}

/** What was answered on the page; undefined for anything else. */
export function challengeOutcome(body: unknown): "complete" | "fail" | undefined {
  const outcome = new Map<string, unknown>(Object.entries(body ?? {})).get("outcome");
  return outcome === "complete" || outcome === "fail" ? outcome : undefined;
}

/** What is said after a failed authentication. */
export const CHALLENGE_FAILED =
  "The bank could not confirm that it is you. Try again or use another card.";
