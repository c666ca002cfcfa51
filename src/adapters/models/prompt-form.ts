import type { JsonObject } from "../../core/shared/json.ts";
import type { SaidPart } from "../../core/execution/turn.ts";
import type { ModelMessage, TurnRequest } from "../../engine/ports/model.ts";
import type { CallOptions } from "./vendor-models.ts";

type Prompt = CallOptions["prompt"];
type Message = Prompt[number];
type ModelContent = Extract<Message, { readonly role: "assistant" }>["content"];
type Options = NonNullable<ModelContent[number]["providerOptions"]>;

/** The conversation in the library's form. */
export const promptOf = ({ system, messages }: Pick<TurnRequest, "system" | "messages">): Prompt => [
  { role: "system", content: system },
  ...messages.map(messageOf),
];

function messageOf(message: ModelMessage): Message {
  if (message.role === "user") return { role: "user", content: [{ type: "text", text: message.text }] };
  if (message.role === "model") return { role: "assistant", content: message.parts.map(partOf) };
  return {
    role: "tool",
    content: message.answers.map(({ callId, tool, text }) => ({
      type: "tool-result",
      toolCallId: callId,
      toolName: tool,
      output: { type: "text", value: text },
    })),
  };
}

const marked = (opaque: JsonObject | null): { readonly providerOptions?: Options } =>
  opaque === null ? {} : { providerOptions: opaque as Options }; // what the library gave us as its own mark

function partOf(part: SaidPart): ModelContent[number] {
  if (part.kind !== "call") return { type: part.kind, text: part.text, ...marked(part.opaque) };
  return {
    type: "tool-call",
    toolCallId: part.callId,
    toolName: part.tool,
    input: readArguments(part.rawArguments),
    ...marked(part.opaque),
  };
}

/** What a model called a tool with, as it is shown to it again; what is no JSON is shown as text. */
function readArguments(raw: string): unknown {
  try {
    const read: unknown = JSON.parse(raw === "" ? "{}" : raw);
    return typeof read === "object" && read !== null && !Array.isArray(read) ? read : { unreadable: raw };
  } catch {
    return { unreadable: raw };
  }
}

/** The tools in the library's form. It is told names and schemas only; nothing here can run one. */
export const toolsOf = ({ tools }: Pick<TurnRequest, "tools">): NonNullable<CallOptions["tools"]> =>
  tools.map(({ name, description, parameters }) => ({
    type: "function",
    name,
    description,
    inputSchema: parameters as never, // JSON Schema by the port's word; its type is that of a package we do not have
  }));
