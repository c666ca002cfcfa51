import type { Letter } from "../../core/oversight/compose-letter.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import type { ReachStore, Vault } from "./vault.ts";

/** One message with everything that its adapter writes down. */
export interface OutgoingMessage {
  /** Stable over tries, hand-overs and replays: receivers tell repeats by it. */
  readonly id: string;
  readonly topic: string;
  readonly letter: Letter;
  /** What happened, for programs. */
  readonly data: JsonObject;
  /** When it happened, epoch milliseconds. */
  readonly atMs: number;
}

/** Where a message goes: an e-mail address, or a URL with what signs for it. */
export type Destination =
  | { readonly kind: "mail"; readonly address: string }
  | { readonly kind: "url"; readonly url: string; readonly signingSecret: string | null };

/** What became of a try. `retry`: perhaps later; `failed`: never. `detail` is for people and holds no secret. */
export interface SendOutcome {
  readonly kind: "sent" | "retry" | "failed";
  readonly detail: string;
}

/** Hands messages over to the outside. At least once; never throws for what the other side does. */
export interface Messenger {
  send(message: OutgoingMessage, to: Destination, signal: AbortSignal): Promise<SendOutcome>;
}

/** How this installation reaches people. */
export interface Reach {
  readonly messengers: { readonly mail: Messenger | null; readonly chat: Messenger; readonly webhook: Messenger };
  /** Address of the page as people open it, without a slash at the end; asked each time, since a port may be chosen late. */
  readonly baseUrl: () => string;
  /** An instant as letters write it. */
  readonly formatInstant: (atMs: number) => string;
}

/** Everything that sending needs beside the rows. */
export interface ReachParts {
  readonly reach: Reach;
  readonly vault: Vault;
  readonly reachStore: ReachStore;
}
