import { Failure } from "../../src/core/shared/failure.ts";
import type { ProjectId } from "../../src/core/shared/ids.ts";
import type { Caller } from "../../src/engine/shared/caller.ts";
import type { Command } from "../../src/engine/shared/commands.ts";
import { type Evidence, verify } from "../../verify/verify.ts";
import type { Finding, World } from "../../verify/world.ts";
import { dumpWorld } from "./dump-world.ts";
import { type People, takeTurn } from "./people.ts";
import { likely, oneOf, randomPlaybook, simulatedPersonas, upTo } from "./random-playbook.ts";
import { createSimulatedOrganization, liveServer, noFaults, randomFaults, type SimulatedOrganization } from "./simulated-organization.ts";
import { withoutOutside } from "./without-outside.ts";

export interface SimulatedRun {
  readonly seed: number;
  readonly world: World;
  readonly evidence: Required<Pick<Evidence, "receivers" | "clientLogs">>;
  readonly findings: readonly Finding[];
  /** What the program threw although nothing had killed it. */
  readonly errors: readonly unknown[];
  readonly happened: ReadonlyMap<string, number>;
  readonly steps: number;
}

/** Most turns of the scheduler between two acts, and while a run comes to rest. */
const maxTurns = 20_000;
const maxRestingRounds = 24;

async function drain(organization: SimulatedOrganization): Promise<void> {
  for (let turn = 0; turn < maxTurns; turn += 1) {
    if (!(await organization.scheduler.step()) && !organization.durable.dispatch()) return;
  }
  organization.errors.push(new Error(`It did not come to rest in ${String(maxTurns)} turns.`));
}

/** Runs one thing to its end with everything else standing by. */
async function alone(organization: SimulatedOrganization, part: Promise<unknown>): Promise<void> {
  organization.launch(part);
  await drain(organization);
}

async function found(organization: SimulatedOrganization): Promise<People> {
  const { ids, rng, organizationId } = organization;
  await organization.startServer();
  await organization.startServer();
  const members = Array.from({ length: 1 + upTo(rng, 3) }, (_, number) => ({ id: ids.next(), name: `Person ${String(number + 1)}` }));
  const people: People = { members, log: [], playbooks: ["alpha", "beta"] };
  const [first] = members;
  const apply = async (projectId: ProjectId | null, command: Command): Promise<void> => {
    const actor: Caller["actor"] =
      command.kind === "found-organization" ? { kind: "system", id: "simulation" } : { kind: "person", id: first?.id ?? "" };
    const server = liveServer(organization);
    if (server !== undefined)
      await alone(organization, server.engine.apply({ organizationId, projectId, actor, key: `found:${ids.next()}` }, command));
  };
  await apply(null, {
    kind: "found-organization",
    id: organizationId,
    name: "Simulated",
    currency: "EUR",
    person: { id: first?.id ?? "", name: "Person 1", email: null },
  });
  for (const member of members.slice(1))
    await apply(null, {
      kind: "add-person",
      id: member.id,
      name: member.name,
      email: null,
      roles: likely(rng, 0.6) ? ["lead", "contributor"] : ["contributor"],
    });
  await apply(null, { kind: "create-project", id: organization.real, key: "REAL", name: "Real", mode: "real", clockAtMs: null });
  await apply(null, {
    kind: "create-project",
    id: organization.rehearsal,
    key: "PLAY",
    name: "Rehearsal",
    mode: "rehearsal",
    clockAtMs: 1_700_000_000_000,
  });
  for (const persona of simulatedPersonas) await apply(null, { kind: "add-persona", persona });
  for (const name of people.playbooks) await apply(null, { kind: "add-playbook", playbook: randomPlaybook(rng, name) });
  return people;
}

function act(organization: SimulatedOrganization, people: People, projectId: ProjectId): void {
  const { rng } = organization;
  const person = oneOf(rng, people.members);
  const roll = rng.next();
  if (roll < 0.55 && person !== undefined) organization.launch(takeTurn({ organization, people, person, projectId, kind: "any" }));
  else if (roll < 0.75) {
    const server = liveServer(organization);
    if (server !== undefined) organization.launch(server.sweep());
  } else if (roll < 0.93) organization.clock.advance(upTo(rng, 120_000));
  // Everybody goes home: what waits for people is reminded of, comes due and climbs its ladder.
  else if (roll < 0.95) organization.clock.advance(upTo(rng, 30) * 3_600_000);
  else if (organization.faults.clockJump > 0) {
    organization.clock.jump((rng.next() - 0.5) * 7_200_000);
    organization.happened.set("clockJump", (organization.happened.get("clockJump") ?? 0) + 1);
  }
}

/** Lets a random number of parts go on, and replaces servers that died. */
async function goOn(organization: SimulatedOrganization): Promise<void> {
  const { rng, scheduler, durable } = organization;
  const turns = upTo(rng, 25);
  for (let turn = 0; turn < turns; turn += 1) {
    if (likely(rng, 0.15)) durable.dispatch();
    if (!(await scheduler.step())) break;
  }
  for (const server of organization.servers.filter((one) => !one.process.alive())) await organization.replaceServer(server);
}

/** Faults are over: everybody helps until nothing moves any more. */
async function comeToRest(organization: SimulatedOrganization, people: People): Promise<void> {
  organization.faults = noFaults;
  let quiet = 0;
  for (let round = 0; round < maxRestingRounds && quiet < 4; round += 1) {
    const before = organization.database.record.commits;
    for (const server of organization.servers) if (!server.process.alive()) await organization.replaceServer(server);
    await drain(organization);
    for (const server of organization.servers) await alone(organization, server.sweep());
    for (const projectId of [organization.real, organization.rehearsal]) {
      for (const person of people.members)
        await alone(organization, takeTurn({ organization, people, person, projectId, kind: "helpful" }));
    }
    organization.clock.advance(120_000);
    await drain(organization);
    const accepted = organization.database.record.events.length;
    quiet = organization.database.record.commits === before || accepted === lastEvents.get(organization) ? quiet + 1 : 0;
    lastEvents.set(organization, accepted);
  }
  // Without this a world in which everybody hangs would pass for one at rest.
  const hanging = organization.underWay();
  if (hanging > 0) organization.errors.push(new Error(`${String(hanging)} parts of the program never ended.`));
}

const lastEvents = new WeakMap<SimulatedOrganization, number>();

/** An unreachable store is a fault that was planted; what it leads to shows up in the world. */
const isFault = (error: unknown): boolean => !(error instanceof Failure && error.kind === "unavailable");

/** One organization from its founding to rest, under the faults of its seed, looked at by the world checker. */
export function runOrganization(seed: number, acts = 200): Promise<SimulatedRun> {
  return withoutOutside(async () => {
    const organization = createSimulatedOrganization(seed);
    const people = await found(organization);
    organization.faults = randomFaults(organization.rng);
    for (let step = 0; step < acts; step += 1) {
      act(organization, people, likely(organization.rng, 0.7) ? organization.real : organization.rehearsal);
      await goOn(organization);
    }
    await comeToRest(organization, people);
    const world = dumpWorld(organization.database.record, organization.durable, { readAtMs: organization.clock.nowMs(), settled: true });
    const evidence = { receivers: organization.receivers.log, clientLogs: people.log };
    const failed = [...organization.durable.jobs.values()].filter((job) => job.state === "failed").map((job) => job.error);
    return {
      seed,
      world,
      evidence,
      findings: verify(world, evidence),
      errors: [...organization.errors, ...failed].filter(isFault),
      happened: organization.happened,
      steps: acts,
    };
  });
}
