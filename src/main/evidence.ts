import path from "node:path";
import type { Pool } from "pg";
import { postgresEvidence } from "../adapters/postgres/evidence-store.ts";
import { evidenceSigner } from "../adapters/system/evidence-signer.ts";
import { fileEvidence } from "../adapters/system/file-evidence.ts";
import { systemClock } from "../adapters/system/system-clock.ts";
import type { EvidenceParts } from "../engine/memory/seal-evidence.ts";
import type { Digest } from "../engine/ports/content.ts";
import type { Installation } from "./installation.ts";

interface EvidenceSources {
  readonly pool: Pool;
  readonly digest: Digest;
  readonly masterKey: Uint8Array;
}

/** The second place of checkpoints. */
export const evidenceDirectory = ({ home }: Installation, environment: NodeJS.ProcessEnv): string =>
  environment["XVC_EVIDENCE_DIR"] ?? path.join(home, "evidence");

/** The record as evidence; checkpoints are also kept in `XVC_EVIDENCE_DIR`, else below the home. */
export const openEvidence = (
  installation: Installation,
  environment: NodeJS.ProcessEnv,
  { pool, digest, masterKey }: EvidenceSources,
): EvidenceParts => ({
  store: postgresEvidence(pool),
  signer: evidenceSigner(masterKey),
  exported: fileEvidence(evidenceDirectory(installation, environment)),
  digest,
  clock: systemClock,
});
