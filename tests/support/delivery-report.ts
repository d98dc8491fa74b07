type Told = { to: string; action?: string; status?: string; words?: string; returned?: string };

/** A delivery report as a mail server writes it (RFC 3464), sent to `to`. */
export const deliveryReport = ({
  to,
  action = "failed",
  status = "5.1.1",
  words = "smtp; 550 5.1.1 no such\r\n person here",
  returned = "Subject: the message\r\n\r\nreturned",
}: Told) =>
  `Return-Path: <>
From: MAILER-DAEMON@mx.example.net
To: ${to}
Subject: Undelivered mail
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="part"

--part
Content-Type: text/plain

It could not be delivered.
--part
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; whoever@example.org
Action: ${action}
Status: ${status}
Diagnostic-Code: ${words}

--part
Content-Type: message/rfc822

${returned}
--part--
`.replace(/\r?\n/g, "\r\n");
