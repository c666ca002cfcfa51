import { taskKind, type TaskState } from "../../core/execution/task.ts";
import { fewestMeasured, type Interval, shareInterval } from "../../core/shared/intervals.ts";
import { type Person, type Role } from "../../core/oversight/person.ts";
import { teamKind } from "../../core/oversight/team.ts";
import { type Persona, performerKey, personaKind } from "../../core/personas/persona.ts";
import { readPeople } from "../oversight/people-view.ts";
import type { Reader } from "../ports/store.ts";

export interface LoadView {
  readonly onHand: number;
  readonly running: number;
  readonly held: number;
}

export interface QualityView {
  readonly n: number;
  readonly fewest: number;
  readonly share: number | null;
  readonly interval: Interval | null;
}

/** What was measured of a performer: how much it has, how well it did. */
interface Measured {
  readonly load: LoadView;
  readonly quality: QualityView;
}

export interface PersonStaffView extends Measured {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
}

export interface PersonaStaffView extends Measured {
  readonly key: string;
  readonly division: string;
  readonly version: number;
  readonly worldview: string;
  readonly specializations: readonly string[];
  readonly skills: readonly string[];
  readonly executors: Persona["executors"];
  readonly capacity: number;
}

export interface StaffView {
  readonly schema: "xvc.staff/1";
  readonly people: readonly PersonStaffView[];
  readonly teams: readonly {
    readonly id: string;
    readonly name: string;
    readonly leadId: string | null;
    readonly memberIds: readonly string[];
  }[];
  readonly personas: readonly PersonaStaffView[];
  readonly newest: number;
  readonly days: number;
}

export const qualityDays = 90;
export const newestGates = 20_000;
const dayMs = 86_400_000;
const maxTeams = 200;
/** Personas listed; the library is bounded far below. */
export const maxPersonas = 1_000;

const onHand: readonly TaskState[] = ["ready", "assigned", "running", "in-review", "rework", "blocked", "escalated"];
const held: readonly string[] = ["blocked", "escalated"];

/** How much and how well each performer works, by `performerKey`. Real work only, when the reader's scope is. */
export type StaffMeasures = (performer: string) => Measured;

/** Load from the rows, quality from the events of the last 90 days. Two counting queries. */
export async function readMeasures(reader: Reader, nowMs: number): Promise<StaffMeasures> {
  const tallies = await reader.tally(taskKind, ["performerKey", "state"], { where: { state: onHand } });
  const gates = await reader.measure({
    kinds: ["gate.decided"],
    newest: newestGates,
    fromMs: Math.max(0, nowMs - qualityDays * dayMs),
    toMs: nowMs + 1,
    by: [{ data: "performer" }, { data: "round" }, { data: "verdict" }],
  });
  return (performer) => {
    const mine = tallies.filter(({ values: [who] }) => who === performer);
    const count = (wanted: (state: string) => boolean): number =>
      mine.reduce((sum, { values: [, state = ""], count: found }) => (wanted(state) ? sum + found : sum), 0);
    const first = gates.filter(({ values: [who, round] }) => who === performer && round === "1");
    const n = first.reduce((sum, group) => sum + group.count, 0);
    const passed = first.reduce((sum, group) => (group.values[2] === "pass" ? sum + group.count : sum), 0);
    return {
      load: { onHand: count(() => true), running: count((state) => state === "running"), held: count((state) => held.includes(state)) },
      quality: qualityOf(passed, n),
    };
  };
}

/** A share below the least number of observations is no share. */
export const qualityOf = (passed: number, n: number): QualityView =>
  n < fewestMeasured
    ? { n, fewest: fewestMeasured, share: null, interval: null }
    : { n, fewest: fewestMeasured, share: passed / n, interval: shareInterval(passed, n) };

export const personaStaffView = (persona: Persona, measures: StaffMeasures): PersonaStaffView => ({
  key: persona.key,
  division: persona.division,
  version: persona.personaVersion,
  worldview: persona.worldview,
  specializations: persona.specializations,
  skills: persona.skills,
  executors: persona.executors,
  capacity: persona.capacity,
  ...measures(performerKey({ kind: "persona", id: persona.key })),
});

const personStaffView = ({ id, name, roles }: Person, measures: StaffMeasures): PersonStaffView => ({
  id,
  name,
  roles,
  ...measures(performerKey({ kind: "person", id })),
});

/** Everybody who can do work: active people with their teams, and the library of personas. */
export async function staffView(reader: Reader, nowMs: number): Promise<StaffView> {
  const [people, personas, teams, measures] = await Promise.all([
    readPeople(reader),
    reader.find(personaKind, { limit: maxPersonas }),
    reader.find(teamKind, { where: { state: "active" }, limit: maxTeams }),
    readMeasures(reader, nowMs),
  ]);
  return {
    schema: "xvc.staff/1",
    people: [...people.values()].filter((person) => person.state === "active").map((person) => personStaffView(person, measures)),
    teams: teams.map(({ id, name, leadId, memberIds }) => ({ id, name, leadId, memberIds })),
    personas: personas.map((persona) => personaStaffView(persona, measures)),
    newest: newestGates,
    days: qualityDays,
  };
}
