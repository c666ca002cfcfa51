import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { InboxItemDetail } from "../../../../contract/inbox-contract.ts";
import type { Json } from "../../../../core/shared/json.ts";
import { meQuery } from "../../queries.ts";
import { Ago } from "../../shell/clock.tsx";
import { Facts, Section } from "../../shell/page.tsx";
import { moneyText, plainWords, titleWords } from "../../shell/words.ts";

/** What only the engine reads. */
const internal: ReadonlySet<string> = new Set(["questionId"]);

/** What the question was made from, as the engine gives it. */
export function ItemEvidence({ item }: { readonly item: InboxItemDetail }) {
  const rows = Object.entries(item.evidence).filter(([name]) => !internal.has(name));
  if (rows.length === 0 && item.taskId === null) return null;
  return (
    <Section title="Evidence">
      {item.taskId !== null && (
        <Link
          to="/task/$"
          params={{ _splat: item.taskId }}
          className="inline-flex min-h-6 items-center self-start text-sm text-accent underline"
        >
          See the task
        </Link>
      )}
      {rows.length > 0 && (
        <Facts rows={rows.map(([name, value]) => [evidenceName(name), <EvidenceValue key={name} name={name} value={value} />] as const)} />
      )}
    </Section>
  );
}

/** `costMicro` as `Cost`, `documentSha256` as `Document hash`. */
function evidenceName(name: string): string {
  const unitless = name.replace(/(?:Micro|AtMs)$/u, "").replace(/Sha256$/u, "Hash");
  return titleWords(unitless.replaceAll(/([a-z])([A-Z])/gu, "$1 $2").toLowerCase());
}

function EvidenceNumber({ name, value }: { readonly name: string; readonly value: number }) {
  const currency = useQuery(meQuery).data?.organization.currency ?? "EUR";
  if (name.endsWith("Micro")) return <>{moneyText(value, currency)}</>;
  return name.endsWith("AtMs") ? <Ago atMs={value} /> : <>{value}</>;
}

/** A text or number as it stands, units as people read them, a list as lines, anything deeper as JSON. */
export function EvidenceValue({ name, value }: { readonly name: string; readonly value: Json }) {
  if (typeof value === "number") return <EvidenceNumber name={name} value={value} />;
  if (typeof value === "string")
    return /^[0-9a-f]{64}$/u.test(value) ? (
      <code title={value} className="id">
        {value.slice(0, 16)}…
      </code>
    ) : (
      <>{value}</>
    );
  if (Array.isArray(value) && value.every((part) => typeof part === "string"))
    return (
      <ul>
        {value.map((part) => (
          <li key={String(part)}>{plainWords(String(part))}</li>
        ))}
      </ul>
    );
  return <code className="id break-all">{JSON.stringify(value)}</code>;
}
