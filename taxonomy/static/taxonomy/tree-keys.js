/* The keyboard in the tree (ARIA practices, tree view): one item in the tab order, arrows, Home, End, typing ahead. */
import { rowOf } from "./tree-rows.js";

const TYPING_MS = 700;

export const parentOf = (item) => item.parentElement.closest("[data-item]");
export const groupOf = (item) => item.querySelector(":scope > [role=group]");
export const isOpen = (item) => rowOf(item).getAttribute("aria-expanded") === "true";

export function after(item) {
  const group = isOpen(item) && groupOf(item);
  if (group && group.firstElementChild) return group.firstElementChild;
  for (let one = item; one; one = parentOf(one)) if (one.nextElementSibling) return one.nextElementSibling;
  return null;
}

export function before(item) {
  if (!item.previousElementSibling) return parentOf(item);
  return lastOf(item.previousElementSibling);
}

export function lastOf(item) {
  let last = item;
  for (let group = groupOf(last); isOpen(last) && group && group.lastElementChild; group = groupOf(last)) {
    last = group.lastElementChild;
  }
  return last;
}

export class Keyboard {
  /* `tree` offers element, current, focus(item), open(item), close(item), act(item). */
  constructor(tree) {
    this.tree = tree;
    this.typed = "";
    tree.element.addEventListener("keydown", (event) => this.key(event));
  }

  key(event) {
    const item = event.target.parentElement;
    if (event.target.getAttribute("role") !== "treeitem" || event.ctrlKey || event.metaKey || event.altKey) return;
    const isMirrored = getComputedStyle(this.tree.element).direction === "rtl";
    const mirrored = { ArrowLeft: "ArrowRight", ArrowRight: "ArrowLeft" };
    const name = isMirrored && mirrored[event.key] ? mirrored[event.key] : event.key;
    const handlers = {
      ArrowDown: () => this.tree.focus(after(item)),
      ArrowUp: () => this.tree.focus(before(item)),
      ArrowRight: () => this.inwards(item),
      ArrowLeft: () => this.outwards(item),
      Home: () => this.tree.focus(this.tree.element.firstElementChild),
      End: () => this.tree.focus(this.tree.element.lastElementChild && lastOf(this.tree.element.lastElementChild)),
      Enter: () => this.tree.act(item),
      " ": () => (this.typed ? this.type(item, " ") : this.toggle(item)),
      "*": () => [...item.parentElement.children].forEach((one) => this.tree.open(one)),
    };
    if (handlers[name]) handlers[name]();
    else if ([...event.key].length === 1) this.type(item, event.key);
    else return;
    event.preventDefault();
  }

  toggle(item) {
    if ("more" in item.dataset) this.tree.act(item);
    else if (isOpen(item)) this.tree.close(item);
    else this.tree.open(item);
  }

  inwards(item) {
    if (!rowOf(item).hasAttribute("aria-expanded")) return;
    if (isOpen(item)) this.tree.focus(after(item));
    else this.tree.open(item);
  }

  outwards(item) {
    if (isOpen(item)) this.tree.close(item);
    else this.tree.focus(parentOf(item));
  }

  type(item, character) {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => { this.typed = ""; }, TYPING_MS);
    this.typed += folded(character);
    const first = [...this.typed].every((one) => one === this.typed[0]) ? this.typed[0] : this.typed;
    const start = first.length === 1 ? after(item) || this.tree.element.firstElementChild : item;
    let one = start;
    do {
      if (folded(one.dataset.label || "").startsWith(first)) return this.tree.focus(one);
      one = after(one) || this.tree.element.firstElementChild;
    } while (one !== start);
    return undefined;
  }
}

function folded(text) {
  return text.normalize("NFKD").replace(/[\u0300-\u036f\u200b-\u200f]/g, "").toLowerCase();
}
