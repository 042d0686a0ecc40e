// Saved searches, what was asked before, and what is new since the last visit: all of it is kept by this
// browser alone, and nothing of it is sent anywhere but as the question itself when it is asked again.
"use strict";
(() => {
  const KEY = "findings-searches";
  const MOST = 20;
  const built = document.querySelector("[data-built]")?.dataset.built;
  const status = document.getElementById("status");
  const say = (text) => { if (status) status.textContent = text; };
  const make = (name, fields = {}, ...inner) => {
    const made = Object.assign(document.createElement(name), fields);
    made.append(...inner);
    return made;
  };

  // { saved: [{ name, question }], asked: [{ name, question }], seen, before }: questions are the part of
  // an address after its question mark; `seen` is the commit of this visit, `before` that of the last one.
  const empty = () => ({ version: 1, saved: [], asked: [], seen: null, before: null });
  const is_entry = (one) => typeof one?.name === "string" && typeof one?.question === "string";
  const read = () => {
    try {
      const held = JSON.parse(localStorage.getItem(KEY) ?? "null");
      if (held === null) return empty();
      if (held.version !== 1) return null;
      const list = (own) => (Array.isArray(own) ? own.filter(is_entry) : []);
      return { ...empty(), ...held, saved: list(held.saved), asked: list(held.asked) };
    } catch { return null; }
  };
  const write = (held) => {
    try {
      localStorage.setItem(KEY, JSON.stringify(held));
      return true;
    } catch { return false; }
  };
  // What another version of this script keeps is left alone.
  const usable = read() !== null;
  if (!usable || !built) return;

  // A visit begins with the first page in a window: what was seen until then was the last one.
  try {
    if (sessionStorage.getItem(KEY) === null) {
      const held = read();
      held.before = held.seen;
      held.seen = built;
      if (write(held)) sessionStorage.setItem(KEY, "here");
    }
  } catch { /* A browser that keeps nothing knows of no last visit. */ }

  const day = (moment) => new Date(moment).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
  // The first moment after a commit: what it brought itself was seen.
  const after = (moment) => new Date(Date.parse(moment) + 1).toISOString();
  const search = document.querySelector("a.name")?.pathname ?? "/search";
  const own = new URLSearchParams(location.search);
  for (const name of ["kept", "printed", "page"]) own.delete(name);
  const question = own.toString();
  const heading = document.querySelector("[data-question]");

  // What was asked is remembered by what the page calls it.
  if (heading && question) {
    const held = read();
    const one = { name: heading.dataset.question, question };
    held.asked = [one, ...held.asked.filter((other) => other.question !== question)].slice(0, MOST);
    write(held);
    const tools = heading.parentNode.querySelector(".tools");
    const button = make("button", { type: "button", className: "quiet" });
    const show = () => {
      const is_saved = read().saved.some((other) => other.question === question);
      button.textContent = is_saved ? "Saved – remove" : "Save this search";
      return is_saved;
    };
    button.addEventListener("click", () => {
      const held = read();
      const left = held.saved.filter((other) => other.question !== question);
      const is_new = left.length === held.saved.length;
      held.saved = is_new ? [...left, one] : left;
      if (!write(held)) { say("This browser does not keep it."); return; }
      show();
      say(is_new ? "Saved. It is on the first page of Search." : "Removed from the saved searches.");
    });
    show();
    tools?.append(make("li", {}, button));
  }

  const place = document.querySelector("[data-saved]");
  if (!place) return;
  const before = read().before;
  const is_news = before && Date.parse(built) > Date.parse(before);
  const address = (question) => `${search}?${question}#results`;
  const since = (question) => {
    const asked = new URLSearchParams(question);
    asked.set("new_since", after(before));
    return asked.toString();
  };
  // How many there are is asked of the server, one question after the other.
  const count = async (link, question) => {
    const asked = new URLSearchParams(question);
    for (const name of ["group", "sample", "seed", "sort", "per_group"]) asked.delete(name);
    asked.set("limit", "0");
    const answer = await fetch(`${place.dataset.api}?${asked}`).then((reply) => (reply.ok ? reply.json() : null)).catch(() => null);
    if (!answer) return;
    if (answer.total === 0) link.replaceWith("nothing new");
    else link.textContent = `${answer.total.toLocaleString("en-GB")} new`;
  };

  const list = (title, entries, forget, is_counted) => {
    const items = make("ul", { className: "files" });
    const waiting = [];
    for (const one of entries) {
      const item = make("li", {}, make("a", { href: address(one.question) }, one.name));
      if (is_counted && is_news) {
        const link = make("a", { href: address(since(one.question)) }, "what is new");
        item.append(" · ", link);
        waiting.push(() => count(link, since(one.question)));
      }
      const button = make("button", { type: "button", className: "quiet" }, "Remove");
      button.setAttribute("aria-label", `Remove ${one.name}`);
      button.addEventListener("click", () => { forget(one); draw(); say("Removed."); });
      item.append(" ", button);
      items.append(item);
    }
    (async () => { for (const next of waiting) await next(); })();
    return make("section", {}, make("h2", {}, title), items);
  };

  const draw = () => {
    const held = read();
    const parts = [];
    if (is_news) {
      const all = make("a", { href: address(since("")) }, "everything that is new");
      parts.push(make("p", {}, `Reports have come since your last visit, when the newest were of ${day(before)}: `, all, "."));
    }
    const forget = (name) => (one) => {
      const held = read();
      held[name] = held[name].filter((other) => other.question !== one.question);
      write(held);
    };
    if (held.saved.length) parts.push(list("Saved searches", held.saved, forget("saved"), true));
    if (held.asked.length) {
      const all = make("button", { type: "button", className: "quiet" }, "Forget all of these");
      all.addEventListener("click", () => { write({ ...read(), asked: [] }); draw(); say("Forgotten."); });
      const section = list("Asked before", held.asked, forget("asked"), false);
      section.append(all);
      parts.push(section);
    }
    if (parts.length) parts.push(make("p", { className: "soft" }, "Only this browser keeps these lists."));
    place.replaceChildren(...parts);
  };
  addEventListener("storage", (event) => { if (event.key === KEY) draw(); });
  draw();
})();
