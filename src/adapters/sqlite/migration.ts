/** A migration of the schema. */
export interface Migration {
  /**
   * 1, 2, 3 and so on, without gaps. The database stores the last one applied in `user_version`.
   */
  readonly version: number;
  /** Statements that migrate from the previous version. */
  readonly sql: string;
}
