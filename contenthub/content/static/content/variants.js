// Narrows the list of versions on the item editor to what is typed.
document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-variants-filter]")) return;
  const words = event.target.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  for (const row of document.querySelectorAll("tr[data-variant]")) {
    const text = row.textContent.toLocaleLowerCase();
    row.hidden = !words.every((word) => text.includes(word));
  }
});
document.addEventListener("keydown", (event) => {
  // Enter narrows the list; it must not save the item.
  if (event.key === "Enter" && event.target.matches("[data-variants-filter]")) event.preventDefault();
});
