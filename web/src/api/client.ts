import createClient from "openapi-fetch";
import { accessToken, renew } from "./auth";
import { ApiError, NetworkError } from "./problems";
import type { paths } from "./schema";
import type { ErrorResponse, Told } from "./types";

/** `fetch` with the bearer token. A 401 is answered by one refresh and one repeat. */
export async function authorizedFetch(request: Request): Promise<Response> {
  const send = async () => {
    const attempt = request.clone();
    const token = await accessToken();
    if (token) attempt.headers.set("Authorization", `Bearer ${token}`);
    return fetch(attempt);
  };
  const answer = await send();
  if (answer.status !== 401) return answer;
  return (await renew()) ? send() : answer;
}

export const api = createClient<paths>({
  baseUrl: typeof location === "undefined" ? "http://127.0.0.1" : location.origin,
  fetch: authorizedFetch,
});

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of a successful answer, or an `ApiError` or `NetworkError` that the page has words for. */
export async function must<T>(call: Promise<Answer<T>>): Promise<Told<T>> {
  const { data, response } = await answered(call);
  return (response.status === 204 ? undefined : data) as Told<T>;
}

/** As `must`, with the version that a later `If-Match` has to name. */
export async function mustTagged<T>(
  call: Promise<Answer<T>>,
): Promise<{ body: Told<T>; etag: string | null }> {
  const { data, response } = await answered(call);
  return { body: data as Told<T>, etag: response.headers.get("ETag") };
}

async function answered<T>(call: Promise<Answer<T>>): Promise<Answer<T>> {
  let answer: Answer<T>;
  try {
    answer = await call;
  } catch (cause) {
    throw new NetworkError(cause);
  }
  if (!answer.response.ok) throw new ApiError(answer.response, answer.error as ErrorResponse | undefined);
  return answer;
}

export function newKey(): string {
  return crypto.randomUUID();
}
