/** Who caused a command: a signed-in person, a persona through its executor, or the engine itself. */
export interface Actor {
  readonly kind: "person" | "persona" | "system";
  /** Person id, persona id, or the name of the engine's part (`sweeper`, `worker`). */
  readonly id: string;
}
