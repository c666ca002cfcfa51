import type { DecisionDetail } from "../../../../contract/decision-contract.ts";
import type { Json, JsonObject } from "../../../../core/shared/json.ts";
import { AddressLink } from "../../shell/address-link.tsx";
import { Facts, Section } from "../../shell/page.tsx";
import { EvidenceValue, evidenceName } from "../oversight/item-evidence.tsx";

const isRecord = (value: Json | undefined): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

const textsOf = (value: Json | undefined): readonly string[] =>
  Array.isArray(value) ? (value as readonly Json[]).filter((one) => typeof one === "string") : [];

/** What the decision rests on: links, the rules in their own words, single facts; the whole record on demand. */
export function DecisionEvidence({ decision }: { readonly decision: DecisionDetail }) {
  const { policy, ...facts } = decision.evidence;
  const rule = isRecord(policy) ? policy : {};
  const statements = textsOf(rule["statements"]);
  const rows = Object.entries(facts).filter(([, value]) => !isRecord(value));
  return (
    <Section title="Evidence" aside="as it was shown to the decider">
      {decision.links.length > 0 && (
        <ul className="flex flex-col text-sm">
          {decision.links.map((link) => (
            <li key={`${link.kind} ${link.label}`} className="border-b border-line py-1.5">
              <EvidenceLink link={link} />
            </li>
          ))}
        </ul>
      )}
      <Facts
        rows={[
          ...statements.map((statement, at) => [`Rule ${textsOf(rule["policies"])[at] ?? ""}`.trim(), statement] as const),
          ...rows.map(([name, value]) => [evidenceName(name), <EvidenceValue key={name} name={name} value={value} />] as const),
        ]}
      />
      <details>
        <summary className="min-h-6 text-sm text-ink-2">The record as it is stored</summary>
        <pre
          className="mt-1 overflow-x-auto rounded border border-line bg-sheet p-3 font-mono text-xs whitespace-pre-wrap"
          tabIndex={0}
          aria-label="The record as it is stored"
        >
          {JSON.stringify(decision.evidence, null, 2)}
        </pre>
      </details>
    </Section>
  );
}

/** A page elsewhere opens apart from this one; a row here by its log. */
function EvidenceLink({ link }: { readonly link: DecisionDetail["links"][number] }) {
  if (link.kind === "record")
    return (
      <AddressLink address={`/audit?subject=${link.subjectId}`} className="underline">
        {link.label}
      </AddressLink>
    );
  return /^https?:\/\//u.test(link.address) ? (
    <a href={link.address} target="_blank" rel="noopener noreferrer" className="underline">
      {link.label}
    </a>
  ) : (
    <>
      {link.label} <code className="id">{link.address}</code>
    </>
  );
}
