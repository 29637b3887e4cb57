import { closeSync, fsyncSync, openSync } from "node:fs";

/**
 * Waits until the disk has a file. Whoever is measured next would otherwise wait for it, by the first
 * checkpoint of a database: 1.4 GB took a second, and 140 ms of CPU time.
 */
export function reachDisk(path: string): void {
  const file = openSync(path, "r+");
  fsyncSync(file);
  closeSync(file);
}
