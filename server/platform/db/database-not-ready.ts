/** The database cannot be used as it is; the message says what whoever runs Muster must do. */
export class DatabaseNotReady extends Error {
  override name = "DatabaseNotReady";
}
