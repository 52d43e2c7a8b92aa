/* The page of a facet's tree. What is open and where one was is kept for the tab, so that coming back finds it so. */
import { ask, NotAnswered } from "./tree-asking.js";
import { groupOf, isOpen, Keyboard, parentOf } from "./tree-keys.js";
import { Moves } from "./tree-moves.js";
import { RowMaker, rowOf } from "./tree-rows.js";

const PAUSE_MS = 200;
const MOST_REMEMBERED = 300;

class TermTree {
  constructor(root) {
    this.root = root;
    this.element = root.querySelector("[role=tree]");
    this.status = root.querySelector("[data-tree-status]");
    this.problem = root.querySelector("[data-tree-problem]");
    this.search = root.querySelector("[name=q]");
    this.hideRetired = root.querySelector("[name=hide-retired]");
    this.hideRetired.checked = false; // as the page begins, whatever the browser remembers
    this.language = root.querySelector("[name=language]");
    this.memory = `term-tree:${root.dataset.facet}`;
    this.rows = new RowMaker({
      text: (name, values) => this.text(name, values),
      addUrl: root.dataset.addUrl,
      canChange: "canChange" in root.dataset,
      language: this.language.value,
    });
    this.keyboard = new Keyboard(this);
    if (this.rows.canChange) this.moves = new Moves(this);
    this.listen();
    this.begin(JSON.parse(document.getElementById("term-tree-first").textContent));
  }

  listen() {
    this.element.addEventListener("click", (event) => this.click(event));
    this.element.addEventListener("focusin", (event) => this.mark(event.target.closest("[data-item]")));
    this.search.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.focus(this.firstHit());
    });
    this.search.addEventListener("input", () => {
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => this.find(), PAUSE_MS);
    });
    this.search.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown") this.focus(this.firstHit());
      else if (event.key === "Escape" && this.search.value) this.clear();
      else return;
      event.preventDefault();
    });
    this.hideRetired.addEventListener("change", () => this.again());
    this.language.addEventListener("change", () => {
      this.rows.language = this.language.value;
      this.again();
    });
    this.root.querySelector("[data-tree-collapse]").addEventListener("click", () => this.collapse());
    this.root.querySelector("[data-tree-again]").addEventListener("click", () => this.again());
    this.root.querySelector("[data-tree-more-hits]").addEventListener("click", () => this.find(this.moreHits));
    window.addEventListener("pagehide", () => this.remember());
  }

  begin(answer) {
    this.draw(answer);
    const kept = this.recall();
    const shown = this.element.querySelector(".term-tree__item--hit");
    if (shown) {
      this.focus(shown);
      shown.scrollIntoView({ block: "center" });
      return;
    }
    this.hideRetired.checked = Boolean(kept.hideRetired);
    if ([...this.language.options].some((option) => option.value === kept.language)) this.language.value = kept.language;
    this.rows.language = this.language.value;
    if (kept.open?.length || kept.hideRetired || kept.language) this.reload(kept.open || [], kept.current);
  }

  /* --- drawing ------------------------------------------------------------------------------------- */

  draw(answer, current) {
    this.version = answer.version;
    const hadFocus = this.element.contains(document.activeElement);
    this.rows.fill(this.element, answer.level, "", 1);
    this.element.hidden = !answer.level.rows.length;
    const item = (current && this.itemAt(current)) || this.element.firstElementChild;
    this.mark(item);
    if (item && hadFocus) this.focus(item);
  }

  mark(item) {
    if (!item || item === this.current) return;
    if (this.current) this.setReach(this.current, -1);
    this.current = item;
    this.setReach(item, 0);
  }

  setReach(item, reach) {
    rowOf(item).tabIndex = reach;
    rowOf(item).setAttribute("aria-selected", String(reach === 0));
    rowOf(item).querySelectorAll("[data-inner]:is(a, button)").forEach((inner) => { inner.tabIndex = reach; });
  }

  focus(item) {
    if (!item) return;
    this.mark(item);
    rowOf(item).focus({ preventScroll: true });
    rowOf(item).scrollIntoView({ block: "nearest" });
  }

  itemAt(path) {
    return this.element.querySelector(`[data-path="${CSS.escape(path)}"]`);
  }

  firstHit() {
    return this.element.querySelector(".term-tree__item--hit") || this.element.firstElementChild;
  }

  /* --- opening and closing ------------------------------------------------------------------------- */

  async open(item) {
    if (!rowOf(item).hasAttribute("aria-expanded") || isOpen(item)) return;
    if (!groupOf(item)) {
      const answer = await this.fetch({ below: item.dataset.id }, item);
      if (!answer || groupOf(item)) return;
      this.rows.fill(this.rows.group(item), answer.level, item.dataset.path, depthOf(item) + 1);
    }
    rowOf(item).setAttribute("aria-expanded", "true");
  }

  close(item) {
    if (!isOpen(item)) return;
    rowOf(item).setAttribute("aria-expanded", "false");
    if (item !== this.current && item.contains(this.current)) this.focus(item);
  }

  collapse() {
    if (this.search.value) this.clear();
    this.element.querySelectorAll("[aria-expanded=true]").forEach((row) => row.setAttribute("aria-expanded", "false"));
    let top = this.current;
    while (top && parentOf(top)) top = parentOf(top);
    this.mark(top);
  }

  async more(item) {
    const above = parentOf(item);
    const answer = await this.fetch({ below: above ? above.dataset.id : "", offset: item.dataset.more }, item);
    if (!answer || !item.isConnected) return;
    const list = item.parentElement;
    const index = [...list.children].indexOf(item);
    this.rows.extend(list, answer.level, above ? above.dataset.path : "", depthOf(item));
    this.focus(list.children[Math.min(Number(item.dataset.more) ? index : 0, list.children.length - 1)]);
  }

  act(item) {
    if ("more" in item.dataset) this.more(item);
    else rowOf(item).querySelector("a.term-tree__label")?.click();
  }

  click(event) {
    const item = event.target.closest("[data-item]");
    if (!item || event.target.closest("a, button")) return;
    this.focus(item);
    if ("more" in item.dataset) this.more(item);
    else if (event.target.closest(".term-tree__toggle")) {
      if (isOpen(item)) this.close(item);
      else this.open(item);
    }
  }

  /* --- asking -------------------------------------------------------------------------------------- */

  parameters() {
    const parameters = {};
    if (this.hideRetired.checked) parameters["hide-retired"] = "";
    if (this.language.value) parameters.language = this.language.value;
    return parameters;
  }

  /* Ask for a part of the tree as it is shown; where the facet changed since, all of it is shown anew instead. */
  async fetch(parameters, item) {
    rowOf(item).setAttribute("aria-busy", "true");
    try {
      const answer = await this.asked(this.root.dataset.rowsUrl, parameters);
      if (!answer || answer.version === this.version) return answer;
      await this.reload([...this.openPaths(), ...(item.dataset.path ? [item.dataset.path] : [])], this.current?.dataset.path);
      this.say("changed");
      return null;
    } finally {
      rowOf(item).removeAttribute("aria-busy");
    }
  }

  async reload(paths, current, shown = {}) {
    const open = paths.slice(-MOST_REMEMBERED).join();
    const answer = await this.asked(this.root.dataset.rowsUrl, { open, ...shown });
    if (answer) this.draw(answer, current);
  }

  async asked(address, parameters, options) {
    try {
      const answer = await ask(address, { ...this.parameters(), ...parameters }, options);
      this.problem.hidden = true;
      return answer;
    } catch (error) {
      if (!(error instanceof NotAnswered)) {
        if (error.name === "AbortError") return null;
        throw error;
      }
      this.warn(error.message || this.text("failed"));
      return null;
    }
  }

  warn(told) {
    this.problem.querySelector("[data-tree-told]").textContent = told;
    this.problem.hidden = false;
  }

  async find(limit) {
    clearTimeout(this.waiting);
    const text = this.search.value.trim();
    if (!text) return this.clear();
    if (!this.before) this.before = { open: this.openPaths(), current: this.current?.dataset.path };
    this.asking?.abort();
    this.asking = new AbortController();
    const parameters = limit ? { q: text, limit } : { q: text };
    const answer = await this.asked(this.root.dataset.searchUrl, parameters, { signal: this.asking.signal });
    if (!answer) return undefined;
    this.draw(answer);
    this.mark(this.firstHit());
    const { total, shown, more } = answer.found;
    this.showMoreHits(more);
    if (!total) return this.say("none");
    if (shown < total) return this.say("found-best", answer.found);
    return this.say(total === 1 ? "found-one" : "found", answer.found);
  }

  showMoreHits(more) {
    this.moreHits = more;
    this.root.querySelector("[data-tree-more-hits]").hidden = !more;
  }

  endSearch() {
    this.asking?.abort();
    this.search.value = "";
    this.showMoreHits(null);
    const kept = this.before;
    this.before = null;
    return kept;
  }

  async clear() {
    const kept = this.endSearch();
    if (!kept) return;
    await this.reload(kept.open, kept.current);
    this.say("cleared");
  }

  again() {
    if (this.search.value.trim()) this.find();
    else this.reload(this.openPaths(), this.current?.dataset.path);
  }

  /* --- remembering and telling --------------------------------------------------------------------- */

  openPaths() {
    return [...this.element.querySelectorAll("[aria-expanded=true]")].map((row) => row.parentElement.dataset.path);
  }

  remember() {
    const { open, current } = this.before || { open: this.openPaths(), current: this.current?.dataset.path };
    const kept = { open, current, hideRetired: this.hideRetired.checked, language: this.language.value };
    try {
      sessionStorage.setItem(this.memory, JSON.stringify(kept));
    } catch {
      // full or forbidden: the tree begins closed next time
    }
  }

  recall() {
    try {
      return JSON.parse(sessionStorage.getItem(this.memory)) || {};
    } catch {
      return {};
    }
  }

  text(name, values = {}) {
    const text = this.root.getAttribute(`data-text-${name}`) || "";
    return Object.entries(values).reduce((told, [key, value]) => told.replace(`%(${key})s`, value), text);
  }

  say(name, values) {
    this.root.querySelector("[data-tree-undo]").hidden = true;
    this.status.textContent = this.text(name, values);
  }
}

function depthOf(item) {
  return Number(rowOf(item).getAttribute("aria-level"));
}

const root = document.querySelector("[data-term-tree]");
if (root) root.termTree = new TermTree(root);
