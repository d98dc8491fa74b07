/** What the words of emails may name, and what an administrator is told of each. */
export const placeholders = {
  firstName: "First name of whom it is for",
  lastName: "Last name of whom it is for",
  email: "Email address it goes to",
  organisation: "Your organisation's name",
  signInAddress: "Address of the sign-in page",
  validUntil: "When the link or the password stops working",
} as const;
export type Placeholder = keyof typeof placeholders;

/** Those that every email has. */
export const commonPlaceholders = [
  "firstName",
  "lastName",
  "email",
  "organisation",
  "signInAddress",
] as const satisfies readonly Placeholder[];
