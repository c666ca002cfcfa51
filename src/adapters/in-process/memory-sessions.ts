import {
  type ApiToken,
  type Holder,
  maxSessions,
  maxTokens,
  type OneTimeLink,
  type Session,
  type SessionStore,
} from "../../engine/ports/session-store.ts";

const maxSwept = 1_000;

/** Sessions in memory, gone with the process. */
export function createMemorySessions(): SessionStore {
  const links = new Map<string, OneTimeLink>();
  const sessions = new Map<string, Session>();
  const tokens = new Map<string, ApiToken>();
  const tries = new Map<string, { readonly expiresAtMs: number; readonly count: number }>();
  const ledger = memoryLedger(tries);

  const sweepOf = <Row extends { readonly expiresAtMs: number | null }>(rows: Map<string, Row>, beforeMs: number): number => {
    const gone = [...rows].filter(([, row]) => row.expiresAtMs !== null && row.expiresAtMs < beforeMs).slice(0, maxSwept);
    for (const [key] of gone) rows.delete(key);
    return gone.length;
  };
  return {
    createLink: async (link) => void links.set(link.secretSha256, link),
    async consumeLink(secretSha256, atMs) {
      const link = links.get(secretSha256);
      if (link === undefined || link.expiresAtMs <= atMs) return undefined;
      links.delete(secretSha256);
      return { organizationId: link.organizationId, personId: link.personId };
    },
    async readLink(secretSha256, atMs) {
      const link = links.get(secretSha256);
      return link !== undefined && link.expiresAtMs > atMs ? link : undefined;
    },
    async endLinks(who) {
      for (const [key, link] of links) if (isOf(who)(link)) links.delete(key);
    },
    ...memoryBrowsers(sessions),
    async endAll(who) {
      const ended: string[] = [];
      for (const [key, link] of links) if (isOf(who)(link)) links.delete(key);
      for (const [key, session] of sessions) if (isOf(who)(session) && sessions.delete(key)) ended.push(key);
      for (const [key, token] of tokens) if (isOf(who)(token) && !token.scopes.includes("local") && tokens.delete(key)) ended.push(key);
      return ended;
    },
    ...ledger,
    createToken: async (token) => void tokens.set(token.tokenSha256, token),
    async readToken(tokenSha256, atMs) {
      const token = tokens.get(tokenSha256);
      return token !== undefined && (token.expiresAtMs === null || token.expiresAtMs > atMs) ? token : undefined;
    },
    listTokens: async ({ organizationId, personId }, atMs) =>
      [...tokens.values()]
        .filter((token) => token.organizationId === organizationId && token.personId === personId && !token.scopes.includes("local"))
        .filter((token) => token.expiresAtMs === null || token.expiresAtMs > atMs)
        .slice(0, maxTokens),
    async revokeToken(id) {
      for (const [key, token] of tokens) if (token.id === id) tokens.delete(key);
    },
    sweep: async (beforeMs) =>
      sweepOf(links, beforeMs) + sweepOf(sessions, beforeMs) + sweepOf(tokens, beforeMs) + sweepOf(tries, beforeMs),
  };
}

const isOf =
  (who: Holder) =>
  (row: Holder): boolean =>
    row.organizationId === who.organizationId && row.personId === who.personId;

type Browsers = Pick<SessionStore, "createSession" | "readSession" | "endSession" | "touchSession" | "listSessions" | "lastSeen">;

function memoryBrowsers(sessions: Map<string, Session>): Browsers {
  return {
    createSession: async (session) => void sessions.set(session.tokenSha256, session),
    async readSession(tokenSha256, atMs) {
      const session = sessions.get(tokenSha256);
      return session !== undefined && session.expiresAtMs > atMs ? session : undefined;
    },
    endSession: async (tokenSha256) => void sessions.delete(tokenSha256),
    async touchSession(tokenSha256, atMs) {
      const session = sessions.get(tokenSha256);
      if (session !== undefined) sessions.set(tokenSha256, { ...session, seenAtMs: Math.max(session.seenAtMs, atMs) });
    },
    listSessions: async (who, atMs) =>
      [...sessions.values()]
        .filter((session) => isOf(who)(session) && session.expiresAtMs > atMs)
        .toSorted((left, right) => right.seenAtMs - left.seenAtMs || (left.tokenSha256 < right.tokenSha256 ? -1 : 1))
        .slice(0, maxSessions),
    async lastSeen(organizationId) {
      const seen = new Map<string, number>();
      for (const session of sessions.values())
        if (session.organizationId === organizationId)
          seen.set(session.personId, Math.max(seen.get(session.personId) ?? 0, session.seenAtMs));
      return seen;
    },
  };
}

type Ledger = Pick<SessionStore, "countTry" | "recordUploads" | "uploadedBy">;

const uploadKey = (who: Holder, sha256: string): string => `${who.organizationId} ${who.personId} ${sha256}`;

function memoryLedger(tries: Map<string, { readonly expiresAtMs: number; readonly count: number }>): Ledger {
  const uploads = new Map<string, number>();
  return {
    async countTry(keySha256, { lengthMs, atMs }) {
      const windowAtMs = atMs - (atMs % lengthMs);
      const key = `${keySha256} ${windowAtMs}`;
      const count = (tries.get(key)?.count ?? 0) + 1;
      tries.set(key, { count, expiresAtMs: windowAtMs + lengthMs });
      return count;
    },
    async recordUploads(who, sha256s, atMs) {
      for (const sha256 of sha256s) uploads.set(uploadKey(who, sha256), atMs);
    },
    uploadedBy: async (who, sha256s) => sha256s.filter((sha256) => uploads.has(uploadKey(who, sha256))),
  };
}
