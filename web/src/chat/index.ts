export { ChatScreen, signalChat } from "./ChatScreen";
export { flush as flushOutbox, settled as outboxSettled } from "./outbox";
export { SessionList } from "./SessionList";
export { linesOf } from "./turns";
export { useSessionActs } from "./useSessionActs";
