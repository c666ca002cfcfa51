import { z } from "zod";
import type { Json, JsonObject } from "../../core/shared/json.ts";
import { type Api, given, instant, reference, segment, text, type Tool, tool, wordAt } from "./tool.ts";

const taskField = reference("id or label of the task, such as ENG-42/backend");
const claimField = z
  .string()
  .min(1)
  .max(100)
  .describe("the claim that claim_task answered; another one by now means that the task was lost");
const leaseField = z
  .number()
  .min(1)
  .max(1_440)
  .describe("minutes until the task is given back unless heartbeat_task or submit_result comes before");
const defaultLeaseMinutes = 60;

const artifacts = z.array(z.object({ name: text, sha256: text, mediaType: text, bytes: z.number() }));

const taskRow = z.object({
  id: text,
  label: text,
  title: text,
  requestLabel: text,
  requestTitle: text,
  state: text,
  risk: text,
  estimateHours: z.number(),
});

const listMyTasks = tool({
  name: "list_my_tasks",
  title: "List my tasks",
  description: "Lists the tasks you hold and the ones that are offered to you.",
  kind: "reads",
  input: z.object({}),
  output: z.object({ holding: z.array(taskRow), offered: z.array(taskRow), moreOffered: z.boolean() }),
  run: (api) => api.get("/api/my-work"),
});

const detailsOf = (answer: JsonObject): JsonObject => (answer["details"] ?? {}) as JsonObject; // an object by the contract

const claimTask = tool({
  name: "claim_task",
  title: "Claim a task",
  description:
    "Takes a task that is offered and answers with all that is needed to do it. It is yours for the time of the lease: renew it with heartbeat_task, give it back with release_task, hand it in with submit_result. Keep the claim: it proves that the task is still yours.",
  kind: "changes",
  input: z.object({ task: taskField, leaseMinutes: leaseField.optional() }),
  output: z.object({
    task: text,
    id: text,
    claim: text,
    leaseUntilMs: instant.nullable(),
    title: text,
    requestLabel: text,
    brief: text,
    criteria: z.array(z.looseObject({ id: text, statement: text })).describe("what is checked when you hand in"),
    expectedOutputs: z.array(text).describe("names of the outputs to hand in, all of them"),
    outputSchema: z.looseObject({}).nullable(),
    reworkPoints: z.array(z.looseObject({ id: text, text })).describe("what a review wants changed; answer each under its id"),
    inputs: z.array(z.looseObject({ name: text, artifacts })).describe("bytes at /api/content/<sha256>"),
    upstream: z.array(z.object({ task: text, outputs: artifacts })),
  }),
  async run(api, { task, leaseMinutes = defaultLeaseMinutes }) {
    const { attemptId, leaseUntilMs = null } = detailsOf(await api.post(`/api/tasks/${segment(task)}/claim`, { leaseMinutes }));
    const detail = await api.get(`/api/tasks/${segment(task)}`);
    return { ...detail, task: detail["label"], claim: attemptId, leaseUntilMs };
  },
});

const heartbeatTask = tool({
  name: "heartbeat_task",
  title: "Keep a task",
  description:
    "Says that you still work on a claimed task: its lease begins anew. Refused when the claim is no longer yours: stop working on it then.",
  kind: "changes",
  input: z.object({ task: taskField, claim: claimField, leaseMinutes: leaseField.optional() }),
  output: z.object({ task: text, state: text, leaseUntilMs: instant.nullable() }),
  async run(api, { task, claim, leaseMinutes = defaultLeaseMinutes }) {
    const answer = await api.post(`/api/tasks/${segment(task)}/heartbeat`, { claim, leaseMinutes });
    return { task, ...answer, leaseUntilMs: detailsOf(answer)["leaseUntilMs"] ?? null };
  },
});

const releaseTask = tool({
  name: "release_task",
  title: "Give a task back",
  description: "Gives a claimed task back, so that somebody else can take it. Nothing of it is kept.",
  kind: "changes",
  input: z.object({ task: taskField, claim: claimField.optional(), reason: z.string().trim().max(4_000).optional() }),
  output: z.object({ task: text, state: text }),
  run: async (api, { task, claim, reason }) => ({
    task,
    ...(await api.post(`/api/tasks/${segment(task)}/release`, given({ claim, reason }))),
  }),
});

const submitResult = tool({
  name: "submit_result",
  title: "Hand a task in",
  description:
    "Hands in the outputs of a claimed task as text. They are checked and reviewed; it is done when they pass, and comes back with points to answer when they do not.",
  kind: "changes",
  input: z.object({
    task: taskField,
    claim: claimField.optional(),
    outputs: z.record(z.string().min(1).max(200), z.string().max(500_000)).describe("text by the name of each expected output"),
    pointAnswers: z.record(z.string().max(100), z.string().max(4_000)).optional().describe("an answer by the id of each rework point"),
    interpretation: z.string().max(4_000).optional().describe("how you understood the task"),
    minutesSpent: z.number().min(0).max(100_000).optional(),
  }),
  output: z.object({ task: text, state: text }),
  run: async (api, { task, ...result }) => ({ task, ...(await api.post(`/api/tasks/${segment(task)}/submit`, given(result))) }),
});

interface Subject {
  readonly requestId: string;
  readonly about: Json | undefined;
}

async function subjectOf(api: Api, request: string | undefined, task: string | undefined): Promise<Subject> {
  if (task === undefined) return { requestId: request ?? "", about: undefined };
  const found = await api.get(`/api/tasks/${segment(task)}`);
  return { requestId: wordAt(found, "requestId"), about: { kind: "task", id: wordAt(found, "id") } };
}

const askQuestion = tool({
  name: "ask_question",
  title: "Ask a person",
  description:
    "Asks a person about a request or a task: the requester, unless somebody else is named. It is put before them and told to them; what they reply is a comment there.",
  kind: "adds",
  input: z
    .object({
      request: reference("the request it is about; leave it out where a task is named").optional(),
      task: taskField.optional(),
      question: z.string().trim().min(1).max(10_000),
      personId: z.uuid().optional().describe("who is asked; the requester, when absent"),
    })
    .refine(({ request, task }) => (request === undefined) !== (task === undefined), "Name either a request or a task."),
  output: z.object({ id: text.describe("of the comment"), request: text, asked: text }),
  async run(api, { request, task, question, personId }) {
    const { requestId, about } = await subjectOf(api, request, task);
    const found = await api.get(`/api/requests/${segment(requestId)}`);
    const requester = (found["summary"] as JsonObject)["requester"] as JsonObject; // by the contract
    const asked = personId ?? wordAt(requester, "id");
    const answer = await api.post(`/api/requests/${segment(requestId)}/comments`, given({ text: question, mentions: [asked], about }));
    return { id: answer["id"], request: found["request"], asked: personId ?? requester["name"] };
  },
});

export const taskTools: readonly Tool[] = [listMyTasks, claimTask, heartbeatTask, releaseTask, submitResult, askQuestion];
