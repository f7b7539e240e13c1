/** The four fields of a task in a form: reading, filling, comparing, and saying what is wrong with one of them. */

export const FIELDS = ["title", "notes", "due_date", "category_id"];

export const NAMES = { title: "Title", notes: "Notes", due_date: "Due date", category_id: "Category" };

/** The API's limits. Said in words when passed, not by maxlength, which would cut off a pasted text without a word. */
const LONGEST = { title: 200, notes: 10_000 };

/** As the API wants it: trimmed, and null for what was left empty. */
export function read(form) {
  const values = {};
  for (const name of FIELDS) {
    values[name] = form.elements[name].value.trim() || null;
  }
  return values;
}

/** As typed, for a draft: nothing trimmed. */
export function typed(form) {
  return Object.fromEntries(FIELDS.map((name) => [name, form.elements[name].value]));
}

export function fill(form, values) {
  for (const name of FIELDS) {
    form.elements[name].value = values[name] ?? "";
  }
}

/** The members of `mine` that differ from `base`: a merge patch (RFC 7396), where null removes. */
export function changes(base, mine) {
  return Object.fromEntries(FIELDS.filter((name) => (base[name] ?? null) !== mine[name]).map((name) => [name, mine[name]]));
}

/** Fills a select with categories; the value stays, also one whose category is not in the list (yet). */
export function offerCategories(select, categories, value = select.value) {
  const options = [new Option("None", "")];
  categories.forEach(({ id, name }) => options.push(new Option(name, id)));
  if (value && !categories.some(({ id }) => id === value)) {
    options.push(new Option("Current category", value));
  }
  select.replaceChildren(...options);
  select.value = value ?? "";
}

/** Shows or, with null, clears the error of one field. */
export function setError(form, name, message) {
  const input = form.elements[name];
  const error = form.querySelector(`[data-error="${name}"]`);
  error.hidden = message === null;
  error.textContent = message ?? "";
  if (message === null) {
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-describedby");
  } else {
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", error.id);
  }
}

export function clearErrors(form) {
  FIELDS.forEach((name) => setError(form, name, null));
}

/** What the page can see by itself. True if the form may be sent; else the field has the message and the focus. */
export function check(form) {
  clearErrors(form);
  const wrong = FIELDS.filter((name) => {
    const message = complaint(name, form.elements[name]);
    if (message !== null) {
      setError(form, name, message);
    }
    return message !== null;
  });
  if (wrong.length > 0) {
    reveal(form, wrong[0]);
  }
  return wrong.length === 0;
}

function complaint(name, { value, validity }) {
  const text = value.trim();
  if (name === "title" && text === "") {
    return "Enter what needs doing.";
  }
  if (text.length > LONGEST[name]) {
    return `Use at most ${LONGEST[name].toLocaleString()} characters; these are ${text.length.toLocaleString()}.`;
  }
  return validity.badInput ? "Enter a whole date, or clear it." : null;
}

/** Puts the server's violations at their fields; false if none of them belongs to a field of this form. */
export function showViolations(form, violations) {
  const known = violations
    .map(({ field, message }) => ({ name: String(field ?? "").split("/").pop(), message }))
    .filter(({ name }) => FIELDS.includes(name));
  known.forEach(({ name, message }) => setError(form, name, sentence(message)));
  if (known.length > 0) {
    reveal(form, known[0].name);
  }
  return known.length > 0;
}

function reveal(form, name) {
  form.elements[name].closest("details")?.setAttribute("open", "");
  form.elements[name].focus();
}

function sentence(message) {
  const text = String(message ?? "is not valid");
  return text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? "" : ".");
}

/** Marks a form's button as at work: it keeps the focus and its place, and a second press does nothing. */
export function setBusy(control, busy) {
  if (busy) {
    control.setAttribute("aria-disabled", "true");
  } else {
    control.removeAttribute("aria-disabled");
  }
}

export const isBusy = (control) => control.getAttribute("aria-disabled") === "true";
