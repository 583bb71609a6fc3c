// The report's script: list of families, one family, side by side of any two members. Text only ever enters the
// page through text nodes. State is in the URL's hash: #q=..&sort=..&common=1 (list), #family=ID&a=1&b=2 (family).

const PAGE = 100; // rows of the list, and passages of a family, at a time
const CHUNK = 300; // characters after which a side-by-side row ends with its paragraph; after four times as many, with its sentence
const MAX_CELLS = 1e6; // words times words of a gap beyond which it is not compared word by word

const byId = (id) => document.getElementById(id);
const data = JSON.parse(byId("data").textContent);
const families = data.families.map((row, number) => {
  const [id, passages, witnesses, series, first, last, days, letters, similarity, marks, split, excerpt, untold, earliest, members, nMembers] = row;
  return { number, id, passages, witnesses, series, first, last, days, letters, similarity, marks, split, excerpt, untold, earliest, members, nMembers };
});
const numberOf = new Map(families.map((family) => [family.id, family.number]));
const count = (n) => n.toLocaleString("en");
const plural = (n, one, many) => `${count(n)} ${n === 1 ? one : many}`;

/** Make an element: attributes by name, children as elements or text. */
function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.flat(9).filter((child) => child != null && child !== ""));
  return element;
}

function witness(number) {
  const [siglum, series, date, basis, title, source, place, length] = data.witnesses[number];
  return { siglum, series: series < 0 ? "" : data.series[series], date, basis, title, source: data.sources[source], place, length };
}

/** Members of a family: witness, place, exact copies folded. */
function membersOf(family) {
  return family.members.map(([number, start, end, copies = [], nCopies = 0], at) => ({ at, number, start, end, copies, nCopies, ...witness(number) }));
}

const isEarliest = (family, member) => family.earliest >= 0 && (member.number === family.earliest || member.copies.includes(family.earliest));
const dateWords = (w) => (w.date ? w.date + (w.basis ? ` (${w.basis})` : "") : "undated");

// ---------------------------------------------------------------- state

function readState() {
  return Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
}

function stateHash(state) {
  return "#" + new URLSearchParams(Object.entries(state).filter(([, value]) => value !== "" && value != null && value !== false)).toString();
}

function familyLink(number, ...children) {
  return h("a", { href: stateHash({ family: families[number].id }) }, ...children);
}

// ---------------------------------------------------------------- list

const SORTS = {
  rank: (a, b) => a.number - b.number,
  witnesses: (a, b) => b.witnesses - a.witnesses,
  series: (a, b) => b.series - a.series,
  date: (a, b) => (a.first || "9999").localeCompare(b.first || "9999"),
  days: (a, b) => b.days - a.days,
  length: (a, b) => b.letters - a.letters,
  similarity: (a, b) => b.similarity - a.similarity,
};
const NUMERIC = [["witnesses", "witnesses"], ["series", "series"], ["first", "from"], ["days", "days"], ["letters", "letters"], ["similarity", "similarity"]];
const fold = (text) => text.normalize("NFKD").replace(/\p{Mn}/gu, "").toLowerCase();
let searchTexts = null;
let shownFamilies = families;

/** What a family is searched by: its excerpt and its members' sigla, series, titles. */
function searchText(family) {
  searchTexts ??= [];
  return (searchTexts[family.number] ??= fold([family.id, family.excerpt, ...membersOf(family).flatMap((m) => [m.siglum, m.series, m.title, ...m.copies.map((c) => witness(c).siglum)])].join("\n")));
}

function chooseFamilies(state) {
  const words = fold(state.q ?? "").split(/\s+/).filter(Boolean);
  const chosen = families.filter((family) => (state.common || !family.marks) && words.every((word) => searchText(family).includes(word)));
  const sort = SORTS[state.sort] ?? SORTS.rank;
  const way = state.reverse ? -1 : 1;
  return chosen.sort((a, b) => way * sort(a, b) || a.number - b.number);
}

function listRow(family) {
  const badge = family.marks ? h("span", { class: "badge" }, data.marks[family.marks[0]]) : "";
  return h("tr", {},
    h("td", { class: "num", "data-name": "rank" }, count(family.number + 1)),
    h("td", { class: "excerpt" }, familyLink(family.number, h("span", { dir: "auto" }, family.excerpt || "(no words)")), badge),
    NUMERIC.map(([key, name]) => h("td", { class: "num", "data-name": name }, cell(family, key))));
}

function cell(family, key) {
  if (key === "first") return family.first || "undated";
  if (key === "days") return family.days < 0 ? "–" : count(family.days);
  return key === "similarity" ? family.similarity.toFixed(2) : count(family[key]);
}

function showList(state) {
  byId("q").value = state.q ?? "";
  byId("sort").value = SORTS[state.sort] ? state.sort : "rank";
  byId("reverse").checked = Boolean(state.reverse);
  byId("common").checked = Boolean(state.common);
  shownFamilies = chooseFamilies(state);
  const hidden = state.common ? 0 : families.filter((family) => family.marks).length;
  byId("found").textContent = families.length ? `${plural(shownFamilies.length, "family", "families")} listed` + (hidden && !state.q ? `; ${count(hidden)} marked as common are folded away` : "") + "." : "";
  const body = h("tbody");
  const more = h("button", { type: "button", onclick: addRows });
  function addRows() {
    const first = body.rows.length;
    body.append(...shownFamilies.slice(first, first + PAGE).map(listRow));
    const left = shownFamilies.length - body.rows.length;
    more.hidden = left <= 0;
    more.textContent = `Show ${count(Math.min(PAGE, left))} more of ${count(left)}`;
    if (first) body.rows[first]?.querySelector("a").focus();
  }
  addRows();
  const names = ["rank", "passage", ...NUMERIC.map(([, name]) => name)];
  const head = h("thead", {}, h("tr", {}, names.map((name) => h("th", { scope: "col", class: name === "passage" ? null : "num" }, name))));
  byId("list").replaceChildren(...(shownFamilies.length ? [h("table", { class: "stack" }, head, body), more] : []));
}

function changeList() {
  const hash = stateHash({ q: byId("q").value.trim(), sort: byId("sort").value === "rank" ? "" : byId("sort").value, reverse: byId("reverse").checked ? 1 : "", common: byId("common").checked ? 1 : "" });
  history.replaceState(null, "", hash);
  showList(readState());
}

// ---------------------------------------------------------------- texts of a family

/** The block of a family, or null where its texts are not in this file. */
function readBlock(family) {
  const element = byId(`f-${family.number}`);
  return element ? JSON.parse(element.textContent) : null;
}

/** Unfold a member's operations: pieces of kind = (same), ~ (layout), - (reference alone), + (member alone), with places in the reference. */
function unfold(block, at) {
  const pieces = [];
  let place = 0;
  for (const operation of block.m[at][1]) {
    const n = typeof operation === "number" ? Math.abs(operation) : Array.isArray(operation) ? operation[0] : 0;
    const reference = block.t.slice(place, place + n);
    const kind = typeof operation === "string" ? "+" : Array.isArray(operation) ? "~" : operation > 0 ? "=" : "-";
    const text = kind === "+" ? operation : kind === "~" ? operation[1] : kind === "=" ? reference : "";
    pieces.push({ kind, from: place, to: place + n, reference, text });
    place += n;
  }
  return pieces;
}

const changesWording = (block, at) => block.m[at][1].some((operation) => typeof operation === "string" || operation < 0);

/** What deep mode found a member to be, or nothing. */
const kindOf = (block, at) => block.m[at][3];

const textOf = (block, at) => unfold(block, at).map((piece) => piece.text).join("");

/** A reworked passage as nodes, the words at `places` marked. */
function markWords(text, places) {
  const out = [];
  let done = 0;
  for (let i = 0; i < places.length; i += 2) {
    out.push(text.slice(done, places[i]), h("b", { class: "common" }, text.slice(places[i], places[i + 1])));
    done = places[i + 1];
  }
  return [...out, text.slice(done)];
}

/** The places in `text` of longer words that `other` has too, endings apart. */
function commonPlaces(other, text) {
  const stem = (w) => (w.key.length > 5 ? w.key.slice(0, -2) : w.key);
  const known = new Set(splitWords(other).words.map(stem));
  let at = 0;
  return splitWords(text).words.flatMap((w) => {
    const from = at + w.lead.length;
    at = from + w.word.length;
    return known.has(stem(w)) && !/^[a-z]{1,3}$/.test(w.key) ? [from, at] : [];
  });
}

/** A passage's pieces as nodes, differences to the reference marked. */
function markPieces(pieces) {
  return pieces.map((piece) => (piece.kind === "-" ? h("del", {}, piece.reference) : piece.kind === "+" ? h("ins", {}, piece.text) : piece.text));
}

/** Pair two members through the reference: runs both have ("="), and the gaps between them as {a, b}. */
function pairPieces(piecesA, piecesB) {
  const out = [];
  let [i, j, place, gapA, gapB] = [0, 0, 0, "", ""];
  const close = () => { if (gapA || gapB) out.push(...compareGap(gapA, gapB)); gapA = gapB = ""; };
  while (i < piecesA.length || j < piecesB.length) {
    const a = piecesA[i], b = piecesB[j];
    if (a?.kind === "+") { gapA += a.text; i += 1; continue; }
    if (b?.kind === "+") { gapB += b.text; j += 1; continue; }
    if (!a || !b) { gapA += a?.text ?? ""; gapB += b?.text ?? ""; i += 1; j += 1; continue; }
    const end = Math.min(a.to, b.to);
    if (a.kind === "=" && b.kind === "=") {
      const text = a.text.slice(place - a.from, end - a.from);
      close();
      out.push({ kind: "=", a: text, b: text });
    } else {
      // A layout piece has no places inside: it goes whole, with its first character.
      if (a.kind === "=") gapA += a.text.slice(place - a.from, end - a.from);
      if (a.kind === "~" && place === a.from) gapA += a.text;
      if (b.kind === "=") gapB += b.text.slice(place - b.from, end - b.from);
      if (b.kind === "~" && place === b.from) gapB += b.text;
    }
    place = end;
    if (a.to === end) i += 1;
    if (b.to === end) j += 1;
  }
  close();
  return out;
}

const TOKENS = /\p{N}+(?:[.,:/]\p{N}+)+|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]\p{M}*|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}])[\p{L}\p{N}]\p{M}*)+(?:['’][\p{L}\p{M}\p{N}]+)*|[\p{Sc}\p{Sm}%‰°]/gu;

/** Words with what stands before each; the rest after the last word is `tail`. */
function splitWords(text) {
  const words = [];
  let place = 0;
  for (const match of text.matchAll(TOKENS)) {
    words.push({ lead: text.slice(place, match.index), word: match[0], key: match[0].normalize("NFKC").toLowerCase().replace("’", "'") });
    place = match.index + match[0].length;
  }
  return { words, tail: text.slice(place) };
}

const join = (words) => words.map((w, at) => (at ? w.lead : "") + w.word).join("");

/** Compare two stretches word by word: pieces "=" (same words, any layout), "-" (a alone), "+" (b alone). */
function compareGap(textA, textB) {
  const a = splitWords(textA), b = splitWords(textB);
  const out = [];
  const put = (kind, x, y) => {
    const last = out.at(-1);
    if (!x && !y) return;
    if (last?.kind === kind) { last.a += x; last.b += y; } else out.push({ kind, a: x, b: y });
  };
  const change = (some, others) => {
    if (some.length && others.length && some.map((w) => w.key).join("") === others.map((w) => w.key).join("")) {
      put("=", some[0].lead + join(some), others[0].lead + join(others));
      return;
    }
    put("=", some[0]?.lead ?? "", others[0]?.lead ?? "");
    if (some.length) put("-", join(some), "");
    if (others.length) put("+", "", join(others));
  };
  let i = 0, j = 0;
  for (const [x, y] of commonWords(a.words, b.words)) {
    change(a.words.slice(i, x), b.words.slice(j, y));
    put("=", a.words[x].lead + a.words[x].word, b.words[y].lead + b.words[y].word);
    [i, j] = [x + 1, y + 1];
  }
  change(a.words.slice(i), b.words.slice(j));
  put("=", a.tail, b.tail);
  return out;
}

/** The longest common subsequence of two lists of words, as pairs of places. */
function commonWords(a, b) {
  if (!a.length || !b.length || a.length * b.length > MAX_CELLS) return [];
  const width = b.length + 1;
  const best = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      best[i * width + j] = a[i].key === b[j].key ? best[(i + 1) * width + j + 1] + 1 : Math.max(best[(i + 1) * width + j], best[i * width + j + 1]);
  const pairs = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i].key === b[j].key) pairs.push([i++, j++]);
    else if (best[(i + 1) * width + j] >= best[i * width + j + 1]) i++;
    else j++;
  }
  return pairs;
}

// ---------------------------------------------------------------- side by side

/** Cut the pieces into rows that end with a paragraph or sentence, so that both sides stay level. */
function cutRows(pieces) {
  const rows = [[]];
  let length = 0;
  for (const piece of pieces) {
    let { a, b } = piece;
    while (piece.kind === "=" && a === b) {
      const cut = findEnd(a, /\n+/g, CHUNK - length) ?? findEnd(a, /[.!?。؟।][”"'’)]*\s+/gu, 4 * CHUNK - length);
      if (!cut) break;
      rows.at(-1).push({ kind: "=", a: a.slice(0, cut), b: a.slice(0, cut) });
      rows.push([]);
      a = b = a.slice(cut);
      length = 0;
    }
    if (a || b) rows.at(-1).push({ ...piece, a, b });
    length += Math.max(a.length, b.length);
  }
  return rows.filter((row) => row.length);
}

/** Where the first match of `end` after `from` characters ends. */
function findEnd(text, end, from) {
  if (text.length <= from) return null;
  end.lastIndex = Math.max(0, from);
  return end.exec(text) ? end.lastIndex : null;
}

/** Number the changes: neighbours without equal wording between them are one. */
function numberChanges(pieces) {
  let n = 0, open = false;
  for (const piece of pieces) {
    if (piece.kind === "=") open = false;
    else { if (!open) n += 1; open = true; piece.change = n; }
  }
  return n;
}

function sideNodes(row, side) {
  const alone = side === "a" ? "-" : "+", tag = side === "a" ? "del" : "ins";
  const shown = row.filter((piece) => piece[side]).map((piece, at, all) => (at === all.length - 1 ? { ...piece, [side]: piece[side].replace(/\n+$/, "") } : piece));
  return shown.map((piece) => (piece.moved ? movedNode(piece, side) : piece.kind === alone ? h(tag, { "data-change": piece.change, tabindex: "-1" }, piece[side], h("sup", {}, String(piece.change))) : piece.words ? markWords(piece[side], commonPlaces(side === "a" ? piece.b : piece.a, piece[side])) : piece[side]));
}

function compareSides(block, family, a, b) {
  const members = membersOf(family);
  const kind = a !== b && (kindOf(block, a) || kindOf(block, b));
  const pieces = kind ? [{ kind: "=", a: textOf(block, a), b: textOf(block, b), words: true }] : pairPieces(unfold(block, a), unfold(block, b));
  const nChanges = numberChanges(pieces);
  const named = kind ? [] : nameChanges(block, a, b, pieces);
  const layout = pieces.some((piece) => piece.kind === "=" && piece.a !== piece.b);
  const head = (name, m) => h("div", { class: "head" }, `${name}: `, h("bdi", {}, m.siglum), h("p", { class: "meta" }, ...metaOf(m)));
  const cells = [head("A", members[a]), head("B", members[b])];
  const rows = cutRows(pieces);
  rows.forEach((row, at) => {
    for (const [side, member] of [["a", a], ["b", b]]) {
      const [before, , after] = block.m[member];
      const paragraph = at < rows.length - 1 && /\n$/.test(row.at(-1)[side]);
      cells.push(h("div", { class: paragraph ? `${side} paragraph` : side }, h("p", { class: "text", dir: "auto" },
        h("span", { class: "side-name" }, side.toUpperCase()),
        at === 0 ? h("span", { class: "context" }, before) : "",
        h("mark", { class: `shared${at === 0 ? " starts" : ""}${at === rows.length - 1 ? " ends" : ""}` }, sideNodes(row, side)),
        at === rows.length - 1 ? h("span", { class: "context" }, after) : "")));
    }
  });
  const words = kind ? `Found as ${kind}: longer words that both have are marked.` : nChanges ? countChanges(named) : "No change of wording.";
  return { nChanges, words: words + (layout && !kind ? " Case, space or punctuation differ as well; they are not marked." : ""), list: listChanges(named, family), grid: h("div", { class: "sides", role: "group", "aria-label": "Side by side" }, cells) };
}

let stepper = null; // of the side by side on show

function makeStepper(section, nChanges, position) {
  let at = 0;
  return (way, to) => {
    if (!nChanges) return;
    at = to ?? ((at - 1 + way + nChanges) % nChanges + nChanges) % nChanges + 1;
    section.querySelectorAll(".current").forEach((mark) => mark.classList.remove("current"));
    const marks = section.querySelectorAll(`[data-change="${at}"]`);
    marks.forEach((mark) => mark.classList.add("current"));
    marks[0]?.focus({ preventScroll: true });
    marks[0]?.scrollIntoView({ block: "center" });
    position.textContent = `change ${at} of ${nChanges}`;
    byId("announce").textContent = `Change ${at} of ${nChanges}: ` + [...marks].map((m) => (m.tagName === "DEL" ? "only in A: " : "only in B: ") + m.firstChild.textContent).join("; ");
  };
}

let keysOn = true;

function compareSection(block, family, state) {
  const members = membersOf(family);
  const clamp = (value, fallback) => { const n = Number.parseInt(value, 10) - 1; return n >= 0 && n < members.length ? n : fallback; };
  const a = clamp(state.a, block.r);
  const others = members.map((m) => m.at).filter((at) => at !== a);
  const b = clamp(state.b, others.find((at) => changesWording(block, at)) ?? others[0] ?? a);
  const section = h("section", { "aria-labelledby": "h-compare" });
  const choose = (name, chosen) => {
    const select = h("select", { onchange: () => { location.hash = stateHash({ family: family.id, a: (name === "A" ? select.value : a + 1), b: (name === "B" ? select.value : b + 1) }); } },
      members.map((m) => h("option", { value: m.at + 1, selected: m.at === chosen }, [m.date || "undated", m.series, m.siglum].filter(Boolean).join(" · "))));
    select.id = `side-${name}`;
    return h("label", {}, name, select);
  };
  const compared = compareSides(block, family, a, b);
  const position = h("span", { class: "note" });
  stepper = makeStepper(section, compared.nChanges, position);
  const keys = h("label", { class: "check" }, h("input", { type: "checkbox", checked: keysOn, onchange: (event) => { keysOn = event.target.checked; } }), "keys n and p step");
  section.append(h("h3", { id: "h-compare" }, "Side by side"),
    h("div", { class: "bar-row" }, choose("A", a), choose("B", b)),
    h("p", {}, compared.words, compared.nChanges ? [" Marked: ", h("del", {}, "only in A"), " ", h("ins", {}, "only in B")] : ""),
    compared.nChanges ? h("div", { class: "bar-row no-print" },
      h("button", { type: "button", onclick: () => stepper(-1) }, "Previous change"),
      h("button", { type: "button", onclick: () => stepper(1) }, "Next change"), position, keys) : "",
    compared.list, compared.grid);
  return section;
}

// ---------------------------------------------------------------- one family

function metaOf(member) {
  const parts = [member.series && h("bdi", {}, member.series), dateWords(member), member.title && h("bdi", {}, member.title),
    `characters ${count(member.start)} to ${count(member.end)} of ${count(member.length)}`,
    member.source !== member.siglum || member.place ? h("bdi", {}, [member.source, member.place].filter(Boolean).join(", ")) : ""].filter(Boolean);
  return parts.flatMap((part, at) => (at ? [" · ", part] : [part]));
}

function copiesLine(member) {
  if (!member.nCopies) return "";
  const names = member.copies.map((number) => { const w = witness(number); return `${w.siglum}${w.series && w.series !== member.series ? ` (${w.series}${w.date ? `, ${w.date}` : ""})` : w.date ? ` (${w.date})` : ""}`; });
  const rest = member.nCopies - member.copies.length;
  return h("p", { class: "meta" }, `and ${plural(member.nCopies, "exact copy", "exact copies")}: `, h("bdi", {}, names.join(", ")), rest ? ` and ${count(rest)} more` : "");
}

function factsOf(family) {
  const earliest = family.earliest >= 0 ? witness(family.earliest) : null;
  const fact = (name, ...value) => h("div", {}, h("dt", {}, name), h("dd", {}, ...value));
  return h("dl", { class: "facts" },
    fact("Passages", `${count(family.passages)} in ${plural(family.witnesses, "witness", "witnesses")}`),
    fact("Series", count(family.series)),
    fact("Earliest copy held", earliest ? [h("bdi", {}, earliest.siglum), `, ${dateWords(earliest)}`] : family.untold),
    family.first ? fact("Days spanned", `${count(family.days)} (${family.first} to ${family.last})`) : "",
    fact("Length", `${count(family.letters)} letters`),
    fact("Similarity", family.similarity.toFixed(2)),
    fact("Id", h("code", {}, family.id)));
}

function linksOf(family) {
  const kinds = { contains: [], "lies in": [], overlaps: [] };
  for (const [around, other, overlaps, n] of data.links) {
    if (around === family.number) kinds[overlaps ? "overlaps" : "contains"].push([other, n]);
    else if (other === family.number) kinds[overlaps ? "overlaps" : "lies in"].push([around, n]);
  }
  const lists = Object.entries(kinds).filter(([, found]) => found.length).map(([name, found]) => {
    found.sort((a, b) => b[1] - a[1] || a[0] - b[0]);
    const items = found.map(([number, n]) => h("li", {}, familyLink(number, `Family ${count(number + 1)}`), ` in ${plural(n, "witness", "witnesses")}: `, h("q", { dir: "auto" }, families[number].excerpt)));
    return h("details", { open: found.length <= 3 }, h("summary", {}, `This family ${name} ${plural(found.length, "other", "others")}`), h("ul", {}, items));
  });
  return lists.length ? h("section", { "aria-label": "Related families" }, lists) : "";
}

function membersTable(family) {
  const members = membersOf(family);
  const firstDay = members.filter((m) => m.date && m.date.slice(0, 10) === family.first).length;
  const note = (m) => (isEarliest(family, m) ? h("span", { class: "badge" }, "earliest copy held") : family.earliest < 0 && firstDay > 1 && m.date.slice(0, 10) === family.first ? h("span", { class: "badge" }, "same day: no order") : "");
  const row = (m) => h("tr", {}, h("td", { class: "num" }, count(m.at + 1)), h("td", {}, h("span", { class: "nowrap" }, m.date || "undated"), m.basis ? h("span", { class: "meta" }, ` (${m.basis})`) : ""),
    h("th", { scope: "row" }, h("bdi", {}, m.siglum), " ", note(m), copiesLine(m)), h("td", {}, h("bdi", {}, m.series)), h("td", {}, h("bdi", {}, m.title)));
  const body = h("tbody", {}, members.slice(0, 20).map(row));
  const all = members.length > 20 ? h("button", { type: "button", onclick: () => { body.append(...members.slice(20).map(row)); all.remove(); } }, `Show all ${count(members.length)}`) : "";
  return h("section", { "aria-labelledby": "h-members" }, h("h3", { id: "h-members" }, "Members in order of date"),
    h("div", { class: "wide", role: "region", "aria-labelledby": "h-members", tabindex: "0" }, h("table", { class: "stack" }, h("thead", {}, h("tr", {}, ["", "date", "siglum", "series", "title"].map((name) => h("th", { scope: "col" }, name || h("span", { class: "vh" }, "number"))))), body)), all,
    family.nMembers > members.length ? h("p", { class: "note" }, `${count(family.nMembers - members.length)} more members are not in this file.`) : "");
}

const lineages = new Map([...document.querySelectorAll("template")].flatMap((t) => [...t.content.children]).concat([...document.querySelectorAll("#whole .lineage")]).map((drawn) => [drawn.id, drawn]));

/** Who took it from whom: the drawing where it is in this file, else the command that makes it. */
function lineageSection(family) {
  const drawn = lineages.get(`lineage-${family.number}`)?.cloneNode(true);
  const command = h("code", {}, `variorum lineage ${family.id} --in ${data.corpus}` + (drawn ? " --tables FOLDER" : ""));
  return h("section", { "aria-labelledby": "h-lineage" }, h("h3", { id: "h-lineage" }, "Lineage"),
    h("p", { class: "note" }, drawn ? "Who had it first and who took it from whom, by what the texts differ in and by their dates. The evidence for each link: " : "Who had it first and who took it from whom: ", command), drawn ?? "");
}

function passagesSection(block, family) {
  const members = membersOf(family);
  const reference = members[block.r];
  const list = h("ol", { class: "members" });
  const more = h("button", { type: "button", onclick: () => add() });
  function add() {
    const first = list.children.length;
    for (const m of members.slice(first, first + 30)) {
      const pieces = unfold(block, m.at);
      const same = m.at !== block.r && !changesWording(block, m.at);
      list.append(h("li", { class: "member" },
        h("h4", {}, h("bdi", {}, m.siglum), isEarliest(family, m) ? h("span", { class: "badge" }, "earliest copy held") : "", kindOf(block, m.at) ? h("span", { class: "badge" }, kindOf(block, m.at)) : "",
          m.at === block.r ? "" : h("a", { class: "note no-print", href: stateHash({ family: family.id, a: block.r + 1, b: m.at + 1 }) }, "side by side")),
        h("p", { class: "meta" }, metaOf(m), same ? " · same wording" : ""), copiesLine(m),
        h("p", { class: "text", dir: "auto" }, h("span", { class: "context" }, block.m[m.at][0]), h("mark", {}, h("span", { class: "vh" }, "Shared passage: "), kindOf(block, m.at) ? markWords(textOf(block, m.at), block.m[m.at][4]) : markPieces(pieces), h("span", { class: "vh" }, " End of passage.")), h("span", { class: "context" }, block.m[m.at][2]))));
    }
    const left = members.length - list.children.length;
    more.hidden = left <= 0;
    more.textContent = `Show ${count(Math.min(30, left))} more of ${count(left)}`;
  }
  add();
  const to = isEarliest(family, reference) ? "the earliest copy held" : "the member that shares most with the others";
  return h("section", { "aria-labelledby": "h-passages" }, h("h3", { id: "h-passages" }, "Every passage in its context"),
    h("p", { class: "note" }, `Differences are to ${to}, `, h("bdi", {}, reference.siglum), ": ", h("ins", {}, "only here"), ", ", h("del", {}, "only there"), ". Case, space and punctuation are not marked.",
      block.m.some((m) => m[3]) ? [" Of a reworked or summarised passage the words are marked that ", h("b", { class: "common" }, "both have"), ", whatever their order."] : ""), list, more);
}

function crumbs(family) {
  const at = shownFamilies.indexOf(family);
  const step = (number, name) => (number ? familyLink(number.number, name) : "");
  return h("nav", { class: "crumbs", "aria-label": "Families" }, h("a", { href: listHash }, "← All families"), h("span", {}, step(shownFamilies[at - 1], "Previous family"), " ", at >= 0 ? step(shownFamilies[at + 1], "Next family") : ""));
}

let listHash = "#families";

function showFamily(family, state) {
  const block = readBlock(family);
  const marks = family.marks && family.marks.map((at) => data.marks[at]);
  stepper = null;
  byId("family").replaceChildren(...[crumbs(family),
    h("h2", { tabindex: "-1" }, `Family ${count(family.number + 1)}: `, h("q", { dir: "auto" }, family.excerpt)),
    factsOf(family),
    marks ? h("p", { class: "marked" }, h("strong", {}, `Marked as common: ${marks[0]}. `), marks.slice(1).join("; ") + ".") : "",
    family.split ? h("p", { class: "note" }, "Taken from a larger family, since its passages share too little with that family's medoid.") : "",
    linksOf(family), membersTable(family), lineageSection(family),
    ...(block ? [compareSection(block, family, state), passagesSection(block, family)] : [h("p", { class: "marked" }, "The texts of this family are not in this file, which would grow too large. See them with ", h("code", {}, `variorum show ${data.corpus} ${family.id}`), ".")]),
  ].filter(Boolean));
}

// ---------------------------------------------------------------- routing, keys

const SECTIONS = ["overview", "families", "publishers", "files", "run", "main", ""];
let lastFamily = null;
let scrollBack = 0;

function route() {
  const state = readState();
  const family = families[numberOf.get(state.family)];
  const wasFamily = lastFamily;
  lastFamily = family ?? null;
  if (family && !wasFamily) scrollBack = scrollY;
  byId("pages").hidden = Boolean(family);
  byId("family").hidden = !family;
  if (family) {
    const place = scrollY;
    showFamily(family, state);
    document.title = `Family ${family.number + 1} – ${data.corpus} – Variorum report`;
    if (wasFamily !== family) { scrollTo({ top: 0, behavior: "instant" }); if (wasFamily || scrollBack) byId("family").querySelector("h2").focus({ preventScroll: true }); }
    else if (state.a || state.b) byId("h-compare")?.scrollIntoView({ behavior: "instant" });
    else scrollTo({ top: place, behavior: "instant" });
    return;
  }
  document.title = `${document.querySelector("h1").textContent} – Variorum report`;
  const section = location.hash.slice(1);
  if (!SECTIONS.includes(section)) { listHash = location.hash; showList(state); }
  else if (!byId("list").hasChildNodes() || !section) { listHash = "#families"; showList({}); }
  if (wasFamily) SECTIONS.includes(section) && section ? byId(section).scrollIntoView() : scrollTo({ top: scrollBack, behavior: "instant" });
}

document.documentElement.classList.add("js");
byId("controls").hidden = !families.length;
let waiting = 0;
byId("q").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(changeList, 120); });
for (const id of ["sort", "reverse", "common"]) byId(id).addEventListener("change", changeList);
byId("controls").addEventListener("submit", (event) => { event.preventDefault(); changeList(); });
addEventListener("hashchange", route);
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea")) return;
  if (event.key === "/" && !lastFamily && keysOn) { event.preventDefault(); byId("q").focus(); }
  const way = { n: 1, "]": 1, p: -1, "[": -1 }[event.key];
  if (way && stepper && lastFamily && keysOn) { event.preventDefault(); stepper(way); }
});
route();
