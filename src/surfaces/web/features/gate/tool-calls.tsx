import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { useId, useState } from "react";
import { twMerge } from "tailwind-merge";
import type { ToolCallDocument, ToolsDocument } from "../../../../contract/gate-contract.ts";
import { Ago } from "../../shell/clock.tsx";
import { SelectField } from "../../shell/controls.tsx";
import { Facts } from "../../shell/page.tsx";
import { EmptyState, Loaded } from "../../shell/states.tsx";
import { callStateWords, toolCallsQuery } from "./tools-data.ts";

const states = ["used", "asked", "refused", "denied", "approved", "allowed", "withdrawn"] as const;

const tones: { readonly [state in ToolCallDocument["state"]]: string } = {
  used: "text-good",
  approved: "text-good",
  allowed: "text-ink-2",
  asked: "text-wait",
  refused: "text-bad",
  denied: "text-bad",
  withdrawn: "text-ink-3",
};

/** What personas called of late, and what the gate answered, with the reason of each step. */
export function ToolCalls({ tools }: { readonly tools: ToolsDocument }) {
  const [filter, setFilter] = useState({ tool: "", state: "" });
  const calls = useQuery(toolCallsQuery(filter));
  return (
    <div className="flex flex-col gap-3">
      <div className="grid max-w-xl grid-cols-2 gap-3">
        <SelectField label="Tool" value={filter.tool} onChange={(event) => setFilter({ ...filter, tool: event.target.value })}>
          <option value="">all</option>
          {tools.items.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </SelectField>
        <SelectField label="Answer" value={filter.state} onChange={(event) => setFilter({ ...filter, state: event.target.value })}>
          <option value="">all</option>
          {states.map((state) => (
            <option key={state} value={state}>
              {callStateWords[state]}
            </option>
          ))}
        </SelectField>
      </div>
      <Loaded query={calls} rows={4}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState>No persona called a tool{filter.tool === "" && filter.state === "" ? " yet" : " like that"}.</EmptyState>
          ) : (
            <ul aria-label="Calls of late" className="flex flex-col">
              {items.map((call) => (
                <CallRow key={call.id} call={call} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </div>
  );
}

function CallRow({ call }: { readonly call: ToolCallDocument }) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  return (
    <li className="border-b border-line text-sm">
      <button
        type="button"
        data-row
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
        className="flex min-h-10 w-full flex-wrap items-baseline gap-x-3 gap-y-0.5 py-1.5 text-left hover:bg-wash"
      >
        <ChevronRight
          size={14}
          aria-hidden="true"
          className={twMerge("self-center text-ink-3 transition-transform", isOpen && "rotate-90")}
        />
        <code className="font-mono font-medium break-all">{call.tool}</code>
        <span className="text-ink-2">{call.personaName}</span>
        <span className={tones[call.state]}>{callStateWords[call.state]}</span>
        <span className="ml-auto text-ink-3">
          <Ago atMs={call.atMs} />
        </span>
      </button>
      <div id={id} className={isOpen ? "flex flex-col gap-2 pb-3 sm:pl-7" : "hidden"}>
        {isOpen && <CallFacts call={call} />}
      </div>
    </li>
  );
}

const CallFacts = ({ call }: { readonly call: ToolCallDocument }) => (
  <Facts
    rows={[
      [
        "Task",
        <Link key="task" to="/task/$" params={{ _splat: call.task }} className="inline-flex min-h-6 items-center text-accent underline">
          {call.task}
        </Link>,
      ],
      ...call.lines.map(
        (line) =>
          [
            line.argument,
            <span key={line.argument} className="font-mono break-all whitespace-pre-wrap">
              {line.text}
              {line.chars > line.text.length && "…"}
            </span>,
          ] as const,
      ),
      ...call.steps.map(({ step, verdict, reason }) => [`Gate: ${step}`, verdict === "refuse" ? `Refused: ${reason}` : reason] as const),
      ...(call.policies.length === 0
        ? []
        : [
            [
              "Decided by",
              <code key="by" className="id">
                {call.policies.join(", ")}
              </code>,
            ] as const,
          ]),
      ...(call.decidedBy === null ? [] : [["Answered by", call.decidedBy.name] as const]),
      [
        "Hash",
        <code key="hash" className="id break-all select-all">
          {call.callSha256 || "none: it could not be read"}
        </code>,
      ],
    ]}
  />
);
