import type { ReachStore } from "../../engine/ports/vault.ts";

/** Secrets and positions in memory, gone with the process. */
export function createMemoryReachStore(): ReachStore {
  const secrets = new Map<string, string>();
  const cursors = new Map<string, string>();
  return {
    async keepSecret(organizationId, channelId, sealed) {
      const key = `${organizationId}:${channelId}`;
      if (secrets.has(key)) return false;
      secrets.set(key, sealed);
      return true;
    },
    readSecret: async (organizationId, channelId) => secrets.get(`${organizationId}:${channelId}`),
    forgetSecret: async (organizationId, channelId) => void secrets.delete(`${organizationId}:${channelId}`),
    readCursor: async (organizationId) => cursors.get(organizationId),
    async saveCursor(organizationId, cursor) {
      if (cursor === null) cursors.delete(organizationId);
      else cursors.set(organizationId, cursor);
    },
  };
}
