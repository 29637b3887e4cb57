import type { Browser } from "playwright-core";
import { startBilling } from "../rig/started_billing.ts";
import { useMany, useShared } from "../rig/use_fresh.ts";
import { type HostDashboard, startHostDashboard } from "./host_dashboard.ts";
import { openWatchedPage, type WatchedPage } from "./watched_page.ts";

const ELEMENT = 'const element = document.querySelector("mailingcore-billing");';

/** What a dashboard of another origin does with the page's element; has to be called in a suite. */
export function useElement(browser: () => Browser) {
  const host = useShared(startHostDashboard);
  const billing = useShared(() => startBilling({ ALLOWED_REDIRECT_ORIGINS: host.origin }));
  const openPage = useMany(() => openWatchedPage(browser()));

  function goodToken(): string {
    return billing.service.welcome?.token ?? "";
  }

  /** Opens a dashboard whose script has the `element`, and `tokens`: a good one by default. */
  async function open(
    script: string,
    { tokens = [goodToken()], where = host }: { tokens?: string[]; where?: HostDashboard } = {},
  ): Promise<WatchedPage> {
    const watched = await openPage();
    const tokenList = `window.tokens = ${JSON.stringify(tokens)};`;
    where.show({ script: `${tokenList}${ELEMENT}${script}`, serviceUrl: billing.service.url });
    await watched.page.goto(where.origin);
    return watched;
  }

  return { host, billing, goodToken, open };
}
