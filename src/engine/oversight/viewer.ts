import { isAddressed } from "../../core/oversight/addressed.ts";
import type { Authority } from "../../core/oversight/authority.ts";
import { calendarKind } from "../../core/oversight/calendar.ts";
import { delegationKind } from "../../core/oversight/delegation.ts";
import type { Audience } from "../../core/oversight/audience.ts";
import type { Project } from "../../core/oversight/person.ts";
import { permissionProblem, permissions } from "../../core/oversight/permissions.ts";
import { questionOf } from "../../core/oversight/policy-request.ts";
import type { StandInFacts } from "../../core/oversight/representation.ts";
import { refusalMessage } from "../../core/shared/transition.ts";
import type { Reader } from "../ports/store.ts";
import { authorityOf } from "./authority-of.ts";
import { type People, readPeople } from "./people-view.ts";
import type { Judge, PolicyShelf } from "./policy-shelf.ts";

/** Who looks, and how to learn what they may decide. */
export interface Looking {
  readonly organizationId: string;
  readonly viewerId: string;
  readonly policies: Pick<PolicyShelf, "read">;
  readonly nowMs: number;
}

/** A person who looks at a page, with everything that says what they may decide; read once for the page. */
export interface Viewer {
  readonly viewerId: string;
  readonly people: People;
  readonly judge: Judge;
  readonly standIns: StandIns;
  readonly nowMs: number;
}

export type StandIns = Omit<StandInFacts, "members">;

/** Most standing delegations, and calendars with absences, that are looked at; beyond it nobody stands in. */
const maxStandIns = 1_000;

/** Everything granted and everybody away, for any moment. */
export async function readStandIns(reader: Reader): Promise<StandIns> {
  const [delegations, calendars] = await Promise.all([
    reader.find(delegationKind, { where: { state: "granted" }, limit: maxStandIns }),
    reader.find(calendarKind, { limit: maxStandIns }),
  ]);
  return { delegations, absences: new Map(calendars.map((calendar) => [calendar.subjectId, calendar])) };
}

export async function readViewer(reader: Reader, looking: Looking): Promise<Viewer> {
  const { viewerId, nowMs, policies } = looking;
  const [people, judge, standIns] = await Promise.all([
    readPeople(reader),
    policies.read(reader, looking.organizationId),
    readStandIns(reader),
  ]);
  return { viewerId, nowMs, people, judge, standIns };
}

const nowhere = { id: null, key: "", mode: "real" } as const;

/** Whether the viewer may answer, by the rule that the command will apply; what is confirmed by typing counts as typed. */
export function authorityOver(item: Audience, project: Pick<Project, "id" | "key" | "mode"> | undefined, viewer: Viewer): Authority {
  const { viewerId, people, judge, standIns, nowMs } = viewer;
  if (!isAddressed(item, viewerId)) return { kind: "denied", code: "inbox.not-yours", message: "This is for somebody else." };
  const problem = permissionProblem(permissions[item.kind === "mention" ? "see-mention" : "answer-item"], people.get(viewerId));
  if (problem !== null) return { kind: "denied", code: problem.code, message: refusalMessage(problem) };
  const place = project ?? nowhere;
  const { roles, excludedPersonIds, delegateId } = item;
  return authorityOf(
    judge,
    { question: questionOf(item, place), roles, excludedPersonIds, delegateId, confirmation: "", shortId: "" },
    { actor: { kind: "person", id: viewerId }, members: [...people.values()], ...standIns, nowMs, projectId: place.id },
  );
}
