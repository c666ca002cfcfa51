import type { PlanView } from "../../../../contract/plan-contract.ts";
import { Button } from "../../shell/controls.tsx";
import { Section } from "../../shell/page.tsx";
import { PlanDifferenceList } from "./plan-difference.tsx";
import { mergeEdits, type PlanEdit } from "./plan-edit.ts";

interface RaceProps {
  readonly edit: PlanEdit;
  readonly theirs: PlanView;
  readonly onMerge: () => void;
  readonly onDrop: () => void;
}

/** Somebody changed the plan while it was being edited: both sides, and the two ways on. Nothing is lost until one is chosen. */
export function PlanRace({ edit, theirs, onMerge, onDrop }: RaceProps) {
  const { contested } = mergeEdits(edit, theirs.document.decomposition);
  return (
    <section
      aria-label="The plan was changed meanwhile"
      className="flex flex-col gap-4 rounded border border-l-4 border-line border-l-wait bg-sheet p-4"
    >
      <p role="alert" className="font-medium">
        Somebody changed this plan after you began; it is version {theirs.plan.number} now. Your edit is kept here.
      </p>
      <div className="grid gap-6 md:grid-cols-2">
        <Section title="What you changed">
          <PlanDifferenceList before={edit.base} after={edit.tasks} />
        </Section>
        <Section title="What was changed meanwhile">
          <PlanDifferenceList before={edit.base} after={theirs.document.decomposition} />
        </Section>
      </div>
      {contested.length > 0 && (
        <p className="text-sm text-wait">
          Both changed {contested.join(", ")}. On top, your words stand; theirs are still in version {theirs.plan.number}.
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        <Button tone="accent" onClick={onMerge}>
          Put my changes on top
        </Button>
        <Button tone="danger" onClick={onDrop}>
          Drop my changes
        </Button>
      </div>
    </section>
  );
}
