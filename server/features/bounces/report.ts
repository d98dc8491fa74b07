/**
 * What somebody reports of a message that had been accepted. `bounced`: it came back for good, and `addressFailed` says
 * whether that lies with the address; `delayed`: it is still on its way.
 */
export type Report = { outcome: "bounced" | "delayed"; addressFailed: boolean; reply: string };
