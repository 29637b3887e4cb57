/** One step of the schema. */
export interface Migration {
  /** 1, 2, 3 ... without gaps. The database keeps the last one applied in `user_version`. */
  readonly version: number;
  /** Statements that lead here from the version before. */
  readonly sql: string;
}
