import { type Channel, channelKind, maxChannels } from "../../core/oversight/channel.ts";
import { clockKind } from "../../core/oversight/clock.ts";
import {
  type AddChannel,
  type BeginChannelTest,
  type ControlChannel,
  decideChannelControl,
  decideChannelTopics,
  decideNewChannel,
  decideTestBegin,
  decideTestEnd,
  type EndChannelTest,
  type SetChannelTopics,
} from "../../core/oversight/decide-channel.ts";
import {
  decideNewNotice,
  decideNoticeReport,
  decideRelease,
  decideReplay,
  decideRetry,
  type FileNotice,
  maxReleased,
  type ReleaseNotices,
  type ReplayNotice,
  type ReportNotice,
  type RetryNotice,
} from "../../core/oversight/decide-notice.ts";
import { noticeKind } from "../../core/oversight/notice.ts";
import type { Transaction } from "../ports/store.ts";
import { type LoadContext, handler } from "../shared/command-handler.ts";
import { loadPerson, lockOne } from "../shared/load-slice.ts";

export const addChannelHandler = handler({
  load: async (transaction, command: AddChannel, context) => ({
    person: await loadPerson(transaction, context),
    held: await transaction.find(channelKind, {
      where: { personId: command.personId, state: ["active", "paused"] },
      limit: maxChannels + 1,
    }),
  }),
  decide: decideNewChannel,
});

const loadChannel = async (transaction: Transaction, command: { readonly channelId: string }, context: LoadContext) => ({
  person: await loadPerson(transaction, context),
  channel: await lockOne(transaction, channelKind, command.channelId),
});

export const controlChannelHandler = handler({
  load: (transaction, command: ControlChannel, context) => loadChannel(transaction, command, context),
  decide: decideChannelControl,
});

export const setChannelTopicsHandler = handler({
  load: (transaction, command: SetChannelTopics, context) => loadChannel(transaction, command, context),
  decide: decideChannelTopics,
});

export const beginChannelTestHandler = handler({
  load: (transaction, command: BeginChannelTest, context) => loadChannel(transaction, command, context),
  decide: decideTestBegin,
});

export const endChannelTestHandler = handler({
  load: (transaction, command: EndChannelTest, context) => loadChannel(transaction, command, context),
  decide: decideTestEnd,
});

export const fileNoticeHandler = handler({
  async load(transaction, command: FileNotice) {
    const [channel] = await transaction.share(channelKind, [command.channelId]);
    const waits =
      command.holdUntilMs === null ? 0 : await transaction.count(clockKind, { where: { subjectId: command.channelId, state: "set" } });
    return { channel, waitsAlready: waits > 0 };
  },
  decide: decideNewNotice,
});

export const releaseNoticesHandler = handler({
  async load(transaction, command: ReleaseNotices) {
    const pending = await transaction.find(noticeKind, { where: { channelId: command.channelId, state: "pending" }, limit: 10_000 });
    const held = pending.filter((notice) => notice.heldUntilMs !== null).slice(0, maxReleased);
    const locked = await transaction.lock(
      noticeKind,
      held.map(({ id }) => id),
    );
    return {
      channel: await transaction.get(channelKind, command.channelId),
      held: locked.filter((notice) => notice.state === "pending" && notice.heldUntilMs !== null),
    };
  },
  decide: decideRelease,
});

/** The channel is locked only when its own count may change: while it works, messages do not queue up behind each other. */
async function loadReported(transaction: Transaction, noticeId: string, mayFail: boolean) {
  const notice = await lockOne(transaction, noticeKind, noticeId);
  const known = await transaction.get(channelKind, notice.channelId);
  const mustLock = known !== undefined && (mayFail || known.failures > 0);
  const channel: Channel | undefined = mustLock ? (await transaction.lock(channelKind, [known.id]))[0] : known;
  return { notice, channel };
}

export const reportNoticeHandler = handler({
  load: (transaction, command: ReportNotice) =>
    loadReported(transaction, command.noticeId, command.outcome === "retry" || command.outcome === "failed"),
  decide: decideNoticeReport,
});

export const retryNoticeHandler = handler({
  load: (transaction, command: RetryNotice) => loadReported(transaction, command.noticeId, false),
  decide: decideRetry,
});

export const replayNoticeHandler = handler({
  load: async (transaction, command: ReplayNotice, context) => ({
    ...(await loadReported(transaction, command.noticeId, false)),
    person: await loadPerson(transaction, context),
  }),
  decide: decideReplay,
});
