import { type FormEvent, useState } from "react";
import type { TrustDocument } from "../../../../contract/trust-contract.ts";
import { Button, SelectField } from "../../shell/controls.tsx";
import { Dialog } from "../../shell/dialog.tsx";
import { Section } from "../../shell/page.tsx";
import { ActError, EmptyState } from "../../shell/states.tsx";
import { countText, moneyText, plainWords } from "../../shell/words.ts";
import { TrustRuns } from "./trust-runs.tsx";
import { useTrustAct } from "./trust-data.ts";

type SuiteDocument = TrustDocument["suites"][number];
type SuiteCost = SuiteDocument["costs"][number];

/** Suites by which the persona qualifies: what a run would cost is said before it runs, and what runs came to. */
export function TrustSuites({ trust }: { readonly trust: TrustDocument }) {
  const [chosen, setChosen] = useState<SuiteDocument | null>(null);
  const needs = trust.executors.some(({ needsProof }) => needsProof);
  if (!needs && trust.qualifications.length === 0) return null;
  return (
    <Section title="Qualification" bare>
      {trust.suites.length === 0 ? (
        <EmptyState>
          No suite belongs to this persona. xvc persona suites FILE adds one; until it has passed one it stays provisional.
        </EmptyState>
      ) : (
        <ul className="flex flex-col">
          {trust.suites.map((suite) => (
            <li key={suite.id} className="flex flex-wrap items-center justify-between gap-2 border-b border-line py-2 last:border-0">
              <span className="min-w-0">
                <span className="block text-sm font-medium">{suite.title}</span>
                <span className="block text-xs text-ink-3">
                  {suite.name}, {countText(suite.cases, "case")} {suite.repeats} times over. Passed with {suite.needed} of {suite.trials}{" "}
                  trials: {suite.taskTypes.map(plainWords).join(", ")}
                </span>
              </span>
              {trust.mayChange && <Button onClick={() => setChosen(suite)}>Run it</Button>}
            </li>
          ))}
        </ul>
      )}
      {trust.qualifications.length > 0 && <TrustRuns trust={trust} />}
      {chosen !== null && <RunDialog trust={trust} suite={chosen} onClose={() => setChosen(null)} />}
    </Section>
  );
}

const linkOf = ({ provider, model }: SuiteCost): string => `${provider}/${model}`;

function estimateText(cost: SuiteCost | undefined, currency: string): string {
  if (cost === undefined) return "No model is connected. Settings, Models connects one.";
  if (cost.local) return "It runs in the house: it costs tokens and time, and no money.";
  return cost.estimateMicro === null
    ? "Nobody has said what this model costs, so nobody can say what the suite costs. Set its price in Settings, Budgets."
    : `Estimate: about ${moneyText(cost.estimateMicro, currency)}, from the price and the usual number of tokens. It ends at twice that, and at any budget before.`;
}

function RunDialog({
  trust,
  suite,
  onClose,
}: {
  readonly trust: TrustDocument;
  readonly suite: SuiteDocument;
  readonly onClose: () => void;
}) {
  const [link, setLink] = useState("");
  const run = useTrustAct(onClose);
  const cost = suite.costs.find((one) => linkOf(one) === link) ?? suite.costs[0];
  const shownMicro = cost?.estimateMicro ?? null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (cost === undefined || shownMicro === null) return;
    const { providerId, model } = cost;
    run.mutate({
      act: "qualify",
      key: trust.personaKey,
      body: {
        suiteId: suite.id,
        executor: "model",
        personaVersion: trust.personaVersion,
        providerId,
        model,
        shownMicro,
        capMicro: 2 * shownMicro,
      },
    });
  };
  return (
    <Dialog title={`Run ${suite.name}`} onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-3">
        <p>
          {countText(suite.trials, "trial")} with version {trust.personaVersion} of {plainWords(trust.personaKey)}, each a conversation with
          the model of its own and without tools. What is shown holds for this version with this model alone.
        </p>
        <SelectField label="Model" value={cost === undefined ? "" : linkOf(cost)} onChange={(event) => setLink(event.target.value)}>
          {suite.costs.map((one) => (
            <option key={linkOf(one)} value={linkOf(one)}>
              {linkOf(one)}
            </option>
          ))}
        </SelectField>
        <Estimate text={estimateText(cost, trust.currency)} />
        <ActError error={run.error} />
        <div className="flex justify-end gap-2">
          <Button tone="quiet" onClick={onClose}>
            Leave it
          </Button>
          <Button type="submit" tone="accent" disabled={run.isPending || shownMicro === null}>
            Run it
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

const Estimate = ({ text }: { readonly text: string }) => (
  <p role="status" className="text-sm font-medium">
    {text}
  </p>
);
