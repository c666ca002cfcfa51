import { cva } from "class-variance-authority";
import type { ButtonHTMLAttributes, InputHTMLAttributes, ReactNode, SelectHTMLAttributes, TextareaHTMLAttributes } from "react";
import { useId } from "react";
import { twMerge } from "tailwind-merge";

export const buttonLook = cva(
  "inline-flex min-h-8 items-center justify-center gap-1.5 rounded border px-3 text-sm font-medium whitespace-nowrap transition-colors disabled:opacity-55",
  {
    variants: {
      tone: {
        accent: "border-accent bg-accent text-on-accent enabled:hover:opacity-90",
        plain: "border-line-strong bg-sheet text-ink enabled:hover:bg-wash",
        danger: "border-bad bg-sheet text-bad enabled:hover:bg-bad-wash",
        quiet: "border-transparent bg-transparent text-ink-2 enabled:hover:bg-wash enabled:hover:text-ink",
      },
    },
    defaultVariants: { tone: "plain" },
  },
);

type Tone = "accent" | "plain" | "danger" | "quiet";

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly tone?: Tone;
  /** The single key that does the same, shown beside the label. */
  readonly shortcut?: string;
}

export function Button({ tone = "plain", shortcut, className, children, ...rest }: ButtonProps) {
  return (
    <button type="button" className={twMerge(buttonLook({ tone }), className)} aria-keyshortcuts={shortcut} {...rest}>
      {children}
      {shortcut !== undefined && <Key on={tone === "accent"}>{shortcut}</Key>}
    </button>
  );
}

/** A key cap. Hidden from names: the shortcut is announced by `aria-keyshortcuts`. */
export function Key({ children, on = false }: { readonly children: ReactNode; readonly on?: boolean }) {
  return (
    <kbd
      aria-hidden="true"
      className={twMerge(
        "hidden rounded-sm border px-1 font-mono text-xs leading-4 sm:inline",
        on ? "border-on-accent/50" : "border-line text-ink-3",
      )}
    >
      {children}
    </kbd>
  );
}

/** A link that is an icon; name it with `aria-label`. */
export const iconLinkLook =
  "inline-flex size-8 shrink-0 items-center justify-center rounded text-ink-2 hover:bg-wash hover:text-ink disabled:opacity-55";

export function IconButton({ label, children, className, ...rest }: ButtonHTMLAttributes<HTMLButtonElement> & { readonly label: string }) {
  return (
    <button type="button" aria-label={label} title={label} className={twMerge(iconLinkLook, className)} {...rest}>
      {children}
    </button>
  );
}

const fieldLook =
  "min-h-9 w-full rounded border border-line-strong bg-sheet px-2.5 py-1.5 text-base text-ink disabled:opacity-55 aria-invalid:border-bad";

interface FieldFrame {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly problem?: string | undefined;
}

function Framed({ id, label, hint, problem, children }: FieldFrame & { readonly id: string; readonly children: ReactNode }) {
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      {children}
      {hint !== undefined && (
        <p id={`${id}-hint`} className="text-xs text-ink-3">
          {hint}
        </p>
      )}
      {problem !== undefined && (
        <p id={`${id}-problem`} role="alert" className="text-xs font-medium text-bad">
          {problem}
        </p>
      )}
    </div>
  );
}

function described(id: string, { hint, problem }: Omit<FieldFrame, "label">): string | undefined {
  const parts = [hint === undefined ? "" : `${id}-hint`, problem === undefined ? "" : `${id}-problem`].filter((part) => part !== "");
  return parts.length > 0 ? parts.join(" ") : undefined;
}

export function TextField({ label, hint, problem, className, ...rest }: InputHTMLAttributes<HTMLInputElement> & FieldFrame) {
  const id = useId();
  return (
    <Framed id={id} label={label} hint={hint} problem={problem}>
      <input
        id={id}
        className={twMerge(fieldLook, className)}
        aria-invalid={problem !== undefined}
        aria-describedby={described(id, { hint, problem })}
        {...rest}
      />
    </Framed>
  );
}

export function TextArea({ label, hint, problem, className, ...rest }: TextareaHTMLAttributes<HTMLTextAreaElement> & FieldFrame) {
  const id = useId();
  return (
    <Framed id={id} label={label} hint={hint} problem={problem}>
      <textarea
        id={id}
        className={twMerge(fieldLook, "min-h-24", className)}
        aria-invalid={problem !== undefined}
        aria-describedby={described(id, { hint, problem })}
        {...rest}
      />
    </Framed>
  );
}

export function SelectField({ label, hint, problem, className, children, ...rest }: SelectHTMLAttributes<HTMLSelectElement> & FieldFrame) {
  const id = useId();
  return (
    <Framed id={id} label={label} hint={hint} problem={problem}>
      <select id={id} className={twMerge(fieldLook, className)} aria-describedby={described(id, { hint, problem })} {...rest}>
        {children}
      </select>
    </Framed>
  );
}
