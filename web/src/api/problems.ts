import type { Catalogue } from "../i18n";
import type { ErrorCode, ErrorResponse } from "./types";

export class NetworkError extends Error {
  constructor(cause: unknown) {
    super("the server does not answer", { cause });
  }
}

export class ApiError extends Error {
  readonly status: number;
  readonly code: ErrorCode | null;
  readonly detail: string | null;
  readonly metadata: Record<string, unknown>;
  readonly fields: Record<string, string>;
  readonly requestId: string | null;
  readonly retryAfter: number | null;

  constructor(response: Response, body: ErrorResponse | undefined) {
    super(body?.detail ?? `HTTP ${response.status}`);
    this.status = response.status;
    this.code = body?.error_code ?? null;
    this.detail = body?.detail ?? null;
    this.metadata = (body?.metadata as Record<string, unknown>) ?? {};
    this.requestId = response.headers.get("X-Request-ID");
    const after = Number(response.headers.get("Retry-After"));
    this.retryAfter = response.headers.has("Retry-After") && Number.isFinite(after) ? after : null;
    // A location is a JSON pointer into the body, or a parameter's name: both end in what the form calls the field.
    this.fields = Object.fromEntries(
      (body?.errors ?? []).map((error) => [
        error.location.replace(/^\//, "").replaceAll("/", "."),
        error.message,
      ]),
    );
  }

  get reason(): string | null {
    return typeof this.metadata.reason === "string" ? this.metadata.reason : null;
  }
}

export function isCode(error: unknown, code: ErrorCode): error is ApiError {
  return error instanceof ApiError && error.code === code;
}

/** Busy is a state, not a failure: what was asked is repeated after this many seconds. */
export function busySeconds(error: unknown): number | null {
  if (!(error instanceof ApiError)) return null;
  const busy = error.status === 429 || error.status === 503 || error.reason === "in_progress";
  return busy ? Math.max(1, error.retryAfter ?? 5) : null;
}

export interface ProblemText {
  text: string;
  detail: string | null;
  requestId: string | null;
}

/** What happened and what is safe; led by what could not be loaded, where that is named. */
export function problemText(
  error: unknown,
  words: Catalogue,
  what?: keyof Catalogue["notLoaded"],
): ProblemText {
  const { text, ...rest } = causeText(error, words);
  return { text: what ? `${words.notLoaded[what]} ${text}` : text, ...rest };
}

function causeText(error: unknown, words: Catalogue): ProblemText {
  if (error instanceof NetworkError) return { text: words.errors.network, detail: null, requestId: null };
  if (!(error instanceof ApiError)) {
    return {
      text: words.errors.other,
      detail: error instanceof Error ? error.message : null,
      requestId: null,
    };
  }
  const { detail, requestId } = error;
  const type = error.metadata.error_type;
  if (error.code === "LLM_PROVIDER_ERROR" && typeof type === "string" && type in words.modelErrors) {
    return { text: words.modelErrors[type as keyof Catalogue["modelErrors"]], detail, requestId };
  }
  const known =
    error.code && error.code in words.errors ? (error.code as keyof Catalogue["errors"]) : "other";
  return { text: words.errors[known], detail, requestId };
}
