import type { Client } from "pg";
import { escapeIdentifier } from "pg";

/** A table of the record as an export has it. */
export interface CopiedTable {
  readonly name: string;
  /** Columns with a value of their own: what the database computes or counts itself is left out. */
  readonly columns: readonly string[];
  /** Rows come in the order of the log, which is not theirs to say: `txid` and `position` are given anew. */
  readonly isLog: boolean;
}

interface FoundTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly is_log: boolean;
  readonly needs: readonly string[];
}

/** Where sealed runs end; an export says how many rows that is, since places differ from database to database. */
export const markColumns = ["event_txid", "event_position", "version_txid", "version_position"];

/**
 * Every table of schema `xvc`, whatever migrations added, in an order in which each row finds what it refers to. Organization and
 * projects come first: the context of all others.
 */
export async function copiedTables(client: Client): Promise<readonly CopiedTable[]> {
  const { rows } = await client.query<FoundTable>(
    `select c.relname::text as name,
            array(select a.attname::text from pg_attribute a
                   where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and a.attidentity = ''
                     and not (a.attname = 'txid' and a.atttypid = 'xid8'::regtype) and a.attname <> all ($1)
                   order by a.attnum) as columns,
            exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'position' and a.attidentity <> '') as is_log,
            array(select distinct r.relname::text from pg_constraint k join pg_class r on r.oid = k.confrelid
                   where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid) as needs
       from pg_class c
      where c.relnamespace = 'xvc'::regnamespace and c.relkind = 'r'
      order by c.relname`,
    [markColumns],
  );
  return inOrder(rows).map(({ name, columns, is_log: isLog }) => ({ name, columns, isLog }));
}

function inOrder(tables: readonly FoundTable[]): readonly FoundTable[] {
  const first = ["organization", "project"];
  const done: FoundTable[] = tables.filter((table) => first.includes(table.name));
  const has = (name: string): boolean => done.some((table) => table.name === name);
  // Logs last, and checkpoints after the logs that they seal.
  const waiting = tables.filter((table) => !first.includes(table.name)).toSorted((left, right) => weight(left) - weight(right));
  while (waiting.length > 0) {
    const next = waiting.findIndex((table) => table.needs.every(has));
    done.push(...waiting.splice(Math.max(0, next), 1));
  }
  return done;
}

const weight = (table: FoundTable): number => (table.name === "checkpoint" ? 2 : table.is_log ? 1 : 0);

/** The context of the whole organization, for the owner, who is bound by row security like everybody. */
export async function enterOrganization(client: Client, organizationId: string): Promise<void> {
  await client.query(
    `select set_config('xvc.organization_id', $1, true), set_config('xvc.project_ids', '{}', true), set_config('timezone', 'UTC', true),
            set_config('xvc.actor_kind', 'system', true), set_config('xvc.actor_id', 'import', true), set_config('xvc.cause', 'import', true)`,
    [organizationId],
  );
  await seeProjects(client);
}

export const seeProjects = async (client: Client): Promise<void> =>
  void (await client.query("select set_config('xvc.project_ids', (select coalesce(array_agg(id), '{}')::text from xvc.project), true)"));

export const tableOf = (name: string): string => `xvc.${escapeIdentifier(name)}`;
