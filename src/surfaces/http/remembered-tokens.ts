import type { Clock } from "../../engine/ports/clock.ts";
import type { ApiToken, SessionStore } from "../../engine/ports/session-store.ts";

/** How long a key that was found valid is taken for valid without asking again. */
const rememberMs = 1_000;
const maxRemembered = 1_000;

interface Remembered {
  readonly token: ApiToken;
  readonly untilMs: number;
}

/**
 * The same sessions, asked at most once a second about a program's key. One that is revoked here is refused from then on; one that
 * another server revokes is refused within that second. Its own expiry counts at every call, and a refusal is never remembered.
 */
export function rememberingTokens(sessions: SessionStore, clock: Clock): SessionStore {
  const remembered = new Map<string, Remembered>();
  let forgotten = 0;
  const forget = (): void => {
    forgotten += 1;
    remembered.clear();
  };
  return {
    ...sessions,
    async readToken(tokenSha256, atMs) {
      const known = remembered.get(tokenSha256);
      if (known !== undefined && known.untilMs > clock.monotonicMs() && (known.token.expiresAtMs ?? Number.POSITIVE_INFINITY) > atMs)
        return known.token;
      const before = forgotten;
      const untilMs = clock.monotonicMs() + rememberMs;
      const token = await sessions.readToken(tokenSha256, atMs);
      if (token === undefined) remembered.delete(tokenSha256);
      // What was read before a revocation must not be remembered after it.
      else if (before === forgotten) {
        if (remembered.size >= maxRemembered) remembered.clear();
        remembered.set(tokenSha256, { token, untilMs });
      }
      return token;
    },
    async revokeToken(id, atMs) {
      await sessions.revokeToken(id, atMs).finally(forget);
    },
    endAll: (holder, atMs) => sessions.endAll(holder, atMs).finally(forget),
  };
}
