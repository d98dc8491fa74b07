#!/bin/sh
# For a mail server to run for each email to Muster's return address: passes it on from standard input. What was passed on, and
# what is none of Muster's and would come for ever, is done with (0); what Muster could not take now is to be tried again (75,
# EX_TEMPFAIL of sysexits.h): a report of an email that came back comes once.
#
# muster-bounce [http://127.0.0.1:3000/api/v1/bounces]

answered=$(curl -sS --max-time 120 -o /dev/null -w '%{http_code}' -H 'Content-Type: message/rfc822' --data-binary @- \
  "${1:-http://127.0.0.1:3000/api/v1/bounces}") || exit 75
case $answered in
  2??) ;;
  403 | 413) echo "Muster did not take it in: $answered" ;;
  *)
    echo "Muster answered $answered"
    exit 75
    ;;
esac
