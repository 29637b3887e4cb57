import type { NotificationTarget } from "../../domain/notifications/notification_target.ts";
import type {
  NotificationRecord,
  NotificationRecords,
} from "../ports/notifications/notification_records.ts";
import { PortError } from "../ports/port_error.ts";

/** How long a process may not have heard of a new target, in milliseconds. */
const MAX_AGE_MS = 2_000;
const MAX_ATTEMPTS = 20;
const HOST = "host:";
/** The targets are one record: there are few, and everybody reads all of them. */
const ALL = "all";

/** A target in JSON. */
type Stored = Omit<NotificationTarget, "createdAt"> & { readonly createdAt: string };

/** Who is told, as this process knows. */
export class NotificationTargets {
  readonly #records: NotificationRecords;
  #known: { readonly targets: readonly NotificationTarget[]; readonly readMs: number } | undefined;

  constructor(ports: { notificationRecords: NotificationRecords }) {
    this.#records = ports.notificationRecords;
  }

  /** All targets, as they were two seconds ago or later. @throws {PortError} */
  async recent(): Promise<readonly NotificationTarget[]> {
    const known = this.#known;
    return known !== undefined && performance.now() - known.readMs < MAX_AGE_MS
      ? known.targets
      : await this.all();
  }

  /** All targets. @throws {PortError} */
  async all(): Promise<readonly NotificationTarget[]> {
    const readMs = performance.now();
    const { targets } = await this.#read();
    this.#known = { targets, readMs };
    return targets;
  }

  /**
   * Changes a target, or adds it.
   *
   * @param change `undefined` leaves it as it is
   * @returns what is stored then; `undefined` if there is none
   * @throws {PortError}
   */
  async change(
    id: string,
    change: (target: NotificationTarget | undefined) => NotificationTarget | undefined,
  ): Promise<NotificationTarget | undefined> {
    const targets = await this.#changeAll((before) => {
      const changed = change(before.find((target) => target.id === id));
      const others = before.filter((target) => target.id !== id);
      return changed === undefined ? undefined : [...others, changed];
    });
    return targets.find((target) => target.id === id);
  }

  /** Removes a target; false if there is none. @throws {PortError} */
  async remove(id: string): Promise<boolean> {
    let isRemoved = false;
    await this.#changeAll((before) => {
      isRemoved = before.some((target) => target.id === id);
      return isRemoved ? before.filter((target) => target.id !== id) : undefined;
    });
    return isRemoved;
  }

  async #changeAll(
    change: (before: readonly NotificationTarget[]) => readonly NotificationTarget[] | undefined,
  ): Promise<readonly NotificationTarget[]> {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const { version, targets } = await this.#read();
      const changed = change(targets);
      if (changed === undefined) {
        return targets;
      }
      const content = JSON.stringify(changed);
      if (await this.#records.save("targets", { id: ALL, version, content })) {
        this.#known = undefined;
        return changed;
      }
    }
    throw new PortError("Cannot save who is told: too many changes at once", { transient: true });
  }

  async #read(): Promise<{ version: number; targets: readonly NotificationTarget[] }> {
    const record = await this.#records.find("targets", ALL);
    return {
      version: record?.version ?? 0,
      targets: record === undefined ? [] : targetsOf(record),
    };
  }
}

/** The id of the target that a host's handlers are. */
export function hostTargetId(name: string): string {
  return `${HOST}${name}`;
}

/** The name of the handlers that a target is; `undefined` for a webhook endpoint. */
export function hostName(targetId: string): string | undefined {
  return targetId.startsWith(HOST) ? targetId.slice(HOST.length) : undefined;
}

/** Types that only a newer release knows are told by that one. */
function targetsOf({ content }: NotificationRecord): readonly NotificationTarget[] {
  const stored: readonly Stored[] = JSON.parse(content);
  return stored.map((target) => ({ ...target, createdAt: new Date(target.createdAt) }));
}
