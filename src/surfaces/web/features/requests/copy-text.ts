import { toast } from "../../shell/toast.ts";

/** Puts a text on the clipboard and says so; a browser that refuses is said as well. */
export async function copyText(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast({ message: `Copied: ${what}.` });
  } catch {
    // No permission, or a page without a secure context: the text can still be selected by hand.
    toast({ message: `The browser did not allow copying. The text: ${text.slice(0, 200)}`, tone: "bad" });
  }
}
