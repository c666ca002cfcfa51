import { Menu } from "@base-ui/react/menu";
import { Copy } from "lucide-react";
import { buttonLook } from "../../shell/controls.tsx";
import { copyText } from "./copy-text.ts";

interface MenuProps {
  /** `ENG-42`, `ENG-42/backend`. */
  readonly id: string;
  /** The page's address without the server. */
  readonly address: string;
  readonly markdown: () => string;
}

const itemLook =
  "flex min-h-8 cursor-default items-center rounded px-2 text-sm outline-none data-highlighted:bg-accent data-highlighted:text-on-accent";

/** Takes the object elsewhere: its address, its id, or itself as Markdown. */
export function CopyMenu({ id, address, markdown }: MenuProps) {
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger className={buttonLook({ tone: "plain" })} aria-label={`Copy ${id}`}>
        <Copy size={14} aria-hidden="true" />
        Copy
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={4} align="end" className="z-30">
          <Menu.Popup className="min-w-44 rounded-md bg-sheet p-1 shadow-float outline-none">
            <Menu.Item className={itemLook} onClick={() => void copyText(`${location.origin}${address}`, "the link")}>
              Copy link
            </Menu.Item>
            <Menu.Item className={itemLook} onClick={() => void copyText(id, id)}>
              Copy id
            </Menu.Item>
            <Menu.Item className={itemLook} onClick={() => void copyText(markdown(), `${id} as Markdown`)}>
              Copy as Markdown
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
