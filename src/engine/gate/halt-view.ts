import { type Halt, haltKind, haltLabel, maxHalts } from "../../core/gate/halt.ts";
import { projectKindOf } from "../../core/oversight/person.ts";
import { type NamedPerformer, namedPerson, readPeople } from "../oversight/people-view.ts";
import type { Reader } from "../ports/store.ts";

export interface HaltView {
  readonly id: string;
  readonly scope: Halt["scope"];
  readonly scopeId: string;
  /** What is halted, for people. */
  readonly label: string;
  readonly state: Halt["state"];
  readonly reason: string;
  readonly setBy: NamedPerformer;
  readonly setAtMs: number;
  readonly liftedBy: NamedPerformer | null;
  readonly liftedAtMs: number | null;
}

export interface HaltListView {
  readonly schema: "xvc.halts/1";
  readonly items: readonly HaltView[];
  readonly maySet: boolean;
  readonly mayLift: boolean;
}

/** Halts that are set or being lifted, the newest first; with `all`, also the latest of those that were. */
export async function haltListView(
  reader: Reader,
  { viewerId, all }: { readonly viewerId: string; readonly all: boolean },
): Promise<HaltListView> {
  const [halts, people] = await Promise.all([
    reader.find(haltKind, { ...(all ? {} : { where: { state: ["set", "lifting"] } }), newestFirst: true, limit: maxHalts * 2 }),
    readPeople(reader),
  ]);
  const projects = await reader.getMany(
    projectKindOf,
    halts.flatMap((halt) => (halt.scope === "project" ? [halt.scopeId] : [])),
  );
  const keys = new Map(projects.map((project) => [project.id, project.key]));
  const roles = people.get(viewerId)?.roles ?? [];
  return {
    schema: "xvc.halts/1",
    items: halts.map((halt) => ({
      id: halt.id,
      scope: halt.scope,
      scopeId: halt.scopeId,
      label: haltLabel({ scope: halt.scope, scopeId: keys.get(halt.scopeId) ?? halt.scopeId }),
      state: halt.state,
      reason: halt.reason,
      setBy: namedPerson(people, halt.setBy),
      setAtMs: halt.setAtMs,
      liftedBy: halt.liftedBy === null ? null : namedPerson(people, halt.liftedBy),
      liftedAtMs: halt.liftedAtMs,
    })),
    maySet: roles.some((role) => role !== "agent" && role !== "auditor"),
    mayLift: roles.includes("administrator") || roles.includes("director"),
  };
}
