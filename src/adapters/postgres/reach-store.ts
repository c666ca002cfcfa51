import type { Pool } from "pg";
import type { ReachStore } from "../../engine/ports/vault.ts";
import { type Fragment, prepared, sql } from "./sql.ts";

/** What reaching people keeps in `xvc_system`: sealed secrets and a position, outside the record of work. */
export function postgresReachStore(pool: Pool): ReachStore {
  const rows = async <Row extends object>(query: Fragment): Promise<readonly Row[]> => {
    const { text, values, name } = prepared(query);
    return (await pool.query<Row>({ text, values: [...values], ...(name === undefined ? {} : { name }) })).rows;
  };
  return {
    keepSecret: async (organizationId, channelId, sealed) =>
      (
        await rows(sql`
        insert into xvc_system.channel_secret (organization_id, channel_id, sealed) values (${organizationId}, ${channelId}, ${sealed})
        on conflict do nothing returning 1`)
      ).length > 0,
    readSecret: async (organizationId, channelId) =>
      (
        await rows<{ readonly sealed: string }>(
          sql`select sealed from xvc_system.channel_secret where organization_id = ${organizationId} and channel_id = ${channelId}`,
        )
      )[0]?.sealed,
    async forgetSecret(organizationId, channelId) {
      await rows(sql`delete from xvc_system.channel_secret where organization_id = ${organizationId} and channel_id = ${channelId}`);
    },
    readCursor: async (organizationId) =>
      (await rows<{ readonly cursor: string }>(sql`select cursor from xvc_system.news_cursor where organization_id = ${organizationId}`))[0]
        ?.cursor,
    async saveCursor(organizationId, cursor) {
      if (cursor === null) await rows(sql`delete from xvc_system.news_cursor where organization_id = ${organizationId}`);
      else
        await rows(sql`
          insert into xvc_system.news_cursor (organization_id, cursor) values (${organizationId}, ${cursor})
          on conflict (organization_id) do update set cursor = excluded.cursor`);
    },
  };
}
