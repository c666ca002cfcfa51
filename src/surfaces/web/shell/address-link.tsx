import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

interface AddressProps {
  /** An address of the page as the server names it: `/inbox?item=…`. */
  readonly address: string;
  readonly children: ReactNode;
  readonly className?: string;
  readonly label?: string;
  /** One of the rows that the keys J and K go through. */
  readonly row?: boolean;
}

/** A link to an address that is only known at run time; its query becomes the page's search. */
export function AddressLink({ address, children, className, label, row = false }: AddressProps) {
  const [path = "/", text = ""] = address.split("?", 2);
  const search = Object.fromEntries(new URLSearchParams(text));
  return (
    <Link to={path} search={search} className={className} aria-label={label} {...(row ? { "data-row": true } : {})}>
      {children}
    </Link>
  );
}
