import type { Egress } from "../../src/engine/ports/egress.ts";
import { text } from "../../verify/lookup.ts";
import type { World } from "../../verify/world.ts";
import { addLine, readLines } from "./file-receivers.ts";

/** What a program that hears our webhooks wrote down: the id by which it tells repeats, and what it was told about. */
interface HeardNotice {
  readonly id: string;
  readonly signed: boolean;
  readonly itemId: string;
}

/** Beside the receivers of tools; it outlives the sender and knows nothing of its rows. */
const noticesFileOf = (receiversFile: string): string => `${receiversFile}.notices`;

/** Stands where the network is: what leaves is a line of a file, with the headers as they would arrive. */
export function fileEgress(receiversFile: string): Egress {
  return {
    check: () => {},
    async send({ headers, body }) {
      await Promise.resolve();
      const { data } = JSON.parse(body ?? "{}") as { readonly data?: { readonly itemId?: string } }; // written by the webhook adapter
      const heard: HeardNotice = {
        id: headers["webhook-id"] ?? "",
        signed: (headers["webhook-signature"] ?? "").startsWith("v1,"),
        itemId: data?.itemId ?? "",
      };
      addLine(noticesFileOf(receiversFile), heard);
      return { status: 204, text: "" };
    },
  };
}

export const heardNotices = (receiversFile: string): readonly HeardNotice[] => readLines<HeardNotice>(noticesFileOf(receiversFile));

/** Deliveries beyond the first of a message. */
export const doubledNotices = (receiversFile: string): number => {
  const heard = heardNotices(receiversFile);
  return heard.length - new Set(heard.map(({ id }) => id)).size;
};

/** With everything at rest: each message that was sent was heard, each that was heard is on record as sent, and a repeat has the id of the first. */
export function noticeFindings(world: World, receiversFile: string): readonly string[] {
  const rows = new Map(world.rows.filter((row) => row.kind === "notice").map((row) => [row.id, text(row, "state")]));
  const heard = heardNotices(receiversFile);
  const heardIds = new Set(heard.map(({ id }) => id));
  const idsOf = Map.groupBy(heard, ({ itemId }) => itemId);
  return [
    ...[...rows].flatMap(([id, state]) =>
      state === "sent" && !heardIds.has(id) ? [`Message ${id} is on record as sent and was not heard.`] : [],
    ),
    ...[...rows].flatMap(([id, state]) =>
      state === "sent" || state === "dropped" ? [] : [`Message ${id} is ${state} with everything at rest.`],
    ),
    ...[...heardIds].flatMap((id) =>
      rows.get(id) === "sent" ? [] : [`Message ${id} was heard and is ${rows.get(id) ?? "unknown"} here.`],
    ),
    ...[...idsOf].flatMap(([itemId, lines]) =>
      new Set(lines.map(({ id }) => id)).size === 1 ? [] : [`What item ${itemId} asks was told under different ids.`],
    ),
    ...heard.flatMap(({ id, signed }) => (signed ? [] : [`Message ${id} was not signed.`])),
  ];
}
