import { useNetwork } from "@mantine/hooks";
import classes from "./offline-banner.module.css";

export function OfflineBanner() {
  const { online } = useNetwork();
  if (online) return null;
  return (
    <output className={classes.banner}>
      You are offline. What you see may be out of date, and changes cannot be saved.
    </output>
  );
}
