/** The import as a whole cannot go on; the message is for the person whose import it is. */
export class ImportFailure extends Error {
  override name = "ImportFailure";
}
