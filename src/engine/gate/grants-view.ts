import { taskKind } from "../../core/execution/task.ts";
import { type Capability, capabilityKind } from "../../core/gate/capability.ts";
import { type StandingGrant, grantLimits, standingGrantKind } from "../../core/gate/standing-grant.ts";
import { requestKind, requestLabel } from "../../core/requests/request.ts";
import { type NamedPerformer, type People, namedPerson, personaName, readPeople } from "../oversight/people-view.ts";
import type { Reader } from "../ports/store.ts";

/** Live rows shown at once, the newest first. */
const maxShown = 200;

export interface GrantView extends Omit<StandingGrant, "version" | "eventCount" | "forProjectId" | "givenBy" | "revokedBy"> {
  readonly project: string;
  readonly givenBy: NamedPerformer;
  readonly revokedBy: NamedPerformer | null;
  /** Live, with calls left and in time. */
  readonly covers: boolean;
}

export interface CapabilityView extends Pick<
  Capability,
  "id" | "persona" | "tool" | "ranges" | "maxCalls" | "usedCalls" | "expiresAtMs" | "reason"
> {
  readonly personaName: string;
  readonly project: string;
  readonly taskId: string | null;
  /** `ENG-42/backend`; null: any task of the project. */
  readonly task: string | null;
  readonly givenBy: string;
  /** How often it was handed on. */
  readonly handedOn: boolean;
}

export interface GrantsView {
  readonly schema: "xvc.grants/1";
  readonly currency: string;
  readonly grants: readonly GrantView[];
  readonly capabilities: readonly CapabilityView[];
  /** More capabilities are live than are listed. */
  readonly isCut: boolean;
  readonly mayGive: boolean;
  readonly limits: { readonly calls: number; readonly days: number; readonly values: number };
}

export interface GrantsAsked {
  readonly projects: readonly { readonly id: string; readonly key: string }[];
  readonly currency: string;
  readonly mayGive: boolean;
  /** Also grants that were revoked. */
  readonly all: boolean;
  readonly nowMs: number;
}

/** What people said yes to beforehand, and which calls personas may make at all, in the projects of whoever looks. */
export async function grantsView(reader: Reader, asked: GrantsAsked): Promise<GrantsView> {
  const [grants, live, people] = await Promise.all([
    reader.find(standingGrantKind, { ...(asked.all ? {} : { where: { state: "live" } }), newestFirst: true, limit: maxShown }),
    reader.find(capabilityKind, { where: { state: "live" }, newestFirst: true, limit: maxShown + 1 }),
    readPeople(reader),
  ]);
  const now = live.filter(({ expiresAtMs }) => asked.nowMs < expiresAtMs).slice(0, maxShown);
  const keys = new Map(asked.projects.map(({ id, key }) => [id, key]));
  const tasks = await taskLabels(
    reader,
    now.flatMap(({ taskId }) => taskId ?? []),
    keys,
  );
  return {
    schema: "xvc.grants/1",
    currency: asked.currency,
    grants: grants.map((grant) => grantView(grant, { keys, people, nowMs: asked.nowMs })),
    capabilities: now.map((one) => capabilityView(one, { keys, people, tasks })),
    isCut: live.length > maxShown,
    mayGive: asked.mayGive,
    limits: { calls: grantLimits.calls, days: grantLimits.days, values: grantLimits.values },
  };
}

interface Names {
  readonly keys: ReadonlyMap<string, string>;
  readonly people: People;
}

function grantView(grant: StandingGrant, { keys, people, nowMs }: Names & { readonly nowMs: number }): GrantView {
  const { version: _version, eventCount: _count, forProjectId, givenBy, revokedBy, ...shown } = grant;
  return {
    ...shown,
    project: keys.get(forProjectId) ?? "?",
    givenBy: namedPerson(people, givenBy),
    revokedBy: revokedBy === null ? null : namedPerson(people, revokedBy),
    covers: grant.state === "live" && nowMs < grant.expiresAtMs && grant.usedCalls < grant.maxCalls,
  };
}

function capabilityView(one: Capability, { keys, people, tasks }: Names & { readonly tasks: ReadonlyMap<string, string> }): CapabilityView {
  const { id, persona, tool, ranges, maxCalls, usedCalls, expiresAtMs, reason, taskId, grantedBy } = one;
  return {
    id,
    persona,
    tool,
    ranges,
    maxCalls,
    usedCalls,
    expiresAtMs,
    reason,
    taskId,
    personaName: personaName(persona),
    project: keys.get(one.forProjectId) ?? "?",
    task: taskId === null ? null : (tasks.get(taskId) ?? taskId),
    givenBy: grantedBy === "plan" ? "an approved plan" : namedPerson(people, grantedBy).name,
    handedOn: one.parentId !== null,
  };
}

/** `ENG-42/backend` of each task, by its id. */
export async function taskLabels(
  reader: Reader,
  ids: readonly string[],
  projects: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string>> {
  const tasks = await reader.getMany(taskKind, [...new Set(ids)]);
  const requests = await reader.getMany(requestKind, [...new Set(tasks.map(({ requestId }) => requestId))]);
  const labels = new Map(requests.map(({ id, projectId, number }) => [id as string, requestLabel(projects.get(projectId) ?? "?", number)]));
  return new Map(tasks.map(({ id, requestId, key }) => [id, `${labels.get(requestId) ?? "?"}/${key}`]));
}
