import { requestKind } from "../core/requests/request.ts";
import { asId } from "../core/shared/ids.ts";
import { describeInput } from "../adapters/git/describe-input.ts";
import { hasMovedOn } from "../engine/shared/refusal.ts";
import type { Home } from "./first-run.ts";
import { contentIntake } from "./intake.ts";
import type { System } from "./open-system.ts";

const firstRequestId = "0190a000-0000-7000-8000-000000000004";

/**
 * Files the first request of a fresh installation, so that there is a plan to approve: the assessment of this
 * program's own repository. Nothing is filed outside of a git clone, or once there is any request.
 *
 * @returns its label, or null when none was filed
 */
export async function fileFirstRequest(system: System, home: Home): Promise<string | null> {
  const scope = { organizationId: home.organizationId, projectIds: [asId<"project">(home.projectId)] };
  const some = await system.store.read(scope, (reader) => reader.find(requestKind, { limit: 1 }));
  if (some.length > 0) return null;
  const here = system.installation.packageDirectory;
  if ((await describeInput(system.git, here)).kind !== "git-repository") return null;
  const input = await contentIntake(system).takePath(here, { includeWorktree: false, name: null });
  try {
    const answer = await system.engine.apply(
      {
        organizationId: home.organizationId,
        projectId: asId(home.projectId),
        actor: { kind: "person", id: home.personId },
        key: "first-run:request",
      },
      {
        kind: "submit-request",
        id: firstRequestId,
        draft: {
          title: "Assess this repository",
          text: "Assess this repository: the source of this program, as a first example.",
          urgency: "normal",
          budgetMicro: null,
          deadlineAtMs: null,
          playbook: "assess-repository",
          inputs: [input],
          approveBeforehand: false,
          script: null,
          sample: true,
        },
      },
    );
    const { label } = answer;
    return typeof label === "string" ? label : null;
  } catch (error) {
    if (hasMovedOn(error)) return null; // another start was faster
    throw error;
  }
}
