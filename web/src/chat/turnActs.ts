import type { Message } from "../api";

/** What a turn may ask of the screen. One stable object, so that finished turns are not drawn again. */
export interface TurnActs {
  project: string;
  choose: (root: string, id: string) => void;
  edit: (message: Message) => void;
  retry: (message: Message, target: string | null) => void;
  branch: (message: Message) => void;
}
