/** What every stored row has. `version` starts at 1 and grows by one with each change. */
export interface Entity {
  readonly id: string;
  readonly version: number;
  /** How many events the entity's stream holds; gap-free. */
  readonly eventCount: number;
}

/** Names a state table and ties it to the type of its rows. */
export interface EntityKind<Row extends Entity> {
  readonly name: string;
  /** Project rows carry both keys; organization rows (people, personas, playbooks, projects) only the first. */
  readonly scope: "project" | "organization";
  /** Type carrier only; never set. */
  readonly row?: Row;
}

export const projectKind = <Row extends Entity>(name: string): EntityKind<Row> => ({ name, scope: "project" });
export const organizationKind = <Row extends Entity>(name: string): EntityKind<Row> => ({ name, scope: "organization" });
