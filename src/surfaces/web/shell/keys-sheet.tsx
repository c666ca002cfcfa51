import { Dialog } from "./dialog.tsx";
import { actsNow, keyText, setSingleKeys, useSingleKeys } from "./keys.ts";
import { paletteKeyText } from "./rail.tsx";

/** The `?` sheet: every key that works on this page, and the switch that turns single keys off. */
export function KeysSheet({ onClose }: { readonly onClose: () => void }) {
  const on = useSingleKeys();
  return (
    <Dialog title="Keys on this page" onClose={onClose}>
      <label className="mb-4 flex min-h-8 items-center gap-2 border-b border-line pb-3 text-sm">
        <input type="checkbox" checked={on} onChange={(event) => setSingleKeys(event.target.checked)} className="size-4 accent-accent" />
        Single-key shortcuts. They never act while you type in a field.
      </label>
      <table className="w-full text-sm">
        <thead className="sr-only">
          <tr>
            <th scope="col">Key</th>
            <th scope="col">Does</th>
          </tr>
        </thead>
        <tbody>
          {[...actsNow().map(([key, act]) => [keyText(key), act.label] as const), [paletteKeyText, "Find or do anything"] as const].map(
            ([key, label]) => (
              <tr key={key} className="border-b border-line last:border-0">
                <td className="w-32 py-1.5">
                  <kbd className="rounded-sm border border-line-strong px-1.5 font-mono text-xs">{key}</kbd>
                </td>
                <td className="py-1.5">{label}</td>
              </tr>
            ),
          )}
        </tbody>
      </table>
    </Dialog>
  );
}
