import { Link } from "@tanstack/react-router";
import type { StaffPersona } from "../../../../contract/performer-contract.ts";
import { PerformerName } from "../../marks/performer-name.tsx";
import { Row, Table, Td, Th } from "../../shell/table.tsx";
import { plainWords } from "../../shell/words.ts";
import { QualityFigure } from "./quality-figure.tsx";

/** Personas with what they know, how well they did and how busy they are. */
export function PersonaTable({ personas, caption }: { readonly personas: readonly StaffPersona[]; readonly caption: string }) {
  return (
    <Table
      caption={caption}
      head={
        <>
          <Th>Persona</Th>
          <Th className="max-lg:hidden">Knows</Th>
          <Th className="max-sm:hidden">Done by</Th>
          <Th>Quality</Th>
          <Th number>Open tasks</Th>
        </>
      }
    >
      {personas.map((persona) => (
        <Row key={persona.key}>
          <Td className="py-1.5">
            <Link to="/personas/$key" params={{ key: persona.key }} data-row className="hover:underline">
              <PerformerName kind="persona" name={persona.key} />
            </Link>
            <span className="block pl-5.5 text-xs text-ink-3">
              {plainWords(persona.worldview)}, version {persona.version}
            </span>
          </Td>
          <Td className="text-sm text-ink-2 max-lg:hidden">{persona.specializations.map(plainWords).join(", ")}</Td>
          <Td className="text-sm text-ink-2 max-sm:hidden">{persona.executors.join(", then ")}</Td>
          <Td>
            <QualityFigure of={plainWords(persona.key)} quality={persona.quality} />
          </Td>
          <Td number className="text-sm">
            {persona.load.onHand}
            <span className="text-ink-3"> / {persona.capacity}</span>
          </Td>
        </Row>
      ))}
    </Table>
  );
}
