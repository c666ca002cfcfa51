import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Bookmark, X } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Link } from "@tanstack/react-router";
import { api } from "../../api.ts";
import { Button, IconButton, TextField } from "../../shell/controls.tsx";
import { Dialog } from "../../shell/dialog.tsx";
import { pillLook } from "../../shell/pill.ts";
import { ActError } from "../../shell/states.tsx";
import { toast } from "../../shell/toast.ts";
import { viewsQuery } from "./request-queries.ts";

interface BarProps {
  /** `requests`, `board`. */
  readonly page: string;
  /** The page's address. */
  readonly to: "/requests" | "/board";
  /** What is on screen now, as an address has it. */
  readonly search: { readonly [name: string]: string | undefined };
}

const searchOf = (text: string): { readonly [name: string]: string } => Object.fromEntries(new URLSearchParams(text));

const textOf = (search: BarProps["search"]): string =>
  new URLSearchParams(
    Object.entries(search)
      .filter((field): field is [string, string] => field[1] !== undefined && field[1] !== "")
      .toSorted(([left], [right]) => (left < right ? -1 : 1)),
  ).toString();

/** Views of one's own and of others by name; what is on screen is kept under a new name. */
export function SavedViewsBar({ page, to, search }: BarProps) {
  const [naming, setNaming] = useState(false);
  const views = useQuery(viewsQuery(page));
  const now = textOf(search);
  const items = views.data?.items ?? [];
  const isKept = now === "" || items.some((view) => view.search === now);
  if (items.length === 0 && isKept) return null;
  return (
    <div className="no-print flex flex-wrap items-center gap-1.5">
      {items.length > 0 && (
        <nav aria-label="Saved views">
          <ul className="flex flex-wrap gap-1">
            {items.map((view) => (
              <li key={view.id} className="flex items-center">
                <Link
                  to={to}
                  search={searchOf(view.search)}
                  activeOptions={{ exact: true }}
                  aria-current={view.search === now ? "page" : undefined}
                  className={pillLook(view.search === now)}
                  title={view.mine ? (view.shared ? "Yours, shared with all members" : "Yours alone") : `Shared by ${view.owner.name}`}
                >
                  <Bookmark size={12} aria-hidden="true" className="mr-1" />
                  {view.name}
                </Link>
                {view.mine && view.search === now && <RemoveView page={page} id={view.id} name={view.name} />}
              </li>
            ))}
          </ul>
        </nav>
      )}
      {!isKept && (
        <Button tone="quiet" onClick={() => setNaming(true)}>
          Save this view
        </Button>
      )}
      {naming && <NameDialog page={page} search={now} onClose={() => setNaming(false)} />}
    </div>
  );
}

function RemoveView({ page, id, name }: { readonly page: string; readonly id: string; readonly name: string }) {
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api.removeView(id),
    onSuccess: async () => {
      toast({ message: `The view "${name}" is removed.` });
      await client.invalidateQueries({ queryKey: ["views", page] });
    },
  });
  return (
    <IconButton label={`Remove the view ${name}`} disabled={remove.isPending} onClick={() => remove.mutate()}>
      <X size={14} aria-hidden="true" />
    </IconButton>
  );
}

function NameDialog({ page, search, onClose }: { readonly page: string; readonly search: string; readonly onClose: () => void }) {
  const [name, setName] = useState("");
  const [shared, setShared] = useState(false);
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: () => api.saveView({ page, name: name.trim(), search, shared }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["views", page] });
      toast({ message: `The view "${name.trim()}" is saved.` });
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== "") save.mutate();
  };
  return (
    <Dialog title="Save this view" onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-3">
        <TextField
          label="Name"
          hint="A view of yours with this name is replaced."
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <label className="flex min-h-6 items-center gap-2 text-sm">
          <input
            type="checkbox"
            checked={shared}
            onChange={(event) => setShared(event.target.checked)}
            className="size-4 accent-(--accent)"
          />
          Show it to all members
        </label>
        <ActError error={save.error} />
        <Button type="submit" tone="accent" className="self-end" disabled={save.isPending || name.trim() === ""}>
          Save
        </Button>
      </form>
    </Dialog>
  );
}
