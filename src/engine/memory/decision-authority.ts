import { deciderRoles } from "../../core/memory/decide-decision-review.ts";
import type { Subject } from "../../core/memory/subject.ts";
import { type Decision, decisionKind } from "../../core/oversight/decision.ts";
import { type Project, projectKindOf } from "../../core/oversight/person.ts";
import { requestKind } from "../../core/requests/request.ts";
import { type AskedOfOne, authorityOf } from "../oversight/authority-of.ts";
import { type Looking, readViewer } from "../oversight/viewer.ts";
import type { Reader } from "../ports/store.ts";

/** What the policies are asked about whoever wants to put a decision on record; the same for the command and the page. */
export const decidingQuestion = (project: Pick<Project, "key" | "mode">, subject: Subject): AskedOfOne => ({
  question: {
    action: "record-decision",
    resource: {
      id: subject.id,
      kind: subject.kind,
      project: project.key,
      divisions: [],
      risk: "low",
      amountMicro: 0,
      effectKind: "",
      rule: "decision.record",
      rehearsal: project.mode === "rehearsal",
      alwaysReview: [],
    },
  },
  roles: deciderRoles,
  excludedPersonIds: [],
  delegateId: null,
  confirmation: null,
  shortId: "",
});

/** Whether the reader may make, judge and replace a decision, and why not. */
export interface MayDecideView {
  readonly decide: boolean;
  readonly reason: string | null;
}

const past: MayDecideView = { decide: false, reason: "This is how it was; from the past nothing is changed." };

/** What whoever looks may do with a decision, by the rule that the commands will apply. */
export async function mayDecideView(reader: Reader, decisionId: string, looking: Looking): Promise<MayDecideView> {
  const decision = await reader.get(decisionKind, decisionId);
  const project = decision === undefined ? undefined : await projectOf(reader, decision);
  if (reader.atMs !== null || decision === undefined || project === undefined) return past;
  const { viewerId, people, judge, standIns, nowMs } = await readViewer(reader, looking);
  const actor = { kind: "person", id: viewerId } as const;
  const standing = { actor, members: [...people.values()], ...standIns, nowMs, projectId: project.id };
  const authority = authorityOf(judge, decidingQuestion(project, { kind: decision.subjectKind, id: decision.subjectId }), standing);
  return authority.kind === "granted" ? { decide: true, reason: null } : { decide: false, reason: authority.message };
}

/** A decision of the flow belongs where its request does. */
async function projectOf(reader: Reader, { projectId, requestId }: Decision): Promise<Project | undefined> {
  const request = projectId === null && requestId !== null ? await reader.get(requestKind, requestId) : undefined;
  return reader.get(projectKindOf, projectId ?? request?.projectId ?? "");
}
