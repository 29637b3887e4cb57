import { inTime, SessionAnswerError } from "./api.js";
import { chooseLocale, I18n } from "./i18n.js";
import { MailingcoreBilling } from "./mailingcore_billing.js";

/**
 * Shows the standalone page: asks who is signed in and shows their tenant's billing. Keeps the
 * token in memory.
 */
async function showPage() {
  const root = document.documentElement;
  const { sessionUrl, development } = root.dataset;
  root.lang = chooseLocale(navigator.languages);
  document.title = new I18n(root.lang).t("title");
  const element = new MailingcoreBilling();
  element.development = development !== undefined;
  document.querySelector("main")?.append(element);
  const ask = async () => {
    const session = sessionUrl === undefined ? null : await inTime(askSession(sessionUrl));
    if (session !== null) {
      element.setAttribute("tenant-id", session.tenantId);
    }
    return session;
  };
  /** @type {Promise<Session | null> | null} */
  let first = ask();
  await first.catch(() => null);
  element.getToken = async () => {
    const answer = first ?? ask();
    first = null;
    return (await answer)?.token ?? null;
  };
}

/** @typedef {{ token: string, tenantId: string }} Session */

/** The statuses that say that nobody is signed in. */
const NOBODY = [204, 401, 403];

/**
 * @param {string} url
 * @returns {Promise<Session | null>} `null`: nobody is signed in
 * @throws {SessionAnswerError}
 */
async function askSession(url) {
  const response = await fetch(url, { method: "POST", credentials: "include", cache: "no-store" });
  const { status } = response;
  if (NOBODY.includes(status)) {
    return null;
  }
  const { token, tenantId } = status === 200 ? await response.json().catch(() => ({})) : {};
  if (typeof token !== "string" || typeof tenantId !== "string") {
    throw new SessionAnswerError("DASHBOARD_SESSION_URL", status);
  }
  return { token, tenantId };
}

showPage();
