import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { authConfigQuery, type SignInState, signInWithToken, startSession } from "../api";
import { useWords } from "../i18n";
import { Button, Dialog, TextField } from "../ui";
import styles from "./SignIn.module.css";

type Why = Extract<SignInState, { phase: "out" }>["why"];

export function SignInPage({ why }: { why: Why }) {
  const words = useWords();
  return (
    <main className={styles.page}>
      <div className={styles.sheet}>
        <p className={styles.brand}>Artel</p>
        <h1>{words.signInTitle}</h1>
        <p className={styles.lead}>{words.signInLead}</p>
        <SignInWays why={why} />
      </div>
    </main>
  );
}

/** The session ended while the page was open: the question lies over it, and nothing below is lost. */
export function EndedDialog({ why }: { why: Why }) {
  const words = useWords();
  return (
    <Dialog title={words.signIn} closable={false} onClose={() => {}}>
      <p>{words.sessionEnded}</p>
      <SignInWays why={why} />
    </Dialog>
  );
}

function SignInWays({ why }: { why: Why }) {
  const words = useWords();
  const config = useQuery(authConfigQuery);
  if (why === "away" || config.isError) {
    return (
      <div className={styles.ways}>
        <p role="alert">
          {words.serverAway} <code>./dev up</code>
        </p>
        <div>
          <Button
            look="filled"
            onClick={() => {
              void config.refetch();
              void startSession();
            }}
          >
            {words.tryNow}
          </Button>
        </div>
      </div>
    );
  }
  const ways = config.data?.sign_in ?? ["link"];
  return (
    <div className={styles.ways}>
      {why === "link" && (
        <p role="alert" className={styles.warn}>
          {words.linkUsed}
        </p>
      )}
      {ways.includes("link") && (
        <div className={styles.way}>
          <p>{words.signInByLink}</p>
          <p>
            {words.signInAnother} <code>./dev token</code>
          </p>
        </div>
      )}
      <TokenForm open={!ways.includes("link")} />
    </div>
  );
}

function TokenForm({ open }: { open: boolean }) {
  const words = useWords();
  const [token, setToken] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async () => {
    if (!token.trim()) return setProblem(words.required);
    setBusy(true);
    setProblem(null);
    try {
      if (!(await signInWithToken(token.trim()))) setProblem(words.tokenRefused);
    } catch {
      setProblem(words.errors.network);
    }
    setBusy(false);
  };
  return (
    <details className={styles.token} open={open || undefined}>
      <summary>{words.signInByToken}</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <TextField
          label={words.tokenLabel}
          hint={words.tokenHint}
          error={problem}
          type="password"
          spellCheck={false}
          value={token}
          onChange={(event) => setToken(event.target.value)}
        />
        <Button type="submit" look="filled" disabled={busy}>
          {busy ? words.signingIn : words.signIn}
        </Button>
      </form>
    </details>
  );
}
