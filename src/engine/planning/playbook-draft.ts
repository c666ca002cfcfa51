import { type Plan, planKind, playbookKind } from "../../core/planning/plan.ts";
import { type SavedPlaybook, savePlaybook, suggestedName } from "../../core/planning/save-playbook.ts";
import type { WorkRequest } from "../../core/requests/request.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import type { Reader } from "../ports/store.ts";
import { planDocumentOf, readPlanTasks } from "./plan-view.ts";

export interface PlaybookDraftView {
  readonly schema: "xvc.playbook-draft/1";
  readonly playbook: JsonObject;
  /** What would keep it from being added. */
  readonly problems: readonly string[];
}

/** Versions of one playbook looked at. */
const maxVersions = 1_000;

/** The playbook that a request's present plan would make. @throws {Failure} `playbook.no-plan`, `playbook.plan-not-approved` */
export async function playbookDraftView(
  reader: Reader,
  request: WorkRequest,
  chosen: { readonly name: string | undefined; readonly matches: readonly string[] | undefined },
): Promise<PlaybookDraftView> {
  const plan = request.planId === null ? undefined : await reader.get(planKind, request.planId);
  if (plan === undefined)
    throw new Failure("conflict", "playbook.no-plan", { message: "This request has no plan yet, so there is nothing to keep." });
  const name = chosen.name ?? suggestedName(request.title);
  const made = await make(reader, { request, plan, choices: { name, matches: chosen.matches ?? [] } });
  if (made.kind === "refused") throw new Failure(made.refusal.failure, made.refusal.code, made.refusal.details);
  return { schema: "xvc.playbook-draft/1", playbook: made.document, problems: made.problems };
}

async function make(
  reader: Reader,
  { request, plan, choices }: { readonly request: WorkRequest; readonly plan: Plan; readonly choices: Parameters<typeof savePlaybook>[1] },
): Promise<SavedPlaybook> {
  const [tasks, versions] = await Promise.all([
    readPlanTasks(reader, plan.id),
    reader.find(playbookKind, { where: { name: choices.name }, limit: maxVersions }),
  ]);
  return savePlaybook(
    {
      request,
      plan,
      document: planDocumentOf(plan, tasks),
      dropped: new Set(tasks.filter((task) => task.state === "cancelled" || task.state === "failed").map((task) => task.key)),
      knownVersion: versions.reduce((highest, one) => Math.max(highest, one.playbookVersion), 0),
    },
    choices,
  );
}
