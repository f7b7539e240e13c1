/** Banners at the top of the page, and the one live region that speaks for everything that changes. */

const area = document.getElementById("notices");
const announcer = document.getElementById("announcer");

/** Makes an element; children are nodes or text, never markup. */
export function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) {
    made.className = className;
  }
  made.append(...children);
  return made;
}

export function button(className, text, onClick) {
  const made = element("button", `button ${className}`.trim(), text);
  made.type = "button";
  made.addEventListener("click", onClick);
  return made;
}

/** A notice: a bold first sentence, the rest, and what can be done. */
export function notice(kind, strong, text, ...actions) {
  const made = element("div", `notice ${kind}`.trim());
  made.append(element("p", "notice-text", element("strong", "", strong), " ", text));
  made.append(...actions);
  return made;
}

/** Shows a banner under a name; the same name replaces it in place. */
export function show(name, banner) {
  banner.dataset.notice = name;
  const old = area.querySelector(`[data-notice="${name}"]`);
  if (old) {
    old.replaceWith(banner);
  } else {
    area.append(banner);
  }
}

/** Takes a banner away. If it held the focus, the page's heading or content gets it, so that the keyboard is never nowhere. */
export function hide(name) {
  const old = area.querySelector(`[data-notice="${name}"]`);
  if (!old) {
    return false;
  }
  const hadFocus = old.contains(document.activeElement);
  old.remove();
  if (hadFocus) {
    (document.getElementById("tasks-title") ?? document.getElementById("main")).focus();
  }
  return true;
}

/** Says something once to a screen reader. Emptied first, so that the same words twice are heard twice. */
export function announce(text) {
  announcer.textContent = "";
  setTimeout(() => {
    announcer.textContent = text;
  }, 60);
}

/** What a Problem means to the person in front of the page: a short sentence, and what to do. */
export function explain(problem, subject) {
  if (problem.signedOut) {
    return [`${subject}: you are signed out.`, "It stays here; sign in again, then try once more."];
  }
  if (problem.busy) {
    return problem.status === 0
      ? [`${subject}: no answer.`, "The connection or the service is away. It stays here; try again."]
      : [`${subject}: the service is busy.`, "It stays here; try again in a moment."];
  }
  if (problem.code === "csrf.refused") {
    return [`${subject}: refused.`, "The browser did not show that this page sent it. Reload the page; drafts are kept."];
  }
  const trace = problem.traceId ? ` Trace id ${problem.traceId}.` : "";
  if (!problem.status || problem.status >= 500 || problem.act === "operator") {
    return [`${subject}: something failed on our side.`, `It stays here. If it happens again, tell an operator.${trace}`];
  }
  return [`${subject}: ${problem.title ?? `answer ${problem.status}`}.`, `${problem.detail ?? ""}${trace}`];
}
