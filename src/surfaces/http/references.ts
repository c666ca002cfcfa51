import { taskKind, type Task } from "../../core/execution/task.ts";
import type { Project } from "../../core/oversight/person.ts";
import { inboxItemKind, type InboxItem } from "../../core/oversight/inbox-item.ts";
import { planKind, type Plan } from "../../core/planning/plan.ts";
import { requestKind, requestLabel, type WorkRequest } from "../../core/requests/request.ts";
import type { Entity, EntityKind } from "../../core/shared/entity.ts";
import { Failure } from "../../core/shared/failure.ts";
import { asId } from "../../core/shared/ids.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import type { Looking } from "../../engine/oversight/viewer.ts";
import type { Reader, Scope } from "../../engine/ports/store.ts";
import type { Command } from "../../engine/shared/commands.ts";
import type { CommandAnswer } from "../../contract/fields.ts";
import type { HttpDependencies, Member } from "./http-dependencies.ts";

const isId = (reference: string): boolean => /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/u.test(reference);

export const scopeOf = (member: Member): Scope => ({
  organizationId: asId(member.organization.id),
  projectIds: member.projects.map((project) => asId<"project">(project.id)),
});

/** Who looks, and how a page learns what they may decide. */
export const lookingOf = (use: HttpDependencies, member: Member): Looking => ({
  organizationId: member.organization.id,
  viewerId: member.person.id,
  policies: use.engine.policies,
  nowMs: use.clock.nowMs(),
});

/** Reads at one snapshot of everything the member may see. */
export const reading = <Result>(use: HttpDependencies, member: Member, work: (reader: Reader) => Promise<Result>): Promise<Result> =>
  use.engine.read(scopeOf(member), work);

/** The member as one who sees this project alone. @throws {Failure} `project.not-found` */
export const narrowed = (member: Member, project: string | undefined): Member =>
  project === undefined ? member : { ...member, projects: [projectOf(member, { reference: project, rehearsal: false })] };

const missing = (what: string, reference: string, command: string): Failure =>
  new Failure("not-found", `${what}.not-found`, {
    message: `There is no ${what} ${reference}, or it is not yours to see. ${command} lists those that are.`,
  });

/** The request an id or a label such as `ENG-42` stands for. @throws {Failure} `request.not-found` */
export async function requestOf(use: HttpDependencies, member: Member, reference: string): Promise<WorkRequest> {
  const found = isId(reference)
    ? await reading(use, member, (reader) => reader.get(requestKind, reference))
    : await byLabel(use, member, reference);
  if (found === undefined) throw missing("request", reference, "xvc request list");
  return found;
}

async function byLabel(use: HttpDependencies, member: Member, label: string): Promise<WorkRequest | undefined> {
  const [, key, number] = /^([A-Za-z][A-Za-z0-9]{0,19})-(\d{1,9})$/u.exec(label) ?? [];
  const project = member.projects.find((candidate) => candidate.key === key?.toUpperCase());
  if (project === undefined || number === undefined) return undefined;
  const scope = { organizationId: asId<"organization">(member.organization.id), projectIds: [asId<"project">(project.id)] };
  const [request] = await use.engine.read(scope, (reader) => reader.find(requestKind, { where: { number: Number(number) }, limit: 1 }));
  return request;
}

export const labelOf = (member: Member, request: WorkRequest): string =>
  requestLabel(member.projects.find((project) => project.id === request.projectId)?.key ?? "?", request.number);

/** A row that belongs to a request, with that request. */
export interface Placed<Row> {
  readonly row: Row;
  readonly request: WorkRequest;
}

/** The task an id or `ENG-42/backend` stands for; of several plans the latest that has it. @throws {Failure} `task.not-found` */
export async function taskOf(use: HttpDependencies, member: Member, reference: string): Promise<Placed<Task>> {
  if (isId(reference)) return placed(use, member, { kind: taskKind, id: reference, what: "task", command: "xvc task list" });
  const [label = "", key = ""] = reference.split("/");
  const request = await requestOf(use, member, label);
  const tasks = await reading(use, member, (reader) =>
    reader.find(taskKind, { where: { requestId: request.id, key }, newestFirst: true, limit: 50 }),
  );
  const row = tasks.find((task) => task.planId === request.planId) ?? tasks[0];
  if (row === undefined) throw missing("task", reference, "xvc task list");
  return { row, request };
}

export const planOf = (use: HttpDependencies, member: Member, id: string): Promise<Placed<Plan>> =>
  placed(use, member, { kind: planKind, id, what: "plan", command: "xvc plan show" });

/** An item with its project, and what people call the place it belongs to. */
export interface PlacedItem {
  readonly row: InboxItem;
  readonly projectId: string;
  /** The request's label; of an item without a request the project's key. */
  readonly label: string;
}

/** @throws {Failure} `item.not-found` */
export const itemOf = (use: HttpDependencies, member: Member, id: string): Promise<PlacedItem> =>
  reading(use, member, async (reader) => {
    const row = isId(id) ? await reader.get(inboxItemKind, id) : undefined;
    const place = row === undefined ? undefined : await placeOfItem(reader, row);
    if (row === undefined || place === undefined) throw missing("item", id, "xvc inbox list");
    const key = member.projects.find((project) => project.id === place.projectId)?.key ?? "?";
    return { row, projectId: place.projectId, label: place.number === null ? key : requestLabel(key, place.number) };
  });

interface ItemPlace {
  readonly projectId: string;
  /** Of its request; null: it belongs to none. */
  readonly number: number | null;
}

async function placeOfItem(reader: Reader, { requestId, projectId }: InboxItem): Promise<ItemPlace | undefined> {
  if (requestId === null) return projectId === undefined ? undefined : { projectId, number: null };
  const request = await reader.get(requestKind, requestId);
  return request === undefined ? undefined : { projectId: request.projectId, number: request.number };
}

interface Sought<Row extends Entity> {
  readonly kind: EntityKind<Row>;
  readonly id: string;
  readonly what: string;
  readonly command: string;
}

async function placed<Row extends Entity & { readonly requestId: string }>(
  use: HttpDependencies,
  member: Member,
  sought: Sought<Row>,
): Promise<Placed<Row>> {
  return reading(use, member, async (reader) => {
    const row = isId(sought.id) ? await reader.get(sought.kind, sought.id) : undefined;
    const request = row === undefined ? undefined : await reader.get(requestKind, row.requestId);
    if (row === undefined || request === undefined) throw missing(sought.what, sought.id, sought.command);
    return { row, request };
  });
}

/** The project a key or id stands for, or the one that is meant when nobody says. @throws {Failure} `project.not-found` */
export function projectOf(member: Member, wanted: { readonly reference: string | undefined; readonly rehearsal: boolean }): Project {
  const { reference } = wanted;
  const mode = wanted.rehearsal ? "rehearsal" : "real";
  const found =
    reference === undefined
      ? member.projects.find((project) => project.state === "active" && project.mode === mode)
      : member.projects.find((project) => project.id === reference || project.key === reference.toUpperCase());
  if (found === undefined) {
    const known = member.projects
      .map((project) => project.key)
      .slice(0, 20)
      .join(", ");
    throw new Failure("not-found", "project.not-found", {
      message: `There is no ${reference === undefined ? `${mode} project` : `project ${reference}`}. ${known === "" ? "xvc project add makes one." : `Known: ${known}.`}`,
    });
  }
  if (wanted.rehearsal && found.mode !== "rehearsal")
    throw new Failure("invalid", "project.not-rehearsal", {
      message: `Project ${found.key} is real and stays so; choose a rehearsal project.`,
    });
  return found;
}

/** A command on its way into a project, or to the organization. */
export interface SentCommand {
  readonly projectId: string | null;
  readonly command: Command;
}

const boundKey = (): Failure =>
  new Failure("forbidden", "key.bound-to-projects", {
    message: "This key is for some projects only and changes nothing of the organization. Sign in, or use a key without that limit.",
  });

/** Sends a command in a project, in the member's name. */
export const command = async (
  use: HttpDependencies,
  call: { readonly member: Member; readonly key: string },
  sent: SentCommand,
): Promise<JsonObject> => (await carryOut(use, call, sent)).answer;

/** The same, with the position from which on a reader sees it. */
export const carryOut = async (use: HttpDependencies, call: { readonly member: Member; readonly key: string }, sent: SentCommand) => {
  if (call.member.bound && sent.projectId === null) throw boundKey();
  return use.engine.carryOut(
    {
      organizationId: asId(call.member.organization.id),
      projectId: sent.projectId === null ? null : asId(sent.projectId),
      actor: { kind: "person", id: call.member.person.id },
      key: call.key,
    },
    sent.command,
  );
};

/** A command's answer as it crosses the wire. */
export function answerOf(answer: JsonObject, more: { readonly label?: string; readonly message?: string } = {}): CommandAnswer {
  const { id, state } = answer;
  return {
    schema: "xvc.answer/1",
    id: typeof id === "string" ? id : "",
    ...(typeof state === "string" ? { state } : {}),
    ...more,
    details: { ...answer },
  };
}
