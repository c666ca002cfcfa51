import type { ReactNode } from "react";
import type { ProgressDocument } from "../../../../contract/progress-contract.ts";
import { RiskMark } from "../../marks/state-mark.tsx";
import { Section } from "../../shell/page.tsx";

/** What was asked, what analysis understood, which way was chosen and why. */
export function BriefPanel({ progress }: { readonly progress: ProgressDocument }) {
  const { brief, summary, inputs } = progress;
  return (
    <div className="grid gap-6 lg:grid-cols-2">
      <Section title="What was asked">
        <p className="max-w-[75ch] whitespace-pre-wrap break-words">{summary.text}</p>
        {inputs.length > 0 && (
          <ul className="flex flex-col gap-1 text-sm">
            {inputs.map((input) => (
              <li key={input.name} className="flex flex-wrap gap-x-2">
                <span className="font-medium">{input.name}</span>
                <span className="text-ink-3">{input.kind}</span>
                <code className="font-mono text-xs break-all text-ink-2">{input.origin}</code>
              </li>
            ))}
          </ul>
        )}
      </Section>
      {brief === null ? <p className="text-ink-2">Analysis has not finished.</p> : <Understood brief={brief} />}
    </div>
  );
}

type Brief = NonNullable<ProgressDocument["brief"]>;

function Understood({ brief }: { readonly brief: Brief }) {
  return (
    <Section title="What was understood" aside={<RiskMark risk={brief.riskClass} />}>
      <p className="max-w-[75ch]">{brief.interpretation}</p>
      <Points name="Goals" points={brief.goals} />
      <Points name="Constraints" points={brief.constraints} />
      <Points name="Not known" points={brief.unknowns} />
      {brief.options.length > 0 && (
        <Part name="Ways considered">
          <ul className="flex flex-col gap-1.5">
            {brief.options.map((option) => (
              <li key={option.id}>
                <span className={option.chosen ? "font-semibold" : ""}>{option.summary}</span>
                {option.chosen && (
                  <span className="ml-1.5 rounded-sm bg-accent-wash px-1 text-xs font-medium text-accent">chosen</span>
                )}{" "}
                <span className="text-ink-3">{option.why}</span>
              </li>
            ))}
          </ul>
        </Part>
      )}
      <Part name="Approach">
        <p>{brief.approach}</p>
      </Part>
    </Section>
  );
}

function Part({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="flex flex-col gap-0.5">
      <h3 className="text-xs font-medium text-ink-3">{name}</h3>
      {children}
    </div>
  );
}

function Points({ name, points }: { readonly name: string; readonly points: readonly string[] }) {
  if (points.length === 0) return null;
  return (
    <Part name={name}>
      <ul className="list-disc pl-4">
        {points.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
    </Part>
  );
}
