/** The list: loading page by page, the filter, and keeping rows, count and focus in step. */

import { listCategories, listTasks, Problem } from "./api.js";
import { hasDraft } from "./edit-form.js";
import { isBusy, setBusy } from "./fields.js";
import { announce, button, explain, hide, notice, show } from "./notices.js";
import { untilAnswered } from "./patience.js";
import { TaskRow } from "./task-row.js";

const WANTED = {
  open: (task) => !task.completed_at,
  done: (task) => Boolean(task.completed_at),
  all: () => true,
};

const EMPTY = {
  open: ["Nothing open", "Add a task above, or look at what is done."],
  done: ["Nothing done yet", "Tick a task and it is listed here."],
  all: ["No tasks yet", "Add the first one above."],
};

/** The API pages over all tasks; a filter that leaves few of a page asks on by itself, this often at most. */
const ENOUGH_ROWS = 12;
const MOST_PAGES_AT_ONCE = 5;

export class TaskList {
  categories = [];
  #session;
  #rows = new Map();
  #rowOf = new WeakMap();
  #next = null;
  #loaded = false;
  #filter = "open";
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
  async start() {
    this.#node.setAttribute("aria-busy", "true");
    try {
      await this.#load(null);
    } finally {
      this.#node.removeAttribute("aria-busy");
    }
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
    const { items } = await listTasks(null);
    return items;
  }

  insert(task) {
    this.#put(task, true);
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

  async #load(cursor) {
    let at = cursor;
    for (let page = 0; page < MOST_PAGES_AT_ONCE; page++) {
      const from = at;
      let answer;
      try {
        answer = await untilAnswered(() => listTasks(from));
      } catch (problem) {
        this.#failed(problem, "Tasks could not be read", () => this.#load(from));
        return;
      }
      hide("list");
      answer.items.forEach((task) => this.#put(task, false));
      this.#loaded = true;
      this.#next = answer.next ?? null;
      this.#draw();
      at = this.#next;
      if (at === null || this.#shown().length >= ENOUGH_ROWS) {
        return;
      }
    }
  }

  async #loadMore() {
    if (isBusy(this.#more)) {
      return;
    }
    setBusy(this.#more, true);
    const before = this.#shown();
    try {
      await this.#load(this.#next);
    } finally {
      setBusy(this.#more, false);
    }
    const fresh = this.#shown().slice(before.length);
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

  #put(task, first) {
    const known = this.#rows.get(task.id);
    if (known) {
      known.draw(task);
      return;
    }
    const row = new TaskRow(task, this, this.#session);
    this.#rows.set(task.id, row);
    this.#rowOf.set(row.node, row);
    if (first) {
      this.#node.prepend(row.node);
    } else {
      this.#node.append(row.node);
    }
    if (hasDraft(task)) {
      this.#lingering.add(task.id);
      row.startEditing({ takeFocus: false });
    }
  }

  async #show(filter) {
    this.#filter = filter;
    this.#lingering = new Set([...this.#rows].filter(([, row]) => row.editing).map(([id]) => id));
    this.#draw();
    announce(this.#count.textContent || EMPTY[filter][0]);
    if (this.#next !== null && this.#shown().length < ENOUGH_ROWS && !isBusy(this.#more)) {
      setBusy(this.#more, true);
      try {
        await this.#load(this.#next);
      } finally {
        setBusy(this.#more, false);
      }
    }
  }

  #matches(row) {
    return WANTED[this.#filter](row.task) || this.#lingering.has(row.task.id);
  }

  #shown() {
    return [...this.#node.children].map((node) => this.#rowOf.get(node)).filter((row) => !row.node.hidden);
  }

  #draw() {
    this.#rows.forEach((row) => {
      row.node.hidden = !this.#matches(row);
    });
    const shown = this.#shown().length;
    this.#node.hidden = shown === 0;
    // "Nothing here" is said only when the server has said so to the last page.
    this.#empty.hidden = shown > 0 || !this.#loaded || this.#next !== null;
    [document.getElementById("empty-title").textContent, document.getElementById("empty-text").textContent] =
      EMPTY[this.#filter];
    this.#more.hidden = this.#next === null;
    this.#drawCount();
  }

  #drawCount() {
    const matching = [...this.#rows.values()].filter((row) => WANTED[this.#filter](row.task)).length;
    const kind = this.#filter === "all" ? "" : `${this.#filter} `;
    const words = `${matching}${this.#next === null ? "" : "+"} ${kind}task${matching === 1 && !this.#next ? "" : "s"}`;
    this.#count.textContent = this.#loaded && matching + this.#shown().length > 0 ? words : "";
  }
}
