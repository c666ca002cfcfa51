import { readTagText } from "../../core/memory/tag.ts";
import { inboxItemKind } from "../../core/oversight/inbox-item.ts";
import type { Artifact } from "../../core/shared/content.ts";
import { Failure } from "../../core/shared/failure.ts";
import { asId } from "../../core/shared/ids.ts";
import { taskDetailView } from "../../engine/execution/task-detail-view.ts";
import { taskPageView } from "../../engine/execution/task-view.ts";
import { boardView } from "../../engine/execution/board-view.ts";
import { myWorkView } from "../../engine/execution/my-work-view.ts";
import { taskTimelineView } from "../../engine/memory/timeline-view.ts";
import { timelinePage } from "../../contract/event-contract.ts";
import { commandAnswer, reasonBody } from "../../contract/fields.ts";
import {
  boardDocument,
  boardQuery,
  myWorkDocument,
  myWorkQuery,
  type TaskReassignBody,
  type TaskSubmitBody,
  taskDetail,
  taskListQuery,
  taskPage,
  taskReassignBody,
  taskSubmitBody,
} from "../../contract/task-contract.ts";
import { claimRoutes } from "./claim-routes.ts";
import { requireOwnContent } from "./content-routes.ts";
import { type Call, type Endpoint, endpoint } from "./endpoint.ts";
import type { HttpDependencies, Member } from "./http-dependencies.ts";
import { answerOf, command, labelOf, projectOf, reading, requestOf, taskOf } from "./references.ts";

/** What the member sees of one project, or of all. */
const within = (member: Member, project: string | undefined): Member =>
  project === undefined ? member : { ...member, projects: [projectOf(member, { reference: project, rehearsal: false })] };

const performerOf = (member: Member, performer: string): string => (performer === "me" ? `person:${member.person.id}` : performer);

const taggedBy = ({ tag }: { readonly tag?: string | undefined }): { readonly tag?: ReturnType<typeof readTagText> } =>
  tag === undefined || tag === "" ? {} : { tag: readTagText(tag) };

const listTasks = endpoint({
  method: "get",
  path: "/api/tasks",
  summary: "List tasks, newest first",
  past: true,
  query: taskListQuery,
  answer: taskPage,
  run: async (use, { member, query }) => {
    const request = query.request === undefined ? undefined : await requestOf(use, member, query.request);
    const { state, cursor, limit = 40, performer } = query;
    const asked = {
      limit,
      mine: query.mine === "true" || query.mine === "1",
      ...(state === undefined ? {} : { states: state }),
      ...(cursor === undefined ? {} : { cursor }),
      ...(request === undefined ? {} : { requestId: request.id }),
      ...(performer === undefined ? {} : { performer: performerOf(member, performer) }),
      ...taggedBy(query),
    };
    return reading(use, within(member, query.project), (reader) => taskPageView(reader, asked, member.person.id));
  },
});

/** Cards of each column at first: six columns of narrow cards stay under 30 kB. */
const firstCards = 10;

const showBoard = endpoint({
  method: "get",
  path: "/api/board",
  summary: "The tasks under way by column, the oldest first",
  past: true,
  query: boardQuery,
  answer: boardDocument,
  run: async (use, { member, query }) => {
    const request = query.request === undefined ? undefined : await requestOf(use, member, query.request);
    const { column, cursor, performer, limit = column === undefined ? firstCards : 50 } = query;
    if (cursor !== undefined && column === undefined)
      throw new Failure("invalid", "board.column-missing", { message: "A cursor belongs to one column: name the column as well." });
    const asked = {
      limit,
      ...(request === undefined ? {} : { requestId: request.id }),
      ...(performer === undefined ? {} : { performer: performerOf(member, performer) }),
      ...(column === undefined ? {} : { column }),
      ...(cursor === undefined ? {} : { cursor }),
      ...taggedBy(query),
    };
    return reading(use, within(member, query.project), (reader) => boardView(reader, asked, member.person.id));
  },
});

const showMyWork = endpoint({
  method: "get",
  path: "/api/my-work",
  summary: "What the reader holds, may claim, and handed in",
  query: myWorkQuery,
  answer: myWorkDocument,
  run: (use, { member, query }) => reading(use, member, (reader) => myWorkView(reader, member.person.id, taggedBy(query).tag)),
});

const taskStory = endpoint({
  method: "get",
  path: "/api/tasks/{reference}/events",
  summary: "The story of a task and its latest attempts, oldest first",
  past: true,
  answer: timelinePage,
  run: async (use, { member, reference }) => {
    const { row } = await taskOf(use, member, reference);
    return reading(use, member, (reader) => taskTimelineView(reader, row.id));
  },
});

const showTask = endpoint({
  method: "get",
  path: "/api/tasks/{reference}",
  summary: "A task with its context, attempts and verdicts",
  past: true,
  answer: taskDetail,
  run: async (use, { member, reference }) => {
    const { row } = await taskOf(use, member, reference);
    return reading(use, member, (reader) => taskDetailView(reader, row.id, member.person.id));
  },
});

const submitTask = endpoint({
  method: "post",
  path: "/api/tasks/{reference}/submit",
  summary: "Hand in the outputs of a claimed task",
  body: taskSubmitBody,
  answer: commandAnswer,
  run: submit,
});

const reassignTask = endpoint({
  method: "post",
  path: "/api/tasks/{reference}/reassign",
  summary: "Move a task to another performer",
  body: taskReassignBody,
  answer: commandAnswer,
  run: reassign,
});

const retryTask = endpoint({
  method: "post",
  path: "/api/tasks/{reference}/retry",
  summary: "Try a task again that was given up",
  body: reasonBody,
  answer: commandAnswer,
  run: retry,
});

/** Tasks: for the people who do them. */
export const taskRoutes = (): readonly Endpoint[] => [
  listTasks,
  showBoard,
  showMyWork,
  showTask,
  taskStory,
  ...claimRoutes(),
  submitTask,
  reassignTask,
  retryTask,
];

const mediaTypes: { readonly [extension: string]: string } = {
  md: "text/markdown",
  json: "application/json",
  html: "text/html",
  csv: "text/csv",
  yaml: "application/yaml",
  yml: "application/yaml",
  diff: "text/x-diff",
  patch: "text/x-diff",
};

/** By the output's name, as the plan gives it. */
const mediaTypeOf = (name: string): string => mediaTypes[/\.([a-z0-9]{1,8})$/iu.exec(name)?.[1]?.toLowerCase() ?? ""] ?? "text/plain";

type GivenOutput = readonly [name: string, output: TaskSubmitBody["outputs"][string]];

async function artifactOf(use: HttpDependencies, member: Member, [name, given]: GivenOutput): Promise<Artifact> {
  if (typeof given === "string") {
    const bytes = new TextEncoder().encode(given);
    return { name, sha256: await use.content.write(bytes), mediaType: mediaTypeOf(name), bytes: bytes.byteLength };
  }
  const sha256 = asId<"sha256">(given.contentSha256);
  await requireOwnContent(use, member, [{ name, sha256 }]);
  return { name, sha256, mediaType: given.mediaType, bytes: (await use.content.read(sha256)).byteLength };
}

/** More outputs than any plan names. */
const maxOutputs = 200;

async function submit(use: HttpDependencies, call: Call<unknown, TaskSubmitBody>) {
  const { row: task, request } = await taskOf(use, call.member, call.reference);
  const given = Object.entries(call.body.outputs);
  const unknown = given.map(([name]) => name).filter((name) => !task.spec.outputs.includes(name));
  if (unknown.length > 0 || given.length > maxOutputs) {
    throw new Failure("invalid", "task.output-unknown", {
      message: `The plan names no output ${unknown.slice(0, 5).join(", ")}; it asks for ${task.spec.outputs.join(", ") || "none"}.`,
    });
  }
  const outputs: Artifact[] = [];
  for (const output of given) outputs.push(await artifactOf(use, call.member, output));
  const answer = await command(use, call, {
    projectId: request.projectId,
    command: {
      kind: "submit-task",
      taskId: task.id,
      ...(call.body.claim === undefined ? {} : { attemptId: call.body.claim }),
      outputs,
      pointAnswers: call.body.pointAnswers ?? {},
      note: call.body.interpretation ?? "",
      minutesSpent: call.body.minutesSpent ?? 0,
    },
  });
  return answerOf(answer, { label: `${labelOf(call.member, request)}/${task.key}` });
}

async function reassign(use: HttpDependencies, call: Call<unknown, TaskReassignBody>) {
  const { row: task, request } = await taskOf(use, call.member, call.reference);
  const { to, reason } = call.body;
  if (to?.kind === "person")
    throw new Failure("invalid", "task.person-claims", {
      message: "Work is not pushed onto a person: reassign it to a persona that people serve, and the person claims it.",
    });
  const answer = await command(use, call, {
    projectId: request.projectId,
    command: { kind: "reassign-task", taskId: task.id, toPersona: to?.id ?? null, reason },
  });
  return answerOf(answer, { label: `${labelOf(call.member, request)}/${task.key}` });
}

/** Trying again is an answer to the question that a given-up task left in the inbox. */
async function retry(use: HttpDependencies, call: Call<unknown, { readonly reason?: string | undefined }>) {
  const { row: task, request } = await taskOf(use, call.member, call.reference);
  const items = await reading(use, call.member, (reader) =>
    reader.find(inboxItemKind, { where: { subjectId: task.id, state: ["open", "delegated"] }, limit: 20 }),
  );
  const item = items.find((candidate) => candidate.choices.some((choice) => choice.id === "retry"));
  if (item === undefined)
    throw new Failure("conflict", "task.not-retryable", {
      message: `The task is ${task.state} and nobody is asked whether to try it again.`,
    });
  const answer = await command(use, call, {
    projectId: request.projectId,
    command: {
      kind: "answer-item",
      itemId: item.id,
      choice: "retry",
      value: null,
      reason: call.body.reason ?? "",
      inputs: [],
      confirmation: null,
    },
  });
  return answerOf({ ...answer, id: task.id }, { label: `${labelOf(call.member, request)}/${task.key}` });
}
