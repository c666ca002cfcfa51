import type { JsonObject } from "../../core/shared/json.ts";
import { coversPlan } from "../../core/execution/decide-plan.ts";
import type { ProgressDocument } from "../../contract/progress-contract.ts";
import { isDetail } from "../../engine/memory/event-sentence.ts";
import type { CliDependencies, Client } from "./cli-dependencies.ts";
import { exitCodes } from "./exit-codes.ts";
import { type GlobalFlags, listAt, note, objectAt, textAt } from "./output.ts";
import { segment } from "./values.ts";

/** Where following ended, with the last state seen. */
export interface Followed {
  readonly exit: number;
  readonly progress: JsonObject;
}

/** Streams opened for one request; a server that ends more of them is not answering sensibly. */
const maxStreams = 1_000;

/**
 * Follows a request until it is delivered, has failed, or only a person can carry on. What happens is told in
 * sentences on stderr; nothing is asked again while nothing changes.
 */
export async function followRequest(
  use: CliDependencies,
  client: Client,
  about: { readonly request: string; readonly flags: GlobalFlags },
): Promise<Followed> {
  const story = storyTeller(use, client, about);
  for (let opened = 0; opened < maxStreams; opened++) {
    // The stream is open before the state is read, so no change falls between the two; leaving the loop closes it.
    for await (const _delta of client.events(use.signal)) {
      await story();
      const progress = await client.get(`/api/requests/${segment(about.request)}`);
      const exit = exitOf(progress);
      if (exit === null) continue;
      // Leaving the loop ends the stream.
      tellEnd(use, about.flags, { progress, exit });
      return { exit, progress };
    }
    use.signal.throwIfAborted();
  }
  return { exit: exitCodes.workFailed, progress: await client.get(`/api/requests/${segment(about.request)}`) };
}

/** Prints each fact of the story once. */
function storyTeller(
  use: CliDependencies,
  client: Client,
  about: { readonly request: string; readonly flags: GlobalFlags },
): () => Promise<void> {
  let after = "";
  return async () => {
    if (about.flags.quiet === true) return;
    for (let page = 0; page < 100; page++) {
      const story = await client.get(`/api/requests/${segment(about.request)}/events?limit=200${after === "" ? "" : `&after=${after}`}`);
      const entries = listAt(story, "items");
      for (const entry of entries)
        if (!isDetail(textAt(entry, "kind")))
          note(use.streams, about.flags, `${use.time.format(Number(entry["atMs"] ?? 0))}  ${textAt(entry, "sentence")}`);
      after = textAt(entries.at(-1) ?? {}, "cursor") || after;
      if (story["nextCursor"] === null) return;
    }
  };
}

const machineStates = new Set(["submitted", "analysing", "planning", "integrating"]);
const busyTasks = new Set(["assigned", "running", "in-review", "rework"]);

/** The exit code once following has come to an end; null: work goes on by itself. */
export function exitOf(progress: JsonObject): number | null {
  const state = textAt(progress, "state");
  if (state === "delivered" || state === "closed") return exitCodes.ok;
  if (state === "rejected" || state === "cancelled") return exitCodes.workFailed;
  if (state === "paused") return exitCodes.waitsForPerson;
  if (machineStates.has(state) || isDecidedBeforehand(progress)) return null;
  return isMoving(progress) ? null : exitCodes.waitsForPerson;
}

/** The plan was decided with the submission: that decision is recorded right after the proposal, in a commit of its own. */
function isDecidedBeforehand(progress: JsonObject): boolean {
  if (textAt(progress, "state") !== "awaiting-approval") return false;
  const { summary, plan, inbox } = progress as unknown as ProgressDocument; // `xvc.progress/1`
  return plan !== null && coversPlan(summary, plan) && inbox.every((item) => item.mayAnswer);
}

/** Something is done by other than people, so waiting makes sense. */
function isMoving(progress: JsonObject): boolean {
  const tasks = listAt(progress, "tasks");
  const asked = listAt(progress, "inbox").length > 0;
  const byMachine = tasks.some(
    (task) =>
      task["checking"] === true ||
      (busyTasks.has(textAt(task, "status")) && textAt(task, "executor") !== "human" && !(textAt(task, "status") === "in-review" && asked)),
  );
  if (byMachine) return true;
  const offered = tasks.some(
    (task) => textAt(task, "executor") === "human" && ["ready", "assigned", "running"].includes(textAt(task, "status")),
  );
  return textAt(progress, "state") === "active" && !asked && !offered;
}

function tellEnd(use: CliDependencies, flags: GlobalFlags, { progress, exit }: Followed): void {
  const label = textAt(progress, "request");
  if (exit !== exitCodes.waitsForPerson) {
    note(use.streams, flags, `${label}: ${textAt(progress, "headline")}`);
    return;
  }
  note(use.streams, flags, `${label} waits for a person:`);
  for (const item of listAt(progress, "inbox"))
    note(
      use.streams,
      flags,
      `  ${textAt(item, "title")}\n    xvc inbox answer ${textAt(item, "id")} ${listAt(item, "choices")
        .map((choice) => textAt(choice, "id"))
        .join("|")}`,
    );
  for (const task of listAt(progress, "tasks").filter((one) => textAt(one, "executor") === "human")) {
    const status = textAt(task, "status");
    if (status === "ready")
      note(use.streams, flags, `  "${textAt(task, "title")}" is offered to people\n    xvc task claim ${label}/${textAt(task, "task")}`);
    if (status === "running")
      note(use.streams, flags, `  "${textAt(task, "title")}" is done by ${textAt(objectAt(task, "performer"), "name")}`);
  }
  if (textAt(progress, "state") === "paused") note(use.streams, flags, `  it is paused\n    xvc request resume ${label}`);
}
