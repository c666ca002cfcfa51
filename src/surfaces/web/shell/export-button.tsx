import { Download } from "lucide-react";
import { Button } from "./controls.tsx";

/** Hands rows that are on the page over as a file, one JSON document a line. Nothing is asked of the server. */
export function ExportButton({ name, rows }: { readonly name: string; readonly rows: readonly object[] }) {
  const save = () => {
    const text = rows.map((row) => `${JSON.stringify(row)}\n`).join("");
    const address = URL.createObjectURL(new Blob([text], { type: "application/jsonl" }));
    const link = document.createElement("a");
    link.href = address;
    link.download = `${name}.jsonl`;
    link.click();
    URL.revokeObjectURL(address);
  };
  return (
    <Button tone="quiet" onClick={save} disabled={rows.length === 0} title="Save these rows, one JSON document a line">
      <Download size={14} aria-hidden="true" />
      Export
    </Button>
  );
}
