// Run as a process of its own: an SMTP server that takes whatever it gets, at once, and keeps nothing. It tells its parent
// where it listens and, when asked, how many messages came.
import { type AddressInfo, createServer, type Socket } from "node:net";

let messages = 0;

function serve(socket: Socket) {
  const say = (line: string) => socket.write(`${line}\r\n`);
  let text = "";
  let inMessage = false;
  const take = (end: string) => {
    const at = text.indexOf(end);
    if (at === -1) return undefined;
    const taken = text.slice(0, at);
    text = text.slice(at + end.length);
    return taken;
  };
  socket.setNoDelay(true);
  socket.on("error", () => {});
  socket.on("data", (data) => {
    text += data.toString("latin1");
    for (;;) {
      const taken = take(inMessage ? "\r\n.\r\n" : "\r\n");
      if (taken === undefined) return;
      if (inMessage) {
        messages += 1;
        inMessage = false;
        say("250 taken");
      } else if (/^data/i.test(taken)) {
        inMessage = true;
        say("354 go on");
      } else if (/^quit/i.test(taken)) {
        say("221 bye");
        socket.end();
      } else say("250 fine");
    }
  });
  say("220 bare sink");
}

const server = createServer(serve);
server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on("message", () => process.send?.({ messages }));
process.on("disconnect", () => process.exit());
