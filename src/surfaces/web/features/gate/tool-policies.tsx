import type { ToolsDocument } from "../../../../contract/gate-contract.ts";

/** The policies that stand beside the rules in code. They are part of this program and are read here, not written. */
export function ToolPolicies({ policies }: { readonly policies: ToolsDocument["policies"] }) {
  return (
    <ul aria-label="Policies about tools" className="flex flex-col">
      {policies.map((policy) => (
        <li key={policy.id} className="flex flex-col gap-1 border-b border-line py-2 text-sm">
          <p className="flex flex-wrap items-baseline gap-x-2">
            <code className="id select-all">{policy.id}</code>
            <span className={policy.kind === "forbid" ? "text-bad" : "text-good"}>{policy.kind === "forbid" ? "forbids" : "permits"}</span>
            <span>{policy.statement}</span>
          </p>
          <pre className="overflow-x-auto font-mono text-xs whitespace-pre-wrap text-ink-3">{policy.text}</pre>
        </li>
      ))}
    </ul>
  );
}
