import { type Finding, ok, problem, warning } from "./finding.ts";

const CHECK = "webhook_secrets";
/** Stripe's have 32 characters and more after their prefix. */
const MIN_CHARACTERS = 32;
const FORM = /^whsec_[A-Za-z0-9+/=_-]+$/;
/** How the sandbox's secrets begin. */
const OF_SANDBOX = "whsec_sandbox";
const REVEAL = "copy the endpoint's signing secret from Stripe's dashboard again";

/**
 * Whether the signing secrets can be Stripe's. Names a secret only by its place in the list.
 *
 * @param sandbox whether the sandbox takes Stripe's place, which makes secrets of its own
 */
export function judgeSecrets(secrets: readonly string[], sandbox: boolean): readonly Finding[] {
  if (sandbox) {
    return [ok(CHECK, "The service agrees on one with the sandbox when it starts")];
  }
  const found = secrets.flatMap((secret, index) => {
    const first = secrets.indexOf(secret);
    const name = `Secret ${index + 1} of STRIPE_WEBHOOK_SECRETS`;
    if (first < index) {
      return warning(CHECK, `${name} is the same as secret ${first + 1}`, "Remove one of them");
    }
    return fault(secret, name) ?? [];
  });
  return found.length > 0 ? found : [ok(CHECK, `${secrets.length} in use, all well-formed`)];
}

function fault(secret: string, name: string): Finding | undefined {
  const setting = "In STRIPE_WEBHOOK_SECRETS,";
  if (secret.startsWith(OF_SANDBOX)) {
    return problem(CHECK, `${name} is one of the sandbox's`, `${setting} ${REVEAL}`);
  }
  if (!FORM.test(secret)) {
    return problem(
      CHECK,
      `${name} has characters that no secret of Stripe's has`,
      `${setting} ${REVEAL}`,
    );
  }
  return secret.length - "whsec_".length < MIN_CHARACTERS
    ? problem(CHECK, `${name} is too short to be complete`, `${setting} ${REVEAL}`)
    : undefined;
}
