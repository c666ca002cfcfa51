import type { DecideContext } from "../shared/decide-context.ts";
import type { JsonObject } from "../shared/json.ts";
import { type Decided, type Step, type TransitionDraft, beginStep, maxHandOvers, refuse } from "../shared/transition.ts";
import { isActive } from "./authority.ts";
import { type Channel, channelKind } from "./channel.ts";
import { clockKind } from "./clock.ts";
import { type Notice, maxChannelFailures, maxTriesKept, noticeKind, retryPausesMs } from "./notice.ts";
import type { Person } from "./person.ts";

/** Puts a message to a channel on record and, unless it is held, on its way. */
export interface FileNotice {
  readonly kind: "file-notice";
  readonly channelId: string;
  readonly personId: string | null;
  readonly topic: string;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly payload: JsonObject;
  /** Waits until then, to be sent with others; null: at once. */
  readonly holdUntilMs: number | null;
}

/** The job of a notice tells what became of its try. */
export interface ReportNotice {
  readonly kind: "report-notice";
  readonly noticeId: string;
  readonly epoch: number;
  /** `retry`: not now, perhaps later; `failed`: never; `dropped`: nobody needs it any more. */
  readonly outcome: "sent" | "retry" | "failed" | "dropped";
  readonly detail: string;
}

/** A pause before the next try is over. */
export interface RetryNotice {
  readonly kind: "retry-notice";
  readonly noticeId: string;
  readonly epoch: number;
}

/** Messages that were held go out together, carried by one of them. */
export interface ReleaseNotices {
  readonly kind: "release-notices";
  readonly channelId: string;
}

/** A person sends a message again. */
export interface ReplayNotice {
  readonly kind: "replay-notice";
  readonly noticeId: string;
}

/** Held messages named in the one that carries them; the rest are counted. */
const maxBundled = 50;
/** Most that one release takes; what is beyond waits for the next. */
export const maxReleased = 1_000;

const dataOf = (notice: Notice): JsonObject => ({
  channelId: notice.channelId,
  topic: notice.topic,
  subjectKind: notice.subjectKind,
  subjectId: notice.subjectId,
});

const tried = (notice: Notice, atMs: number, ...[outcome, detail]: readonly [string, string]): Notice["tries"] =>
  [...notice.tries, { atMs, outcome, detail: detail.slice(0, 300) }].slice(-maxTriesKept);

const send = (draft: TransitionDraft, notice: Notice): void => draft.enqueue({ kind: "notify", subjectId: notice.id, epoch: notice.epoch });

/** Files one message. `waitsAlready`: a clock for the held messages of this channel is set. */
export function decideNewNotice(
  slice: { readonly channel: Channel | undefined; readonly waitsAlready: boolean },
  command: FileNotice,
  context: DecideContext,
): Decided {
  if (slice.channel?.state !== "active")
    return refuse("conflict", "channel.not-active", "The channel was paused or removed; nothing is sent there.");
  const { draft } = beginStep(context);
  const { channelId, personId, topic, subjectKind, subjectId, payload, holdUntilMs } = command;
  const notice = draft.create(noticeKind, {
    id: context.newId(),
    channelId,
    personId,
    subjectKind,
    subjectId,
    topic,
    state: "pending",
    epoch: 1,
    handOvers: 0,
    payload,
    tries: [],
    failedTries: 0,
    filedAtMs: context.nowMs,
    heldUntilMs: holdUntilMs,
  });
  draft.record(noticeKind, notice, "notice.filed", dataOf(notice));
  if (holdUntilMs === null) send(draft, notice);
  else if (!slice.waitsAlready)
    setClock(
      { draft, context },
      { dueAtMs: holdUntilMs, subjectKind: "channel", subjectId: channelId },
      { kind: "release-notices", channelId },
    );
  return draft.accept({ id: notice.id, state: notice.state });
}

function setClock(
  { draft, context }: Step,
  about: { readonly dueAtMs: number; readonly subjectKind: string; readonly subjectId: string },
  command: JsonObject,
): void {
  draft.create(clockKind, { id: context.newId(), state: "set", ...about, command, actor: { kind: "system", id: "notices" } });
}

/** Sends held messages as one: the first carries the others, which are done with that. */
export function decideRelease(
  slice: { readonly channel: Channel | undefined; readonly held: readonly Notice[] },
  command: ReleaseNotices,
  context: DecideContext,
): Decided {
  const { draft } = beginStep(context);
  const [carrier, ...others] = slice.held;
  if (carrier === undefined) return draft.accept({ id: command.channelId, released: 0 });
  const bundle = others.slice(0, maxBundled).map(({ topic, payload }) => ({ topic, payload }));
  const carrying = draft.change(noticeKind, carrier, {
    heldUntilMs: null,
    payload: others.length === 0 ? carrier.payload : { ...carrier.payload, bundle, bundleCount: others.length },
  });
  for (const other of others) {
    draft.change(noticeKind, other, {
      state: "dropped",
      heldUntilMs: null,
      tries: tried(other, context.nowMs, "bundled", `sent with others in ${carrier.id}`),
    });
    draft.record(noticeKind, other, "notice.dropped", { ...dataOf(other), reason: "sent with others", carriedBy: carrier.id });
  }
  send(draft, carrying);
  if (slice.held.length >= maxReleased)
    setClock(
      { draft, context },
      { dueAtMs: context.nowMs, subjectKind: "channel", subjectId: command.channelId },
      { kind: "release-notices", channelId: command.channelId },
    );
  return draft.accept({ id: carrier.id, released: slice.held.length });
}

interface Reported {
  readonly notice: Notice;
  readonly channel: Channel | undefined;
}

const settled = (): Decided => refuse("conflict", "notice.already-settled", "This message was settled or handed on before.");

/** Takes what the sending job says: done, tried again after a pause, or given up. Only the job of the present epoch is heard. */
export function decideNoticeReport(slice: Reported, command: ReportNotice, context: DecideContext): Decided {
  const { notice, channel } = slice;
  if (notice.state !== "pending" || notice.epoch !== command.epoch) return settled();
  const step = beginStep(context);
  const { draft } = step;
  const { outcome, detail } = command;
  const tries = tried(notice, context.nowMs, outcome, detail);
  if (outcome === "dropped") {
    draft.change(noticeKind, notice, { state: outcome, tries });
    draft.record(noticeKind, notice, "notice.dropped", { ...dataOf(notice), reason: detail });
    return draft.accept({ id: notice.id, state: outcome });
  }
  if (outcome === "sent") {
    draft.change(noticeKind, notice, { state: outcome, tries });
    draft.record(noticeKind, notice, "notice.sent", dataOf(notice));
    if (channel !== undefined && channel.failures > 0) draft.change(channelKind, channel, { failures: 0 });
    return draft.accept({ id: notice.id, state: outcome });
  }
  const failedTries = notice.failedTries + 1;
  const pauseMs = outcome === "retry" ? retryPausesMs[notice.failedTries] : undefined;
  if (pauseMs === undefined) return giveUp(step, slice, { tries, failedTries });
  draft.change(noticeKind, notice, { tries, failedTries });
  setClock(
    step,
    { dueAtMs: context.nowMs + pauseMs, subjectKind: "notice", subjectId: notice.id },
    { kind: "retry-notice", noticeId: notice.id, epoch: notice.epoch },
  );
  return draft.accept({ id: notice.id, state: notice.state, retryAtMs: context.nowMs + pauseMs });
}

/** The message has failed; a channel that fails again and again is paused, which its owner sees and is told elsewhere. */
function giveUp({ draft }: Step, { notice, channel }: Reported, fields: Pick<Notice, "tries" | "failedTries">): Decided {
  draft.change(noticeKind, notice, { state: "failed", ...fields });
  draft.record(noticeKind, notice, "notice.failed", dataOf(notice));
  if (channel === undefined || channel.state !== "active") return draft.accept({ id: notice.id, state: "failed" });
  const failures = channel.failures + 1;
  if (failures < maxChannelFailures) {
    draft.change(channelKind, channel, { failures });
    return draft.accept({ id: notice.id, state: "failed" });
  }
  const pausedReason = `${failures} messages in a row could not be delivered`;
  draft.change(channelKind, channel, { failures, state: "paused", pausedReason });
  draft.record(channelKind, channel, "channel.paused", { personId: channel.personId, reason: pausedReason });
  return draft.accept({ id: notice.id, state: "failed", channel: "paused" });
}

const nextRun = (draft: TransitionDraft, notice: Notice, fields: Partial<Notice>): Notice => {
  const next = draft.change(noticeKind, notice, { ...fields, epoch: notice.epoch + 1 });
  send(draft, next);
  return next;
};

/** Tries again after a pause, unless something else happened to the message meanwhile. */
export function decideRetry({ notice, channel }: Reported, command: RetryNotice, context: DecideContext): Decided {
  if (notice.state !== "pending" || notice.epoch !== command.epoch) return settled();
  const { draft } = beginStep(context);
  if (channel?.state === "active") return draft.accept({ id: notice.id, state: nextRun(draft, notice, {}).state });
  draft.change(noticeKind, notice, { state: "failed" });
  draft.record(noticeKind, notice, "notice.failed", dataOf(notice));
  return draft.accept({ id: notice.id, state: "failed" });
}

/** Sends a message again because a person says so; the receiver sees the same id. */
export function decideReplay(
  slice: Reported & { readonly person: Person | undefined },
  _command: ReplayNotice,
  context: DecideContext,
): Decided {
  const { notice, channel, person } = slice;
  const isOwner = isActive(person) && (channel?.personId === person.id || person.roles.includes("administrator"));
  if (!isOwner) return refuse("forbidden", "channel.not-yours", "Only whom the channel reaches, or an administrator, can send this again.");
  if (notice.state !== "sent" && notice.state !== "failed")
    return refuse("conflict", "notice.not-replayable", `This message is ${notice.state}; only what was sent or failed is sent again.`);
  if (channel?.state !== "active")
    return refuse("conflict", "channel.not-active", "The channel is paused or removed; resume it first, then send again.");
  const { draft } = beginStep(context);
  nextRun(draft, notice, { state: "pending", failedTries: 0 });
  draft.record(noticeKind, notice, "notice.replayed", { ...dataOf(notice), by: context.actor.id });
  return draft.accept({ id: notice.id, state: "pending" });
}

/** Hands the job of a dead worker on; its receiver may see the message twice, under the same id. */
export function decideNoticeLoss(
  { notice }: { readonly notice: Notice },
  command: { readonly epoch: number },
  context: DecideContext,
): Decided {
  if (notice.state !== "pending" || notice.epoch !== command.epoch)
    return refuse("conflict", "job.already-settled", "This job has ended or was handed on before.");
  const { draft } = beginStep(context);
  const handOvers = notice.handOvers + 1;
  if (handOvers <= maxHandOvers) {
    nextRun(draft, notice, { handOvers });
    draft.record(noticeKind, notice, "lease.lost", { epoch: command.epoch, handOvers });
  } else {
    const tries = tried(notice, context.nowMs, "failed", "its worker died again and again");
    draft.change(noticeKind, notice, { handOvers, state: "failed", tries });
    draft.record(noticeKind, notice, "notice.failed", dataOf(notice));
  }
  return draft.accept({ id: notice.id, subjectId: notice.id, handedOver: true });
}
