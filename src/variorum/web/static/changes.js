// What the changes between two members mean: kinds from the marks near differences, moved blocks from the collation. One module with report.js.

const OTHER = ["sentence dropped", "sentence added", "block moved", "wording"]; // after the kinds of marks, in order
const SAID = ["demand", "attribution"];
const MAX_LISTED = 40;
const NEAR = 40; // characters
const kindNames = () => [...data.kinds, ...OTHER];

/** The marks of a member that hold or touch [from, to]. */
function marksAt(block, at, from, to) {
  const flat = block.w?.[at] ?? [], found = [];
  for (let i = 0; i < flat.length; i += 3)
    if (flat[i] <= to && flat[i] + flat[i + 1] >= from) found.push({ from: flat[i], to: flat[i] + flat[i + 1], key: flat[i + 2], kind: block.k[flat[i + 2]][0], value: block.k[flat[i + 2]][1] });
  return found;
}

/** Those of some marks whose saying the others lack, each as often as it lacks there. */
function lacking(marks, others) {
  const left = others.map((mark) => mark.key);
  return marks.filter((mark) => { const at = left.indexOf(mark.key); if (at >= 0) left.splice(at, 1); return at < 0; });
}

/** Where [from, to] of the reference stands in a member, or null where it does not. */
function placeIn(block, at, from, to) {
  let place = 0, start = null, end = null;
  for (const piece of unfold(block, at)) {
    const low = Math.max(from, piece.from), high = Math.min(to, piece.to);
    if (low < high && piece.text && piece.kind !== "+") {
      start ??= place + (piece.kind === "=" ? low - piece.from : 0);
      end = place + (piece.kind === "=" ? high - piece.from : piece.text.length);
    }
    place += piece.text.length;
  }
  return start == null ? null : [start, end];
}

const movesOf = (block, at) => { const flat = block.v?.[at] ?? []; return Array.from({ length: flat.length / 4 }, (_, i) => flat.slice(4 * i, 4 * i + 4)); };

/** Blocks that stand in another place in A than in B: their places in both. */
function movedBetween(block, a, b) {
  const one = (x, y) => movesOf(block, x).filter(([, , from, to]) => !movesOf(block, y).some((m) => Math.min(to, m[3]) - Math.max(from, m[2]) > (to - from) / 2))
    .map(([start, end, from, to]) => ({ x: [start, end], y: placeIn(block, y, from, to) })).filter((move) => move.y);
  return [...one(a, b).map(({ x, y }) => ({ a: x, b: y })), ...one(b, a).map(({ x, y }) => ({ a: y, b: x }))];
}

/** Mark the pieces that are one moved block; each takes what the other side has, for the edits inside. */
function markMoved(pieces, moves, places) {
  moves.forEach((move, number) => {
    const inside = (side) => pieces.filter((piece, at) => piece.change && piece[side] && !piece.moved && 2 * (Math.min(places[at][side] + piece[side].length, move[side][1]) - Math.max(places[at][side], move[side][0])) > piece[side].length);
    const [inA, inB] = [inside("a"), inside("b")];
    if (!inA.length || !inB.length) return;
    const text = { a: inA.map((piece) => piece.a).join(" "), b: inB.map((piece) => piece.b).join(" ") };
    for (const piece of [...inA, ...inB]) piece.moved = { number: number + 1, move, text, other: [...inA, ...inB].find((p) => p.kind !== piece.kind).change };
  });
}

/** Name the changes of two members: `{change, kind, a, b, said}`, in the order of the text; kinds by number of `kindNames`. */
function nameChanges(block, a, b, pieces) {
  const places = [], changes = [];
  let place = { a: 0, b: 0 };
  for (const piece of pieces) {
    places.push(place);
    const next = { a: place.a + piece.a.length, b: place.b + piece.b.length };
    if (piece.change) {
      const change = (changes[piece.change - 1] ??= { change: piece.change, from: place, a: "", b: "", pieces: [] });
      Object.assign(change, { to: next, a: change.a + piece.a, b: change.b + piece.b });
      change.pieces.push(piece);
    }
    place = next;
  }
  markMoved(pieces, movedBetween(block, a, b), places);
  const told = new Set(), isNew = ({ id }) => !told.has(id) && told.add(id);
  return changes.flatMap((change) => {
    const moved = change.pieces.find((piece) => piece.moved)?.moved;
    if (moved && told.has(moved.number)) return [];
    if (moved) {
      told.add(moved.number);
      const at = { change: change.change, from: { a: moved.move.a[0], b: moved.move.b[0] }, to: { a: moved.move.a[1], b: moved.move.b[1] } };
      return [{ ...change, ...moved.text, kind: kindNames().indexOf("block moved"), moved }, ...nameMarks(block, a, b, at).filter(isNew)];
    }
    const found = nameMarks(block, a, b, change);
    if (found.length) return found.filter(isNew);
    const text = (change.a || change.b).trim(), sentence = !(change.a && change.b) && text.split(/\s+/).length > 3 && /[.!?…。؟।]["'”’)]*$/.test(text);
    return [{ ...change, kind: kindNames().indexOf(sentence ? (change.a ? "sentence dropped" : "sentence added") : "wording")}];
  });
}

/** The marks that one side of a change lacks: pairs of one kind, in order. */
function nameMarks(block, a, b, change) {
  // A mark that only touches the change must be missing near it too.
  const alone = {};
  for (const [side, at, other, x, y] of [["a", a, b, "a", "b"], ["b", b, a, "b", "a"]]) {
    const near = marksAt(block, at, change.from[x], change.to[x]), holds = (mark) => mark.from < change.to[x] && mark.to > change.from[x];
    const theirs = marksAt(block, other, change.from[y], change.to[y]), wide = marksAt(block, other, change.from[y] - NEAR, change.to[y] + NEAR);
    const marks = [...lacking(near.filter(holds), theirs), ...lacking(near.filter((mark) => !holds(mark)), wide)];
    // A demand has its modal, a source its name.
    const said = marks.filter((mark) => SAID.includes(data.kinds[mark.kind]));
    alone[side] = marks.filter((mark) => said.includes(mark) || !said.some((outer) => outer.from <= mark.from && mark.to <= outer.to));
  }
  const textA = textOf(block, a), textB = textOf(block, b);
  return data.kinds.flatMap((_, kind) => {
    const mine = alone.a.filter((mark) => mark.kind === kind), other = alone.b.filter((mark) => mark.kind === kind);
    return Array.from({ length: Math.max(mine.length, other.length) }, (_, at) => {
      const x = mine[at], y = other[at];
      return { id: [kind, x?.from, y?.from] + "", change: change.change, kind, a: x ? textA.slice(x.from, x.to) : "", b: y ? textB.slice(y.from, y.to) : "", said: ratioOf(x?.value, y?.value) };
    }).filter((c, at) => kind || !at || (c.a && c.b) || (mine[at] ?? other[at]).value != null); // what a figure counts goes with it
  });
}

/** By how much a figure went up or down. */
function ratioOf(before, after) {
  if (before == null || after == null || before === after) return "";
  const by = Math.abs(after - before), times = Number((after / before).toPrecision(3));
  return ` (${after > before ? "up" : "down"} by ${by.toLocaleString("en", { maximumSignificantDigits: 10 })}${before ? `, ${((100 * by) / Math.abs(before)).toFixed(1)} %${times === 1 ? "" : `, ${times} times`}` : ""})`;
}

/** A moved piece with its edits inside: the words that the other side lacks. */
function movedNode(piece, side) {
  const { text, other, number } = piece.moved;
  const whole = text[side].trim() === piece[side].trim();
  const inner = whole ? compareGap(text.a, text.b).filter((p) => p[side]).map((p) => (p.kind === "=" ? p[side] : h("b", { class: "edit" }, p[side]))) : piece[side];
  return h(side === "a" ? "del" : "ins", { class: "moved", "data-change": piece.change, tabindex: "-1" },
    h("button", { type: "button", class: "to-other", onclick: () => stepper(0, other) }, `moved ${number}`), inner, h("sup", {}, String(piece.change)));
}

/** How many changes there are of each kind, in words. */
function countChanges(named) {
  const names = kindNames();
  const counts = names.map((name, kind) => [name, named.filter((change) => change.kind === kind).length]).filter(([, n]) => n);
  return `${plural(named.length, "change", "changes")}: ` + counts.map(([name, n]) => `${name} ${count(n)}`).join(", ") + ".";
}

/** The list of changes: what alters meaning leads, wording is folded away. */
function listChanges(named, family) {
  if (!named.length) return "";
  const names = kindNames(), last = names.length - 1;
  const sorted = [...named].sort((x, y) => x.kind - y.kind || x.change - y.change);
  const side = (tag, text) => (text.trim() ? h(tag, {}, text.trim().replace(/\s+/g, " ").replace(/^(.{160})(.{20,})$/su, "$1…")) : h("span", { class: "note" }, "(nothing)"));
  const item = (change) => h("li", {}, h("span", { class: "badge" }, names[change.kind]), " ",
    change.moved ? [h("q", { dir: "auto" }, change.a.trim().replace(/\s+/g, " ").slice(0, 160)), compareGap(change.a, change.b).some((p) => p.kind !== "=") ? " with edits inside" : ""]
      : h("span", { dir: "auto" }, side("del", change.a), " → ", side("ins", change.b), change.said ?? ""),
    " ", h("button", { type: "button", class: "jump no-print", "aria-label": `Go to change ${change.change}`, onclick: () => stepper(0, change.change) }, `to ${change.change}`));
  const list = (items) => { // long lists grow when asked
    const out = h("ol", { class: "changes" }, items.slice(0, MAX_LISTED).map(item));
    const more = items.length > MAX_LISTED ? h("button", { type: "button", onclick: () => { out.append(...items.slice(MAX_LISTED).map(item)); more.remove(); } }, `Show ${count(items.length - MAX_LISTED)} more`) : "";
    return [out, more];
  };
  const first = sorted.filter((change) => change.kind < last), rest = sorted.filter((change) => change.kind === last);
  const note = family.number >= data.n_named ? h("p", { class: "note" }, `Changes are told apart by kind in the first ${count(data.n_named)} families; here: `, h("code", {}, `variorum collate ${family.id} --in ${data.corpus} --changes`)) : "";
  return h("div", { class: "change-list" }, note, first.length ? list(first) : "",
    rest.length ? h("details", { open: !first.length && rest.length < 8 }, h("summary", {}, `${plural(rest.length, "change", "changes")} of wording alone`), list(rest)) : "");
}
