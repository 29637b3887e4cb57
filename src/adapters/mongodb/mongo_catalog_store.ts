import { type Model, Schema } from "mongoose";
import type { CatalogStore } from "../../application/ports/catalog/catalog_store.ts";
import {
  type Catalog,
  INTERVALS,
  type Plan,
  type PlanPrice,
  type TokenPack,
} from "../../domain/catalog/catalog.ts";
import {
  type OwnPaperwork,
  PAPERWORK_FIELDS,
  TAX_BEHAVIORS,
  type TaxBehavior,
} from "../../domain/catalog/paperwork.ts";
import { countableLimits } from "../../domain/catalog/plan_limits.ts";
import { COLLECTIONS } from "./collections.ts";
import { isDuplicateKey } from "./duplicate_key.ts";
import type { MongoDatabase } from "./mongo_database.ts";
import { StoredDocument } from "./stored_document.ts";
import { storedValue } from "./stored_value.ts";

/** `_id` of the only document. */
const CURRENT = "current";

interface CatalogDocument extends Catalog {
  readonly _id: string;
  /** Another one with each save; missing in documents of version 0.1.0. */
  readonly stamp?: string;
}

const SCHEMA = new Schema<CatalogDocument>(
  {
    _id: String,
    revision: Number,
    stamp: String,
    plans: [Schema.Types.Mixed],
    packs: [Schema.Types.Mixed],
    portalConfigurationId: String,
    planChangeConfigurationId: String,
  },
  { collection: COLLECTIONS.catalog, versionKey: false, strict: "throw" },
);

/** Keeps the catalogue in MongoDB, in one document; reads only its stamp while that is the same. */
export class MongoCatalogStore implements CatalogStore {
  readonly #database: MongoDatabase;
  readonly #catalogs: Model<CatalogDocument>;
  #latest: { readonly stamp: string | undefined; readonly catalog: Catalog } | undefined;

  constructor(database: MongoDatabase) {
    this.#database = database;
    this.#catalogs = database.connection.model<CatalogDocument>("Catalog", SCHEMA);
  }

  /** {@inheritDoc} */
  read(): Promise<Catalog | undefined> {
    return this.#database.attempt("read the catalogue", async () => {
      const latest = this.#latest;
      if (latest?.stamp !== undefined && (await this.#stamp()) === latest.stamp) {
        return latest.catalog;
      }
      const found = await this.#catalogs.findOne({ _id: CURRENT }).lean();
      this.#latest = found ? { stamp: found.stamp, catalog: decodeCatalog(found) } : undefined;
      return this.#latest?.catalog;
    });
  }

  async #stamp(): Promise<string | undefined> {
    const found = await this.#catalogs.findOne({ _id: CURRENT }, { stamp: 1 }).lean();
    return found?.stamp;
  }

  /** {@inheritDoc} */
  save(catalog: Catalog): Promise<"saved" | "conflict"> {
    return this.#database.attempt("save the catalogue", async () => {
      const collection = this.#database.collection<CatalogDocument>(COLLECTIONS.catalog);
      const { revision } = catalog;
      const { _id, ...content } = encodeCatalog(catalog, revision + 1);
      const limit = this.#database.serverLimit;
      try {
        if (revision === 0) {
          await collection.insertOne({ _id, ...content }, limit);
          return "saved";
        }
        const stale = { _id, revision };
        const { matchedCount } = await collection.replaceOne(stale, content, limit);
        return matchedCount === 1 ? "saved" : "conflict";
      } catch (error) {
        // Only `_id` has a unique index in this collection.
        if (isDuplicateKey(error)) {
          return "conflict";
        }
        throw error;
      }
    });
  }
}

/** Returns the document of a catalogue at the given revision. */
export function encodeCatalog(
  { revision: _, ...content }: Catalog,
  revision: number,
): CatalogDocument {
  return { _id: CURRENT, ...storedValue({ revision, stamp: crypto.randomUUID(), ...content }) };
}

function decodeCatalog(found: unknown): Catalog {
  const document = new StoredDocument(found, `the document in ${COLLECTIONS.catalog}`);
  const portalConfigurationId = document.text("portalConfigurationId");
  return {
    revision: document.integer("revision"),
    plans: document.parts("plans", decodePlan),
    packs: document.partsOrNone("packs", decodePack),
    portalConfigurationId,
    // Version 0.1.0 had a single configuration for everything.
    planChangeConfigurationId:
      document.textOrNull("planChangeConfigurationId") ?? portalConfigurationId,
  };
}

function decodePlan(part: StoredDocument): Plan {
  const trialDays = part.integerOrNull("trialDays");
  return {
    slug: part.text("slug"),
    name: part.text("name"),
    rank: part.integer("rank"),
    active: part.flag("active"),
    monthlyEmailLimit: part.integerOrNull("monthlyEmailLimit"),
    tokensIncludedMonth: part.integer("tokensIncludedMonth"),
    ...countableLimits((field) => part.integerOrNull(field)),
    productId: part.textOrNull("productId"),
    prices: part.parts("prices", decodePrice),
    ...(trialDays !== null && { trialDays }),
    ...decodePaperwork(part),
  };
}

function decodePack(part: StoredDocument): TokenPack {
  const invoice = part.flagOrNull("invoice");
  return {
    slug: part.text("slug"),
    name: part.text("name"),
    active: part.flag("active"),
    tokens: part.integer("tokens"),
    amount: part.integer("amount"),
    currency: part.text("currency"),
    productId: part.text("productId"),
    priceId: part.text("priceId"),
    ...decodeTax(part),
    ...decodePaperwork(part),
    ...(invoice !== null && { invoice }),
  };
}

function decodePrice(part: StoredDocument): PlanPrice {
  return {
    interval: part.oneOf("interval", INTERVALS),
    amount: part.integer("amount"),
    currency: part.text("currency"),
    priceId: part.text("priceId"),
    ...decodeTax(part),
  };
}

function decodeTax(part: StoredDocument): { readonly taxBehavior?: TaxBehavior } {
  return part.textOrNull("taxBehavior") === null
    ? {}
    : { taxBehavior: part.oneOf("taxBehavior", TAX_BEHAVIORS) };
}

function decodePaperwork(part: StoredDocument): OwnPaperwork {
  const own = PAPERWORK_FIELDS.map((field) => [field, part.flagOrNull(field)] as const);
  return Object.fromEntries(own.filter(([, value]) => value !== null));
}
