import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ModelVendor } from "../../src/core/gate/provider.ts";
import type { JsonObject } from "../../src/core/shared/json.ts";

/** What the fake server says to one request. */
export type ScriptedAnswer =
  | {
      readonly kind: "text";
      readonly text: string;
      readonly usage?: boolean;
      readonly pieces?: number;
      readonly finish?: "length" | "blocked";
    }
  | { readonly kind: "call"; readonly tool: string; readonly rawArguments: string; readonly callId?: string }
  | { readonly kind: "status"; readonly status: number; readonly headers?: { readonly [name: string]: string }; readonly message?: string }
  /** Breaks off: after the first piece, by closing the connection or by ending the answer in good order. */
  | { readonly kind: "cut"; readonly text: string; readonly how: "reset" | "end" }
  | { readonly kind: "error-inside"; readonly type: string; readonly message: string }
  | { readonly kind: "garbage" }
  /** Any body under any status, as if it were an answer. */
  | { readonly kind: "raw"; readonly body: string }
  /** Says nothing: before the status, or after the first piece. */
  | { readonly kind: "silence"; readonly after: "request" | "piece" };

export interface SeenRequest {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: JsonObject;
}

export interface ModelServer extends AsyncDisposable {
  readonly origin: string;
  /** The base address for a vendor's library. */
  readonly baseUrl: string;
  readonly seen: readonly SeenRequest[];
  /** Connections that the other side gave up. */
  readonly dropped: () => number;
}

/** What the server says next; called once for each request, with it. */
export type NextAnswer = (request: SeenRequest, number: number) => ScriptedAnswer;

type Event = { readonly name?: string; readonly data: unknown };

/** The events of one vendor's stream. */
interface Form {
  readonly path: string;
  text(pieces: readonly string[], told: { readonly usage: boolean; readonly finish: "stop" | "length" | "blocked" }): readonly Event[];
  call(call: Extract<ScriptedAnswer, { readonly kind: "call" }>): readonly Event[];
  errorInside(type: string, message: string): Event;
  readonly end: string;
}

const named = (data: { readonly type: string } & JsonObject): Event => ({ name: data.type, data });

const anthropicStart = (usage: boolean): Event =>
  named({
    type: "message_start",
    message: {
      id: "msg_1",
      type: "message",
      role: "assistant",
      model: "fake-model-20260101",
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: usage ? { input_tokens: 11, output_tokens: 1 } : { input_tokens: 0, output_tokens: 0 },
    },
  });

const anthropicEnd = (reason: string, usage: boolean): readonly Event[] => [
  named({
    type: "message_delta",
    delta: { stop_reason: reason, stop_sequence: null },
    usage: usage ? { output_tokens: 7 } : { output_tokens: 0 },
  }),
  named({ type: "message_stop" }),
];

const anthropic: Form = {
  path: "/v1",
  text: (pieces, { usage, finish }) => [
    anthropicStart(usage),
    named({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } }),
    ...pieces.map((text) => named({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } })),
    named({ type: "content_block_stop", index: 0 }),
    ...anthropicEnd({ stop: "end_turn", length: "max_tokens", blocked: "refusal" }[finish], usage),
  ],
  call: ({ tool, rawArguments, callId = "toolu_1" }) => [
    anthropicStart(true),
    named({ type: "content_block_start", index: 0, content_block: { type: "tool_use", id: callId, name: tool, input: {} } }),
    named({ type: "content_block_delta", index: 0, delta: { type: "input_json_delta", partial_json: rawArguments } }),
    named({ type: "content_block_stop", index: 0 }),
    ...anthropicEnd("tool_use", true),
  ],
  errorInside: (type, message) => named({ type: "error", error: { type, message } }),
  end: "",
};

const chunk = (delta: JsonObject, finish: string | null): Event => ({
  data: {
    id: "chat_1",
    object: "chat.completion.chunk",
    created: 1,
    model: "fake-model-20260101",
    choices: [{ index: 0, delta, finish_reason: finish }],
  },
});

const chatUsage: Event = {
  data: {
    id: "chat_1",
    object: "chat.completion.chunk",
    created: 1,
    model: "fake-model-20260101",
    choices: [],
    usage: { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 },
  },
};

const compatible: Form = {
  path: "/v1",
  text: (pieces, { usage, finish }) => [
    ...pieces.map((content) => chunk({ role: "assistant", content }, null)),
    chunk({}, { stop: "stop", length: "length", blocked: "content_filter" }[finish]),
    ...(usage ? [chatUsage] : []),
  ],
  call: ({ tool, rawArguments, callId = "call_1" }) => [
    chunk({ role: "assistant", tool_calls: [{ index: 0, id: callId, type: "function", function: { name: tool, arguments: "" } }] }, null),
    chunk({ tool_calls: [{ index: 0, function: { arguments: rawArguments } }] }, null),
    chunk({}, "tool_calls"),
    chatUsage,
  ],
  errorInside: (type, message) => ({ data: { error: { type, message, code: null, param: null } } }),
  end: "data: [DONE]\n\n",
};

const responsesStart: Event = named({
  type: "response.created",
  sequence_number: 0,
  response: { id: "resp_1", object: "response", created_at: 1, model: "fake-model-20260101", status: "in_progress", output: [] },
});

const responsesEnd = (usage: boolean, incomplete: string | null): Event => {
  const type = incomplete === null ? "response.completed" : "response.incomplete";
  return named({
    type,
    sequence_number: 90,
    response: {
      id: "resp_1",
      object: "response",
      created_at: 1,
      model: "fake-model-20260101",
      status: incomplete === null ? "completed" : "incomplete",
      incomplete_details: incomplete === null ? null : { reason: incomplete },
      output: [],
      usage: usage ? { input_tokens: 11, output_tokens: 7, total_tokens: 18 } : null,
    },
  });
};

const responses: Form = {
  path: "/v1",
  text: (pieces, { usage, finish }) => [
    responsesStart,
    named({
      type: "response.output_item.added",
      output_index: 0,
      item: { id: "msg_1", type: "message", status: "in_progress", role: "assistant", content: [] },
    }),
    ...pieces.map((delta) => named({ type: "response.output_text.delta", item_id: "msg_1", output_index: 0, content_index: 0, delta })),
    named({
      type: "response.output_item.done",
      output_index: 0,
      item: {
        id: "msg_1",
        type: "message",
        status: "completed",
        role: "assistant",
        content: [{ type: "output_text", text: pieces.join(""), annotations: [] }],
      },
    }),
    responsesEnd(usage, { stop: null, length: "max_output_tokens", blocked: "content_filter" }[finish]),
  ],
  call: ({ tool, rawArguments, callId = "call_1" }) => {
    const item = { id: "fc_1", type: "function_call", call_id: callId, name: tool };
    return [
      responsesStart,
      named({ type: "response.output_item.added", output_index: 0, item: { ...item, arguments: "", status: "in_progress" } }),
      named({ type: "response.function_call_arguments.delta", item_id: "fc_1", output_index: 0, delta: rawArguments }),
      named({ type: "response.output_item.done", output_index: 0, item: { ...item, arguments: rawArguments, status: "completed" } }),
      responsesEnd(true, null),
    ];
  },
  errorInside: (type, message) => named({ type: "error", sequence_number: 1, error: { type, code: type, message, param: null } }),
  end: "",
};

const candidate = (parts: readonly JsonObject[], finish: string | null, usage: boolean): Event => ({
  data: {
    candidates: [{ content: { role: "model", parts: [...parts] }, index: 0, ...(finish === null ? {} : { finishReason: finish }) }],
    modelVersion: "fake-model-20260101",
    ...(usage ? { usageMetadata: { promptTokenCount: 11, candidatesTokenCount: 7, totalTokenCount: 18 } } : {}),
  },
});

const google: Form = {
  path: "/v1beta",
  text: (pieces, { usage, finish }) => [
    ...pieces.map((text) => candidate([{ text }], null, false)),
    candidate([{ text: "" }], { stop: "STOP", length: "MAX_TOKENS", blocked: "SAFETY" }[finish], usage),
  ],
  call: ({ tool, rawArguments }) => [
    candidate([{ functionCall: { name: tool, args: JSON.parse(rawArguments) as JsonObject } }], "STOP", true),
  ],
  errorInside: (type, message) => ({ data: { error: { code: 503, status: type, message } } }),
  end: "",
};

const forms: { readonly [vendor in ModelVendor]: Form } = { anthropic, openai: responses, google, "openai-compatible": compatible };

const sse = ({ name, data }: Event): string => `${name === undefined ? "" : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`;

/** A server on this machine that speaks one vendor's real form, faults included. */
export async function startModelServer(vendor: ModelVendor, next: NextAnswer): Promise<ModelServer> {
  const form = forms[vendor];
  const seen: SeenRequest[] = [];
  let dropped = 0;
  const server = createServer((request, response) => {
    response.on("close", () => {
      if (!response.writableEnded) dropped += 1;
    });
    const serve = async (): Promise<void> => {
      const one = { path: request.url ?? "", headers: request.headers, body: await readBody(request) };
      seen.push(one);
      answer(form, next(one, seen.length), response);
    };
    void serve();
  });
  await new Promise<void>((settle) => server.listen(0, "127.0.0.1", settle));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on a port
  return {
    origin,
    baseUrl: `${origin}${form.path}`,
    seen,
    dropped: () => dropped,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((settle) => server.close(settle));
    },
  };
}

async function readBody(request: IncomingMessage): Promise<JsonObject> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  const text = Buffer.concat(parts).toString("utf8");
  return text === "" ? {} : (JSON.parse(text) as JsonObject); // what the libraries send
}

const piecesOf = (text: string, pieces: number): readonly string[] => {
  const size = Math.max(1, Math.ceil(text.length / pieces));
  return text.match(new RegExp(`[\\s\\S]{1,${size}}`, "gu")) ?? [""];
};

function answer(form: Form, scripted: ScriptedAnswer, response: ServerResponse): void {
  if (scripted.kind === "silence" && scripted.after === "request") return;
  if (scripted.kind === "status") {
    response.writeHead(scripted.status, { "content-type": "application/json", ...scripted.headers });
    response.end(
      JSON.stringify({
        type: "error",
        error: { type: "some_error", code: scripted.status, message: scripted.message ?? "It went wrong." },
      }),
    );
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  switch (scripted.kind) {
    case "raw":
      response.end(scripted.body);
      return;
    case "garbage":
      response.end("data: {this is no json\n\ndata: <html>\n\n");
      return;
    case "error-inside":
      response.write(sse(form.text(["a"], { usage: true, finish: "stop" })[0] ?? { data: {} }));
      response.end(sse(form.errorInside(scripted.type, scripted.message)));
      return;
    case "call":
      response.end(form.call(scripted).map(sse).join("") + form.end);
      return;
    case "text": {
      const events = form.text(piecesOf(scripted.text, scripted.pieces ?? 3), {
        usage: scripted.usage ?? true,
        finish: scripted.finish ?? "stop",
      });
      response.end(events.map(sse).join("") + form.end);
      return;
    }
    case "cut":
    case "silence": {
      const events = form.text([scripted.kind === "cut" ? scripted.text : "a", "b"], { usage: true, finish: "stop" });
      const upToFirst = events.slice(
        0,
        events.findIndex(
          (event) => /"(?:text|delta|content)":"/u.test(JSON.stringify(event.data)) && !/_start|added|created/u.test(event.name ?? ""),
        ) + 1,
      );
      response.write(upToFirst.map(sse).join(""), () => {
        if (scripted.kind === "silence") return;
        if (scripted.how === "end") response.end();
        else response.socket?.resetAndDestroy();
      });
      return;
    }
  }
}
