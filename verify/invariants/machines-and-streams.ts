import { eventName, found, type Lookup, number as numberOf, text } from "../lookup.ts";
import { machines, narratedKinds, reachable } from "../machines.ts";
import type { EventRow, Finding, StateRow } from "../world.ts";

/** Moves that one command may make with one row, such as ready, assigned and running for a claimed task. */
const movesPerCommand = 4;

/** I1: every row follows its machine, every stream counts 1, 2, 3 without a gap. */
export function checkMachinesAndStreams(lookup: Lookup): readonly Finding[] {
  return [
    ...lookup.world.rows.filter((row) => machines[row.kind] !== undefined).flatMap((row) => checkRow(lookup, row)),
    ...lookup.world.rows.flatMap((row) => checkStream(lookup, row)),
    ...checkOrphans(lookup),
  ];
}

function checkRow(lookup: Lookup, row: StateRow): readonly Finding[] {
  const state = text(row, "state");
  if (machines[row.kind]?.edges[state] === undefined) {
    return [found("I1", `A ${row.kind} is in the state "${state}", which its machine does not have.`, { lookup, row })];
  }
  const moves = lookup.stream(row.organizationId, row.id).filter((event) => isMove(row, event));
  return narratedKinds.has(row.kind) ? [...checkNarrated(lookup, row, moves), ...checkVersions(lookup, row)] : checkVersions(lookup, row);
}

/** A move's event names the state that was left; a change of hands names a performer there. */
const isMove = (row: StateRow, event: EventRow): boolean =>
  narratedKinds.has(row.kind) &&
  event.subjectKind === row.kind &&
  event.kind !== "task.reassigned" &&
  typeof event.data["from"] === "string";

/** Each move names the state it left; so the states between them are known, and each step must be legal. */
function checkNarrated(lookup: Lookup, row: StateRow, moves: readonly EventRow[]): readonly Finding[] {
  const states = [...moves.map((event) => event.data["from"]), text(row, "state")].map((state) => (typeof state === "string" ? state : ""));
  const machine = machines[row.kind];
  const [first = ""] = states;
  const born =
    machine?.born.includes(first) === true
      ? []
      : [found("I1", `The first state that a ${row.kind} left was "${first}".`, { lookup, row, upTo: moves[0]?.number ?? 0 })];
  const illegal = moves.flatMap((event, place) => {
    const [from = "", to = ""] = [states[place], states[place + 1]];
    if (machine?.edges[from]?.includes(to) === true) return [];
    return [
      found("I1", `A ${row.kind} went from "${from}" to "${to}", which its machine does not allow.`, {
        lookup,
        row,
        upTo: event.number,
        others: [eventName(event)],
      }),
    ];
  });
  return [...born, ...illegal];
}

/** Versions in history may skip over states that one command passed through, but never where no legal way leads. */
function checkVersions(lookup: Lookup, row: StateRow): readonly Finding[] {
  const narrated = narratedKinds.has(row.kind);
  const versions = lookup.versions(row);
  const born = machines[row.kind]?.born ?? [];
  return versions.flatMap((version, place) => {
    const before = versions[place - 1];
    const starts = before === undefined ? born : [text(before, "state")];
    const steps = narrated ? movesPerCommand : before === undefined ? 0 : 1;
    const to = text(version, "state");
    if (starts.some((from) => reachable(row.kind, { from, to }, steps))) return [];
    const from = before === undefined ? "nothing" : text(before, "state");
    return [
      found("I1", `A ${row.kind} went from "${from}" to "${to}" with version ${String(version.version)}.`, {
        lookup,
        row,
        upTo: version.eventCount,
      }),
    ];
  });
}

function checkStream(lookup: Lookup, row: StateRow): readonly Finding[] {
  const events = lookup.stream(row.organizationId, row.id).filter((event) => event.subjectKind === row.kind);
  const findings: Finding[] = [];
  for (const [place, event] of events.entries()) {
    if (event.number === place + 1) continue;
    const what =
      events[place - 1]?.number === event.number ? `has two events ${String(event.number)}` : `has no event ${String(place + 1)}`;
    findings.push(found("I1", `The stream of a ${row.kind} ${what}.`, { lookup, row, upTo: event.number, others: [eventName(event)] }));
    break;
  }
  if (findings.length === 0 && events.length !== row.eventCount) {
    findings.push(
      found("I1", `A ${row.kind} counts ${String(row.eventCount)} events, its stream holds ${String(events.length)}.`, { lookup, row }),
    );
  }
  return [...findings, ...checkEpoch(lookup, row)];
}

/** An epoch only grows: a fence that goes back lets an old owner write again. */
function checkEpoch(lookup: Lookup, row: StateRow): readonly Finding[] {
  const versions = lookup.versions(row).filter((version) => typeof version.fields["epoch"] === "number");
  const back = versions.find((version, place) => {
    const before = versions[place - 1];
    return before !== undefined && numberOf(version, "epoch") < numberOf(before, "epoch");
  });
  return back === undefined
    ? []
    : [found("I1", `The epoch of a ${row.kind} went back with version ${String(back.version)}.`, { lookup, row, upTo: back.eventCount })];
}

/** Events must belong to a row that exists. */
function checkOrphans(lookup: Lookup): readonly Finding[] {
  return lookup.world.events
    .filter((event) => lookup.row(event.organizationId, event.subjectKind, event.subjectId) === undefined)
    .map((event) => ({
      invariant: "I1",
      message: `An event "${event.kind}" is about a ${event.subjectKind} that does not exist.`,
      rows: [eventName(event)],
      prefix: [event],
    }));
}
