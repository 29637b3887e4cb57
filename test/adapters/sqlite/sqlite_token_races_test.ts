import { describeTokenRaces } from "../../application/tokens/token_races.ts";
import { sqliteInFile } from "../../contracts/opened_sqlite.ts";

describeTokenRaces("SQLite with two connections", sqliteInFile);
