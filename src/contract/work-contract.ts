import { z } from "zod";
import {
  countField,
  idField,
  instantField,
  lineField,
  listOf,
  oneOrMore,
  pageOf,
  pageQuery,
  performerDocument,
  textField,
} from "./fields.ts";
import { requestStateField } from "./request-contract.ts";

const titleField = z.string().trim().min(1, "is empty").max(300);
const goalField = z.string().trim().max(4_000);
const versionField = z.number().int().min(1).max(1_000_000_000);
const hoursField = z.number().min(0).max(1e9);
const epicStateField = z.enum(["open", "done", "cancelled"]);
const sprintStateField = z.enum(["planning", "active", "completed", "cancelled"]);

export const epicRowDocument = z.object({
  id: idField,
  label: z.string().max(60),
  project: z.string().max(50),
  state: epicStateField,
  title: lineField,
  goal: textField,
  owner: performerDocument,
  dueAtMs: instantField.nullable(),
  openedAtMs: instantField,
  version: countField,
  /** Requests and tasks that were not cancelled or rejected, and those that are done. */
  progress: z.object({ requests: countField, delivered: countField, tasks: countField, doneTasks: countField }),
});
export type EpicRowDocument = z.infer<typeof epicRowDocument>;

export const epicsDocument = pageOf("xvc.epics/1", epicRowDocument).extend({ mayCreate: z.boolean() });
export type EpicsDocument = z.infer<typeof epicsDocument>;

export const epicDocument = epicRowDocument.extend({
  schema: z.literal("xvc.epic/1"),
  reason: textField,
  requests: listOf(
    z.object({
      id: idField,
      label: z.string().max(60),
      title: lineField,
      state: requestStateField,
      tasks: countField,
      doneTasks: countField,
    }),
    500,
  ),
  mayChange: z.boolean(),
});
export type EpicDocument = z.infer<typeof epicDocument>;

export const epicsQuery = pageQuery.extend({ project: z.string().max(60).optional(), state: oneOrMore(epicStateField).optional() });

/** `POST /api/epics`. */
export const epicBody = z.strictObject({
  project: z.string().max(60).optional(),
  title: titleField,
  goal: goalField.optional(),
  ownerId: idField.optional(),
  dueAtMs: instantField.optional(),
});
export type EpicBody = z.infer<typeof epicBody>;

/** `POST /api/epics/:reference/change`: only what is named changes. */
export const epicChangeBody = z.strictObject({
  version: versionField.optional(),
  title: titleField.optional(),
  goal: goalField.optional(),
  ownerId: idField.optional(),
  dueAtMs: instantField.nullable().optional(),
});
export type EpicChangeBody = z.infer<typeof epicChangeBody>;

/** Finish, cancel and reopen. */
export const epicReasonBody = z.strictObject({
  version: versionField.optional(),
  reason: z.string().trim().min(1, "is empty: say why").max(4_000),
});
export type EpicReasonBody = z.infer<typeof epicReasonBody>;

/** `POST /api/requests/:reference/epic`: id or label; null: it is part of none. */
export const epicOfBody = z.strictObject({ epic: z.string().min(1).max(100).nullable() });
export type EpicOfBody = z.infer<typeof epicOfBody>;

export const sprintRowDocument = z.object({
  id: idField,
  label: z.string().max(60),
  project: z.string().max(50),
  state: sprintStateField,
  title: lineField,
  goal: textField,
  startsAtMs: instantField,
  endsAtMs: instantField,
  capacityHours: hoursField,
  /** Likely hours of its tasks, and of those accepted; of a sprint that ended, what was written down then. */
  plannedHours: hoursField,
  doneHours: hoursField,
  tasks: countField,
  doneTasks: countField,
  version: countField,
});
export type SprintRowDocument = z.infer<typeof sprintRowDocument>;

export const sprintsDocument = pageOf("xvc.sprints/1", sprintRowDocument).extend({ mayCreate: z.boolean() });
export type SprintsDocument = z.infer<typeof sprintsDocument>;

export const sprintDocument = sprintRowDocument.extend({
  schema: z.literal("xvc.sprint/1"),
  nowMs: instantField,
  closing: z
    .object({
      atMs: instantField,
      tasks: countField,
      doneTasks: countField,
      plannedHours: hoursField,
      doneHours: hoursField,
      movedToId: idField.nullable(),
      reason: textField,
    })
    .nullable(),
  taskRows: listOf(
    z.object({
      id: idField,
      label: z.string().max(260),
      title: lineField,
      state: z.string().max(40),
      performer: performerDocument.nullable(),
      hours: hoursField,
      acceptedAtMs: instantField.nullable(),
    }),
    500,
  ),
  burndown: listOf(z.object({ atMs: instantField, hours: hoursField }), 501),
  mayChange: z.boolean(),
});
export type SprintDocument = z.infer<typeof sprintDocument>;

export const sprintsQuery = pageQuery.extend({ project: z.string().max(60).optional(), state: oneOrMore(sprintStateField).optional() });

/** `POST /api/sprints`. */
export const sprintBody = z.strictObject({
  project: z.string().max(60).optional(),
  title: titleField,
  goal: goalField.optional(),
  startsAtMs: instantField,
  endsAtMs: instantField,
  capacityHours: z.number().min(0).max(100_000),
});
export type SprintBody = z.infer<typeof sprintBody>;

/** `POST /api/sprints/:reference/change`: only what is named changes. */
export const sprintChangeBody = z.strictObject({
  version: versionField.optional(),
  title: titleField.optional(),
  goal: goalField.optional(),
  startsAtMs: instantField.optional(),
  endsAtMs: instantField.optional(),
  capacityHours: z.number().min(0).max(100_000).optional(),
});
export type SprintChangeBody = z.infer<typeof sprintChangeBody>;

/** Start, complete and cancel. */
export const sprintMoveBody = z.strictObject({
  version: versionField.optional(),
  reason: z.string().trim().max(4_000).optional(),
  /** Id or label of the sprint that takes what is not done; absent: it goes back to no sprint. */
  moveTo: z.string().min(1).max(100).optional(),
});
export type SprintMoveBody = z.infer<typeof sprintMoveBody>;

/** `POST /api/tasks/:reference/sprint`: id or label; null: for none. */
export const sprintOfBody = z.strictObject({ sprint: z.string().min(1).max(100).nullable() });
export type SprintOfBody = z.infer<typeof sprintOfBody>;
