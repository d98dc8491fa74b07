/** The mark of the product: a person's place in a whole. */
export const Logo = ({ size = 24 }: { size?: number }) => (
  <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
    <path d="M16 2 30 16 16 30 2 16Z" fill="var(--m-accent)" />
    <path d="M16 10 22 16 16 22 10 16Z" fill="var(--m-canvas)" />
  </svg>
);
