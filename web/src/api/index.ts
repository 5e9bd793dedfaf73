export {
  accessToken,
  renew,
  type SignInState,
  signInState,
  signInWithToken,
  signOut,
  startSession,
  useSignIn,
} from "./auth";
export { api, authorizedFetch, must, mustTagged, newKey } from "./client";
export { ApiError, busySeconds, isCode, NetworkError, type ProblemText, problemText } from "./problems";
export * from "./queries";
export type * from "./types";
