/** Forms of documents that are read. Text is whatever is readable as it is, Markdown included. */
export type DocumentKind = "docx" | "pdf" | "xlsx" | "html" | "mail" | "csv" | "text";

/** A stranger's file on this machine, to be read by nobody but a limited process. */
export interface DocumentFile {
  /** Its ending helps to tell the form where the content leaves it open. */
  readonly name: string;
  /** Absolute and readable. */
  readonly path: string;
  readonly bytes: number;
  /** An attachment of a mail, by its place as `attachments` names it; absent: the file itself. */
  readonly attachment?: string;
}

/** A page, a section, or the whole of a document. */
export interface DocumentPart {
  /** Such as `page 3`; empty for the only part. */
  readonly name: string;
  readonly text: string;
}

export interface SheetCell {
  /** 1-based. */
  readonly column: number;
  /** As the sheet shows it, as far as its number format is known. */
  readonly shown: string;
  /** A date is its ISO text; null: only a formula whose value was not stored. */
  readonly value: string | number | boolean | null;
  /** Never computed here; null: the cell holds a plain value. */
  readonly formula: string | null;
}

/** One table of cells; empty cells and rows are left out. */
export interface DocumentSheet {
  readonly name: string;
  readonly isHidden: boolean;
  readonly rows: readonly {
    /** 1-based. */
    readonly number: number;
    readonly isHidden: boolean;
    readonly cells: readonly SheetCell[];
  }[];
}

export interface DocumentAttachment {
  /** What `DocumentFile.attachment` takes, such as `2` or `2/1`. */
  readonly place: string;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number;
}

/** What a file says, as text that nobody vouches for. */
export interface ReadDocument {
  readonly kind: DocumentKind;
  /** Empty where the document is sheets. */
  readonly parts: readonly DocumentPart[];
  readonly sheets: readonly DocumentSheet[];
  readonly attachments: readonly DocumentAttachment[];
  /** What a reader of the original would not see; it is not in the text. */
  readonly hidden: readonly { readonly what: string; readonly count: number }[];
  /** What a reader of the text should know, such as what is missing from it. */
  readonly notes: readonly string[];
}

/** Bounds of one reading. What exceeds them is refused with the bound, never read half in silence. */
export const documentLimits = {
  fileBytes: 33_554_432,
  timeMs: 10_000,
  memoryBytes: 268_435_456,
  /** Of an archive, such as a .docx is one. */
  zipEntries: 10_000,
  zipEntryBytes: 67_108_864,
  zipTotalBytes: 134_217_728,
  /** Unpacked to packed, for entries above 1 MiB. */
  zipRatio: 250,
  /** Of all XML of a Word document together: the library keeps it as objects, which are many times larger. */
  docxCodeBytes: 16_777_216,
  /** Elements inside of each other. */
  depth: 400,
  pages: 2_000,
  sheets: 200,
  /** Above these the rest is left out, and a note says so. */
  cells: 100_000,
  textChars: 8_000_000,
  attachments: 500,
  /** Mails inside of mails. */
  attachmentDepth: 4,
} as const;

/** Reads documents of strangers within hard bounds. */
export interface DocumentReader {
  /**
   * @throws {Failure} `tool.document-refused`: it is no such document, damaged, locked or hostile; `tool.document-limit`: it exceeds a
   * bound. Both say why and what helps.
   */
  read(file: DocumentFile, signal: AbortSignal): Promise<ReadDocument>;
}

/** One sheet to be written. */
export interface SheetToWrite {
  readonly name: string;
  readonly rows: readonly (readonly (string | number | boolean | null)[])[];
  /** Cells as `B2`, with a formula in place of a value. */
  readonly formulas: ReadonlyMap<string, string>;
}

/** Makes workbooks. The same sheets give the same bytes. */
export interface WorkbookWriter {
  write(sheets: readonly SheetToWrite[]): Promise<Uint8Array>;
}
