import {
  type ClientConnection,
  type NewSessionResponse,
  type SessionConfigOption,
  type SessionUpdate,
  PROTOCOL_VERSION,
  client,
  methods,
  ndJsonStream,
} from "@agentclientprotocol/sdk";
import { agentLimits } from "../../core/gate/agent.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { AgentEnd, AgentHooks } from "../../engine/ports/agent.ts";
import type { BytePipe } from "./byte-pipe.ts";

export interface AcpParts {
  readonly toAgent: BytePipe;
  readonly fromAgent: BytePipe;
  readonly hooks: Pick<AgentHooks, "permission" | "told">;
  readonly tree: string;
  /** The mode that has to be in force before anything is asked. */
  readonly mode: string | null;
  readonly signIn: string | undefined;
}

/** Longest message of an agent. */
const maxMessageBytes = 33_554_432;
/** From its start until it can be asked; slow starts take some ten seconds. */
const handshakeMs = 90_000;

/** What was heard in one session. */
interface Heard {
  opening: string;
  said: string;
  sinceCall: string;
  hasCalled: boolean;
  mode: string | null;
}

export interface AcpTalk {
  /** Until it can be asked, with the mode in force. @throws {Failure} `agent.handshake`, `agent.mode-refused` */
  begin(): Promise<{ readonly detail: string; readonly version: string | null }>;
  /** @throws {Failure} `agent.refused`, `agent.ended`, `agent.mode-refused` */
  ask(prompt: string): Promise<AgentEnd>;
  /** Tells it to stop; whether it does is not waited for. */
  cancel(): Promise<void>;
  close(): void;
}

/**
 * The client's side of the protocol. It offers an agent no files and no terminals: what it does it does itself, in the sandbox, since a
 * path that is good when we look at it may lead elsewhere when we write.
 */
export function acpTalk(parts: AcpParts): AcpTalk {
  const heard: Heard = { opening: "", said: "", sinceCall: "", hasCalled: false, mode: null };
  const connection = connect(parts, heard);
  let session: NewSessionResponse | null = null;
  return {
    async begin() {
      const began = await within(handshakeMs, handshake(connection, parts));
      session = began.session;
      await setMode(connection, { session, mode: parts.mode, heard });
      return { detail: `It answers${parts.mode === null ? "" : `, in the mode "${parts.mode}"`}.`, version: began.version };
    },
    async ask(prompt) {
      if (session === null) throw new Failure("bug", "bug.invariant", { message: "An agent is asked after its handshake." });
      const { sessionId } = session;
      const answer = await connection.agent.request(methods.agent.session.prompt, { sessionId, prompt: [{ type: "text", text: prompt }] });
      checkMode(heard, parts.mode);
      if (answer.stopReason === "refusal")
        throw new Failure("invalid", "agent.refused", { message: `The agent refused the task: ${heard.sinceCall.slice(-300)}` });
      if (answer.stopReason !== "end_turn")
        throw new Failure("unavailable", "agent.ended", { message: `The agent stopped before its end (${answer.stopReason}).` });
      return { summary: (heard.sinceCall.trim() || heard.said.trim()).slice(-agentLimits.summaryChars), opening: heard.opening.trim() };
    },
    async cancel() {
      if (session !== null)
        await connection.agent.notify(methods.agent.session.cancel, { sessionId: session.sessionId }).catch(() => undefined);
    },
    close: () => connection.close(),
  };
}

function connect({ toAgent, fromAgent, hooks, mode }: AcpParts, heard: Heard): ClientConnection {
  const writable = new WritableStream<Uint8Array>({ write: (bytes) => toAgent.push(bytes), close: () => toAgent.close() });
  const readable = ReadableStream.from(fromAgent);
  const app = client({ name: "xvc" })
    .onRequest(methods.client.session.requestPermission, ({ params: { toolCall, options } }) => {
      const places = [
        ...(toolCall.locations ?? []).map(({ path }) => path),
        ...(toolCall.content ?? []).flatMap((one) => (one.type === "diff" ? [one.path] : [])),
      ];
      const title = toolCall.title ?? "";
      const answer = hooks.permission({ toolKind: toolCall.kind ?? "other", title, places });
      hooks.told(`${answer.allowed ? "allowed" : "refused"}: ${toolCall.kind ?? "other"} ${title}. ${answer.reason}`);
      // Never for good: the next time is asked about again.
      const option = options.find(({ kind }) => kind === (answer.allowed ? "allow_once" : "reject_once"));
      return { outcome: option === undefined ? { outcome: "cancelled" } : { outcome: "selected", optionId: option.optionId } };
    })
    .onNotification(methods.client.session.update, ({ params: { update } }) => {
      hear(heard, update, hooks);
      // An agent that leaves its mode is not asked anything more; what it may do the sandbox decides.
      if (mode !== null && heard.mode !== null && heard.mode !== mode) hooks.told(`it is in the mode "${heard.mode}" now`);
    });
  return app.connect(ndJsonStream(writable, readable, { maxMessageBytes }));
}

function hear(heard: Heard, update: SessionUpdate, hooks: Pick<AgentHooks, "told">): void {
  switch (update.sessionUpdate) {
    case "agent_message_chunk":
      hearText(heard, update.content.type === "text" ? update.content.text : "");
      return;
    case "tool_call":
      if (heard.sinceCall.trim() !== "") hooks.told(heard.sinceCall.trim());
      heard.hasCalled = true;
      heard.sinceCall = "";
      hooks.told(`${update.kind ?? "other"}: ${update.title}`);
      return;
    case "plan":
      hooks.told(`plan: ${update.entries.map(({ content }) => content).join("; ")}`);
      return;
    case "current_mode_update":
    case "config_option_update":
      heard.mode = modeIn(update) ?? heard.mode;
      return;
    default:
      return;
  }
}

function hearText(heard: Heard, text: string): void {
  const more = (before: string): string => (before + text).slice(-agentLimits.summaryChars);
  heard.said = more(heard.said);
  heard.sinceCall = more(heard.sinceCall);
  if (!heard.hasCalled) heard.opening = more(heard.opening);
}

const modeIn = (
  update: Extract<SessionUpdate, { readonly sessionUpdate: "current_mode_update" | "config_option_update" }>,
): string | null =>
  update.sessionUpdate === "current_mode_update" ? update.currentModeId : (modeOption(update.configOptions)?.current ?? null);

async function handshake(connection: ClientConnection, { tree, signIn }: AcpParts) {
  const { agent } = connection;
  const first = await agent.request(methods.agent.initialize, {
    protocolVersion: PROTOCOL_VERSION,
    clientCapabilities: { fs: { readTextFile: false, writeTextFile: false }, terminal: false },
    clientInfo: { name: "xvc", version: "1" },
  });
  if (first.protocolVersion !== PROTOCOL_VERSION)
    throw new Failure("unavailable", "agent.handshake", {
      message: `The agent speaks version ${first.protocolVersion} of the protocol, and this program ${PROTOCOL_VERSION}.`,
    });
  if (signIn !== undefined && (first.authMethods ?? []).some(({ id }) => id === signIn))
    await agent.request(methods.agent.authenticate, { methodId: signIn });
  const session = await agent.request(methods.agent.session.new, { cwd: tree, mcpServers: [] });
  return { session, version: first.agentInfo?.version ?? null };
}

interface ModeOption {
  readonly id: string;
  readonly current: string;
  readonly values: readonly string[];
}

/** The option that says in which mode a session is, where an agent tells it that way. */
function modeOption(options: readonly SessionConfigOption[] | null | undefined): ModeOption | null {
  const found = (options ?? []).find(({ id, category }) => id === "mode" || category === "mode");
  if (found?.type !== "select") return null;
  const values = found.options.flatMap((one) => ("options" in one ? one.options.map(({ value }) => value) : [one.value]));
  return { id: found.id, current: found.currentValue, values };
}

interface SettingMode {
  readonly session: NewSessionResponse;
  readonly mode: string | null;
  readonly heard: Heard;
}

/** Sets the mode even where it is said to be in force, and looks at what the agent says then. */
async function setMode(connection: ClientConnection, { session, mode, heard }: SettingMode): Promise<void> {
  if (mode === null) return;
  const { sessionId, modes } = session;
  const option = modeOption(session.configOptions);
  const named = (modes?.availableModes ?? []).map(({ id }) => id);
  const chosen = option?.values ?? [];
  refuseUnoffered(mode, [...named, ...chosen]);
  if (option !== null && chosen.includes(mode)) await setOption(connection, { sessionId, configId: option.id, value: mode });
  if (!named.includes(mode)) return;
  await connection.agent.request(methods.agent.session.setMode, { sessionId, modeId: mode });
  // What it reports by itself comes before the answer to the next request.
  checkMode(heard, mode);
}

function refuseUnoffered(mode: string, offered: readonly string[]): void {
  if (offered.includes(mode)) return;
  throw refusedMode(mode, offered.length === 0 ? "it offers no modes" : `it offers ${offered.join(", ")}`);
}

async function setOption(
  connection: ClientConnection,
  set: { readonly sessionId: string; readonly configId: string; readonly value: string },
): Promise<void> {
  const { sessionId, configId, value } = set;
  const answer = await connection.agent.request(methods.agent.session.setConfigOption, { sessionId, configId, value });
  const now = modeOption(answer.configOptions)?.current ?? null;
  if (now !== set.value) throw refusedMode(set.value, `it is in ${now ?? "none that it tells"}`);
}

function checkMode({ mode: now }: Heard, mode: string | null): void {
  if (mode !== null && now !== null && now !== mode) throw refusedMode(mode, `it went to ${now}`);
}

const refusedMode = (mode: string, why: string): Failure =>
  new Failure("forbidden", "agent.mode-refused", {
    message: `The agent is not in the mode "${mode}": ${why.slice(0, 200)}. It was not asked anything; see which version is installed.`,
  });

async function within<Value>(ms: number, work: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_settle, reject) => {
    timer = setTimeout(
      () =>
        reject(new Failure("unavailable", "agent.handshake", { message: `The agent did not answer within ${ms / 1_000} s of its start.` })),
      ms,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
