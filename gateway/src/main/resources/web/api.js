/**
 * How the page talks to the gateway. One rule stands above the others: only a 401 says anything about the session. A
 * busy, slow or unreachable server is "busy"; the caller keeps everything in its hands and may ask again.
 */

/** Longer than the gateway's longest deadline (10 s), so that its answer, which knows more, comes before our own. */
const TIMEOUT_MS = 15_000;

/** Refusals given before any work began: repeating is safe, also for a POST. Every other 503 leaves the outcome open. */
const REFUSED_BEFORE_WORK = new Set([
  "auth.trust_unavailable",
  "auth.unavailable",
  "auth.verifiers_disagree",
  "pool.saturated",
  "pool.schema_behind",
  "rate.limited",
  "request.deadline_exceeded",
  "service.saturated",
  "service.starting",
  "session.key_unknown",
  "session.renewing",
]);

/** Status 0 stands for "no answer": offline, connection lost, or our own deadline. */
const BUSY = new Set([0, 429, 502, 503, 504]);

/** An answer that is not a success, or the lack of one. */
export class Problem extends Error {
  constructor(status, body = {}, retryAfter = null) {
    super(body.detail || body.title || (status === 0 ? "No answer" : `Answer ${status}`));
    this.name = "Problem";
    this.status = status;
    this.code = body.code ?? null;
    this.title = body.title ?? null;
    this.detail = body.detail ?? null;
    this.act = body.act ?? null;
    this.traceId = body.trace_id ?? null;
    this.violations = Array.isArray(body.violations) ? body.violations : [];
    /** Seconds, or null if the server named no time. */
    this.retryAfter = retryAfter ?? (Number.isFinite(body.retry_after) ? body.retry_after : null);
  }

  get signedOut() {
    return this.status === 401;
  }

  get busy() {
    return BUSY.has(this.status);
  }

  get changedMeanwhile() {
    return this.status === 412;
  }

  get gone() {
    return this.status === 404 || this.status === 410;
  }

  /** True only if the server said so; a lost answer may well have been a success. */
  get surelyNotDone() {
    return !this.busy || REFUSED_BEFORE_WORK.has(this.code);
  }
}

/** Retry-After is whole seconds or an HTTP date (RFC 9110, 10.2.3). */
function secondsOf(header) {
  if (header === null) {
    return null;
  }
  if (/^\d+$/.test(header.trim())) {
    return Number(header);
  }
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - Date.now()) / 1000));
}

async function bodyOf(response) {
  if (!/\bjson\b/.test(response.headers.get("Content-Type") ?? "")) {
    return {};
  }
  try {
    return await response.json();
  } catch (cause) {
    // Cut off or not JSON. For a failure the status says enough; a success without its content is no answer.
    if (response.ok) {
      throw new Problem(0, { detail: `Unreadable answer: ${cause.message}` });
    }
    return {};
  }
}

/** Sends one request; returns the body of a success and throws a Problem for everything else. */
async function send(method, path, { body, type = "application/json", version } = {}) {
  const headers = { Accept: "application/json, application/problem+json" };
  if (method !== "GET") {
    headers["X-Firebreak"] = "1";
  }
  if (body !== undefined) {
    headers["Content-Type"] = type;
  }
  if (version !== undefined) {
    headers["If-Match"] = `"${version}"`;
  }
  let response;
  try {
    response = await fetch(path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store",
      credentials: "same-origin",
      // Nothing that scripts ask for is ever redirected; following one would take a sign-in page for an answer.
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (cause) {
    throw new Problem(0, { detail: cause.name === "TimeoutError" ? "No answer in time." : "No connection." });
  }
  const content = await bodyOf(response);
  if (!response.ok) {
    throw new Problem(response.status, content, secondsOf(response.headers.get("Retry-After")));
  }
  return content;
}

const TASKS = "/api/v1/tasks";
const one = (id) => `${TASKS}/${encodeURIComponent(id)}`;

export const readSession = () => send("GET", "/session");

export const listCategories = async () => (await send("GET", "/api/v1/categories")).items ?? [];

/** One page, newest first. `completed` is true, false, or undefined for both. */
export function listTasks({ completed, after } = {}) {
  const query = new URLSearchParams({ limit: "50" });
  if (completed !== undefined) {
    query.set("completed", String(completed));
  }
  if (after) {
    query.set("after", after);
  }
  return send("GET", `${TASKS}?${query}`);
}

export const readTask = (id) => send("GET", one(id));

export const addTask = (values) => send("POST", TASKS, { body: values });

export const changeTask = (task, patch) =>
  send("PATCH", one(task.id), { body: patch, type: "application/merge-patch+json", version: task.version });

// No If-Match: a tick means the same whatever else changed, and cannot undo anybody's edit (API document, "Versions").
export const completeTask = ({ id }) => send("PUT", `${one(id)}/completion`);

export const reopenTask = ({ id }) => send("DELETE", `${one(id)}/completion`);

export const deleteTask = (task) => send("DELETE", one(task.id), { version: task.version });

const KEYS = "/api/v1/ops/keys";

export const readKeys = () => send("GET", KEYS);

export const readKeyPlan = () => send("GET", `${KEYS}/plan`);

/** Journal entries after a number, oldest first; `next` is where to go on, or null at the end. */
export const readKeyHistory = (after) => send("GET", `${KEYS}/history?after=${after}&limit=500`);

const CONNECTIONS = "/api/v1/connections";

export const readConnections = () => send("GET", CONNECTIONS);

export const changeConnection = (id, values) => send("PUT", `${CONNECTIONS}/${encodeURIComponent(id)}`, { body: values });

export const disconnect = (id) => send("DELETE", `${CONNECTIONS}/${encodeURIComponent(id)}`);
