import type { Endpoint, EndpointOptions } from "../endpoint.ts";
import { checkLimitEndpoint } from "./check_limit_endpoint.ts";
import { consumeEmailsEndpoint } from "./consume_emails_endpoint.ts";
import { emailPeriodsEndpoint } from "./email_periods_endpoint.ts";
import { releaseEmailsEndpoint } from "./release_emails_endpoint.ts";

/** The routes of the e-mail quota and of countable limits. */
export function quotaEndpoints({ billing }: EndpointOptions): readonly Endpoint[] {
  return [
    consumeEmailsEndpoint(billing),
    releaseEmailsEndpoint(billing),
    checkLimitEndpoint(billing),
    emailPeriodsEndpoint(billing),
  ];
}
