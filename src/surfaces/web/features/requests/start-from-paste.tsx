import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { maxDraftText, keepNewRequest, takeDroppedFiles } from "./new-request-draft.ts";

/** A document pasted, or a file dropped, anywhere on the list starts a request with it. Nothing is drawn. */
export function StartFromPaste() {
  const navigate = useNavigate();
  useEffect(() => {
    const start = (text: string, files: readonly File[]) => {
      keepNewRequest(text);
      takeDroppedFiles(files);
      void navigate({ to: "/requests/new" });
    };
    const paste = (event: ClipboardEvent) => {
      if (isField(event.target)) return;
      const text = event.clipboardData?.getData("text/plain").trim() ?? "";
      const files = [...(event.clipboardData?.files ?? [])];
      if ((text === "" && files.length === 0) || text.length > maxDraftText) return;
      event.preventDefault();
      start(text, files);
    };
    const over = (event: DragEvent) => {
      if (event.dataTransfer?.types.includes("Files") === true) event.preventDefault();
    };
    const drop = (event: DragEvent) => {
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      start("", files);
    };
    document.addEventListener("paste", paste);
    window.addEventListener("dragover", over);
    window.addEventListener("drop", drop);
    return () => {
      document.removeEventListener("paste", paste);
      window.removeEventListener("dragover", over);
      window.removeEventListener("drop", drop);
    };
  }, [navigate]);
  return null;
}

const isField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));
