import { Modal, Text } from "@mantine/core";
import { useState } from "react";
import { confirmFirst } from "#server/features/second-factors/contract.ts";
import { ApiProblem } from "../api.ts";
import { usePageBehind } from "../ui/page-behind.ts";
import { ConfirmPassword } from "./confirm-password.tsx";

type Waiting = { goOn: () => void; giveUp: () => void };

/**
 * `run` carries something out and, where the server wants the password first, asks for it and tries again; answers
 * undefined where whoever was asked closed the question. `question` is to be rendered.
 */
export function useConfirmed() {
  const [waiting, wait] = useState<Waiting | null>(null);
  usePageBehind(waiting !== null);
  const run = async <T,>(action: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await action();
    } catch (problem) {
      if (!(problem instanceof ApiProblem) || problem.code !== confirmFirst) throw problem;
    }
    const confirmed = await new Promise<boolean>((settle) =>
      wait({ goOn: () => settle(true), giveUp: () => settle(false) }),
    );
    wait(null);
    return confirmed ? action() : undefined;
  };
  const question = waiting && (
    <Modal
      opened
      onClose={waiting.giveUp}
      title={<Text fw={600}>Is it you?</Text>}
      zIndex={400}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <ConfirmPassword onConfirmed={waiting.goOn} />
    </Modal>
  );
  return { run, question };
}
