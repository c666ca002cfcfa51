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
}

/** A secret that signs in once. */
export interface OneTimeLink extends Holder {
  readonly secretSha256: Sha256;
  readonly purpose: "sign-in";
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
  readonly createdAtMs: number;
  /** Null: until it is revoked. */
  readonly expiresAtMs: number | null;
}

/** Keys that one person may hold at a time. */
export const maxTokens = 100;

/** Who is signed in. Outside of the record of work, and of hashes only: nobody who reads it can sign in. */
export interface SessionStore {
  createLink(link: OneTimeLink): Promise<void>;
  /** Takes a link out of use. Of any number of callers at once exactly one gets its holder. */
  consumeLink(secretSha256: Sha256, atMs: number): Promise<Holder | undefined>;
  createSession(session: Session): Promise<void>;
  /** Undefined when unknown, ended or expired. */
  readSession(tokenSha256: Sha256, atMs: number): Promise<Session | undefined>;
  /** Ending twice, or what never was, changes nothing. */
  endSession(tokenSha256: Sha256, atMs: number): Promise<void>;
  createToken(token: ApiToken): Promise<void>;
  /** Undefined when unknown, revoked or expired. */
  readToken(tokenSha256: Sha256, atMs: number): Promise<ApiToken | undefined>;
  /** A person's keys that are neither revoked nor expired and not of this machine itself, the oldest first, at most `maxTokens`. */
  listTokens(holder: Holder, atMs: number): Promise<readonly ApiToken[]>;
  revokeToken(id: string, atMs: number): Promise<void>;
  /** Removes what expired before the instant, at most 1,000 of each. @returns how many rows went */
  sweep(beforeMs: number): Promise<number>;
}
