/** The list: loading page by page, the filter, and keeping rows, count and focus in step. */

import { listCategories, listTasks, Problem } from "./api.js";
import { hasDraft } from "./edit-form.js";
import { isBusy, setBusy } from "./fields.js";
import { announce, button, explain, hide, notice, show } from "./notices.js";
import { untilAnswered } from "./patience.js";
import { TaskRow } from "./task-row.js";

/** What each filter asks the server for, and what it means for a task that is here already. */
const COMPLETED = { open: false, done: true, all: undefined };

const matches = (filter, task) => filter === "all" || Boolean(task.completed_at) === COMPLETED[filter];

const EMPTY = {
  open: ["Nothing open", "Add a task above, or look at what is done."],
  done: ["Nothing done yet", "Tick a task and it is listed here."],
  all: ["No tasks yet", "Add the first one above."],
};

/** Newest first, as the server's pages are; ids settle equal times. */
function before(one, other) {
  const [a, b] = [Date.parse(one.created_at), Date.parse(other.created_at)];
  return a === b ? one.id > other.id : a > b;
}

export class TaskList {
  categories = [];
  #session;
  /** All tasks that the page has seen, whatever the filter. */
  #rows = new Map();
  #rowOf = new WeakMap();
  /** What is shown: a new object for each change of the filter, so that a late answer knows that it is late. */
  #view = { filter: "open", next: null, loaded: false };
  /** Ticked while shown: they stay until the filter changes, so that nothing moves and a slip is undone in place. */
  #lingering = new Set();
  #node = document.getElementById("list");
  #more = document.getElementById("load-more");
  #count = document.getElementById("count");
  #empty = document.getElementById("empty");

  constructor(session) {
    this.#session = session;
    this.#more.addEventListener("click", () => this.#loadMore());
    document.getElementById("filter").addEventListener("change", (event) => this.#show(event.target.value));
  }

  ids() {
    return new Set(this.#rows.keys());
  }

  categoryName(id) {
    return this.categories.find((category) => category.id === id)?.name ?? "";
  }

  /** First load. Answers only after the server has; the page shows why it waits. */
  start() {
    return this.#load();
  }

  async loadCategories(then) {
    try {
      this.categories = await untilAnswered(listCategories);
    } catch (problem) {
      this.#failed(problem, "Categories could not be read", () => this.loadCategories(then));
      return;
    }
    this.#rows.forEach((row) => row.offerCategories(this.categories));
    then(this.categories);
  }

  /** For a lost answer to "add": what the server has at the top now. */
  async readFirstPage() {
    return (await listTasks()).items;
  }

  insert(task) {
    this.#put(task);
    this.#lingering.add(task.id);
    this.#draw();
  }

  replace(task) {
    const row = this.#rows.get(task.id);
    if (row) {
      row.draw(task);
      this.#lingering.add(task.id);
      this.#drawCount();
    }
  }

  remove(id, words) {
    const row = this.#rows.get(id);
    if (!row) {
      return;
    }
    const hadFocus = row.node.contains(document.activeElement) || document.activeElement === document.body;
    const neighbour = this.#neighbourOf(row);
    this.#rows.delete(id);
    row.node.remove();
    this.#draw();
    announce(words);
    if (hadFocus) {
      (neighbour ?? document.getElementById("tasks-title")).focus();
    }
  }

  #neighbourOf(row) {
    const shown = this.#shown();
    const at = shown.indexOf(row);
    return shown[at + 1] ?? shown[at - 1];
  }

  async #load(after = null) {
    const view = this.#view;
    this.#node.setAttribute("aria-busy", "true");
    try {
      const page = await untilAnswered(() => listTasks({ completed: COMPLETED[view.filter], after }));
      page.items.forEach((task) => this.#put(task));
      if (view === this.#view) {
        hide("list");
        if (after === null) {
          this.#dropMissing(page);
        }
        Object.assign(view, { next: page.next ?? null, loaded: true });
        this.#draw();
      }
    } catch (problem) {
      this.#failed(problem, "Tasks could not be read", () => this.#load(after));
    } finally {
      if (view === this.#view) {
        this.#node.removeAttribute("aria-busy");
      }
    }
  }

  /** A first page is the whole truth about its stretch: what is here and not there was deleted or moved elsewhere. */
  #dropMissing({ items, next }) {
    const there = new Set(items.map(({ id }) => id));
    for (const [id, row] of this.#rows) {
      const covered = !next || !before(items.at(-1), row.task);
      if (covered && matches(this.#view.filter, row.task) && !there.has(id) && !row.editing && !this.#lingering.has(id)) {
        this.#rows.delete(id);
        row.node.remove();
      }
    }
  }

  async #loadMore() {
    if (isBusy(this.#more)) {
      return;
    }
    setBusy(this.#more, true);
    const known = new Set(this.#shown());
    try {
      await this.#load(this.#view.next);
    } finally {
      setBusy(this.#more, false);
    }
    const fresh = this.#shown().filter((row) => !known.has(row));
    announce(fresh.length === 0 ? "No more tasks here." : `${fresh.length} more tasks.`);
    // The button may be gone or far below: the keyboard goes on at the first new row.
    fresh[0]?.focus();
  }

  #failed(problem, subject, again) {
    if (!(problem instanceof Problem)) {
      throw problem;
    }
    if (problem.signedOut) {
      this.#session.ended();
      return;
    }
    const [strong, text] = explain(problem, subject);
    show("list", notice("warn", strong, text, button("secondary", "Try again", again)));
    announce(`${strong} ${text}`);
  }

  #put(task) {
    const known = this.#rows.get(task.id);
    if (known) {
      known.draw(task);
      return;
    }
    const row = new TaskRow(task, this, this.#session);
    this.#rows.set(task.id, row);
    this.#rowOf.set(row.node, row);
    const next = [...this.#node.children].find((node) => before(task, this.#rowOf.get(node).task));
    this.#node.insertBefore(row.node, next ?? null);
    if (hasDraft(task)) {
      this.#lingering.add(task.id);
      row.startEditing({ takeFocus: false });
    }
  }

  /** What is known is shown at once; the server is asked for the rest, and for what has changed. */
  async #show(filter) {
    this.#view = { filter, next: null, loaded: false };
    this.#lingering = new Set([...this.#rows].filter(([, row]) => row.editing).map(([id]) => id));
    this.#draw();
    const view = this.#view;
    await this.#load();
    if (view === this.#view && view.loaded) {
      announce(this.#count.textContent || EMPTY[filter][0]);
    }
  }

  #shown() {
    return [...this.#node.children].map((node) => this.#rowOf.get(node)).filter((row) => !row.node.hidden);
  }

  #draw() {
    const { filter, next, loaded } = this.#view;
    this.#rows.forEach((row, id) => {
      row.node.hidden = !matches(filter, row.task) && !this.#lingering.has(id);
    });
    const shown = this.#shown().length;
    this.#node.hidden = shown === 0;
    // "Nothing here" is said only when the server has said so.
    this.#empty.hidden = shown > 0 || !loaded || next !== null;
    [document.getElementById("empty-title").textContent, document.getElementById("empty-text").textContent] = EMPTY[filter];
    this.#more.hidden = next === null;
    this.#drawCount();
  }

  #drawCount() {
    const { filter, next, loaded } = this.#view;
    const count = [...this.#rows.values()].filter((row) => matches(filter, row.task)).length;
    const more = next === null ? "" : "+";
    const kind = filter === "all" ? "" : `${filter} `;
    this.#count.textContent = loaded && count > 0 ? `${count}${more} ${kind}task${count === 1 && !more ? "" : "s"}` : "";
  }
}
