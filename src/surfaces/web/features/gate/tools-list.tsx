import { ChevronRight } from "lucide-react";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import { twMerge } from "tailwind-merge";
import type { ToolDocument, ToolModeBody, ToolsDocument } from "../../../../contract/gate-contract.ts";
import { Ago } from "../../shell/clock.tsx";
import { Button, TextField } from "../../shell/controls.tsx";
import { Facts } from "../../shell/page.tsx";
import { ActError } from "../../shell/states.tsx";
import { countText, durationText, moneyText } from "../../shell/words.ts";
import { EffectGroupMark } from "./effect-group.tsx";
import { ShownText } from "./shown-text.tsx";
import { deliveryWords, standingWords, useToolMode } from "./tools-data.ts";

const tones: { readonly [standing in ToolDocument["standing"]]: string } = {
  ready: "text-good",
  tightened: "text-wait",
  suspended: "text-bad",
  new: "text-wait",
  changed: "text-bad",
  halted: "text-bad",
};

interface ListProps {
  readonly tools: ToolsDocument;
  readonly currency: string;
}

/** Every tool in a line: what it does to the world, how it is let through, who may call it. */
export function ToolList({ tools, currency }: ListProps) {
  return (
    <ul aria-label="Tools" className="flex flex-col">
      {tools.items.map((tool) => (
        <ToolRow key={tool.name} tool={tool} tools={tools} currency={currency} />
      ))}
    </ul>
  );
}

function ToolRow({ tool, tools, currency }: ListProps & { readonly tool: ToolDocument }) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  return (
    <li className="border-b border-line">
      <h3>
        <button
          type="button"
          data-row
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={() => setOpen(!isOpen)}
          className="grid min-h-10 w-full grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-3 gap-y-0.5 py-1.5 text-left hover:bg-wash sm:grid-cols-[auto_minmax(0,14rem)_minmax(0,1fr)_auto]"
        >
          <ChevronRight size={15} aria-hidden="true" className={twMerge("text-ink-3 transition-transform", isOpen && "rotate-90")} />
          <code className="font-mono text-sm font-medium break-all">{tool.name}</code>
          <span className="max-sm:order-last max-sm:col-start-2">
            <EffectGroupMark group={tool.group} kind={tool.effectKind} />
          </span>
          <span className={twMerge("text-right text-sm", tones[tool.standing])}>{standingWords[tool.standing]}</span>
        </button>
      </h3>
      <div id={id} className={isOpen ? "flex flex-col gap-3 pt-1 pb-4 sm:pl-7" : "hidden"}>
        {isOpen && <ToolFacts tool={tool} tools={tools} currency={currency} />}
      </div>
    </li>
  );
}

function ToolFacts({ tool, tools, currency }: ListProps & { readonly tool: ToolDocument }) {
  const isOwn = tool.origin === "built-in";
  return (
    <>
      {isOwn ? <p className="max-w-[75ch] text-sm">{tool.description}</p> : <Foreign tool={tool} />}
      <Facts rows={factsOf(tool, currency)} />
      {(tools.mayTighten || tools.mayOpen) && <ModeActs tool={tool} mayOpen={tools.mayOpen} />}
    </>
  );
}

/** What a tool from elsewhere says of itself is text, not ours. */
const Foreign = ({ tool }: { readonly tool: ToolDocument }) => (
  <div className="rounded border border-l-2 border-line border-l-wait px-3 py-2">
    <p className="pb-1 text-xs text-ink-3">What {tool.origin} says of it. Nobody here vouches for it.</p>
    <ShownText text={tool.description} name="the description" />
  </div>
);

const factsOf = (tool: ToolDocument, currency: string): readonly (readonly [string, ReactNode])[] => [
  ["Comes from", tool.origin === "built-in" ? "this program" : tool.origin],
  ["Repeats", deliveryWords[tool.deliveryClass]],
  ["Reaches by", tool.targets.length === 0 ? "every argument: none is named as its target" : tool.targets.join(", ")],
  ["Each call", `${tool.costMicro > 0 ? moneyText(tool.costMicro, currency) : "costs nothing"}, ${durationText(tool.timeLimitMs)} at most`],
  ["Its results count as", tool.resultIntegrity === "external" ? "from outside" : tool.resultIntegrity],
  ["May be called by", mayCallText(tool)],
  ["Arguments", <ArgumentList key="arguments" tool={tool} />],
  [
    "Definition",
    <code key="definition" className="id break-all select-all">
      {tool.definitionSha256}
    </code>,
  ],
  ...(tool.standing === "changed"
    ? ([
        [
          "Agreed to was",
          <code key="agreed" className="id break-all">
            {tool.agreedSha256}
          </code>,
        ],
      ] as const)
    : []),
  ...(tool.pin === null
    ? []
    : ([
        [
          "Last word",
          <>
            {tool.pin.reason} <span className="text-ink-3">({tool.pin.setBy.name}, </span>
            <Ago atMs={tool.pin.setAtMs} />
            <span className="text-ink-3">)</span>
          </>,
        ],
      ] as const)),
];

function mayCallText({ mayCall, origin }: ToolDocument): string {
  if (mayCall.everyone) return "every persona, for its own task";
  if (mayCall.count === 0) return "no persona yet: none names it among its tools";
  const names = mayCall.personas.slice(0, 8).join(", ");
  const more = mayCall.count > 8 ? ` and ${countText(mayCall.count - 8, "other")}` : "";
  return `${names}${more}, where an approved plan names it${origin === "built-in" ? "" : " as well"}`;
}

function ArgumentList({ tool }: { readonly tool: ToolDocument }) {
  const { properties } = tool.parameters;
  const names = typeof properties === "object" && properties !== null && !Array.isArray(properties) ? Object.keys(properties) : [];
  return names.length === 0 ? <>none</> : <code className="id break-words">{names.join(", ")}</code>;
}

type Act = { readonly label: string; readonly body: Omit<ToolModeBody, "reason" | "tool">; readonly danger?: boolean };

/** What can be done with it now. Making it stricter is for leads too; opening it and agreeing are not. */
function actsOf(tool: ToolDocument, mayOpen: boolean): readonly Act[] {
  const stricter: readonly Act[] = [
    ...(tool.mode === "open" ? [{ label: "Always ask", body: { mode: "tightened" as const } }] : []),
    ...(tool.mode === "suspended" ? [] : [{ label: "Suspend", body: { mode: "suspended" as const }, danger: true }]),
  ];
  if (!mayOpen) return stricter;
  const isOpenable = tool.mode !== "open";
  // What comes from a server is agreed to where its server is listed, together with what it does.
  const needsWord = !tool.origin.startsWith("mcp:") && (tool.standing === "new" || tool.standing === "changed");
  return [
    ...(needsWord ? [{ label: "Agree to this definition", body: { mode: "open" as const, definitionSha256: tool.definitionSha256 } }] : []),
    ...(isOpenable ? [{ label: "By the rules again", body: { mode: "open" as const } }] : []),
    ...stricter,
  ];
}

function ModeActs({ tool, mayOpen }: { readonly tool: ToolDocument; readonly mayOpen: boolean }) {
  const [act, setAct] = useState<Act | null>(null);
  const [reason, setReason] = useState("");
  const close = () => {
    setAct(null);
    setReason("");
  };
  const set = useToolMode(close);
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (act !== null) set.mutate({ tool: tool.name, reason, ...act.body });
  };
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap gap-2">
        {actsOf(tool, mayOpen).map((one) => (
          <Button
            key={one.label}
            {...(one.danger === true ? { tone: "danger" as const } : {})}
            aria-label={`${one.label}: ${tool.name}`}
            aria-expanded={act?.label === one.label}
            onClick={() => setAct(act?.label === one.label ? null : one)}
          >
            {one.label}
          </Button>
        ))}
      </div>
      {act !== null && (
        <form aria-label={`${act.label}: ${tool.name}`} onSubmit={send} className="flex max-w-xl flex-col items-start gap-2">
          <TextField
            label="Why"
            hint="It is shown with the tool."
            required
            maxLength={2_000}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
          <Button type="submit" tone="accent" disabled={set.isPending || reason.trim() === ""}>
            {act.label}
          </Button>
        </form>
      )}
      <ActError error={set.error} />
    </div>
  );
}
