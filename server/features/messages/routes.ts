import { serve } from "#server/route.ts";
import { clearMailFailure } from "./clear-mail-failure.ts";
import * as contract from "./contract.ts";
import { countByState, findMessages } from "./find-messages.ts";
import { previewMessage } from "./preview-message.ts";
import { resendMessage, retryFailed } from "./resend-message.ts";
import { withdrawMessage } from "./withdraw-message.ts";

export const messageRoutes = [
  serve(contract.listMessages, {
    permission: "messages.read",
    handle: (ctx, { query }) => findMessages(ctx, query),
  }),
  serve(contract.countMessages, {
    permission: "messages.read",
    handle: (ctx, { query }) => countByState(ctx, query),
  }),
  serve(contract.getMessage, {
    permission: "messages.read",
    handle: (ctx, { params }) => previewMessage(ctx, params.messageId),
  }),
  serve(contract.withdrawMessage, {
    permission: "messages.send",
    handle: (ctx, { params }) => withdrawMessage(ctx, params.messageId),
  }),
  serve(contract.resendMessage, {
    permission: "messages.send",
    handle: (ctx, { params }) => resendMessage(ctx, params.messageId),
  }),
  serve(contract.retryFailedMessages, {
    permission: "messages.send",
    handle: (ctx, { body }) => retryFailed(ctx, body),
  }),
  serve(contract.clearMailFailure, {
    permission: "messages.send",
    handle: (ctx, { params }) => clearMailFailure(ctx, params.userId),
  }),
];
