import type { Stripe } from "stripe";
import { defaultConfiguration } from "../engine/portal.ts";
import { invalidRequest, resourceMissing } from "../engine/request_error.ts";
import { emit, emitChange, type Transaction } from "../engine/transaction.ts";
import { newId } from "../state/ids.ts";
import type { WirePortalConfiguration } from "../state/wire.ts";
import { matches, newestFirst, PAGE, page } from "./listing.ts";
import {
  clearable,
  flag,
  given,
  hash,
  mergeMetadata,
  metadata,
  required,
  type ShapeOf,
  text,
  url,
} from "./params.ts";
import { applyFeatures, FEATURES, noFeatures } from "./portal_features.ts";
import { type Route, route } from "./route.ts";

const PATH = "/v1/billing_portal/configurations";

const FIELDS = {
  business_profile: hash({
    headline: clearable(text),
    privacy_policy_url: url,
    terms_of_service_url: url,
  }),
  default_return_url: clearable(url),
  metadata,
  name: clearable(text),
};

export const portalConfigurationRoutes: Route[] = [
  route("POST", PATH, {
    params: {
      ...FIELDS,
      features: required(hash(FEATURES)),
    } satisfies ShapeOf<Stripe.BillingPortal.ConfigurationCreateParams>,
    returns: "billing_portal.configuration",
    handle: ({ tx, params }) => {
      const configuration: WirePortalConfiguration = {
        id: newId("bpc"),
        object: "billing_portal.configuration",
        active: true,
        application: null,
        business_profile: {
          headline: params.business_profile?.headline ?? null,
          privacy_policy_url: params.business_profile?.privacy_policy_url ?? null,
          terms_of_service_url: params.business_profile?.terms_of_service_url ?? null,
        },
        created: tx.now,
        default_return_url: params.default_return_url ?? null,
        features: noFeatures(),
        is_default: defaultConfiguration(tx) === undefined,
        livemode: false,
        login_page: { enabled: false, url: null },
        metadata: mergeMetadata({}, params.metadata),
        name: params.name ?? null,
        updated: tx.now,
      };
      applyFeatures(configuration.features, params.features);
      tx.state.portalConfigurations.set(configuration.id, configuration);
      emit(tx, "billing_portal.configuration.created", configuration);
      return configuration;
    },
  }),
  route("GET", `${PATH}/:id`, {
    params: {},
    returns: "billing_portal.configuration",
    handle: ({ tx, id }) => configurationOf(tx, id),
  }),
  route("POST", `${PATH}/:id`, {
    params: {
      ...FIELDS,
      active: flag,
      features: hash(FEATURES),
    } satisfies ShapeOf<Stripe.BillingPortal.ConfigurationUpdateParams>,
    returns: "billing_portal.configuration",
    handle: ({ tx, id, params }) => {
      const { business_profile: profile, features, metadata: change, ...fields } = params;
      const configuration = configurationOf(tx, id);
      if (configuration.is_default && fields.active === false) {
        throw invalidRequest("You cannot deactivate the default configuration.", "active");
      }
      emitChange(tx, "billing_portal.configuration.updated", configuration, (updated) => {
        Object.assign(updated, given(fields));
        Object.assign(updated.business_profile, given(profile ?? {}));
        updated.metadata = mergeMetadata(updated.metadata ?? {}, change);
        updated.updated = tx.now;
        if (features !== undefined) {
          applyFeatures(updated.features, features);
        }
      });
      return configuration;
    },
  }),
  route("GET", PATH, {
    params: {
      ...PAGE,
      active: flag,
      is_default: flag,
    } satisfies ShapeOf<Stripe.BillingPortal.ConfigurationListParams>,
    returns: "list:billing_portal.configuration",
    handle: ({ tx, params }) => {
      const found = newestFirst(
        tx.state.portalConfigurations,
        (configuration) =>
          matches(params.active, configuration.active) &&
          matches(params.is_default, configuration.is_default),
      );
      return page(PATH, found, params);
    },
  }),
];

function configurationOf(tx: Transaction, id: string): WirePortalConfiguration {
  const configuration = tx.state.portalConfigurations.get(id);
  if (configuration === undefined) {
    throw resourceMissing("configuration", id);
  }
  return configuration;
}
