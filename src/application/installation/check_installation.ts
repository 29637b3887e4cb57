import type { CatalogDefinition } from "../../domain/catalog/catalog.ts";
import type { PaperworkSettings } from "../../domain/catalog/paperwork.ts";
import { MARK } from "../../domain/tokens/ledger_head.ts";
import type { SyncCatalog } from "../catalog/sync_catalog.ts";
import type { AttentionStore } from "../ports/attention/attention_store.ts";
import type { BillingStore } from "../ports/billing_store.ts";
import type { OtherClocks } from "../ports/clock.ts";
import { PortError } from "../ports/port_error.ts";
import type { ProviderInspection } from "../ports/provider_inspection.ts";
import type { LedgerHeadStore } from "../ports/tokens/ledger_head_store.ts";
import { type Finding, ok, problem } from "./finding.ts";
import {
  judgeAttention,
  judgeClock,
  judgeIndexes,
  judgeLedgerKeys,
} from "./installation_findings.ts";
import {
  type DeploymentMode,
  judgeApiVersion,
  judgeKey,
  judgeMode,
  judgePermissions,
} from "./key_findings.ts";
import type { MeasureClock } from "./measure_clock.ts";
import { judgeCatalog, judgeEndpoint } from "./publication_findings.ts";
import { judgeSecrets } from "./secret_findings.ts";
import type { SyncWebhookEndpoint } from "./sync_webhook_endpoint.ts";
import { judgeTax, taxedOffers } from "./tax_findings.ts";

const REACH_STRIPE =
  "Let this machine reach Stripe's API with a valid STRIPE_SECRET_KEY, then run doctor again";
const REPAIR = "Repair what the message names, then run doctor again";
const REACH_DATABASE =
  "Make the database of MONGODB_URL or SQLITE_PATH reachable, then run doctor again";

/** What the checks look at. */
export interface InstallationDependencies {
  readonly inspection: ProviderInspection;
  readonly store: Pick<BillingStore, "catalog" | "missingIndexes"> & {
    readonly attention: Pick<AttentionStore, "countOpen">;
    readonly ledgerHeads: Pick<LedgerHeadStore, "read">;
  };
  readonly syncCatalog: SyncCatalog;
  readonly syncWebhookEndpoint: SyncWebhookEndpoint;
  /** Reads the plans file. Throws `PortError` if it cannot be read. */
  readonly readDefinition: () => Promise<CatalogDefinition>;
  readonly measureClock: MeasureClock;
  /** The clocks that it compares with ours. */
  readonly otherClocks: OtherClocks;
}

/** The settings that are checked. */
export interface InstallationSettings extends DeploymentMode {
  /** The Stripe API version that this release reads. */
  readonly apiVersion: string;
  /** The webhook endpoint's URL; `null` if it is not known. */
  readonly webhookUrl: string | null;
  readonly webhookSecrets: readonly string[];
  /** Ids of the keys that seal the token ledgers. */
  readonly ledgerKeyIds: readonly string[];
  /** Which plans and packs have their tax computed. */
  readonly paperwork: PaperworkSettings;
  /** How far a webhook's time stamp may differ from our clock, in seconds. */
  readonly toleranceSeconds: number;
}

/** Checks what an installation depends on, and says how to repair it. Changes nothing. */
export class CheckInstallation {
  readonly #dependencies: InstallationDependencies;
  readonly #settings: InstallationSettings;

  constructor(dependencies: InstallationDependencies, settings: InstallationSettings) {
    this.#dependencies = dependencies;
    this.#settings = settings;
  }

  /**
   * Returns all findings, always in the same order. A check that fails is a finding and stops no
   * other.
   */
  async execute(): Promise<readonly Finding[]> {
    const { webhookSecrets, sandbox } = this.#settings;
    const groups = await Promise.all([
      attempt(["key", "mode", "api_version"], REACH_STRIPE, () => this.#provider()),
      this.#clock(),
      attempt(["permissions"], REACH_STRIPE, () => this.#permissions()),
      attempt(["webhook_endpoint"], REACH_STRIPE, () => this.#endpoint()),
      judgeSecrets(webhookSecrets, sandbox),
      attempt(["database"], REACH_DATABASE, () => this.#database()),
      attempt(["indexes"], REACH_DATABASE, () => this.#indexes()),
      attempt(["catalog", "portal"], REPAIR, () => this.#catalog()),
      attempt(["tax"], REPAIR, () => this.#tax()),
      attempt(["ledger_keys"], REACH_DATABASE, () => this.#ledgerKeys()),
      attempt(["attention"], REACH_DATABASE, () => this.#attention()),
    ]);
    return groups.flat();
  }

  async #provider(): Promise<readonly Finding[]> {
    const { apiVersion } = this.#settings;
    const facts = await this.#dependencies.inspection.inspect();
    return [
      judgeKey(facts),
      judgeMode(this.#settings, facts.livemode),
      judgeApiVersion(facts, apiVersion),
    ];
  }

  async #clock(): Promise<readonly Finding[]> {
    const { measureClock, otherClocks } = this.#dependencies;
    const asked = Object.keys(otherClocks) as (keyof OtherClocks)[];
    const state = await measureClock.execute();
    return [judgeClock(state, { asked, toleranceSeconds: this.#settings.toleranceSeconds })];
  }

  async #permissions(): Promise<readonly Finding[]> {
    return [judgePermissions(await this.#dependencies.inspection.missingPermissions())];
  }

  async #endpoint(): Promise<readonly Finding[]> {
    const { webhookUrl: url } = this.#settings;
    if (url === null) {
      return [judgeEndpoint(null, this.#settings)];
    }
    const command = { url, dryRun: true, keepSecret: null };
    const { plan } = await this.#dependencies.syncWebhookEndpoint.execute(command);
    return [judgeEndpoint({ url, plan }, this.#settings)];
  }

  async #database(): Promise<readonly Finding[]> {
    await this.#dependencies.store.catalog.read();
    return [ok("database", "The database answers")];
  }

  async #indexes(): Promise<readonly Finding[]> {
    return [judgeIndexes(await this.#dependencies.store.missingIndexes())];
  }

  async #ledgerKeys(): Promise<readonly Finding[]> {
    const mark = await this.#dependencies.store.ledgerHeads.read(MARK);
    return [judgeLedgerKeys(this.#settings.ledgerKeyIds, mark?.keyId ?? null)];
  }

  async #attention(): Promise<readonly Finding[]> {
    return [judgeAttention(await this.#dependencies.store.attention.countOpen())];
  }

  async #tax(): Promise<readonly Finding[]> {
    const { inspection, store } = this.#dependencies;
    const { paperwork, sandbox } = this.#settings;
    const offers = taxedOffers((await store.catalog.read()) ?? { plans: [], packs: [] }, paperwork);
    const isComputed = offers.count > 0 && !sandbox;
    return [judgeTax(isComputed ? await inspection.taxSetup() : null, offers)];
  }

  async #catalog(): Promise<readonly Finding[]> {
    const definition = await this.#dependencies.readDefinition();
    const outcome = await this.#dependencies.syncCatalog.execute(definition, { dryRun: true });
    if (outcome.type === "invalid") {
      throw new PortError(outcome.problems.join("; "), { transient: false });
    }
    return judgeCatalog(outcome.changes);
  }
}

/** Runs a check. If it fails, that is a problem of each kind that it would have reported. */
async function attempt(
  checks: readonly string[],
  fix: string,
  look: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof PortError) {
      return checks.map((check) => problem(check, `Cannot be checked: ${error.message}`, fix));
    }
    throw error;
  }
}
