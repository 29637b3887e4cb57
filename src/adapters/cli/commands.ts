import type { AttentionUseCases } from "./attention_commands.ts";
import type { AuditUseCases } from "./audit_commands.ts";
import type { DoctorCommands } from "./doctor_command.ts";
import type { EventUseCases } from "./event_commands.ts";
import type { LedgerUseCases } from "./ledger_commands.ts";
import type { PlanCommands } from "./plan_commands.ts";
import type { ReconcileUseCases } from "./reconcile_command.ts";
import type { StoreCommands } from "./store_commands.ts";
import type { TenantUseCases } from "./tenant_commands.ts";
import type { WebhookUseCases } from "./webhook_commands.ts";

/** The use cases that commands work with. */
export type OperatorUseCases = AttentionUseCases &
  AuditUseCases &
  EventUseCases &
  LedgerUseCases &
  ReconcileUseCases &
  TenantUseCases &
  WebhookUseCases;

/** What the commands call. */
export interface Commands extends PlanCommands, StoreCommands, DoctorCommands {
  /** Opens the store, does the work and closes the store. */
  withBilling<T>(work: (billing: OperatorUseCases) => Promise<T>): Promise<T>;
  /** The operating system's name for the user who runs the command. */
  readonly operator: string;
  /** Runs the service until it is told to stop. */
  serve(): Promise<void>;
}
