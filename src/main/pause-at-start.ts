import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { projectKindOf } from "../core/oversight/person.ts";
import { Failure } from "../core/shared/failure.ts";
import { asId } from "../core/shared/ids.ts";
import { doubtedEffects, haltRestored, unknownJobs } from "../engine/gate/pause-restored.ts";
import { hasMovedOn } from "../engine/shared/refusal.ts";
import { instantField, lineField } from "../contract/fields.ts";
import { firstOrganizationId } from "./first-run.ts";
import type { System } from "./open-system.ts";

/*
 * A home that was put back from a backup, or filled from an export, is halted before its first worker takes a job. The file says so
 * until it is done: whatever is killed in between, the next start does it again.
 */

const pauseNote = z.object({ schema: z.literal("xvc.pause/1"), atMs: instantField, reason: lineField, imported: z.boolean().optional() });
export type PauseNote = z.infer<typeof pauseNote>;

const fileOf = (home: string): string => path.join(home, "pause-at-start.json");

export const askToPause = (home: string, note: PauseNote): Promise<void> =>
  writeFile(fileOf(home), `${JSON.stringify(note)}\n`, { mode: 0o600, flush: true });

/** Rounds of effects; more are open than a ledger should ever have. */
const maxRounds = 10_000;

/** Halts what was restored, before anything of it can go on. Null: nothing was restored. @returns the reason, for people */
export async function pauseIfRestored(system: System): Promise<string | null> {
  const { home } = system.installation;
  const text = await readFile(fileOf(home), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (text === null) return null;
  const note = readNote(text);
  await endWhatWas(system);
  const caller = {
    organizationId: firstOrganizationId,
    projectId: null,
    actor: { kind: "system", id: "restore" },
    key: `restored:${note.atMs}`,
  } as const;
  await system.engine.apply(caller, haltRestored(note.reason));
  await doubtEffects(system, note);
  if (note.imported === true) await giveJobsAgain(system, note);
  await rm(fileOf(home));
  return note.reason;
}

/** What cannot be read still means: this was restored. */
function readNote(text: string): PauseNote {
  try {
    return pauseNote.parse(JSON.parse(text));
  } catch {
    return { schema: "xvc.pause/1", atMs: 0, reason: "This was restored from a backup." };
  }
}

/** Workers of the old system hold nothing here, and whoever was signed in there signs in again. */
async function endWhatWas({ pool, durable }: System): Promise<void> {
  await pool.query("update xvc_system.worker_lease set lost_at = now() where lost_at is null and executor_id <> $1", [durable.executorId]);
  await pool.query("delete from xvc_system.session");
  await pool.query("delete from xvc_system.one_time_link");
}

async function giveJobsAgain({ engine, log }: System, { atMs }: PauseNote): Promise<void> {
  const organization = { organizationId: firstOrganizationId, projectIds: [] };
  for (const project of await engine.read(organization, (reader) => reader.find(projectKindOf, { limit: 10_000 }))) {
    const projectId = asId<"project">(project.id);
    for (const command of await engine.read({ organizationId: firstOrganizationId, projectIds: [projectId] }, unknownJobs)) {
      const key = `restored:${atMs}:${command.jobKind}:${command.subjectId}`;
      await engine
        .apply({ organizationId: firstOrganizationId, projectId, actor: { kind: "system", id: "restore" }, key }, command)
        .catch((error: unknown) => {
          if (!hasMovedOn(error)) throw error;
          log.info("a job of an imported record is settled already", { jobKind: command.jobKind, subjectId: command.subjectId });
        });
    }
  }
}

async function doubtEffects({ engine }: System, { atMs, reason }: PauseNote): Promise<void> {
  const projects = await engine.read({ organizationId: firstOrganizationId, projectIds: [] }, (reader) =>
    reader.find(projectKindOf, { limit: 10_000 }),
  );
  const scope = { organizationId: firstOrganizationId, projectIds: projects.map((project) => asId<"project">(project.id)) };
  for (let round = 0; round < maxRounds; round += 1) {
    const doubted = await engine.read(scope, (reader) => doubtedEffects(reader, reason));
    if (doubted.length === 0) return;
    for (const { projectId, command } of doubted) {
      const caller = {
        organizationId: firstOrganizationId,
        projectId,
        actor: { kind: "system", id: "restore" },
        key: `restored:${atMs}:${command.effectId}`,
      } as const;
      await engine.apply(caller, command).catch((error: unknown) => {
        if (!hasMovedOn(error)) throw error;
      });
    }
  }
  throw new Failure("bug", "backup.effects-left", { message: "Effects stay open however often they are settled; see xvc logs." });
}
