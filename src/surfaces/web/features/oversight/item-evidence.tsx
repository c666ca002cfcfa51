import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { InboxItemDetail } from "../../../../contract/inbox-contract.ts";
import type { TaskDetail } from "../../../../contract/task-contract.ts";
import type { Json } from "../../../../core/shared/json.ts";
import { meQuery } from "../../queries.ts";
import { Ago } from "../../shell/clock.tsx";
import { Facts, Section } from "../../shell/page.tsx";
import { moneyText, plainWords, titleWords } from "../../shell/words.ts";
import { OutputView } from "../execution/output-view.tsx";

/** What only the engine reads. */
const internal: ReadonlySet<string> = new Set(["questionId", "attemptId", "criterionId", "planId", "currency"]);

/** What the question was made from, as the engine gives it: files to read first, then facts. */
export function ItemEvidence({ item }: { readonly item: InboxItemDetail }) {
  const files = filesOf(item.evidence["outputs"]);
  const rows = Object.entries(item.evidence).filter(([name]) => !internal.has(name) && (name !== "outputs" || files.length === 0));
  if (rows.length + files.length === 0 && item.taskId === null) return null;
  return (
    <Section title="Evidence">
      {files.length > 0 && (
        <ul aria-label="What was handed in" className="flex flex-col">
          {files.map((file) => (
            <OutputView key={file.name} file={file} before={undefined} />
          ))}
        </ul>
      )}
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

type OutputFile = TaskDetail["outputs"][number];

/** Files as the engine lists them; nothing when one entry is anything else. */
function filesOf(value: Json | undefined): readonly OutputFile[] {
  const listed: readonly Json[] = Array.isArray(value) ? value : [];
  const files = listed.flatMap(fileOf);
  return files.length === listed.length ? files : [];
}

function fileOf(value: Json): readonly OutputFile[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  const { name, sha256, mediaType, bytes } = value as { readonly [field: string]: Json | undefined }; // an object, by the line above
  return typeof name === "string" && typeof sha256 === "string" && typeof mediaType === "string" && typeof bytes === "number"
    ? [{ name, sha256, mediaType, bytes }]
    : [];
}

/** `costMicro` as `Cost`, `documentSha256` as `Document hash`. */
export function evidenceName(name: string): string {
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
