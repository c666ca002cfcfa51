import { Link2 } from "lucide-react";
import { IconButton } from "./controls.tsx";
import { toast } from "./toast.ts";

async function copy(text: string, done: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast({ message: done });
  } catch {
    // Refused outside of https and localhost: the address bar still has it.
    toast({ message: "This browser does not let the page copy. The address bar has the link.", tone: "bad" });
  }
}

/** Copies the address of a thing, for somebody else. */
export function CopyLink({ path }: { readonly path: string }) {
  return (
    <IconButton label="Copy the link" onClick={() => void copy(new URL(path, location.origin).href, "Link copied.")}>
      <Link2 size={15} aria-hidden="true" />
    </IconButton>
  );
}
