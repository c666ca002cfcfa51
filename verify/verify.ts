import { checkAnswers } from "./invariants/answers.ts";
import { checkCommands } from "./invariants/commands.ts";
import { checkHistory } from "./invariants/history.ts";
import { checkInputs } from "./invariants/inputs.ts";
import { checkLiveness } from "./invariants/liveness.ts";
import { checkMachinesAndStreams } from "./invariants/machines-and-streams.ts";
import { checkOutbox } from "./invariants/outbox.ts";
import { checkOwnWork } from "./invariants/own-work.ts";
import { checkCanaries, checkProjects } from "./invariants/projects.ts";
import { checkPurse } from "./invariants/purse.ts";
import { checkReceivers } from "./invariants/receivers.ts";
import { checkRecords } from "./invariants/records.ts";
import { lookupOf } from "./lookup.ts";
import type { ClientEntry, Finding, ReceiverEntry, World } from "./world.ts";

export interface Evidence {
  readonly receivers?: readonly ReceiverEntry[];
  readonly clientLogs?: readonly ClientEntry[];
  /** Texts that were planted as secrets. */
  readonly canaries?: readonly string[];
}

/** Invariants that this world cannot be held to yet, and why. */
export const notChecked: readonly { readonly invariant: string; readonly why: string }[] = [];

/** Everything that is wrong with a world, in the order of the invariants. Empty: nothing was found. */
export function verify(world: World, evidence: Evidence = {}): readonly Finding[] {
  const lookup = lookupOf(world);
  const findings = [
    ...checkMachinesAndStreams(lookup),
    ...(evidence.receivers === undefined ? [] : checkReceivers(lookup, evidence.receivers)),
    ...checkCommands(lookup, evidence.clientLogs ?? []),
    ...checkOwnWork(lookup),
    ...checkPurse(lookup),
    ...checkHistory(lookup),
    ...checkLiveness(lookup),
    ...checkInputs(lookup),
    ...checkProjects(lookup),
    ...checkAnswers(lookup),
    ...checkCanaries(world, evidence.canaries ?? []),
    ...checkRecords(lookup),
    ...checkOutbox(lookup),
  ];
  return findings.toSorted((left, right) => Number(left.invariant.slice(1)) - Number(right.invariant.slice(1)));
}
