import type { DecideContext } from "../shared/decide-context.ts";
import type { JsonObject } from "../shared/json.ts";
import { type Decided, type Refusal, type TransitionDraft, beginTransition, refuse } from "../shared/transition.ts";
import { isActive } from "./authority.ts";
import { type Channel, type ChannelForm, channelKind, maxChannels, noticeTopics } from "./channel.ts";
import type { Person } from "./person.ts";

/** Opens a way to reach the acting person, or the organization. */
export interface AddChannel {
  readonly kind: "add-channel";
  readonly form: ChannelForm;
  readonly name: string;
  /** Null: of the organization. */
  readonly personId: string | null;
  readonly target: JsonObject;
  readonly topics: readonly string[];
}

/** Stops, restarts or removes a channel, or gives a feed a new address. */
export interface ControlChannel {
  readonly kind: "pause-channel" | "resume-channel" | "remove-channel" | "renew-channel";
  readonly channelId: string;
}

/** Chooses what is sent to a channel. */
export interface SetChannelTopics {
  readonly kind: "set-channel-topics";
  readonly channelId: string;
  readonly topics: readonly string[];
}

/** A channel is about to be tried: written first, so that many at once cannot flood anybody. */
export interface BeginChannelTest {
  readonly kind: "begin-channel-test";
  readonly channelId: string;
}

/** What trying a channel showed. */
export interface EndChannelTest {
  readonly kind: "end-channel-test";
  readonly channelId: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** The least time between two tests of a channel, so that nobody is flooded through one. */
export const testPauseMs = 10_000;

/** A person reaches themselves; the organization's channels and other people's are an administrator's. */
function ownerProblem(person: Person | undefined, ownerId: string | null): Refusal | null {
  if (!isActive(person) || person.roles.every((role) => role === "agent"))
    return refuse("forbidden", "channel.not-a-member", "Only an active person of the organization can have channels.");
  if (ownerId === person.id || person.roles.includes("administrator")) return null;
  return refuse(
    "forbidden",
    "channel.not-yours",
    "You can change your own channels; those of the organization and of others are an administrator's.",
  );
}

const topicProblem = (topics: readonly string[]): Refusal | null => {
  const unknown = topics.find((topic) => !noticeTopics.some((known) => known === topic));
  return unknown === undefined
    ? null
    : refuse(
        "invalid",
        "channel.unknown-topic",
        `"${unknown.slice(0, 60)}" is no topic; choose among ${noticeTopics.join(", ")}, or say nothing for all of them.`,
      );
};

const isOwnAddress = (person: Person | undefined, address: unknown): boolean =>
  typeof address === "string" && address.toLowerCase() === person?.email?.toLowerCase();

/** Mail goes to the address on record; a person could otherwise send the organization's news anywhere. */
function addressProblem(person: Person | undefined, { form, target }: AddChannel): Refusal | null {
  if (form !== "mail" || person?.roles.includes("administrator") === true || isOwnAddress(person, target["address"])) return null;
  return refuse(
    "forbidden",
    "channel.address-not-yours",
    "Mail goes to the address that is on record for you; an administrator can change it.",
  );
}

/** Opens a channel for the acting person, or for the organization. */
export function decideNewChannel(
  slice: { readonly person: Person | undefined; readonly held: readonly Channel[] },
  command: AddChannel,
  context: DecideContext,
): Decided {
  const { person, held } = slice;
  const problem = ownerProblem(person, command.personId) ?? topicProblem(command.topics);
  if (problem !== null) return problem;
  if (command.personId !== null && command.personId !== person?.id)
    return refuse("forbidden", "channel.not-yours", "A channel is opened by the person it reaches.");
  const address = addressProblem(person, command);
  if (address !== null) return address;
  if (held.some((one) => one.name === command.name))
    return refuse("conflict", "channel.name-taken", "There is a channel of this name already; choose another name.");
  if (held.length >= maxChannels)
    return refuse("exhausted", "channel.too-many", `There are ${maxChannels} channels, the most there can be; remove one first.`);
  const draft = beginTransition();
  const channel = draft.create(channelKind, {
    id: context.newId(),
    personId: command.personId,
    kind: command.form,
    state: "active",
    name: command.name,
    target: command.target,
    topics: command.topics.length === 0 ? [...noticeTopics] : [...new Set(command.topics)],
    activeSinceMs: context.nowMs,
    linkVersion: 1,
    failures: 0,
    pausedReason: "",
    lastTest: null,
  });
  // What a command answers is kept as it is: what its owner called the channel stays out of it.
  draft.record(channelKind, channel, "channel.added", { form: channel.kind, personId: channel.personId });
  return draft.accept({ id: channel.id, state: channel.state });
}

interface ChannelSlice {
  readonly channel: Channel;
  readonly person: Person | undefined;
}

const moves: { readonly [kind in ControlChannel["kind"]]: readonly Channel["state"][] } = {
  "pause-channel": ["active"],
  "resume-channel": ["paused"],
  "remove-channel": ["active", "paused"],
  "renew-channel": ["active", "paused"],
};

type Controlling = (draft: TransitionDraft, channel: Channel, context: DecideContext) => Channel;

const controls: { readonly [kind in ControlChannel["kind"]]: Controlling } = {
  "pause-channel"(draft, channel) {
    const reason = "by a person";
    const paused = draft.change(channelKind, channel, { state: "paused", pausedReason: reason });
    return draft.record(channelKind, paused, "channel.paused", { personId: channel.personId, reason });
  },
  "resume-channel"(draft, channel, { nowMs }) {
    const active = draft.change(channelKind, channel, { state: "active", pausedReason: "", failures: 0, activeSinceMs: nowMs });
    return draft.record(channelKind, active, "channel.resumed", { personId: channel.personId });
  },
  "remove-channel"(draft, channel) {
    const removed = draft.change(channelKind, channel, { state: "removed" });
    return draft.record(channelKind, removed, "channel.removed", { personId: channel.personId });
  },
  "renew-channel"(draft, channel) {
    const renewed = draft.change(channelKind, channel, { linkVersion: channel.linkVersion + 1 });
    return draft.record(channelKind, renewed, "channel.renewed", { personId: channel.personId });
  },
};

/** Pauses, resumes, removes or renews a channel. What happened during a pause is not sent afterwards. */
export function decideChannelControl({ channel, person }: ChannelSlice, command: ControlChannel, context: DecideContext): Decided {
  const problem = ownerProblem(person, channel.personId);
  if (problem !== null) return problem;
  if (!moves[command.kind].includes(channel.state))
    return refuse("conflict", "channel.wrong-state", `The channel is ${channel.state}; this cannot be done to it now.`);
  if (command.kind === "renew-channel" && channel.kind !== "feed")
    return refuse("invalid", "channel.not-a-feed", "Only a calendar feed has an address that can be renewed; add a new channel instead.");
  const draft = beginTransition();
  const changed = controls[command.kind](draft, channel, context);
  return draft.accept({ id: channel.id, state: changed.state });
}

/** Chooses the topics of a channel; none means all. */
export function decideChannelTopics({ channel, person }: ChannelSlice, command: SetChannelTopics, _context: DecideContext): Decided {
  const problem = ownerProblem(person, channel.personId) ?? topicProblem(command.topics);
  if (problem !== null) return problem;
  if (channel.state === "removed") return refuse("conflict", "channel.wrong-state", "The channel was removed; add a new one.");
  const draft = beginTransition();
  draft.change(channelKind, channel, { topics: command.topics.length === 0 ? [...noticeTopics] : [...new Set(command.topics)] });
  return draft.accept({ id: channel.id, state: channel.state });
}

const beingTried = "being tried";

/** Takes the turn to try a channel. The detail of a test that never ended stays "being tried". */
export function decideTestBegin({ channel, person }: ChannelSlice, _command: BeginChannelTest, context: DecideContext): Decided {
  const problem = ownerProblem(person, channel.personId);
  if (problem !== null) return problem;
  if (channel.state === "removed") return refuse("conflict", "channel.wrong-state", "The channel was removed; add a new one.");
  const waitMs = channel.lastTest === null ? 0 : channel.lastTest.atMs + testPauseMs - context.nowMs;
  if (waitMs > 0)
    return refuse("exhausted", "channel.tested-just-now", "This channel was tried a moment ago; try again in a few seconds.", {
      retryAfterMs: waitMs,
    });
  const draft = beginTransition();
  draft.change(channelKind, channel, { lastTest: { atMs: context.nowMs, ok: false, detail: beingTried } });
  return draft.accept({ id: channel.id, state: channel.state });
}

/** Keeps the result of a test that was begun. */
export function decideTestEnd({ channel }: ChannelSlice, command: EndChannelTest, context: DecideContext): Decided {
  if (channel.lastTest?.detail !== beingTried) return refuse("conflict", "channel.not-tried", "No test of this channel is under way.");
  const draft = beginTransition();
  const { ok } = command;
  const detail = command.detail.slice(0, 300);
  draft.change(channelKind, channel, { lastTest: { atMs: context.nowMs, ok, detail } });
  return draft.accept({ id: channel.id, state: channel.state, ok });
}
