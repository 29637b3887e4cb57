import type { Environment } from "../../src/kit/settings.ts";
import type { Table } from "./table.ts";
import { FLOOD_TABLE } from "./tables/floods.ts";
import { injectionTable } from "./tables/injection.ts";
import { JWT_TABLE } from "./tables/jwt.ts";
import { MATRIX_TABLE } from "./tables/matrix.ts";
import { REDIRECT_TABLE } from "./tables/redirects.ts";
import { SHUTDOWN_TABLE } from "./tables/shutdown.ts";
import { SIGNATURE_TABLE } from "./tables/signatures.ts";
import { SOCKET_TABLE } from "./tables/sockets.ts";

/** All tables; the database's settings are asked for when its turn has come. */
export function attackTables(emptyMongodb: () => Promise<Environment>): readonly Table[] {
  return [
    JWT_TABLE,
    MATRIX_TABLE,
    injectionTable("SQLite", async () => ({})),
    injectionTable("MongoDB", emptyMongodb),
    REDIRECT_TABLE,
    SIGNATURE_TABLE,
    FLOOD_TABLE,
    SOCKET_TABLE,
    SHUTDOWN_TABLE,
  ];
}
