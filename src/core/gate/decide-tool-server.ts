import { isActive } from "../oversight/authority.ts";
import type { Person, Role } from "../oversight/person.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { type Decided, type Refusal, type Step, beginStep, beginTransition, refuse } from "../shared/transition.ts";
import {
  type GivenTool,
  type OutsideTool,
  type SaidOfTool,
  nothingSaid,
  outsideName,
  outsideProblems,
  outsideToolKind,
} from "./outside-tool.ts";
import { type ToolPin, toolPinKind } from "./tool-pin.ts";
import { type ToolServer, type ToolServerTransport, serverLimits, toolServerKind } from "./tool-server.ts";

/** Registers a server that brings tools. None of them does anything by that. */
export interface AddToolServer {
  readonly kind: "add-tool-server";
  readonly id: string;
  readonly name: string;
  readonly transport: ToolServerTransport;
  readonly hasToken: boolean;
  readonly reason: string;
}

export interface RemoveToolServer {
  readonly kind: "remove-tool-server";
  readonly serverId: string;
}

/** What a look at a server has shown. `tools` null: it could not be reached, and what is known of it stays. */
export interface NoteOutsideTools {
  readonly kind: "note-outside-tools";
  readonly serverId: string;
  readonly detail: string;
  readonly tools: readonly { readonly given: GivenTool; readonly givenSha256: string }[] | null;
}

/** A person has looked at a tool, says what it does to the world, and lets it be called under the gate. */
export interface AllowOutsideTool {
  readonly kind: "allow-outside-tool";
  readonly outsideToolId: string;
  /** Of the server's words as they were looked at. */
  readonly givenSha256: string;
  readonly said: SaidOfTool;
  /** Of the declaration that follows; made by the server process from what is stored and said. */
  readonly definitionSha256: string;
  readonly reason: string;
}

export type ToolServerCommand = AddToolServer | RemoveToolServer | NoteOutsideTools | AllowOutsideTool;

const holds = (person: Person | undefined, roles: readonly Role[]): boolean =>
  isActive(person) && !person.roles.includes("agent") && roles.some((role) => person.roles.includes(role));

const notAnAdministrator = (): Refusal =>
  refuse("forbidden", "tool-server.wrong-role", "Servers that bring tools are registered and removed by an administrator.");

const isReason = (reason: string): boolean => reason.trim() !== "" && reason.length <= 2_000;

export interface NewServerSlice {
  readonly person: Person | undefined;
  readonly held: readonly ToolServer[];
}

const conditions: readonly (readonly [(command: AddToolServer) => boolean, string])[] = [
  [
    ({ name }) => /^[a-z][a-z0-9-]{0,29}$/u.test(name),
    "A server's name has 1 to 30 small letters, digits and dashes, and begins with a letter.",
  ],
  [({ reason }) => isReason(reason), "Say why in a sentence; it is shown with the server."],
  [
    ({ transport }) => transport.kind === "http" || isCommand(transport.command),
    "Name its program and each argument as a word of its own.",
  ],
  [({ transport }) => transport.kind === "stdio" || transport.url.length <= serverLimits.urlChars, "The address is too long."],
  [({ transport, hasToken }) => transport.kind === "http" || !hasToken, "A program in the sandbox gets no token: it reaches no network."],
];

const isCommand = (words: readonly string[]): boolean =>
  words.length > 0 &&
  words.length <= serverLimits.words &&
  words.every((word) => word !== "" && word.length <= serverLimits.wordChars && !/\p{Cc}/u.test(word));

export function decideNewServer({ person, held }: NewServerSlice, command: AddToolServer, context: DecideContext): Decided {
  if (context.actor.kind !== "person" || !holds(person, ["administrator"])) return notAnAdministrator();
  const broken = conditions.find(([fits]) => !fits(command));
  if (broken !== undefined) return refuse("invalid", "tool-server.bad-terms", broken[1]);
  if (held.some(({ name }) => name === command.name))
    return refuse("conflict", "tool-server.name-taken", `There is a server named "${command.name}" already; choose another name.`);
  if (held.length >= serverLimits.servers)
    return refuse(
      "exhausted",
      "tool-server.too-many",
      `${serverLimits.servers} servers are registered, the most there can be; remove one.`,
    );
  const draft = beginTransition();
  const { id, name, transport, hasToken, reason } = command;
  const fields = { state: "connected", addedBy: context.actor.id, addedAtMs: context.nowMs, lastLook: null } as const;
  const server = draft.create(toolServerKind, { id, name, transport, hasToken, reason, ...fields });
  const where = transport.kind === "http" ? { url: transport.url } : { command: [...transport.command] };
  draft.record(toolServerKind, server, "tool-server.added", { name, ...where, reason });
  return draft.accept({ id, state: server.state, label: name });
}

export interface ServerSlice {
  readonly person: Person | undefined;
  readonly server: ToolServer;
  /** Every tool that is known of it, locked. */
  readonly tools: readonly OutsideTool[];
}

export function decideServerRemoved({ person, server, tools }: ServerSlice, _command: RemoveToolServer, context: DecideContext): Decided {
  if (context.actor.kind !== "person" || !holds(person, ["administrator"])) return notAnAdministrator();
  if (server.state === "removed") return refuse("conflict", "tool-server.removed", "This server was removed before.");
  const step = beginStep(context);
  step.draft.change(toolServerKind, server, { state: "removed", hasToken: false });
  step.draft.record(toolServerKind, server, "tool-server.removed", { name: server.name });
  for (const tool of tools) goneTool(step, tool);
  return step.draft.accept({ id: server.id, state: "removed", label: server.name });
}

function goneTool({ draft }: Step, tool: OutsideTool): void {
  if (tool.state === "gone") return;
  draft.change(outsideToolKind, tool, { state: "gone" });
  draft.record(outsideToolKind, tool, "outside-tool.gone", { tool: tool.name });
}

/** Takes in what a server says now. A tool that is new waits for a person, and so does one whose words have changed. */
export function decideToolsNoted(
  { server, tools }: Omit<ServerSlice, "person">,
  command: NoteOutsideTools,
  context: DecideContext,
): Decided {
  if (server.state === "removed") return refuse("conflict", "tool-server.removed", "This server was removed.");
  const step = beginStep(context);
  const { draft } = step;
  const ok = command.tools !== null;
  const look = { atMs: context.nowMs, ok, detail: command.detail.slice(0, 1_000).toWellFormed() };
  draft.change(toolServerKind, server, { lastLook: look });
  draft.record(toolServerKind, server, "tool-server.looked-at", { name: server.name, ok, tools: command.tools?.length ?? null });
  if (command.tools !== null) takeIn(step, { server, tools }, command.tools.slice(0, serverLimits.tools));
  return draft.accept({ id: server.id, state: server.state, label: server.name });
}

function takeIn(step: Step, { server, tools }: Omit<ServerSlice, "person">, told: NonNullable<NoteOutsideTools["tools"]>): void {
  const named = new Map(told.map((one) => [outsideName(server.name, one.given.name), one]));
  for (const tool of tools) {
    const now = named.get(tool.name);
    if (now === undefined) goneTool(step, tool);
    else if (now.givenSha256 !== tool.givenSha256 || tool.state === "gone") changed(step, tool, now);
  }
  for (const [name, { given, givenSha256 }] of named) {
    if (tools.some((tool) => tool.name === name)) continue;
    const id = step.context.newId();
    const fields = { state: "waiting", said: nothingSaid, allowedBy: null } as const;
    const tool = step.draft.create(outsideToolKind, { id, serverId: server.id, name, given, givenSha256, ...fields });
    step.draft.record(outsideToolKind, tool, "outside-tool.listed", { tool: name, givenSha256 });
  }
}

function changed({ draft }: Step, tool: OutsideTool, { given, givenSha256 }: NonNullable<NoteOutsideTools["tools"]>[number]): void {
  const state = tool.allowedBy === null ? "waiting" : "changed";
  draft.change(outsideToolKind, tool, { state, given, givenSha256 });
  draft.record(outsideToolKind, tool, "outside-tool.changed", { tool: tool.name, before: tool.givenSha256, now: givenSha256 });
}

export interface AllowSlice {
  readonly person: Person | undefined;
  readonly server: ToolServer;
  readonly tool: OutsideTool;
  readonly pin: ToolPin | undefined;
}

function allowProblem(
  { server, tool }: Pick<AllowSlice, "server" | "tool">,
  { said, givenSha256, reason }: AllowOutsideTool,
): Refusal | null {
  if (server.state === "removed" || tool.state === "gone")
    return refuse("conflict", "outside-tool.gone", "Its server is removed, or does not offer it any more.");
  if (tool.givenSha256 !== givenSha256)
    return refuse("conflict", "tool.changed", "The server describes it in other words by now. Look at it again before you allow it.");
  const problems = outsideProblems({ ...tool, said }, server.name);
  if (problems.length > 0) return refuse("invalid", "tool.bad-definition", problems.slice(0, 5).join(" "));
  return isReason(reason) ? null : refuse("invalid", "tool.bad-mode", "Say why in a sentence; it is shown with the tool.");
}

/** Lets a tool be called under the gate, exactly as it was looked at. */
export function decideToolAllowed({ person, server, tool, pin }: AllowSlice, command: AllowOutsideTool, context: DecideContext): Decided {
  if (context.actor.kind !== "person" || !holds(person, ["administrator", "director"]))
    return refuse("forbidden", "tool.wrong-role", "A tool from outside is allowed by an administrator or director.");
  const problem = allowProblem({ server, tool }, command);
  if (problem !== null) return problem;
  const { said, definitionSha256, reason } = command;
  const { draft } = beginStep(context);
  const by = context.actor.id;
  draft.change(outsideToolKind, tool, { state: "allowed", said, allowedBy: by });
  const facts = { tool: tool.name, effectKind: said.effectKind, deliveryClass: said.deliveryClass, targets: [...said.targets], reason };
  draft.record(outsideToolKind, tool, "outside-tool.allowed", { ...facts, givenSha256: tool.givenSha256, definitionSha256 });
  const fields = { mode: pin?.mode ?? "open", reason, definitionSha256, setBy: by, setAtMs: context.nowMs } as const;
  const set =
    pin === undefined
      ? draft.create(toolPinKind, { id: context.newId(), tool: tool.name, ...fields })
      : draft.change(toolPinKind, pin, fields);
  draft.record(toolPinKind, set, "tool.mode-set", { tool: tool.name, mode: fields.mode, definitionSha256, reason });
  return draft.accept({ id: tool.id, state: "allowed", label: tool.name });
}
