import { type ApiToken, maxTokens, type OneTimeLink, type Session, type SessionStore } from "../../engine/ports/session-store.ts";

const maxSwept = 1_000;

/** Sessions in memory, gone with the process. */
export function createMemorySessions(): SessionStore {
  const links = new Map<string, OneTimeLink>();
  const sessions = new Map<string, Session>();
  const tokens = new Map<string, ApiToken>();

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
    createSession: async (session) => void sessions.set(session.tokenSha256, session),
    async readSession(tokenSha256, atMs) {
      const session = sessions.get(tokenSha256);
      return session !== undefined && session.expiresAtMs > atMs ? session : undefined;
    },
    endSession: async (tokenSha256) => void sessions.delete(tokenSha256),
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
    sweep: async (beforeMs) => sweepOf(links, beforeMs) + sweepOf(sessions, beforeMs) + sweepOf(tokens, beforeMs),
  };
}
