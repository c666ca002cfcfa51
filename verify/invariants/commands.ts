import { commandKey, eventName, type Lookup, nameOf, part } from "../lookup.ts";
import type { ClientEntry, CommandRow, EventRow, Finding, HistoryRow } from "../world.ts";

const about = (message: string, rows: readonly string[], prefix: readonly EventRow[] = []): Finding => ({
  invariant: "I3",
  message,
  rows: rows.slice(0, 20),
  prefix: prefix.slice(0, 50),
});

const canonical = (value: unknown): string =>
  value === null || typeof value !== "object"
    ? (JSON.stringify(value) ?? "null")
    : Array.isArray(value)
      ? `[${value.map(canonical).join(",")}]`
      : `{${Object.entries(value)
          .filter(([, one]) => one !== undefined)
          .toSorted(([left], [right]) => (left < right ? -1 : 1))
          .map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`)
          .join(",")}}`;

/** I3: what was acknowledged is in the log once, what was refused changed nothing, and nothing changed without a command. */
export function checkCommands(lookup: Lookup, clientLogs: readonly ClientEntry[]): readonly Finding[] {
  const events = Map.groupBy(lookup.world.events, (event) => causeKey(event));
  const changes = Map.groupBy(lookup.world.history, (version) => causeKey(version));
  return [
    ...[...lookup.commands.values()].flatMap((rows) => checkLogged(rows, events, changes)),
    ...clientLogs.flatMap((entry) => checkClient(lookup, entry)),
    ...checkCauses(lookup, events, changes),
  ];
}

const causeKey = (row: EventRow | HistoryRow): string => `${row.organizationId}/${row.cause}`;

function checkLogged(
  rows: readonly CommandRow[],
  events: ReadonlyMap<string, readonly EventRow[]>,
  changes: ReadonlyMap<string, readonly HistoryRow[]>,
): readonly Finding[] {
  const [command] = rows;
  if (command === undefined) return [];
  const findings: Finding[] = [];
  if (rows.length > 1)
    findings.push(about(`The log holds the key ${command.key} ${String(rows.length)} times.`, [`command/${command.key}`]));
  const cause = `${command.organizationId}/${command.key}`;
  const told = (events.get(cause) ?? []).filter((event) => sameProject(event, command));
  const written = (changes.get(cause) ?? []).filter((version) => version.projectId === null || sameProject(version, command));
  if (command.outcome["kind"] === "refused" && told.length + written.length > 0) {
    findings.push(
      about(
        `A refused command (${command.kind}) left ${String(told.length)} events and ${String(written.length)} row versions.`,
        [`command/${command.key}`, ...written.map(nameOf)],
        told,
      ),
    );
  }
  if (new Set(told.map((event) => event.transaction)).size > 1)
    findings.push(about(`One command (${command.kind}) was written in several transactions.`, told.map(eventName), told));
  const versions = Map.groupBy(written, (version) => `${version.kind}/${version.id}`);
  const doubled = [...versions.values()].find((several) => several.length > 1);
  if (doubled !== undefined) findings.push(about(`One command (${command.kind}) wrote a row twice.`, doubled.map(nameOf), told));
  return findings;
}

const sameProject = (row: { readonly projectId: string | null }, command: CommandRow): boolean => row.projectId === command.projectId;

function checkClient(lookup: Lookup, entry: ClientEntry): readonly Finding[] {
  const [command] = lookup.commands.get(commandKey(entry)) ?? [];
  const problem = command === undefined ? missingProblem(entry) : loggedProblem(entry, command);
  return problem === null ? [] : [about(`${entry.client} ${problem}`, [`command/${entry.key}`])];
}

/** A refusal may come before a command is looked at, such as for want of rights; a yes never does. */
const missingProblem = (entry: ClientEntry): string | null =>
  entry.outcome === "ok" ? `was told yes to ${entry.key}, and the log does not hold it.` : null;

function loggedProblem(entry: ClientEntry, command: CommandRow): string | null {
  if (entry.outcome === "unknown") return null;
  const logged = command.outcome["kind"] === "accepted" ? "ok" : "refused";
  if (entry.outcome !== logged)
    return logged === "ok"
      ? `was refused ${entry.key}, and the log holds an acceptance.`
      : `was told yes to ${entry.key}, and the log holds a refusal.`;
  const same = entry.answer === null || canonical(entry.answer) === canonical(part(command.outcome, "answer"));
  return same ? null : `got another answer to ${entry.key} than the log holds.`;
}

function checkCauses(
  lookup: Lookup,
  events: ReadonlyMap<string, readonly EventRow[]>,
  changes: ReadonlyMap<string, readonly HistoryRow[]>,
): readonly Finding[] {
  const known = new Set(lookup.world.commands.map((command) => `${command.organizationId}/${command.key}`));
  const findings: Finding[] = [];
  for (const [cause, told] of events)
    if (!known.has(cause)) findings.push(about(`Events name the cause ${cause}, which no command has.`, told.map(eventName), told));
  for (const [cause, written] of changes)
    if (!known.has(cause)) findings.push(about(`Rows changed for the cause ${cause}, which no command has.`, written.map(nameOf)));
  return findings;
}
