/** Codes of terms to choose from where a code is typed. */

import { element } from "./dom.js";

/** Offer terms, `[{code, label}]`, below an input; where it takes `several`, for the one that is typed last. */
export function offer(input, terms, { several = false } = {}) {
  const list = element("datalist", { id: `${input.name}-codes` });
  const fill = () => {
    const before = several ? input.value.match(/^(?:.*[\s,])?/)[0] : "";
    list.replaceChildren(...terms.map(({ code, label }) => element("option", { value: before + code, label })));
  };
  fill();
  if (several) input.addEventListener("input", fill);
  document.body.append(list);
  input.setAttribute("list", list.id);
}
