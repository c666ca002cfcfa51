import { compareDerived } from "../adapters/postgres/derived-data.ts";
import type { SystemReport } from "../surfaces/cli/cli-dependencies.ts";
import { withDatabaseUp } from "./backup-report.ts";
import { firstOrganizationId } from "./first-run.ts";

/** What `xvc memory rebuild --check` says. */
export async function reportDerived(environment: NodeJS.ProcessEnv): Promise<SystemReport> {
  const findings = await withDatabaseUp(environment, ({ owner }) => compareDerived(owner, firstOrganizationId));
  const different = findings.filter(({ missing, surplus }) => missing + surplus > 0);
  const rows = findings.reduce((sum, one) => sum + one.rows, 0);
  const lines = different.map(
    ({ name, missing, surplus, samples }) =>
      `  ${name}: ${missing} made anew are not kept so, ${surplus} kept are not made anew\n${samples.map((one) => `    ${one}\n`).join("")}`,
  );
  return {
    document: {
      schema: "xvc.derived/1",
      ok: different.length === 0,
      rows,
      findings: findings.map((one) => ({ ...one, samples: [...one.samples] })),
    },
    text:
      different.length === 0
        ? `Nothing differs: ${rows} rows and entries of ${findings.length} kinds are what the history gives, byte for byte.\n`
        : `${different.length} of ${findings.length} kinds differ from what the history gives.\n${lines.join("")}`,
    notes:
      different.length === 0
        ? []
        : ["Somebody wrote past the product. xvc memory verify says whether the history itself is as it was sealed."],
  };
}
