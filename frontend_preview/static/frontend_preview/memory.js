/**
 * What is chosen on the page, kept while Wagtail's panel loads it anew: it does so whenever the author pauses.
 *
 * One slot, for what was shown last: what was kept of another item is forgotten. A page that stands alone shows what its
 * address says.
 */

const SLOT = "preview";

export class Memory {
  /** `shown` names the item and the language that the panel was opened for. */
  constructor(shown) {
    this.shown = shown;
    this.slot = window.parent === window ? null : storage();
  }

  /** Return what was kept of this item, or nothing. */
  recall() {
    const { shown, ...kept } = JSON.parse(this.slot?.getItem(SLOT) ?? "{}");
    return shown === this.shown ? kept : {};
  }

  keep(chosen) {
    this.slot?.setItem(SLOT, JSON.stringify({ shown: this.shown, ...chosen }));
  }
}

/** A browser may refuse storage to a page inside another's. */
function storage() {
  try {
    return window.sessionStorage;
  } catch {
    return null;
  }
}
