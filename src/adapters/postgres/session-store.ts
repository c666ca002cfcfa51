import type { Pool } from "pg";
import type { Sha256 } from "../../core/shared/ids.ts";
import {
  type ApiToken,
  type Holder,
  maxSessions,
  maxTokens,
  type OneTimeLink,
  type Session,
  type SessionStore,
} from "../../engine/ports/session-store.ts";
import { type Fragment, prepared, sql } from "./sql.ts";

const maxSwept = 1_000;

const holder = sql`organization_id as "organizationId", person_id as "personId"`;

const sessionFields = sql`token_sha256 as "tokenSha256", csrf_sha256 as "csrfSha256", ${holder}, created_at_ms as "createdAtMs",
  expires_at_ms as "expiresAtMs", seen_at_ms as "seenAtMs", about`;

const tokenFields = sql`id, token_sha256 as "tokenSha256", ${holder}, name, scopes, project_ids as "projectIds", created_at_ms as "createdAtMs", expires_at_ms as "expiresAtMs"`;

type TokenRow = Omit<ApiToken, "projectIds"> & { readonly projectIds: readonly string[] | null };
const tokenOf = ({ projectIds, ...token }: TokenRow): ApiToken => (projectIds === null ? token : { ...token, projectIds });

/** Uploads are forgotten after this time: whatever was used has a row of work by then that names it. */
const uploadsKeptMs = 30 * 86_400_000;

type Rows = <Row extends object>(query: Fragment) => Promise<readonly Row[]>;

/** Sessions in `xvc_system`: hashes only, outside the record of work and its row security. */
export function postgresSessions(pool: Pool): SessionStore {
  const rows: Rows = async <Row extends object>(query: Fragment): Promise<readonly Row[]> => {
    const { text, values, name } = prepared(query);
    return (await pool.query<Row>({ text, values: [...values], ...(name === undefined ? {} : { name }) })).rows;
  };
  const count = async (query: Fragment): Promise<number> => (await rows(query)).length;
  return {
    ...linkStore(rows),
    ...browserStore(rows),
    ...tokenStore(rows),
    ...tryStore(rows),
    async endAll(who, atMs) {
      await linkStore(rows).endLinks(who, atMs);
      const ended = await rows<{ readonly hash: string }>(sql`
        update xvc_system.session set ended_at_ms = ${atMs}
         where organization_id = ${who.organizationId} and person_id = ${who.personId} and ended_at_ms is null returning token_sha256 as hash`);
      const revoked = await rows<{ readonly hash: string }>(sql`
        update xvc_system.api_token set revoked_at_ms = ${atMs}
         where organization_id = ${who.organizationId} and person_id = ${who.personId} and revoked_at_ms is null
           and not ('local' = any(scopes)) returning token_sha256 as hash`);
      return [...ended, ...revoked].map(({ hash }) => hash);
    },
    sweep: async (beforeMs) =>
      (await count(sql`delete from xvc_system.one_time_link where secret_sha256 in
        (select secret_sha256 from xvc_system.one_time_link where expires_at_ms < ${beforeMs} limit ${maxSwept}) returning 1`)) +
      (await count(sql`delete from xvc_system.session where token_sha256 in
        (select token_sha256 from xvc_system.session where expires_at_ms < ${beforeMs} limit ${maxSwept}) returning 1`)) +
      (await count(sql`delete from xvc_system.api_token where token_sha256 in
        (select token_sha256 from xvc_system.api_token where expires_at_ms < ${beforeMs} limit ${maxSwept}) returning 1`)) +
      (await count(sql`delete from xvc_system.try_count where (key_sha256, window_at_ms) in
        (select key_sha256, window_at_ms from xvc_system.try_count where expires_at_ms < ${beforeMs} limit ${maxSwept}) returning 1`)) +
      (await count(sql`delete from xvc_system.upload where (organization_id, person_id, sha256) in
        (select organization_id, person_id, sha256 from xvc_system.upload where at_ms < ${beforeMs - uploadsKeptMs} limit ${maxSwept}) returning 1`)),
  };
}

function linkStore(rows: Rows): Pick<SessionStore, "createLink" | "consumeLink" | "readLink" | "endLinks"> {
  return {
    async createLink(link) {
      await rows(sql`
        insert into xvc_system.one_time_link (secret_sha256, purpose, organization_id, person_id, created_at_ms, expires_at_ms)
        values (${link.secretSha256}, ${link.purpose}, ${link.organizationId}, ${link.personId}, ${link.createdAtMs}, ${link.expiresAtMs})`);
    },
    // One statement: the row lock lets exactly one of many callers see `used_at_ms` still empty.
    consumeLink: async (secretSha256, atMs) =>
      (
        await rows<Holder>(sql`
        update xvc_system.one_time_link set used_at_ms = ${atMs}
         where secret_sha256 = ${secretSha256} and purpose in ('sign-in', 'invitation') and used_at_ms is null and expires_at_ms > ${atMs}
        returning ${holder}`)
      )[0],
    readLink: async (secretSha256, atMs) =>
      (
        await rows<OneTimeLink>(sql`
        select secret_sha256 as "secretSha256", purpose, ${holder}, created_at_ms as "createdAtMs", expires_at_ms as "expiresAtMs"
          from xvc_system.one_time_link
         where secret_sha256 = ${secretSha256} and purpose in ('sign-in', 'invitation') and used_at_ms is null and expires_at_ms > ${atMs}`)
      )[0],
    async endLinks({ organizationId, personId }, atMs) {
      await rows(sql`update xvc_system.one_time_link set used_at_ms = ${atMs}
        where organization_id = ${organizationId} and person_id = ${personId} and used_at_ms is null`);
    },
  };
}

type BrowserStore = Pick<SessionStore, "createSession" | "readSession" | "endSession" | "touchSession" | "listSessions" | "lastSeen">;

function browserStore(rows: Rows): BrowserStore {
  return {
    async createSession(session) {
      await rows(sql`
        insert into xvc_system.session (token_sha256, csrf_sha256, organization_id, person_id, created_at_ms, seen_at_ms, expires_at_ms, about)
        values (${session.tokenSha256}, ${session.csrfSha256}, ${session.organizationId}, ${session.personId},
                ${session.createdAtMs}, ${session.seenAtMs}, ${session.expiresAtMs}, ${session.about})`);
    },
    readSession: async (tokenSha256, atMs) =>
      (
        await rows<Session>(sql`
        select ${sessionFields}
          from xvc_system.session where token_sha256 = ${tokenSha256} and ended_at_ms is null and expires_at_ms > ${atMs}`)
      )[0],
    async endSession(tokenSha256, atMs) {
      await rows(sql`update xvc_system.session set ended_at_ms = ${atMs} where token_sha256 = ${tokenSha256} and ended_at_ms is null`);
    },
    async touchSession(tokenSha256, atMs) {
      await rows(sql`update xvc_system.session set seen_at_ms = greatest(seen_at_ms, ${atMs}) where token_sha256 = ${tokenSha256}`);
    },
    listSessions: ({ organizationId, personId }, atMs) =>
      rows<Session>(sql`
        select ${sessionFields}
          from xvc_system.session
         where organization_id = ${organizationId} and person_id = ${personId} and ended_at_ms is null and expires_at_ms > ${atMs}
         order by seen_at_ms desc, token_sha256 limit ${maxSessions}`),
    lastSeen: async (organizationId) =>
      new Map(
        (
          await rows<{ readonly personId: string; readonly seenAtMs: number }>(sql`
            select person_id as "personId", max(seen_at_ms) as "seenAtMs"
              from xvc_system.session where organization_id = ${organizationId} group by person_id`)
        ).map(({ personId, seenAtMs }) => [personId, seenAtMs]),
      ),
  };
}

function tryStore(rows: Rows): Pick<SessionStore, "countTry" | "recordUploads" | "uploadedBy"> {
  return {
    async countTry(keySha256, { lengthMs, atMs }) {
      const windowAtMs = atMs - (atMs % lengthMs);
      const [row] = await rows<{ readonly tries: number }>(sql`
        insert into xvc_system.try_count (key_sha256, window_at_ms, expires_at_ms, tries)
        values (${keySha256}, ${windowAtMs}, ${windowAtMs + lengthMs}, 1)
        on conflict (key_sha256, window_at_ms) do update set tries = xvc_system.try_count.tries + 1
        returning tries`);
      return row?.tries ?? 1;
    },
    async recordUploads({ organizationId, personId }, sha256s, atMs) {
      for (const sha256 of sha256s)
        await rows(sql`
          insert into xvc_system.upload (organization_id, person_id, sha256, at_ms)
          values (${organizationId}, ${personId}, ${sha256}, ${atMs})
          on conflict (organization_id, person_id, sha256) do update set at_ms = excluded.at_ms`);
    },
    uploadedBy: async ({ organizationId, personId }, sha256s) =>
      (
        await rows<{ readonly sha256: Sha256 }>(sql`
          select sha256 from xvc_system.upload
           where organization_id = ${organizationId} and person_id = ${personId} and sha256 = any(${[...sha256s]}::text[])`)
      ).map(({ sha256 }) => sha256),
  };
}

function tokenStore(rows: Rows): Pick<SessionStore, "createToken" | "readToken" | "listTokens" | "revokeToken"> {
  return {
    async createToken(token) {
      await rows(sql`
        insert into xvc_system.api_token (token_sha256, id, organization_id, person_id, name, scopes, project_ids, created_at_ms, expires_at_ms)
        values (${token.tokenSha256}, ${token.id}, ${token.organizationId}, ${token.personId}, ${token.name}, ${token.scopes},
                ${token.projectIds ?? null}, ${token.createdAtMs}, ${token.expiresAtMs})`);
    },
    readToken: async (tokenSha256, atMs) =>
      (
        await rows<TokenRow>(sql`
        select ${tokenFields}
          from xvc_system.api_token
         where token_sha256 = ${tokenSha256} and revoked_at_ms is null and (expires_at_ms is null or expires_at_ms > ${atMs})`)
      ).map(tokenOf)[0],
    listTokens: async ({ organizationId, personId }, atMs) =>
      (
        await rows<TokenRow>(sql`
        select ${tokenFields}
          from xvc_system.api_token
         where organization_id = ${organizationId} and person_id = ${personId} and not ('local' = any(scopes))
           and revoked_at_ms is null and (expires_at_ms is null or expires_at_ms > ${atMs})
         order by created_at_ms, id limit ${maxTokens}`)
      ).map(tokenOf),
    async revokeToken(id, atMs) {
      await rows(sql`update xvc_system.api_token set revoked_at_ms = ${atMs} where id = ${id} and revoked_at_ms is null`);
    },
  };
}
