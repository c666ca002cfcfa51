import { withClient } from "./database-url.ts";

/** When people of an organization were erased, in no order. Asked of the owner: the application does not read when keys were destroyed. */
export function erasureTimes(ownerUrl: string, organizationId: string): Promise<readonly number[]> {
  return withClient(ownerUrl, { applicationName: "xvc backup" }, async (client) => {
    const { rows } = await client.query<{ at: string }>(
      "select erased_at_ms::text as at from xvc_system.person_key where organization_id = $1 and erased_at_ms is not null",
      [organizationId],
    );
    return rows.map(({ at }) => Number(at));
  });
}
