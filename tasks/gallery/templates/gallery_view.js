/* One figure, large: scrub, turn, and compare its numbers with those of the other columns. */
const view = { open: false, row: 0, column: 0, hand: freshHand(), pointers: new Map() };
const NEARER = [0.5, 4], TILT = [-0.25, 1.2];
const within = (value, [low, high]) => Math.min(Math.max(value, low), high);

function openView(number, column) {
  view.row = number;
  view.column = column;
  const row = prepared(rows[number]);
  byId("view-title").textContent = row.prompt.text;
  byId("view-scrub").max = FRAMES - 1;
  [...byId("view-chips").children].forEach((chip, n) => {
    chip.setAttribute("aria-pressed", String(n === column));
    chip.disabled = !row.data[n];
  });
  byId("view-said").textContent = saidOf(row.data[column], row.prompt);
  fillMeasures(row);
  view.open = true;
  if (!byId("view").open) byId("view").showModal();
  drawView();
}

function saidOf(cell, prompt) {
  if (cell.caption !== undefined) return "Real clip: " + (cell.caption || "no caption");
  const said = cell.said ? `The classifier sees: ${words(cell.said)}` + (prompt.action && cell.said !== prompt.action ? `, not ${words(prompt.action)}. ` : ". ") : "";
  return said + (cell.gap == null ? "" : `Joints are ${cell.gap.toFixed(2)} H from ${DATA.columns[models[0]].label} on average.`);
}

function fillMeasures(row) {
  const there = DATA.columns.map((_, n) => n).filter((n) => row.data[n]);
  const head = there.map((n) => {
    const cell = element("th", n === view.column ? "now" : "");
    const who = element("span", "who");
    who.append(makeDot(n), element("span", "", DATA.columns[n].label));
    cell.append(who);
    return cell;
  });
  byId("view-head").replaceChildren(element("td"), ...head);
  const lines = DATA.measures.map(([key, label, unit, digits]) => {
    const line = element("tr");
    line.append(element("th", "", unit ? `${label}, ${unit}` : label));
    for (const n of there) {
      const value = row.data[n].measures[key];
      line.append(element("td", n === view.column ? "now" : "", value === undefined ? "-" : value.toFixed(digits)));
    }
    return line;
  });
  byId("view-measures").replaceChildren(...lines);
}

function drawView() {
  const row = rows[view.row];
  byId("view-scrub").value = now();
  byId("view-time").textContent = `${(now() / DATA.fps).toFixed(2)} of ${(FRAMES / DATA.fps).toFixed(2)} s`;
  drawCell(byId("view-canvas"), row.figures[view.column], seconds(), { frame: row.frame, look: state.look, ghost: ghostOf(row, view.column), hand: view.hand, large: true });
}

function moveView(step) {
  const order = shownRows().map((row) => row.number);
  if (!order.length) return;
  const next = order[(order.indexOf(view.row) + step + order.length) % order.length];
  const there = rows[next].data[view.column] ? view.column : models[0];
  openView(next, there);
}

function turn(yaw, pitch = 0, zoom = 1) {
  view.hand.yaw += yaw;
  view.hand.pitch = within(view.hand.pitch + pitch, TILT);
  view.hand.zoom = within(view.hand.zoom * zoom, NEARER);
  drawView();
}

function resetView() {
  view.hand = freshHand();
  drawView();
}

function viewKeys(key) {
  const number = Number(key) - 1;
  const keys = { n: () => moveView(1), p: () => moveView(-1), r: resetView, a: () => turn(-0.2), d: () => turn(0.2), w: () => turn(0, 0.1), s: () => turn(0, -0.1) };
  if (number >= 0 && DATA.columns[number] && rows[view.row].data[number]) keys[key] = () => openView(view.row, number);
  return keys;
}

function onPointer(event) {
  const { pointers } = view;
  if (event.type === "pointerdown") {
    event.target.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, [event.clientX, event.clientY]);
    return;
  }
  const before = pointers.get(event.pointerId);
  if (!before) return;
  if (event.type !== "pointermove") { pointers.delete(event.pointerId); return; }
  const spread = () => { const [a, b] = [...pointers.values()]; return Math.hypot(a[0] - b[0], a[1] - b[1]); };
  const wide = pointers.size === 2 ? spread() : 0;
  pointers.set(event.pointerId, [event.clientX, event.clientY]);
  if (pointers.size === 2) turn(0, 0, spread() / Math.max(wide, 1));
  else turn((event.clientX - before[0]) * -0.008, (event.clientY - before[1]) * 0.005);
}

function startView() {
  const canvas = byId("view-canvas");
  byId("view-chips").append(...DATA.columns.map((_, column) => makeChip(column, (n) => openView(view.row, n))));
  byId("view-chips").hidden = DATA.columns.length < 2;
  byId("view-scrub").addEventListener("input", () => showFrame(Number(byId("view-scrub").value)));
  byId("view-prev").addEventListener("click", () => moveView(-1));
  byId("view-next").addEventListener("click", () => moveView(1));
  byId("view-reset").addEventListener("click", resetView);
  byId("view-close").addEventListener("click", () => byId("view").close());
  byId("view").addEventListener("click", (event) => { if (event.target === byId("view")) byId("view").close(); });
  byId("view").addEventListener("close", () => {
    view.open = false;
    rows[view.row].cells[view.column].cell.focus();
    drawAll();
  });
  for (const kind of ["pointerdown", "pointermove", "pointerup", "pointercancel"]) canvas.addEventListener(kind, onPointer);
  canvas.addEventListener("dblclick", resetView);
  canvas.addEventListener("wheel", (event) => { event.preventDefault(); turn(0, 0, Math.exp(-event.deltaY * 0.0015)); }, { passive: false });
}
