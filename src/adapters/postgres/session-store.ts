import type { Pool } from "pg";
import { type ApiToken, type Holder, maxTokens, type Session, type SessionStore } from "../../engine/ports/session-store.ts";
import { type Fragment, prepared, sql } from "./sql.ts";

const maxSwept = 1_000;

const holder = sql`organization_id as "organizationId", person_id as "personId"`;

type Rows = <Row extends object>(query: Fragment) => Promise<readonly Row[]>;

/** Sessions in `xvc_system`: hashes only, outside the record of work and its row security. */
export function postgresSessions(pool: Pool): SessionStore {
  const rows: Rows = async <Row extends object>(query: Fragment): Promise<readonly Row[]> => {
    const { text, values, name } = prepared(query);
    return (await pool.query<Row>({ text, values: [...values], ...(name === undefined ? {} : { name }) })).rows;
  };
  const count = async (query: Fragment): Promise<number> => (await rows(query)).length;
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
         where secret_sha256 = ${secretSha256} and purpose = 'sign-in' and used_at_ms is null and expires_at_ms > ${atMs}
        returning ${holder}`)
      )[0],
    async createSession(session) {
      await rows(sql`
        insert into xvc_system.session (token_sha256, csrf_sha256, organization_id, person_id, created_at_ms, seen_at_ms, expires_at_ms)
        values (${session.tokenSha256}, ${session.csrfSha256}, ${session.organizationId}, ${session.personId},
                ${session.createdAtMs}, ${session.createdAtMs}, ${session.expiresAtMs})`);
    },
    readSession: async (tokenSha256, atMs) =>
      (
        await rows<Session>(sql`
        select token_sha256 as "tokenSha256", csrf_sha256 as "csrfSha256", ${holder}, created_at_ms as "createdAtMs", expires_at_ms as "expiresAtMs"
          from xvc_system.session where token_sha256 = ${tokenSha256} and ended_at_ms is null and expires_at_ms > ${atMs}`)
      )[0],
    async endSession(tokenSha256, atMs) {
      await rows(sql`update xvc_system.session set ended_at_ms = ${atMs} where token_sha256 = ${tokenSha256} and ended_at_ms is null`);
    },
    ...tokenStore(rows),
    sweep: async (beforeMs) =>
      (await count(sql`delete from xvc_system.one_time_link where secret_sha256 in
        (select secret_sha256 from xvc_system.one_time_link where expires_at_ms < ${beforeMs} limit ${maxSwept}) returning 1`)) +
      (await count(sql`delete from xvc_system.session where token_sha256 in
        (select token_sha256 from xvc_system.session where expires_at_ms < ${beforeMs} limit ${maxSwept}) returning 1`)) +
      (await count(sql`delete from xvc_system.api_token where token_sha256 in
        (select token_sha256 from xvc_system.api_token where expires_at_ms < ${beforeMs} limit ${maxSwept}) returning 1`)),
  };
}

function tokenStore(rows: Rows): Pick<SessionStore, "createToken" | "readToken" | "listTokens" | "revokeToken"> {
  return {
    async createToken(token) {
      await rows(sql`
        insert into xvc_system.api_token (token_sha256, id, organization_id, person_id, name, scopes, created_at_ms, expires_at_ms)
        values (${token.tokenSha256}, ${token.id}, ${token.organizationId}, ${token.personId}, ${token.name}, ${token.scopes}, ${token.createdAtMs}, ${token.expiresAtMs})`);
    },
    readToken: async (tokenSha256, atMs) =>
      (
        await rows<ApiToken>(sql`
        select id, token_sha256 as "tokenSha256", ${holder}, name, scopes, created_at_ms as "createdAtMs", expires_at_ms as "expiresAtMs"
          from xvc_system.api_token
         where token_sha256 = ${tokenSha256} and revoked_at_ms is null and (expires_at_ms is null or expires_at_ms > ${atMs})`)
      )[0],
    listTokens: ({ organizationId, personId }, atMs) =>
      rows<ApiToken>(sql`
        select id, token_sha256 as "tokenSha256", ${holder}, name, scopes, created_at_ms as "createdAtMs", expires_at_ms as "expiresAtMs"
          from xvc_system.api_token
         where organization_id = ${organizationId} and person_id = ${personId} and not ('local' = any(scopes))
           and revoked_at_ms is null and (expires_at_ms is null or expires_at_ms > ${atMs})
         order by created_at_ms, id limit ${maxTokens}`),
    async revokeToken(id, atMs) {
      await rows(sql`update xvc_system.api_token set revoked_at_ms = ${atMs} where id = ${id} and revoked_at_ms is null`);
    },
  };
}
