import { Component, type ReactNode } from "react";
import { WordsContext } from "../i18n";
import { Button } from "../ui";

interface Props {
  children: ReactNode;
  /** A new value gives the part another try: the address, usually. */
  reset: string;
}

/** A broken part says so in its own place; the rest of the page goes on. */
export class ErrorBoundary extends Component<Props, { failed: string | null }> {
  static override contextType = WordsContext;
  declare context: React.ContextType<typeof WordsContext>;
  override state = { failed: null };

  static getDerivedStateFromError() {
    return { failed: "" };
  }

  override componentDidUpdate(before: Props) {
    if (before.reset !== this.props.reset && this.state.failed !== null) this.setState({ failed: null });
  }

  override render() {
    const words = this.context;
    if (this.state.failed === null || !words) return this.props.children;
    return (
      <div role="alert" style={{ padding: "2rem", display: "grid", gap: "0.75rem", justifyItems: "start" }}>
        <h1>{words.crashedTitle}</h1>
        <p>{words.crashed}</p>
        <Button onClick={() => this.setState({ failed: null })}>{words.reload}</Button>
      </div>
    );
  }
}
