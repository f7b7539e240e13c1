/**
 * What was typed and is not yet saved, kept in this tab's sessionStorage: it survives an error, a reload and a new
 * sign-in. Each draft belongs to one account, so that the next person at this tab never sees it; signing out removes all.
 */

const PREFIX = "firebreak.draft.";

/** Used when the browser refuses storage (blocked or full): then drafts live as long as the page does. */
const memory = new Map();

let owner = "";

function storage(act, otherwise) {
  try {
    return act(sessionStorage);
  } catch {
    // SecurityError or QuotaExceededError: both mean "no storage here", and the page's own memory stands in.
    return otherwise();
  }
}

const keyOf = (name) => `${PREFIX}${owner}.${name}`;

export function belongTo(account) {
  owner = account;
}

export function keep(name, values) {
  const key = keyOf(name);
  const text = JSON.stringify(values);
  memory.set(key, text);
  storage((store) => store.setItem(key, text), () => undefined);
}

/** The draft under this name, or null. */
export function find(name) {
  const key = keyOf(name);
  const text = storage((store) => store.getItem(key), () => null) ?? memory.get(key);
  return text ? JSON.parse(text) : null;
}

export function forget(name) {
  const key = keyOf(name);
  memory.delete(key);
  storage((store) => store.removeItem(key), () => undefined);
}

export function forgetAll() {
  memory.clear();
  storage(
    (store) => Object.keys(store).filter((key) => key.startsWith(PREFIX)).forEach((key) => store.removeItem(key)),
    () => undefined,
  );
}
