import type { OrganizationId } from "../../core/shared/ids.ts";

/** Makes texts unreadable and unforgeable with the installation's own key, which no row, log or answer holds. */
export interface Vault {
  /** Seals a text so that only the same vault opens it, and only for the same purpose. */
  seal(purpose: string, text: string): string;
  /** @throws {Failure} `vault.not-opened` when it was sealed with another key or for another purpose, or changed */
  open(purpose: string, sealed: string): string;
  /** 256 bits in base64url that nobody without the key can make for this purpose and text. */
  sign(purpose: string, text: string): string;
  /** Whether `signature` is what `sign` gives; takes the same time for every wrong one. */
  isSigned(purpose: string, text: string, signature: string): boolean;
}

/** The parts of a channel that are secrets themselves: a chat room's address, a webhook's signing key. */
export interface ChannelSecret {
  readonly url: string;
  /** Standard Webhooks secret, `whsec_...`; null: not signed. */
  readonly signingSecret: string | null;
}

/** What reaching people keeps outside of the record of work: sealed secrets, and how far the log was read. */
export interface ReachStore {
  /** Keeps a sealed secret under a channel's id unless there is one. @returns whether it was kept */
  keepSecret(organizationId: OrganizationId, channelId: string, sealed: string): Promise<boolean>;
  readSecret(organizationId: OrganizationId, channelId: string): Promise<string | undefined>;
  forgetSecret(organizationId: OrganizationId, channelId: string): Promise<void>;
  /** The last event that was turned into messages; undefined: none yet. */
  readCursor(organizationId: OrganizationId): Promise<string | undefined>;
  /** Null forgets it. */
  saveCursor(organizationId: OrganizationId, cursor: string | null): Promise<void>;
}
