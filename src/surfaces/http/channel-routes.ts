import type { Channel } from "../../core/oversight/channel.ts";
import { channelKind } from "../../core/oversight/channel.ts";
import type { ControlChannel } from "../../core/oversight/decide-channel.ts";
import { Failure } from "../../core/shared/failure.ts";
import { asId } from "../../core/shared/ids.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import { channelsView, channelView, isSteward, noticesView } from "../../engine/oversight/channel-view.ts";
import { feedToken } from "../../engine/oversight/feed-view.ts";
import { secretPurpose, sendTo, sendDeadlineMs } from "../../engine/oversight/notice-sending.workflow.ts";
import { projectOfNotice } from "../../engine/oversight/notice-place.ts";
import type { OutgoingMessage } from "../../engine/ports/messenger.ts";
import type { ChannelSecret } from "../../engine/ports/vault.ts";
import {
  type ChannelBody,
  channelBody,
  channelCreated,
  channelsDocument,
  channelTested,
  channelTopicsBody,
  noticePage,
  noticeQuery,
} from "../../contract/channel-contract.ts";
import { commandAnswer, reasonBody } from "../../contract/fields.ts";
import { type Call, type Endpoint, endpoint } from "./endpoint.ts";
import type { HttpDependencies, Member } from "./http-dependencies.ts";
import { answerOf, command, reading } from "./references.ts";

const control = (verb: "pause" | "resume" | "remove", summary: string): Endpoint =>
  endpoint({
    method: "post",
    path: `/api/channels/{reference}/${verb}`,
    summary,
    body: reasonBody,
    answer: commandAnswer,
    run: async (use, call) => {
      const channel = await channelOf(use, call);
      const answer = await controlled(use, call, { channel, kind: `${verb}-channel` });
      if (verb === "remove") await use.reach.reachStore.forgetSecret(asId(call.member.organization.id), channel.id);
      return answer;
    },
  });

async function controlled(
  use: HttpDependencies,
  call: Call<unknown, unknown>,
  { channel, kind }: { readonly channel: Channel; readonly kind: ControlChannel["kind"] },
) {
  const sent = await command(use, call, { projectId: null, command: { kind, channelId: channel.id } });
  return answerOf(sent, { label: channel.name });
}

const listChannels = endpoint({
  method: "get",
  path: "/api/channels",
  summary: "One's own channels and the organization's, without their secrets",
  answer: channelsDocument,
  run: async (use, { member }) => ({
    schema: "xvc.channels/1" as const,
    items: [...(await reading(use, member, (reader) => channelsView(reader, member.person)))],
    mail: { ready: use.reach.reach.messengers.mail !== null, address: member.person.email },
    mayAddForOrganization: isSteward(member.person),
  }),
});

const addChannel = endpoint({
  method: "post",
  path: "/api/channels",
  summary: "Add a channel; its secrets are shown this once",
  body: channelBody,
  answer: channelCreated,
  status: 201,
  run: add,
});

const testChannel = endpoint({
  method: "post",
  path: "/api/channels/{reference}/test",
  summary: "Send a message now to try a channel",
  body: reasonBody,
  answer: channelTested,
  run: tryChannel,
});

const pauseChannel = control("pause", "Stop sending to a channel");

const resumeChannel = control("resume", "Send to a channel again, from now on");

const removeChannel = control("remove", "Remove a channel and its secrets");

const renewFeed = endpoint({
  method: "post",
  path: "/api/channels/{reference}/renew",
  summary: "Give a calendar feed a new address; the one before ends",
  body: reasonBody,
  answer: channelCreated,
  run: async (use, call) => {
    const channel = await channelOf(use, call);
    await controlled(use, call, { channel, kind: "renew-channel" });
    return created(use, call.member, { channelId: channel.id, signingSecret: null });
  },
});

const setTopics = endpoint({
  method: "post",
  path: "/api/channels/{reference}/topics",
  summary: "Choose what is sent to a channel; none means all",
  body: channelTopicsBody,
  answer: commandAnswer,
  run: async (use, call) => {
    const channel = await channelOf(use, call);
    const sent = await command(use, call, {
      projectId: null,
      command: { kind: "set-channel-topics", channelId: channel.id, topics: [...call.body.topics] },
    });
    return answerOf(sent, { label: channel.name });
  },
});

const listNotices = endpoint({
  method: "get",
  path: "/api/notices",
  summary: "Messages to one's channels with their delivery log, newest first",
  query: noticeQuery,
  answer: noticePage,
  run: (use, { member, query }) =>
    reading(use, member, (reader) =>
      noticesView(
        reader,
        {
          limit: query.limit ?? 50,
          ...(query.channel === undefined ? {} : { channelId: query.channel }),
          ...(query.state === undefined ? {} : { state: query.state }),
          ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
        },
        member.person,
      ),
    ),
});

const replayNotice = endpoint({
  method: "post",
  path: "/api/notices/{reference}/replay",
  summary: "Send a message again, under the same id",
  body: reasonBody,
  answer: commandAnswer,
  run: async (use, call) => {
    const projectId = await projectOfNotice(use.engine, call.member, call.reference);
    if (projectId === undefined)
      throw new Failure("not-found", "notice.not-found", {
        message: `There is no message ${call.reference}, or it is not yours to see. xvc notice list shows those that are.`,
      });
    return answerOf(await command(use, call, { projectId, command: { kind: "replay-notice", noticeId: call.reference } }));
  },
});

/** Ways to reach people, and what was sent through them. */
export const channelRoutes = (): readonly Endpoint[] => [
  listChannels,
  addChannel,
  testChannel,
  pauseChannel,
  resumeChannel,
  removeChannel,
  renewFeed,
  setTopics,
  listNotices,
  replayNotice,
];

/** The channel an id or a name of one's own stands for. @throws {Failure} `channel.not-found` */
async function channelOf(
  use: HttpDependencies,
  { member, reference }: Pick<Call<unknown, unknown>, "member" | "reference">,
): Promise<Channel> {
  const found = await reading(use, member, async (reader) => {
    const seen = await channelsView(reader, member.person);
    const known = seen.find((one) => one.id === reference) ?? seen.find((one) => one.name === reference);
    return known === undefined ? undefined : reader.get(channelKind, known.id);
  });
  if (found !== undefined) return found;
  throw new Failure("not-found", "channel.not-found", {
    message: `There is no channel ${reference}, or it is not yours to see. xvc channel list shows those that are.`,
  });
}

/** What a channel's row says of where it leads, and what of it is a secret. @throws {Failure} `channel.*`, `egress.address-refused` */
function destinationOf(
  use: HttpDependencies,
  member: Member,
  body: ChannelBody,
): { readonly target: JsonObject; readonly url: string | null } {
  if (body.form === "feed") return { target: {}, url: null };
  if (body.form === "mail") {
    if (use.reach.reach.messengers.mail === null)
      throw new Failure("conflict", "channel.mail-not-set-up", {
        message: "No mail server is set up. An administrator sets XVC_SMTP_URL and XVC_MAIL_FROM, then restarts xVC.",
      });
    const address = body.address ?? member.person.email ?? "";
    if (!use.isMailAddress(address))
      throw new Failure("invalid", "channel.bad-address", {
        message: address === "" ? "You have no e-mail address on record; an administrator adds one." : "This is no e-mail address.",
      });
    return { target: { address }, url: null };
  }
  use.egress.check(body.url ?? "");
  const url = new URL(body.url ?? "");
  return { target: { shown: url.host }, url: url.href };
}

async function add(use: HttpDependencies, call: Call<unknown, ChannelBody>) {
  const { body, member } = call;
  // What a program sets up would go on sending after its key was revoked.
  if (member.keyed)
    throw new Failure("forbidden", "channel.made-by-key", {
      message: "A key adds no channels. Do it where you are signed in, or with xvc on the server's machine.",
    });
  const { target, url } = destinationOf(use, member, body);
  const signingSecret = body.form === "webhook" ? `whsec_${Buffer.from(use.ids.secret(), "base64url").toString("base64")}` : null;
  const sent = await command(use, call, {
    projectId: null,
    command: {
      kind: "add-channel",
      form: body.form,
      name: body.name,
      personId: body.forOrganization ? null : member.person.id,
      target,
      topics: [...(body.topics ?? [])],
    },
  });
  const channelId = typeof sent["id"] === "string" ? sent["id"] : "";
  // Of two calls under one key the first secret counts; the second is told none, since it would verify nothing.
  const kept = url === null || (await keep(use, member, { channelId, secret: { url, signingSecret } }));
  return created(use, member, { channelId, signingSecret: kept ? signingSecret : null });
}

const keep = (
  use: HttpDependencies,
  member: Member,
  { channelId, secret }: { readonly channelId: string; readonly secret: ChannelSecret },
): Promise<boolean> =>
  use.reach.reachStore.keepSecret(
    asId(member.organization.id),
    channelId,
    use.reach.vault.seal(secretPurpose(channelId), JSON.stringify(secret)),
  );

async function created(
  use: HttpDependencies,
  member: Member,
  { channelId, signingSecret }: { readonly channelId: string; readonly signingSecret: string | null },
) {
  const channel = await channelOf(use, { member, reference: channelId });
  const token = channel.kind === "feed" ? feedToken(use.reach.vault, member.organization.id, channel) : null;
  return {
    schema: "xvc.channel-created/1" as const,
    channel: channelView(channel, member.person, undefined) as never, // the same fields; its topics were checked when they were set
    signingSecret,
    feedUrl: token === null ? null : `${use.reach.reach.baseUrl()}/feed/${token}.ics`,
  };
}

/** Sends at once and tells what the other side said. Its turn is taken first, so that many at once flood nobody. */
async function tryChannel(use: HttpDependencies, call: Call<unknown, unknown>) {
  const channel = await channelOf(use, call);
  if (channel.kind === "feed")
    throw new Failure("invalid", "channel.not-sendable", { message: "A calendar feed is read, not sent; open its address to try it." });
  await command(use, call, { projectId: null, command: { kind: "begin-channel-test", channelId: channel.id } });
  const outcome = await sendTo(
    use.reach,
    { organizationId: call.member.organization.id, channel, message: testMessage(use) },
    use.clock.deadline(sendDeadlineMs / 2),
  );
  const ok = outcome.kind === "sent";
  await command(
    use,
    { ...call, key: `${call.key}:end` },
    { projectId: null, command: { kind: "end-channel-test", channelId: channel.id, ok, detail: outcome.detail } },
  );
  return { schema: "xvc.channel-tested/1" as const, id: channel.id, ok, detail: outcome.detail.slice(0, 300) };
}

function testMessage(use: HttpDependencies): OutgoingMessage {
  const atMs = use.clock.nowMs();
  return {
    id: use.ids.next(),
    topic: "test",
    atMs,
    data: { fact: "channel.tested" },
    letter: {
      subject: "xVC can reach you here",
      lead: "Somebody tried this channel. Nothing is asked of you.",
      facts: [],
      others: [],
      links: [{ label: "Open the notifications", url: `${use.reach.reach.baseUrl()}/settings/notifications` }],
      foot: "Choose what is sent to you under Settings, Notifications.",
    },
  };
}
