import { Button, Tabs, Title } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import type { getMailboxMessage } from "#server/features/mail/contract.ts";
import type { Output } from "../api.ts";
import { When } from "../ui/when.tsx";
import classes from "./mailbox.module.css";

type Mail = Output<typeof getMailboxMessage>;

// Links open in a tab of their own: inside the frame nothing may run, so nothing they lead to would work.
const inFrame = (html: string) =>
  html.includes("<head>")
    ? html.replace("<head>", '<head><base target="_blank">')
    : `<base target="_blank">${html}`;

export const MailView = ({ mail, close }: { mail: Mail; close: () => void }) => (
  <article className={classes.mail} aria-label="Email">
    <Button
      className={classes.close ?? ""}
      variant="subtle"
      size="compact-sm"
      leftSection={<IconArrowLeft size={14} />}
      onClick={close}
    >
      All emails
    </Button>
    <Title order={2}>{mail.subject}</Title>
    <p className={classes.meta}>
      To {mail.recipient}, <When at={mail.receivedAt} />
    </p>
    <Tabs defaultValue="html" keepMounted={false} className={classes.tabs ?? ""}>
      <Tabs.List>
        <Tabs.Tab value="html">As seen</Tabs.Tab>
        <Tabs.Tab value="text">Plain text</Tabs.Tab>
        <Tabs.Tab value="headers">Headers</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="html" className={classes.panel ?? ""}>
        {/* An email may hold anything: no scripts, no forms, no reach into the portal. */}
        <iframe
          className={classes.frame}
          title="The email as its recipient sees it"
          sandbox="allow-popups allow-popups-to-escape-sandbox"
          srcDoc={inFrame(mail.html)}
        />
      </Tabs.Panel>
      <Tabs.Panel value="text" className={classes.panel ?? ""}>
        <pre className={classes.plain}>{mail.text}</pre>
      </Tabs.Panel>
      <Tabs.Panel value="headers" className={classes.panel ?? ""}>
        <pre className={classes.plain}>{mail.headers}</pre>
      </Tabs.Panel>
    </Tabs>
  </article>
);
