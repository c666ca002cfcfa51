import { repositoryLimits } from "../../core/shared/repository-facts.ts";
import type { HistoryData } from "./judge-history.ts";
import type { InventoryData } from "./judge-inventory.ts";
import type { ModuleData } from "./judge-modules.ts";
import type { RiskData } from "./judge-risks.ts";
import type { Assessment, Section, SectionOutput } from "./report-types.ts";
import { plural } from "./section-builder.ts";

export interface AssessmentParts {
  readonly name: string;
  readonly kind: "git-repository" | "folder";
  readonly inventory: SectionOutput<InventoryData>;
  readonly modules: SectionOutput<ModuleData>;
  readonly history: SectionOutput<HistoryData>;
  readonly risks: SectionOutput<RiskData>;
  /** All sections in order, those above included. */
  readonly sections: readonly Section[];
}

/** The whole assessment as `report.json` holds it. */
export function assembleAssessment(parts: AssessmentParts): Assessment {
  const { files, commit, committedAtMs } = parts.inventory.data;
  const { risks } = parts.risks.data;
  return {
    schema: "xvc.assessment/1",
    repository: { name: parts.name, kind: parts.kind, commit, committedAtMs },
    headline: headline(parts),
    sections: parts.sections,
    risks,
    files: files.map((file) => ({
      path: file.path,
      language: file.language,
      role: file.role,
      bytes: file.bytes,
      lines: file.lines.total,
      code: file.lines.code,
    })),
    modules: parts.modules.data.units,
    edges: parts.modules.data.edges,
    commits: parts.history.data.commits,
    limits: repositoryLimits,
  };
}

function headline(parts: AssessmentParts): string {
  const { risks } = parts.risks.data;
  const [first, second] = risks;
  if (parts.inventory.data.files.length === 0) return "The repository is empty: there is nothing to assess.";
  if (first === undefined) return `${parts.inventory.section.headline} No risk follows from the findings.`;
  const begin = second === undefined ? first.title.toLowerCase() : `${first.title.toLowerCase()}, then ${second.title.toLowerCase()}`;
  return `${parts.inventory.section.headline} ${plural(risks.length, "risk", "risks")} in order of urgency: ${begin}${risks.length > 2 ? ", and so on" : ""}.`;
}
