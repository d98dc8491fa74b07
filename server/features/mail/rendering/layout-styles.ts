const sans = "-apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif";
const mono = "ui-monospace, 'SF Mono', Menlo, Consolas, monospace";
const ink = "#1a1d21";
const grey = "#5c6470";
/** The tenant's, as far as it can be read on white and under white. */
const accent = "{{accent}}";

/** Contrast is at least 4.5 : 1 everywhere, in both schemes. */
export const styles = {
  page: { margin: 0, padding: "24px 12px", backgroundColor: "#f2f4f7", fontFamily: sans },
  preview: { display: "none", overflow: "hidden", maxHeight: 0, maxWidth: 0, opacity: 0, lineHeight: "1px" },
  frame: { maxWidth: 600, width: "100%", borderCollapse: "separate" },
  header: { padding: "0 8px 12px", color: grey, fontSize: 15, fontWeight: 600, lineHeight: "22px" },
  // On a ground of its own: nobody knows whether a logo is light or dark.
  logo: {
    display: "block",
    height: 32,
    width: "auto",
    maxWidth: "100%",
    margin: "0 0 8px",
    padding: 4,
    backgroundColor: "#ffffff",
    borderRadius: 4,
  },
  card: { padding: "32px", backgroundColor: "#ffffff", borderRadius: 8, border: "1px solid #e1e5ea" },
  footer: { padding: "16px 8px 0", color: grey, fontSize: 13, lineHeight: "20px" },
  heading: { margin: "0 0 16px", color: ink, fontSize: 22, fontWeight: 600, lineHeight: "30px" },
  paragraph: { margin: "0 0 16px", color: ink, fontSize: 16, lineHeight: "25px" },
  box: {
    margin: "0 0 20px",
    padding: "8px 16px",
    backgroundColor: "#f6f8fa",
    border: "1px solid #d8dee6",
    borderRadius: 6,
    borderCollapse: "separate",
  },
  entry: { padding: "8px 0" },
  label: { color: grey, fontSize: 13, lineHeight: "20px" },
  // Two spaces in a password are two spaces, and a long one breaks rather than widening the page.
  value: {
    color: ink,
    fontFamily: mono,
    fontSize: 16,
    lineHeight: "24px",
    whiteSpace: "pre-wrap",
    wordBreak: "break-all",
  },
  buttonFrame: { margin: "0 0 16px", borderCollapse: "separate" },
  buttonCell: { borderRadius: 6, backgroundColor: accent },
  button: {
    display: "inline-block",
    padding: "12px 24px",
    color: "#ffffff",
    backgroundColor: accent,
    borderRadius: 6,
    fontSize: 16,
    fontWeight: 600,
    lineHeight: "24px",
    textDecoration: "none",
  },
  small: { margin: "0 0 16px", color: grey, fontSize: 13, lineHeight: "20px" },
  address: { color: accent, wordBreak: "break-all" },
} as const;

export const darkMode = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (max-width: 480px) { .card { padding: 20px !important; } }
@media (prefers-color-scheme: dark) {
  .page { background-color: #14161a !important; }
  .card { background-color: #1e2126 !important; border-color: #343a42 !important; }
  .box { background-color: #272b31 !important; border-color: #3d444d !important; }
  .text { color: #eceef1 !important; }
  .muted { color: #a9b1bc !important; }
  .link { color: #8ab8ff !important; }
}`;
