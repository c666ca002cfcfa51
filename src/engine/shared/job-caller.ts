import { type OrganizationId, type ProjectId, asId } from "../../core/shared/ids.ts";
import type { JobRun } from "../ports/durable.ts";
import type { Scope } from "../ports/store.ts";
import type { Caller } from "./caller.ts";

/** Commands of a job are keyed by what it works for and its epoch, so a body that runs twice reports once. */
export const jobCaller = (run: JobRun, part: string): Caller => ({
  organizationId: asId(run.organizationId) satisfies OrganizationId,
  projectId: asId(run.projectId) satisfies ProjectId,
  actor: { kind: "system", id: part },
  key: `job:${run.kind}:${run.subjectId}:${run.epoch}`,
});

export const scopeOf = (run: JobRun): Scope => ({ organizationId: asId(run.organizationId), projectIds: [asId(run.projectId)] });
