// What pages do beyond what they do without a script. Every page is complete without it.
"use strict";
(() => {
  const status = document.getElementById("status");
  const say = (text) => { if (status) status.textContent = text; };

  // After a question or a filter the reader is at the heading of the results.
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target && target.tabIndex === -1) target.focus({ preventScroll: false });

  // On a narrow screen the filters are one line that opens.
  const fold = document.querySelector("[data-fold]");
  if (fold && matchMedia("(max-width: 52rem)").matches) fold.open = false;

  // Fields that are empty are left out of the address.
  const form = document.getElementById("ask");
  if (form) {
    form.addEventListener("formdata", (event) => {
      const data = event.formData;
      for (const name of new Set(data.keys())) {
        const values = data.getAll(name).filter((value) => value !== "");
        data.delete(name);
        for (const value of values) data.append(name, value);
      }
    });
  }

  // What is there to be copied has a button for it.
  for (const text of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) break;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.textContent = "Copy";
    button.addEventListener("click", () =>
      navigator.clipboard.writeText(text.textContent).then(() => {
        say(text.dataset.copy);
        button.textContent = "Copied";
        setTimeout(() => { button.textContent = "Copy"; }, 3000);
      }, () => {}));
    text.after(button);
  }

  // What is chosen is not what is shown until it is applied.
  document.getElementById("filters")?.addEventListener("change", () => {
    for (const told of document.querySelectorAll("[data-pending]")) told.hidden = false;
    say("Not applied yet: choose Apply filters.");
  });

  // What is printed is unfolded in its place.
  for (const link of document.querySelectorAll("a.unfold")) {
    link.setAttribute("role", "button");
    link.setAttribute("aria-expanded", "false");
    const turn = (event) => {
      event.preventDefault();
      const open = link.getAttribute("aria-expanded") === "true";
      if (open) link.parentNode.querySelector(".printed").remove();
      else link.after(link.parentNode.querySelector("template").content.cloneNode(true));
      link.setAttribute("aria-expanded", String(!open));
    };
    link.addEventListener("click", turn);
    link.addEventListener("keydown", (event) => { if (event.key === " ") turn(event); });
  }

  // The basket: ids, notes and queries, kept by this browser. Only ids are ever part of an address.
  const KEY = "findings-basket";
  const store = {
    // Whether there is a place to keep it, and nothing in it that another version of this script keeps.
    usable() {
      try {
        const held = localStorage.getItem(KEY);
        return held === null || JSON.parse(held).version === 1;
      } catch { return false; }
    },
    read() {
      try {
        const held = JSON.parse(localStorage.getItem(KEY) ?? "{}");
        return held.version === 1 && Array.isArray(held.kept) ? held.kept.filter((one) => typeof one?.id === "string") : [];
      } catch { return []; }
    },
    // Says whether the browser keeps it.
    write(kept) {
      try {
        localStorage.setItem(KEY, JSON.stringify({ version: 1, kept }));
        return true;
      } catch { return false; }
    },
  };
  const basket = document.querySelector("[data-basket]");
  const page = basket && new URL(basket.href).pathname;
  const atBasket = page === location.pathname;
  const asked = new URLSearchParams(location.search);
  const many = (kept) => `${kept.length} paragraph${kept.length === 1 ? "" : "s"} in the basket.`;
  const address = (kept) => {
    const ids = new URLSearchParams(kept.map((one) => ["kept", one.id]));
    return kept.length ? `${page}?${ids}` : page;
  };

  const show = () => {
    const kept = store.read();
    const ids = new Set(kept.map((one) => one.id));
    basket.querySelector("[data-count]").textContent = kept.length;
    basket.href = address(kept);
    for (const link of document.querySelectorAll("a.keep")) {
      link.textContent = ids.has(link.dataset.keep) ? "Kept – remove" : "Keep";
    }
  };

  if (basket && store.usable()) {
    const kept = store.read();
    if (atBasket && !asked.has("kept") && kept.length) location.replace(address(kept));
    document.addEventListener("click", (event) => {
      const link = event.target.closest?.("a[data-keep]");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const id = link.dataset.keep;
      const held = store.read();
      const left = held.filter((one) => one.id !== id);
      const isNew = left.length === held.length;
      // What only the address keeps is taken out of the address.
      if (isNew && !link.classList.contains("keep")) return;
      if (isNew) left.push({ id, note: null, query: asked.get("q") || null, kept: new Date().toISOString() });
      if (!store.write(left)) return;
      event.preventDefault();
      show();
      say(`${isNew ? "Kept" : "Removed"}. ${many(left)}`);
      if (atBasket && !isNew) location.replace(address(left));
    });
    // Another tab has kept something.
    addEventListener("storage", (event) => { if (event.key === KEY) show(); });
    show();
    if (atBasket) shelf();
  }

  // What only this browser can do with the basket: notes, its file with them, and other people's files.
  function shelf() {
    const make = (name, fields = {}, ...inner) => {
      const made = Object.assign(document.createElement(name), fields);
      made.append(...inner);
      return made;
    };
    const held = new Map(store.read().map((one) => [one.id, one]));
    const shown = asked.getAll("kept");
    for (const entry of document.querySelectorAll("[data-kept]")) {
      const one = held.get(entry.dataset.kept);
      if (!one) continue;
      const note = make("textarea", { value: one.note ?? "", rows: 2 });
      note.addEventListener("input", () => {
        const kept = store.read();
        const own = kept.find((other) => other.id === one.id);
        if (own) own.note = note.value.trim() ? note.value : null;
        if (!store.write(kept)) say("This browser does not keep the note.");
      });
      entry.append(make("label", { className: "note" }, "Your note", note));
      if (one.query) entry.append(make("p", { className: "soft", textContent: `Found by ${one.query}` }));
    }
    document.querySelector("[data-take]")?.addEventListener("click", (event) => {
      const kept = store.read();
      const lines = shown.map((id) => kept.find((one) => one.id === id) ?? { id, note: null, query: null, kept: null });
      const file = new Blob(lines.map((one) => `${JSON.stringify(one)}\n`), { type: "application/jsonl" });
      const link = make("a", { href: URL.createObjectURL(file), download: event.target.download });
      event.preventDefault();
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    });
    // A basket file, or the address that somebody sent, is added to what is kept; nothing is replaced.
    const merge = (others) => {
      const kept = store.read();
      const ids = new Map(kept.map((one) => [one.id, one]));
      let added = 0;
      for (const other of others) {
        const own = ids.get(other.id);
        if (own) { own.note ??= other.note ?? null; own.query ??= other.query ?? null; continue; }
        const one = { ...other, note: other.note ?? null, query: other.query ?? null, kept: other.kept ?? null };
        ids.set(one.id, one);
        kept.push(one);
        added += 1;
      }
      return { kept, added };
    };
    const parts = [];
    const strange = shown.filter((id) => !held.has(id));
    if (strange.length) {
      const add = make("button", { type: "button", textContent: `Add ${strange.length === shown.length ? "these" : strange.length} to my basket` });
      add.addEventListener("click", () => {
        const { kept } = merge(strange.map((id) => ({ id, kept: new Date().toISOString() })));
        if (store.write(kept)) location.replace(address(kept));
      });
      parts.push(add);
    }
    const choose = make("input", { type: "file", accept: ".jsonl,.json,.txt" });
    choose.addEventListener("change", async () => {
      const text = await choose.files[0].text();
      let damaged = 0;
      const others = text.replace(/^\ufeff/, "").split("\n").filter((line) => line.trim()).flatMap((line) => {
        try {
          const one = JSON.parse(line);
          if (typeof one?.id === "string") return [one];
        } catch { /* Counted below. */ }
        damaged += 1;
        return [];
      });
      const { kept, added } = merge(others);
      const lines = damaged ? ` ${damaged} line${damaged === 1 ? " is" : "s are"} no kept paragraph.` : "";
      if (!store.write(kept)) { say("This browser does not keep them."); return; }
      show();
      say(`${added} added. ${many(kept)}${lines}`);
      if (added && !damaged) location.replace(address(kept));
      else if (added) parts[parts.length - 1].after(make("p", {}, `${added} added.${lines} `, make("a", { href: address(kept) }, "Show the basket")));
      else parts[parts.length - 1].after(make("p", {}, `Nothing new in this file.${lines}`));
    });
    parts.push(make("label", {}, "Add a basket file", choose));
    const place = document.querySelector("[data-shelf]");
    place.className = "shelf";
    place.append(...parts);
    if (shown.length) {
      place.after(make("p", { className: "soft", textContent: "Notes stay in this browser. They are in the basket file, not in the Markdown and CSV, which the server writes." }));
    }
  }
})();
