import {
  type DynamicModule,
  Inject,
  type InjectionToken,
  Module,
  type ModuleMetadata,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
  type OptionalFactoryDependency,
  type Provider,
} from "@nestjs/common";
import { HttpAdapterHost } from "@nestjs/core";
import { BILLING, BILLING_OPTIONS, type BillingModuleOptions } from "./billing_options.ts";

export { ChecksLimit, ConsumesEmails, Granted, SpendsTokens } from "./billing_decorators.ts";

export {
  BILLING,
  BILLING_OPTIONS,
  type BillingModuleOptions,
  type NestBilling,
  type NestRequest,
} from "./billing_options.ts";

/** Options that come from other providers. */
export interface BillingModuleAsyncOptions extends Pick<ModuleMetadata, "imports"> {
  readonly inject?: (InjectionToken | OptionalFactoryDependency)[];
  useFactory(...dependencies: never[]): BillingModuleOptions | Promise<BillingModuleOptions>;
}

/**
 * Billing in a NestJS application: the decorators' guards, the routes, the workers, and the end of
 * all of it with the application's (`enableShutdownHooks`).
 */
export class BillingModule implements OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown {
  readonly #options: BillingModuleOptions;
  readonly #host: HttpAdapterHost;

  constructor(options: BillingModuleOptions, host: HttpAdapterHost) {
    this.#options = options;
    this.#host = host;
  }

  /** With options that are at hand. */
  static forRoot(options: BillingModuleOptions): DynamicModule {
    return moduleWith([{ provide: BILLING_OPTIONS, useValue: options }]);
  }

  /** With options that other providers have to make first. */
  static forRootAsync({ imports = [], inject = [], useFactory }: BillingModuleAsyncOptions) {
    return moduleWith([{ provide: BILLING_OPTIONS, inject, useFactory }], imports);
  }

  /** Mounts the routes, before what answers 404. */
  onModuleInit(): void {
    const { router } = this.#options;
    if (router !== undefined) {
      this.#host.httpAdapter.use("/billing", router);
    }
  }

  onApplicationBootstrap(): void {
    const { billing, workers } = this.#options;
    if (workers !== undefined) {
      billing.startWorkers?.(workers);
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#options.billing.close();
  }
}

function moduleWith(
  providers: Provider[],
  imports: NonNullable<ModuleMetadata["imports"]> = [],
): DynamicModule {
  const billing: Provider = {
    provide: BILLING,
    inject: [BILLING_OPTIONS],
    useFactory: (options: BillingModuleOptions) => options.billing,
  };
  return {
    module: BillingModule,
    global: true,
    imports,
    providers: [...providers, billing],
    exports: [BILLING, BILLING_OPTIONS],
  };
}

Module({})(BillingModule);
Inject(BILLING_OPTIONS)(BillingModule, undefined, 0);
Inject(HttpAdapterHost)(BillingModule, undefined, 1);
