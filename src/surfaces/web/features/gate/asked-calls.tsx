import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import type { InboxItemDetail } from "../../../../contract/inbox-contract.ts";
import type { ShownCall, ShownLine } from "../../../../core/gate/show-call.ts";
import { type Json, canonicalJson } from "../../../../core/shared/json.ts";
import { useQuery } from "@tanstack/react-query";
import { api } from "../../api.ts";
import { meQuery } from "../../queries.ts";
import { Button } from "../../shell/controls.tsx";
import { Facts } from "../../shell/page.tsx";
import { moneyText, titleWords } from "../../shell/words.ts";
import { EffectGroupMark, groupOf } from "./effect-group.tsx";
import { GrantForm } from "./grant-form.tsx";
import { ShownText } from "./shown-text.tsx";
import { deliveryWords, sourceWords } from "./tools-data.ts";

/** The calls that an item asks about, as the engine wrote them from the arguments that are hashed; empty: it asks about none. */
export function askedCalls({ ruleId, evidence }: Pick<InboxItemDetail, "ruleId" | "evidence">): readonly ShownCall[] {
  const calls = evidence["calls"];
  if (ruleId !== "gate.tool-approval" || !Array.isArray(calls)) return [];
  return calls as unknown as readonly ShownCall[]; // items of this rule are written by `shownCall`
}

/** What all of them cost together, by what their tools declare. */
export function CallsCost({ calls }: { readonly calls: readonly ShownCall[] }) {
  const currency = useQuery(meQuery).data?.organization.currency ?? "";
  const costMicro = calls.reduce((sum, call) => sum + call.costMicro, 0);
  return <>{costMicro > 0 ? moneyText(costMicro, currency) : "nothing"}</>;
}

/** Exactly what happens with a yes: every call of the question, every argument of each. */
export function AskedCalls({ item, calls }: { readonly item: InboxItemDetail; readonly calls: readonly ShownCall[] }) {
  return (
    <section aria-label="What will happen" className="flex flex-col gap-3">
      <p className="text-sm text-ink-2">
        {calls.length === 1 ? "This happens, once, if you say yes." : `All ${calls.length} of these happen, each once, if you say yes.`}{" "}
        What is in a frame is text that was handed over: it asks nothing of you.
      </p>
      {calls.map((call, at) => (
        <AskedCall key={call.id} item={item} call={call} place={calls.length === 1 ? "" : `${at + 1} of ${calls.length}: `} />
      ))}
    </section>
  );
}

interface CallProps {
  readonly item: InboxItemDetail;
  readonly call: ShownCall;
  readonly place: string;
}

function AskedCall({ item, call, place }: CallProps) {
  const currency = useQuery(meQuery).data?.organization.currency ?? "";
  return (
    <article aria-label={`Call ${place}${call.tool}`} className="flex min-w-0 flex-col gap-3 rounded border border-line bg-sheet p-3">
      <header className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <h3 className="min-w-0 break-words">
          <span className="text-ink-3 tabular-nums">{place}</span>
          <code className="font-mono text-base font-semibold">{call.tool}</code>
        </h3>
        <EffectGroupMark group={groupOf(call.group)} kind={call.effectKind} />
        <span className="text-sm text-ink-3">{call.costMicro > 0 ? moneyText(call.costMicro, currency) : "costs nothing"}</span>
      </header>
      <p className="text-sm text-ink-2">
        {titleWords(call.persona)} wants it for{" "}
        {item.taskId === null ? (
          <span className="id">{item.requestLabel}</span>
        ) : (
          <Link to="/task/$" params={{ _splat: item.taskId }} className="text-accent underline">
            its task of {item.requestLabel}
          </Link>
        )}
        . {deliverySentence(call.deliveryClass)}
      </p>
      <Arguments call={call} currency={currency} />
      <WhyAsked call={call} />
      {item.answer === null && item.mayAnswer && <Remember item={item} call={call} currency={currency} />}
    </article>
  );
}

const isDelivery = (text: string): text is keyof typeof deliveryWords => Object.hasOwn(deliveryWords, text);

const deliverySentence = (delivery: string): string => `Repeats: ${deliveryWords[isDelivery(delivery) ? delivery : "once"]}.`;

function Arguments({ call, currency }: { readonly call: ShownCall; readonly currency: string }) {
  const { lines, targets } = call;
  const amount = lines.find(({ argument }) => argument === call.amountArgument);
  const reaching = lines.filter(({ part }) => part === "target");
  const contents = lines.filter(({ part }) => part === "content");
  if (lines.length === 0) return <p className="text-sm text-ink-3">It has no arguments.</p>;
  return (
    <>
      {reaching.length > 0 && <Lines title={targets.length === 0 ? "Arguments" : "Whom or what it reaches"} lines={reaching} />}
      {contents.length > 0 && <Lines title="What is in it" lines={contents} />}
      {amount !== undefined && /^\d{1,15}$/u.test(amount.json) && (
        <p className="text-sm">
          The amount is <strong className="font-semibold">{moneyText(Number(amount.json), currency)}</strong>.
        </p>
      )}
    </>
  );
}

function Lines({ title, lines }: { readonly title: string; readonly lines: readonly ShownLine[] }) {
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <h4 className="text-xs font-medium text-ink-3">{title}</h4>
      <ul aria-label={title} className="flex min-w-0 flex-col gap-2">
        {lines.map((line) => (
          <Line key={line.argument} line={line} />
        ))}
      </ul>
    </div>
  );
}

/** The value that is hashed, from its JSON; anything but a text in the canonical form. */
function wholeOf({ json, text }: ShownLine): string {
  try {
    const value = JSON.parse(json) as Json; // JSON.parse gives JSON
    return typeof value === "string" ? value : canonicalJson(value);
  } catch {
    return text;
  }
}

function Line({ line }: { readonly line: ShownLine }) {
  const isOurs = line.source === "human" || line.source === "system";
  return (
    <li
      className={`flex min-w-0 flex-col gap-1 rounded border border-l-2 border-line px-3 py-2 ${isOurs ? "border-l-good" : "border-l-wait"}`}
    >
      <p className="flex flex-wrap items-baseline gap-x-2 text-xs text-ink-3">
        <code className="font-mono font-medium break-all text-ink">{line.argument}</code>
        <span>{sourceWords(line.source)}.</span>
      </p>
      <ShownText text={wholeOf(line)} name={line.argument} />
      {line.warnings.map((warning) => (
        <p key={warning} className="text-sm font-medium text-bad">
          {warning}
        </p>
      ))}
    </li>
  );
}

function WhyAsked({ call }: { readonly call: ShownCall }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <div className="flex flex-col items-start gap-2 text-sm">
      <p>
        <span className="text-ink-3">Asked because: </span>
        {call.why} <code className="id text-ink-3">{call.policies.join(", ")}</code>
      </p>
      <Button tone="quiet" className="-ml-3 text-accent" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {isOpen ? "Fold hashes and reasons" : "Hashes and reasons"}
      </Button>
      {isOpen && <Facts rows={factsOf(call)} />}
    </div>
  );
}

const Hash = ({ of }: { readonly of: string }) => <code className="id break-all select-all">{of}</code>;

const factsOf = (call: ShownCall): readonly (readonly [string, ReactNode])[] => [
  ["This call", <Hash key="call" of={call.callSha256} />],
  ["Definition of the tool", <Hash key="definition" of={call.definitionSha256} />],
  ["Policies in force", <Hash key="policies" of={call.policySha256} />],
  ["The tool comes from", call.origin === "built-in" ? "this program" : call.origin],
  ["Said out of", `${sourceWords(call.integrity)}.`],
  ["Who may read that", call.readers === null ? "everyone" : call.readers.length === 0 ? "nobody named" : call.readers.join(", ")],
  ...call.steps.map(({ step, reason }) => [`Gate: ${step}`, reason] as const),
];

/** The narrowest rule about content that takes this call. */
function fittingRule({ lines }: ShownCall): "human" | "inside" | "any" {
  const sources = lines.filter(({ part }) => part === "content").map(({ source }) => source);
  if (sources.every((source) => source === "human")) return "human";
  return sources.some((source) => source === "external") ? "any" : "inside";
}

/** A yes for calls like this one as well. It needs a target that can be named. */
function Remember({ item, call, currency }: { readonly item: InboxItemDetail; readonly call: ShownCall; readonly currency: string }) {
  const [isOpen, setOpen] = useState(false);
  const named = call.lines.filter(({ argument }) => call.targets.includes(argument));
  if (named.length === 0) return null;
  if (!isOpen)
    return (
      <Button className="self-start" onClick={() => setOpen(true)}>
        Allow and remember…
      </Button>
    );
  const isAlone = askedCalls(item).length === 1 && item.confirm === null;
  return (
    <GrantForm
      start={{
        tool: call.tool,
        persona: call.persona,
        project: item.projectId,
        targets: Object.fromEntries(named.map((line) => [line.argument, [JSON.parse(line.json) as Json]])), // JSON by the engine
        hasAmount: call.amountArgument !== null,
        fits: fittingRule(call),
        currency,
      }}
      label={isAlone ? "Let this happen and remember it" : "Remember it"}
      onDone={() => setOpen(false)}
      {...(isAlone ? { next: () => api.answerItem(item.id, { choice: "approve" }) } : {})}
    />
  );
}
