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
    body: html`<section class="card">
<p><span class="badge info">Sandbox bank</span></p>
<h1>3-D Secure</h1>
<p>Your bank wants to know that it is you: ${purpose}</p>
<p class="soft">A real bank would ask for a password or its app. Here you decide what it finds.</p>
<form method="post" action="${action}" class="actions">
<button name="outcome" value="complete">Complete authentication</button>
<button class="quiet" name="outcome" value="fail">Fail authentication</button>
</form>
</section>`,
  };
}

/** What was answered on the page; undefined for anything else. */
export function challengeOutcome(body: unknown): "complete" | "fail" | undefined {
  const outcome = new Map<string, unknown>(Object.entries(body ?? {})).get("outcome");
  return outcome === "complete" || outcome === "fail" ? outcome : undefined;
}
