import { z } from "zod";
import type { JsonObject } from "../../core/shared/json.ts";
import { asked, given, instant, reference, segment, text, type Tool, tool } from "./tool.ts";

const requestField = reference("id or label of the request, such as ENG-42");

const performer = z.object({ kind: z.enum(["person", "persona"]), id: text, name: text }).nullable();

const fileRequest = tool({
  name: "file_request",
  title: "File a request",
  description:
    "Files a work request. It is analysed and planned; people approve the plan before anything is done. Follow it with get_request.",
  kind: "adds",
  input: z.object({
    text: z.string().trim().min(1).max(100_000).describe("what is wanted, in words"),
    title: z.string().trim().min(1).max(300).optional(),
    project: z.string().min(1).max(100).optional().describe("key or id; the first active project, when absent"),
    playbook: z.string().min(1).max(100).optional(),
    urgency: z.enum(["low", "normal", "high"]).optional(),
    budgetMicro: z.number().int().min(0).optional().describe("in millionths of the organization's currency"),
    deadlineAtMs: z.number().int().min(0).optional().describe("epoch milliseconds"),
    key: z
      .string()
      .regex(/^[\x21-\x7e]{1,100}$/u)
      .optional()
      .describe("the same key is carried out once: give one when you might send this again"),
  }),
  output: z.object({ id: text, label: text, state: text }),
  run: (api, { key, ...draft }) => api.post("/api/requests", given(draft), key),
});

const progress = z.object({
  request: text,
  id: text,
  title: text,
  text: text,
  project: text,
  state: text,
  stage: text,
  headline: text,
  deadlineAtMs: instant.nullable(),
  interpretation: text.nullable(),
  tasks: z.array(
    z.object({ task: text, task_id: text, title: text, status: text, blocked_by: z.array(text), performer, attempts: z.number() }),
  ),
  waitsFor: z.array(z.object({ item: text, kind: text, title: text, mayAnswer: z.boolean() })),
  deliverable: z
    .object({
      state: text,
      files: z.array(z.object({ name: text, sha256: text, mediaType: text, bytes: z.number() })).describe("bytes at /api/content/<sha256>"),
    })
    .nullable(),
  costMicro: z.number(),
  currency: text,
  as_of: instant,
});

const getRequest = tool({
  name: "get_request",
  title: "See a request",
  description:
    "Shows where a request is: its stage, its tasks and what holds them, who is asked something, cost so far, and what it returned.",
  kind: "reads",
  input: z.object({ request: requestField }),
  output: progress,
  async run(api, { request }) {
    const found = await api.get(`/api/requests/${segment(request)}`);
    const summary = found["summary"] as JsonObject; // by the contract, and checked as a whole by the output's schema
    const items = found["inbox"] as readonly JsonObject[]; // as above
    const brief = found["brief"] as JsonObject | null; // as above
    return {
      ...found,
      ...summary,
      project: summary["projectKey"],
      interpretation: brief?.["interpretation"] ?? null,
      waitsFor: items.map((item) => ({ ...item, item: item["id"] })),
    };
  },
});

const getPlan = tool({
  name: "get_plan",
  title: "See a plan",
  description:
    "Shows the plan of a request whole (xvc.plan/1) with where its tasks stand, what is wrong with it, and the approval that waits.",
  kind: "reads",
  input: z.object({
    request: requestField,
    version: z.number().int().min(1).max(1_000_000).optional().describe("the present one, when absent"),
  }),
  output: z.object({
    document: z.looseObject({ schema: text, version: z.number() }).describe("the plan, as docs/reference/plan.md has it"),
    tasks: z.array(z.looseObject({})),
    problems: z.array(z.looseObject({})),
    approvalItemId: text.nullable().describe("item for decide_approval"),
    mayDecide: z.boolean(),
    whyNot: text.nullable(),
    confirm: text.nullable().describe("text to give as confirm with decide_approval; null: none is asked for"),
  }),
  run: (api, { request, version }) => api.get(asked(`/api/requests/${segment(request)}/plan`, { version })),
});

export const requestTools: readonly Tool[] = [fileRequest, getRequest, getPlan];
