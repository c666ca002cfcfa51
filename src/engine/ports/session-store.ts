import type { OrganizationId, PersonId, Sha256 } from "../../core/shared/ids.ts";

/** Whom a secret stands for. */
export interface Holder {
  readonly organizationId: OrganizationId;
  readonly personId: PersonId;
}

/** A signed-in browser. The cookie's secret is known to the browser alone; here is its hash. */
export interface Session extends Holder {
  readonly tokenSha256: Sha256;
  readonly csrfSha256: Sha256;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  /** The browser as it names itself, at most 200 characters; shown beside the session, never believed. */
  readonly about: string;
  /** When it was last used, to the minute. */
  readonly seenAtMs: number;
}

/** A secret that signs in once. */
export interface OneTimeLink extends Holder {
  readonly secretSha256: Sha256;
  /** An invitation signs in as well; the first time, it makes its person a member. */
  readonly purpose: "sign-in" | "invitation";
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
}

/** A program's key. */
export interface ApiToken extends Holder {
  readonly id: string;
  readonly tokenSha256: Sha256;
  readonly name: string;
  /** `read`: may look. `write`: may do what its person may. `local`: both, and name paths of the server's own machine and stop it. */
  readonly scopes: readonly string[];
  /** Absent: every project its person may enter. */
  readonly projectIds?: readonly string[];
  readonly createdAtMs: number;
  /** Null: until it is revoked. */
  readonly expiresAtMs: number | null;
}

/** Keys that one person may hold at a time. */
export const maxTokens = 100;

/** Sessions of one person that are listed and, once they are removed, ended one by one. */
export const maxSessions = 500;

/** What ended with a membership: hashes of the credentials, so that their open streams end too. */
export type EndedCredentials = readonly string[];

/** Who is signed in. Outside of the record of work, and of hashes only: nobody who reads it can sign in. */
export interface SessionStore {
  createLink(link: OneTimeLink): Promise<void>;
  /** Takes a link out of use. Of any number of callers at once exactly one gets its holder. */
  consumeLink(secretSha256: Sha256, atMs: number): Promise<Holder | undefined>;
  /** What a link would do, without using it; undefined when unknown, used or expired. */
  readLink(secretSha256: Sha256, atMs: number): Promise<OneTimeLink | undefined>;
  /** Takes every unused link of a person out of use. */
  endLinks(holder: Holder, atMs: number): Promise<void>;
  createSession(session: Session): Promise<void>;
  /** Undefined when unknown, ended or expired. */
  readSession(tokenSha256: Sha256, atMs: number): Promise<Session | undefined>;
  /** Ending twice, or what never was, changes nothing. */
  endSession(tokenSha256: Sha256, atMs: number): Promise<void>;
  /** Remembers that a session was used. */
  touchSession(tokenSha256: Sha256, atMs: number): Promise<void>;
  /** A person's live sessions, the last used first, at most `maxSessions`. */
  listSessions(holder: Holder, atMs: number): Promise<readonly Session[]>;
  /** When members last used a browser session that is still kept; whoever is missing has none. */
  lastSeen(organizationId: OrganizationId): Promise<ReadonlyMap<string, number>>;
  /** Ends sessions, keys and links of somebody who is no member any more. */
  endAll(holder: Holder, atMs: number): Promise<EndedCredentials>;
  createToken(token: ApiToken): Promise<void>;
  /** Undefined when unknown, revoked or expired. */
  readToken(tokenSha256: Sha256, atMs: number): Promise<ApiToken | undefined>;
  /** A person's keys that are neither revoked nor expired and not of this machine itself, the oldest first, at most `maxTokens`. */
  listTokens(holder: Holder, atMs: number): Promise<readonly ApiToken[]>;
  revokeToken(id: string, atMs: number): Promise<void>;
  /** Counts one try under a key, shared by all servers. @returns the tries in this window, this one included */
  countTry(keySha256: Sha256, window: { readonly lengthMs: number; readonly atMs: number }): Promise<number>;
  /** Remembers who brought content in, so that nobody else can name it by its hash. */
  recordUploads(holder: Holder, sha256s: readonly Sha256[], atMs: number): Promise<void>;
  /** Of these contents, those the person brought in. */
  uploadedBy(holder: Holder, sha256s: readonly Sha256[]): Promise<readonly Sha256[]>;
  /** Removes what expired before the instant, at most 1,000 of each. @returns how many rows went */
  sweep(beforeMs: number): Promise<number>;
}
