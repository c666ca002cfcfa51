import type { Pool } from "pg";
import { asId, type OrganizationId } from "../../core/shared/ids.ts";
import { storeFailure } from "./postgres-failure.ts";

const maxOrganizations = 10_000;

/** Ids of the organizations that this database holds, oldest first: for sweepers, which go through them one by one. */
export async function readOrganizationIds(pool: Pool): Promise<readonly OrganizationId[]> {
  const { rows } = await pool
    .query<{ id: string }>("select organization_id as id from xvc_system.tenant order by organization_id limit $1", [maxOrganizations])
    .catch((error: unknown) => {
      throw storeFailure(error);
    });
  return rows.map(({ id }) => asId<"organization">(id));
}
