import type { Setting } from "../kit/setting.ts";
import { BILLING_SETTINGS } from "./billing_settings.ts";
import { SETTINGS_BY_SUBJECT } from "./service_settings.ts";

const INTRODUCTION = `# Settings

All settings are environment variables; an empty one counts as unset. In development, every setting has a default. With \`NODE_ENV=production\`, the service refuses to start without real settings and lists all problems at once. A live Stripe key means production, too. \`NODE_ENV\` may only be \`production\`, \`development\` or \`test\`.

Every secret can come from a file: \`AUTH_JWT_SECRET_FILE=/run/secrets/jwt\` names the file with the value of \`AUTH_JWT_SECRET\`.

In code, names are in camel case: \`GRACE_DAYS\` is \`graceDays\`. Settings marked \u2020 are also settings of [\`createBilling\`](embedding.md), under that name.

\`npm run docs\` writes this page from the declarations in \`src/composition\`.
`;

/** The documentation of all settings, as Markdown. */
export function settingsDocument(): string {
  const parts = Object.entries(SETTINGS_BY_SUBJECT).map(
    ([subject, settings]) => `\n## ${subject}\n\n${tableOf(settings)}`,
  );
  return [INTRODUCTION, ...parts].join("");
}

function tableOf(settings: Readonly<Record<string, Setting<unknown>>>): string {
  const rows = Object.entries(settings).map(([variable, setting]) => {
    const mark = Object.hasOwn(BILLING_SETTINGS, variable) ? " \u2020" : "";
    return `| \`${variable}\`${mark} | ${defaultOf(setting)} | ${setting.possible} | ${setting.meaning} |\n`;
  });
  return `| name | default | may be | meaning |\n|---|---|---|---|\n${rows.join("")}`;
}

function defaultOf(setting: Setting<unknown>): string {
  const { default: value, productionDefault, defaultText } = setting;
  const production =
    productionDefault === value ? "" : `; in production ${shown(productionDefault)}`;
  return defaultText ?? `${shown(value)}${production}`;
}

function shown(value: unknown): string {
  return typeof value === "number" ? String(value) : `\`${String(value)}\``;
}
