import type { EffectKind } from "../../core/gate/effect.ts";
import { type EffectGroup, effectGroup } from "../../core/gate/effect-treatment.ts";
import { type ShownLine, shownLines } from "../../core/gate/show-call.ts";
import { type GateStep, type ToolCall, type ToolCallState, toolCallKind } from "../../core/gate/tool-call.ts";
import type { PolicyQuestion } from "../../core/gate/tool-policy.ts";
import { type NamedPerformer, type People, namedPerson, personaName, readPeople } from "../oversight/people-view.ts";
import type { Reader } from "../ports/store.ts";
import { taskLabels } from "./grants-view.ts";

const maxCalls = 100;
/** Questions of one record; a longer one is made of pieces, each after the last of the one before. */
const maxQuestions = 5_000;

export interface ToolCallView {
  readonly id: string;
  readonly atMs: number;
  readonly persona: string;
  readonly personaName: string;
  readonly tool: string;
  readonly effectKind: EffectKind;
  readonly group: EffectGroup;
  readonly state: ToolCallState;
  readonly taskId: string;
  readonly task: string;
  /** Why it stands as it does: the last step of the gate. */
  readonly reason: string;
  readonly code: string | null;
  readonly steps: readonly GateStep[];
  readonly policies: readonly string[];
  readonly decidedBy: NamedPerformer | null;
  readonly itemId: string | null;
  readonly grantId: string | null;
  readonly callSha256: string;
  readonly costMicro: number;
  readonly lines: readonly ShownLine[];
}

export interface ToolCallsView {
  readonly schema: "xvc.tool-calls/1";
  readonly items: readonly ToolCallView[];
  readonly nextCursor: string | null;
}

export interface CallsAsked {
  readonly projects: readonly { readonly id: string; readonly key: string }[];
  readonly tool: string | undefined;
  readonly state: readonly ToolCallState[] | undefined;
  readonly cursor: string | undefined;
}

const whereOf = ({ tool, state }: Pick<CallsAsked, "tool" | "state">) => ({
  ...(tool === undefined ? {} : { tool }),
  ...(state === undefined ? {} : { state }),
});

/** Calls of late, the newest first, each with what the gate answered and why. */
export async function toolCallsView(reader: Reader, asked: CallsAsked): Promise<ToolCallsView> {
  const { cursor, projects } = asked;
  const [found, people] = await Promise.all([
    reader.find(toolCallKind, {
      where: whereOf(asked),
      newestFirst: true,
      limit: maxCalls,
      ...(cursor === undefined ? {} : { afterId: cursor }),
    }),
    readPeople(reader),
  ]);
  const tasks = await taskLabels(
    reader,
    found.map(({ taskId }) => taskId),
    new Map(projects.map(({ id, key }) => [id, key])),
  );
  return {
    schema: "xvc.tool-calls/1",
    items: found.map((call) => callView(call, { people, tasks })),
    nextCursor: found.length < maxCalls ? null : (found.at(-1)?.id ?? null),
  };
}

function callView(
  call: ToolCall,
  { people, tasks }: { readonly people: People; readonly tasks: ReadonlyMap<string, string> },
): ToolCallView {
  const { id, persona, tool, effectKind, state, taskId, steps, itemId, grantId, callSha256, costMicro } = call;
  return {
    id,
    persona,
    tool,
    effectKind,
    state,
    taskId,
    steps,
    itemId,
    grantId,
    callSha256,
    costMicro,
    atMs: call.usedAtMs ?? call.askedAtMs,
    personaName: personaName(persona),
    group: effectGroup(effectKind),
    task: tasks.get(taskId) ?? taskId,
    reason: steps.at(-1)?.reason ?? "",
    code: call.refusedCode,
    policies: call.question?.policies ?? [],
    decidedBy: call.decidedBy === null ? null : namedPerson(people, call.decidedBy),
    lines: shownLines(call).map((line) => ({ ...line, text: line.text.slice(0, 300), json: "" })),
  };
}

/** The question as plain data: one value for each fact. */
const plainRequest = ({ request: { context, ...asked } }: PolicyQuestion) => ({ ...asked, context: { ...context } });

/** One decided question to the tool policies, as `xvc gate replay` reads it. */
export interface GateQuestionView extends Pick<PolicyQuestion, "allowed" | "policies"> {
  readonly request: ReturnType<typeof plainRequest>;
  readonly schema: "xvc.gate-question/1";
  readonly id: string;
}

export interface GateRecordView {
  readonly schema: "xvc.gate-record/1";
  readonly items: readonly GateQuestionView[];
  /** Calls that were refused before any policy was asked have no question. */
  readonly without: number;
  readonly nextCursor: string | null;
}

/** What the tool policies were asked of late, the newest first: a record that can be decided again under others. */
export async function gateRecordView(reader: Reader, { tool, cursor }: Pick<CallsAsked, "tool" | "cursor">): Promise<GateRecordView> {
  const found = await reader.find(toolCallKind, {
    where: whereOf({ tool, state: undefined }),
    newestFirst: true,
    limit: maxQuestions,
    ...(cursor === undefined ? {} : { afterId: cursor }),
  });
  const items = found.flatMap(({ id, question }) =>
    question === null
      ? []
      : [
          {
            schema: "xvc.gate-question/1" as const,
            id,
            request: plainRequest(question),
            allowed: question.allowed,
            policies: question.policies,
          },
        ],
  );
  return {
    schema: "xvc.gate-record/1",
    items,
    without: found.length - items.length,
    nextCursor: found.length < maxQuestions ? null : (found.at(-1)?.id ?? null),
  };
}
